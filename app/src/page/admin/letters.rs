//! What the lanes gave up: read, tried again or removed.

use leptos::prelude::*;
use thunderline::domain::{
    Error, Lane, Time,
    lane::{DeadLetter, LetterPage},
};

use super::{again_after, lanes::webhook_href, title};
use crate::{
    api::{
        Flash,
        admin::{LettersAsked, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters},
    },
    part::{
        elapsed::elapsed,
        form::{Form, Refusal, Submit},
        icon::Icon,
        moment::Moment,
    },
};

/// The forms about one dead letter.
const ABOUT_ONE: [&str; 2] = ["replay_dead_letter", "purge_dead_letter"];

/// A page of dead letters.
#[component]
pub(super) fn Letters(
    page: LetterPage,
    wrong: Option<Error>,
    asked: LettersAsked,
    now: Time,
    flash: Option<Flash>,
) -> impl IntoView {
    let one = !asked.record.is_empty();
    let filter = |to: Option<Lane>| {
        let (there, name) = (LettersAsked::of_lane(to), to.map_or("All", title));
        let current = !one && there.lane == asked.lane;
        view! { <a href=there.href() aria-current=current.then_some("true")>{name}</a> }
    };
    let filters = std::iter::once(None).chain(Lane::ALL.iter().copied().map(Some)).map(filter).collect_view();
    let lane: Option<Lane> = asked.lane.parse().ok();
    let newest = (!asked.letter.is_empty()).then(|| LettersAsked::of_lane(lane).href());
    let older = page.next.map(|place| asked.after(place).href());
    let gone = gone(&page, flash.as_ref());
    let all = flash.clone();
    let letters: Vec<_> = page
        .letters
        .into_iter()
        .map(|letter| {
            let flash = Flash::about(flash.as_ref(), "record", &letter.id.to_string()).cloned();
            view! { <Letter letter=letter now=now flash=flash/> }
        })
        .collect();
    let shown = if let Some(wrong) = wrong {
        said(wrong.to_string()).into_any()
    } else if letters.is_empty() {
        let words = if one { GONE } else { "Nothing was given up here." };
        view! { <p class="notice"><Icon name="check"/><span>{words}</span></p> }.into_any()
    } else {
        view! {
            {(!one).then(|| view! { <All lane=lane flash=all/> })}
            <ul class="cards letters">{letters}</ul>
        }
        .into_any()
    };
    view! {
        <section class="section" id="letters">
            <h2>"Dead letters"</h2>
            <nav class="filters" aria-label="Dead letters of">{filters}</nav>
            {gone.map(said)}
            {shown}
            <p class="pager">
                {newest.map(|href| view! { <a class="button" data-kind="quiet" data-size="s" rel="prev" href=href>"Newest"</a> })}
                {older.map(|href| view! { <a class="button" data-kind="quiet" data-size="s" rel="next" href=href>"Older"</a> })}
            </p>
        </section>
    }
}

/// What is said of a dead letter that somebody was quicker with.
const GONE: &str = "This dead letter is gone: it was replayed or purged meanwhile.";

/// What a plain form said of a dead letter that is not on this page any more, and so has nowhere else to be said.
fn gone(page: &LetterPage, flash: Option<&Flash>) -> Option<String> {
    let flash = flash.filter(|flash| ABOUT_ONE.contains(&flash.form.as_str()))?;
    let record = flash.fields.get("record")?;
    let there = page.letters.iter().any(|letter| letter.id.to_string() == *record);
    let words = || if flash.error == Error::NotFound { GONE.to_owned() } else { flash.error.to_string() };
    (!there).then(words)
}

/// Something that did not go as it was meant.
fn said(words: String) -> impl IntoView {
    view! { <p class="field-error" role="alert"><Icon name="alert"/><span>{words}</span></p> }
}

