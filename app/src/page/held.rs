//! Messages that wait for approval, on the moderators' page.

use leptos::prelude::*;
use thunderline::domain::{held::Pending, text::REASON_CHARS};

use super::chat::{use_refresh, use_shown};
use crate::{
    api::{
        Flash,
        held::{ApproveMessage, DeclineMessage},
    },
    dom,
    part::{
        avatar::Avatar,
        form::{Form, Refusal, Submit},
        icon::Icon,
        moment::Moment,
    },
};

/// How long the author of a declined message may be kept from posting, in seconds, and in words.
const TIME_OUTS: [(i64, &str); 4] =
    [(0, "No time-out"), (600, "Time-out of 10 minutes"), (3_600, "Time-out of 1 hour"), (86_400, "Time-out of 1 day")];

/// One of them.
#[component]
pub(super) fn HeldCard(pending: Pending, path: String) -> impl IntoView {
    let Pending { held, author, rule, channel, channel_name, version } = pending;
    let id = held.message;
    let place = if held.edits { format!("{path}/{channel}?at={id}#m-{id}") } else { format!("{path}/{channel}") };
    let what = if held.edits { "A change, made " } else { "Written " };
    let decline = StoredValue::new(author.name.clone());
    view! {
        <li id=format!("f-{id}") tabindex="-1">
            <article aria-labelledby=format!("f-{id}-head")>
                <header class="flagged-head">
                    <Avatar id=author.id name=author.name.clone()/>
                    <div>
                        <h3 class="card-title" id=format!("f-{id}-head")>
                            <bdi>{author.name.clone()}</bdi>
                            " in "
                            <a href=place>
                                <bdi>{format!("#{channel_name}")}</bdi>
                            </a>
                        </h3>
                        <span class="muted">{what} <Moment at=held.held_at/></span>
                    </div>
                </header>
                <div class="message-body markdown flagged-body" dir="auto" inner_html=held.html></div>
                <p class="muted"><Icon name="shield"/> " Held: " {rule}</p>
                <div class="actions">
                    <Approve id=id version=version of=author.name/>
                </div>
                <details class="decline">
                    <summary class="button" data-kind="danger" data-size="s">
                        "Decline…" <span class="vh">{decline.with_value(|name| format!(" the message of {name}"))}</span>
                    </summary>
                    <Decline id=id author=decline/>
                </details>
            </article>
        </li>
    }
}

/// What a plain form about this message said.
fn flash(flash: Option<&Flash>, id: thunderline::domain::MessageId) -> Option<Flash> {
    Flash::about(flash, "message", &id.to_string()).cloned()
}

#[component]
fn Approve(id: thunderline::domain::MessageId, version: i64, of: String) -> impl IntoView {
    let approve = ServerAction::<ApproveMessage>::new();
    use_refresh().after(*approve);
    let value = approve.value();
    leave(move || value.with(|value| matches!(value, Some(Ok(())))));
    let form = use_shown().with_untracked(|opened| Form::new(approve, flash(opened.flash.as_ref(), id).as_ref()));
    view! {
        <ActionForm action=approve>
            <input type="hidden" name="message" value=id.to_string()/>
            <input type="hidden" name="version" value=version/>
            <Submit form=form kind="primary" size="s">"Approve" <span class="vh">{format!(" the message of {of}")}</span></Submit>
            <Refusal form=form/>
        </ActionForm>
    }
}

#[component]
fn Decline(id: thunderline::domain::MessageId, author: StoredValue<String>) -> impl IntoView {
    let decline = ServerAction::<DeclineMessage>::new();
    use_refresh().after(*decline);
    let value = decline.value();
    leave(move || value.with(|value| matches!(value, Some(Ok(())))));
    let form = use_shown().with_untracked(|opened| Form::new(decline, flash(opened.flash.as_ref(), id).as_ref()));
    let name = author.get_value();
    let (note, wait) = (format!("note-{id}"), format!("time-out-{id}"));
    let options = TIME_OUTS.map(|(seconds, words)| view! { <option value=seconds>{words}</option> }).collect_view();
    view! {
        <ActionForm action=decline attr:class="form">
            <input type="hidden" name="message" value=id.to_string()/>
            <div class="field">
                <label for=note.clone()>{format!("A note for {name}")} " " <span class="optional">"optional"</span></label>
                <input id=note name="note" dir="auto" autocomplete="off" maxlength=REASON_CHARS.to_string()/>
            </div>
            <div class="field">
                <label for=wait.clone()>{format!("What {name} may do then")}</label>
                <select id=wait name="seconds">{options}</select>
            </div>
            <p class="actions">
                <Submit form=form kind="danger" size="s">"Decline" <span class="vh">{format!(" the message of {name}")}</span></Submit>
            </p>
            <Refusal form=form/>
        </ActionForm>
    }
}

/// The card goes away: the focus goes to the page, and is not lost.
fn leave(well: impl Fn() -> bool + 'static) {
    Effect::new(move |_| {
        if well() {
            dom::page::focus("main");
        }
    });
}
