//! The forms by which a moderator acts on somebody.

use leptos::prelude::*;
use thunderline::domain::{
    CommunityId, PersonId, Time,
    member::{Ban, MemberView},
};

use super::{
    form::{Form, Refusal, Submit},
    icon::Icon,
    moment::Moment,
};
use crate::page::{chat::use_shown, member::Acts};

/// How long a time-out can be made here, in seconds.
const TIMES: [(i64, &str); 6] = [
    (600, "10 minutes"),
    (3_600, "1 hour"),
    (6 * 3_600, "6 hours"),
    (86_400, "1 day"),
    (7 * 86_400, "1 week"),
    (28 * 86_400, "4 weeks"),
];
/// How far back messages can be deleted here, in seconds.
const BACK: [(i64, &str); 3] = [(3_600, "the last hour"), (86_400, "the last day"), (7 * 86_400, "the last week")];

/// Whom a form is about.
#[component]
fn About(community: CommunityId, person: PersonId) -> impl IntoView {
    view! {
        <input type="hidden" name="community" value=community.to_string()/>
        <input type="hidden" name="person" value=person.to_string()/>
    }
}

/// Everything a moderator may do about somebody.
#[component]
pub fn Moderation(
    /// In which community.
    community: CommunityId,
    /// About whom.
    member: MemberView,
) -> impl IntoView {
    let (person, may) = (member.person.id, member.may.clone());
    let name = member.person.name.clone();
    let banned = member.ban.is_some();
    view! {
        {member.ban.map(|ban| view! { <Banned community=community ban=ban/> })}
        {may.time_out.then(|| view! { <TimeOut community=community person=person until=member.silenced_until/> })}
        {may.clear.then(|| view! { <Clear community=community person=person name=name.clone()/> })}
        {(may.kick || (may.ban && !banned))
            .then(|| {
                view! {
                    <section class="section" data-kind="danger">
                        <h2>"Remove"</h2>
                        {may.kick.then(|| view! { <Kick community=community person=person name=name.clone()/> })}
                        {(may.ban && !banned).then(|| view! { <BanForm community=community person=person name=name.clone()/> })}
                    </section>
                }
            })}
    }
}

/// Why and by whom they are banned, and the way back.
#[component]
fn Banned(community: CommunityId, ban: Ban) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.lift, opened.flash.as_ref()));
    view! {
        <section class="section">
            <h2>"Banned"</h2>
            <div class="notice" data-kind="bad">
                <Icon name="alert"/>
                <p>
                    "Banned by " <bdi>{ban.moderator.name}</bdi> ", " <Moment at=ban.created_at/> "."
                    {(!ban.reason.is_empty()).then(|| view! { " Reason: " <bdi>{ban.reason}</bdi> })}
                </p>
            </div>
            <ActionForm action=acts.lift>
                <About community=community person=ban.person.id/>
                <p class="actions">
                    <Submit form=form>"Lift the ban"</Submit>
                </p>
                <Refusal form=form/>
            </ActionForm>
        </section>
    }
}

#[component]
fn TimeOut(community: CommunityId, person: PersonId, until: Option<Time>) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.time_out, opened.flash.as_ref()));
    let choices = TIMES.iter().map(|(seconds, label)| view! { <option value=seconds.to_string()>{*label}</option> });
    view! {
        <section class="section">
            <h2>"Time-out"</h2>
            {match until {
                Some(until) => view! { <p>"They only read until " <Moment at=until/> "."</p> }.into_any(),
                None => view! { <p class="muted">"They go on reading, and write nothing until it is over. It ends by itself."</p> }.into_any(),
            }}
            <ActionForm action=acts.time_out attr:class="inline-form">
                <About community=community person=person/>
                <div class="field">
                    <label for="seconds">"For"</label>
                    <select id="seconds" name="seconds">{choices.collect_view()}</select>
                </div>
                <Submit form=form>{if until.is_some() { "Change time-out" } else { "Give time-out" }}</Submit>
            </ActionForm>
            <Refusal form=form/>
            {until
                .is_some()
                .then(|| {
                    view! {
                        <ActionForm action=acts.time_out>
                            <About community=community person=person/>
                            <input type="hidden" name="seconds" value="0"/>
                            <Submit form=form kind="quiet">"End time-out"</Submit>
                        </ActionForm>
                    }
                })}
        </section>
    }
}

#[component]
fn Clear(community: CommunityId, person: PersonId, name: String) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.clear, opened.flash.as_ref()));
    let choices = BACK.iter().map(|(seconds, label)| view! { <option value=seconds.to_string()>{*label}</option> });
    view! {
        <section class="section">
            <h2>"Messages"</h2>
            <ActionForm action=acts.clear attr:class="inline-form">
                <About community=community person=person/>
                <div class="field">
                    <label for="clear-within">"Written in"</label>
                    <select id="clear-within" name="within">{choices.collect_view()}</select>
                </div>
                <Submit form=form kind="danger">"Delete messages" <span class="vh">" of " {name}</span></Submit>
            </ActionForm>
            <p class="muted">"In every channel here. It cannot be undone."</p>
            <Refusal form=form/>
        </section>
    }
}

#[component]
fn Kick(community: CommunityId, person: PersonId, name: String) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.kick, opened.flash.as_ref()));
    view! {
        <details class="confirm">
            <summary class="button" data-kind="danger">"Remove…"</summary>
            <ActionForm action=acts.kick>
                <About community=community person=person/>
                <p>"Remove " <bdi>{name.clone()}</bdi> " from all channels here? They may come back."</p>
                <Submit form=form kind="danger">"Remove " <bdi>{name}</bdi></Submit>
                <Refusal form=form/>
            </ActionForm>
        </details>
    }
}

#[component]
fn BanForm(community: CommunityId, person: PersonId, name: String) -> impl IntoView {
    let acts = expect_context::<Acts>();
    let form = use_shown().with_untracked(|opened| Form::new(acts.ban, opened.flash.as_ref()));
    let chosen = form.typed("within", "0".to_owned());
    let choices = [(0, "none")].into_iter().chain(BACK).map(move |(seconds, label)| {
        let value = seconds.to_string();
        let selected = value == chosen;
        view! { <option value=value selected=selected>{label}</option> }
    });
    let wrong = form.wrong("reason");
    view! {
        <details class="confirm" open=form.has_typed()>
            <summary class="button" data-kind="danger">"Ban…"</summary>
            <ActionForm action=acts.ban attr:class="form">
                <About community=community person=person/>
                <p><bdi>{name.clone()}</bdi> " is removed and cannot come back, by an invitation either, until the ban is lifted."</p>
                <div class="field">
                    <label for="reason">"Reason " <span class="optional">"optional"</span></label>
                    <p class="hint" id="reason-hint">"They read it, and so do moderators."</p>
                    <input
                        id="reason"
                        name="reason"
                        type="text"
                        maxlength="500"
                        autocomplete="off"
                        aria-describedby="reason-hint"
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        value=form.typed("reason", String::new())
                    />
                </div>
                <div class="field">
                    <label for="ban-within">"Delete their messages of"</label>
                    <select id="ban-within" name="within">{choices.collect_view()}</select>
                </div>
                <Submit form=form kind="danger">"Ban " <bdi>{name}</bdi></Submit>
                <Refusal form=form/>
            </ActionForm>
        </details>
    }
}