/// What can be done with all of them at once.
#[component]
fn All(lane: Option<Lane>, flash: Option<Flash>) -> impl IntoView {
    let (replay, purge) = (ServerAction::<ReplayDeadLetters>::new(), ServerAction::<PurgeDeadLetters>::new());
    again_after(*replay);
    again_after(*purge);
    let (replaying, purging) = (Form::new(replay, flash.as_ref()), Form::new(purge, flash.as_ref()));
    let of = move || lane.map(|lane| view! { <input type="hidden" name="lane" value=lane.as_str()/> });
    let whose = lane.map_or_else(|| "of all lanes".to_owned(), |lane| format!("of the lane {}", title(lane)));
    view! {
        <div class="actions">
            <ActionForm action=replay>
                {of()}
                <Submit form=replaying size="s">"Replay all"</Submit>
                <Refusal form=replaying/>
            </ActionForm>
            <details class="confirm">
                <summary class="button" data-kind="danger" data-size="s">"Purge all…"</summary>
                <ActionForm action=purge>
                    {of()}
                    <p>{format!("Remove the dead letters {whose} for good, also those on other pages?")}</p>
                    <Submit form=purging kind="danger" size="s">"Purge them all"</Submit>
                    <Refusal form=purging/>
                </ActionForm>
            </details>
        </div>
    }
}

#[component]
fn Letter(letter: DeadLetter, now: Time, flash: Option<Flash>) -> impl IntoView {
    let (id, webhook) = (letter.id.to_string(), webhook_href(&letter));
    let handler = if letter.handler.is_empty() { "nobody in particular".to_owned() } else { letter.handler };
    let tries = if letter.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", letter.attempts) };
    let payload = serde_json::to_string_pretty(&letter.payload).unwrap_or_default();
    let heading = format!("letter-{id}");
    view! {
        <li class="letter">
            <h3 id=heading.clone()>
                <code>{letter.name}</code> " for " <code>{handler}</code>
                {letter.address.map(|address| view! { " to " <code>{address}</code> })}
            </h3>
            {webhook.map(|href| view! { <p><a href=href>"To the webhook it was for"</a></p> })}
            <p class="letter-error">{letter.error.unwrap_or_else(|| "No reason was noted.".to_owned())}</p>
            <p class="muted">
                {title(letter.lane)} ", " {tries} ", given up " {elapsed(now.since(letter.died_at))} " ago, "
                <Moment at=letter.died_at/> ", came " {elapsed(now.since(letter.created_at))} " ago"
            </p>
            <details>
                <summary>"Payload"</summary>
                <dl>
                    <dt>"Event"</dt>
                    <dd><code>{letter.event.to_string()}</code></dd>
                    <dt>"Record"</dt>
                    <dd><code>{id.clone()}</code></dd>
                    <dt>"Topic"</dt>
                    <dd><code>{format!("{} {} {}", letter.topic_kind, letter.topic, letter.seq)}</code></dd>
                </dl>
                <pre>{payload}</pre>
            </details>
            <One id=id about=heading flash=flash/>
        </li>
    }
}

/// What can be done with one.
#[component]
fn One(id: String, about: String, flash: Option<Flash>) -> impl IntoView {
    let (replay, purge) = (ServerAction::<ReplayDeadLetter>::new(), ServerAction::<PurgeDeadLetter>::new());
    again_after(*replay);
    again_after(*purge);
    let (replaying, purging) = (Form::new(replay, flash.as_ref()), Form::new(purge, flash.as_ref()));
    let record = id.clone();
    view! {
        <div class="actions" role="group" aria-labelledby=about>
            <ActionForm action=replay>
                <input type="hidden" name="record" value=record/>
                <Submit form=replaying size="s">"Replay"</Submit>
                <Refusal form=replaying/>
            </ActionForm>
            <details class="confirm">
                <summary class="button" data-kind="danger" data-size="s">"Purge…"</summary>
                <ActionForm action=purge>
                    <input type="hidden" name="record" value=id/>
                    <p>"Remove it for good?"</p>
                    <Submit form=purging kind="danger" size="s">"Purge it"</Submit>
                    <Refusal form=purging/>
                </ActionForm>
            </details>
        </div>
    }
}
