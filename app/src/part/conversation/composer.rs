use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};
use leptos_router::hooks::use_query_map;
use thunderline::{
    domain::{ChannelKind, ChannelStatus, ChannelSummary, Error, Message, MessageId, Time, text::MESSAGE_CHARS},
    view::{body::sentence, calendar},
};
use uuid::Uuid;

use super::{
    Aside, Open,
    aside::apart,
    editing, glyph,
    quoting::{Quoting, answering},
    refused::Unsent,
    slow,
    stay::{self, Stay},
};
use crate::{
    api::Flash,
    dom::page,
    state::{Client, Transcript, use_client},
};

/// How many characters before the limit the counter appears.
const NEAR_LIMIT: usize = 400;

/// A field that composes a character (Chinese, Japanese, an accent) has the Enter key for itself.
pub(super) fn is_composing(event: &KeyboardEvent) -> bool {
    // 229: what older Safari says in place of `isComposing` for the Enter that ends a composition.
    event.is_composing() || event.key_code() == 229
}

/// Puts a refused message back into the composer.
pub(super) fn take_back(client: Client, transcript: Transcript, id: MessageId) {
    if let Some(body) = client.discard(transcript, id) {
        transcript.begun.set(Some(body));
    }
    page::focus(&transcript.id("composer-body"));
}

/// Where one writes, or why one cannot.
#[component]
pub(super) fn Composer(flash: Option<Flash>, fresh: Option<Uuid>) -> impl IntoView {
    let open = expect_context::<Open>();
    let Open { transcript, may, title, .. } = open;
    let client = use_client();
    // What a thread began with.
    let root = transcript.thread.and_then(|thread| transcript.row(thread)).map(|root| root.row);
    let gone = Memo::new(move |_| {
        root.as_ref().is_some_and(|row| row.with(|row| row.message().is_some_and(Message::is_deleted)))
    });
    let channel = client.channel(transcript.channel);
    let community = StoredValue::new(open.community());
    // What the page says of a right is from before somebody brought them in; the server decides when they post.
    // It is so, too, when the channel took no messages then.
    let outside = channel.with_untracked(|channel| {
        channel.as_ref().is_some_and(|channel| !channel.joined() || channel.status != ChannelStatus::Active)
    });
    let silenced = client.silenced_until();
    let closed = Memo::new(move |_| {
        let closed = channel.with(|channel| why_closed(channel.as_ref(), may.post, outside, silenced.get()));
        closed.or_else(|| gone.get().then_some(Closed::Gone))
    });
    let flash = StoredValue::new(flash);
    move || match closed.get() {
        None => view! { <Form flash=flash.get_value() fresh=fresh/> }.into_any(),
        Some(why) => {
            let title = title.get_value();
            let (icon, words) = match why {
                Closed::Archived => ("archive", "This channel is archived. It can be read, not added to.".to_owned()),
                Closed::Locked => ("lock", "This channel is locked. It takes no new messages.".to_owned()),
                Closed::Announcements => ("megaphone", format!("Only moderators post in {title}.")),
                Closed::Outside => ("eye", format!("You are looking at {title} without being a member.")),
                Closed::Gone => {
                    ("trash", "What this thread began with was deleted. It can be read, not added to.".to_owned())
                }
                Closed::TimedOut(until) => ("hourglass", time_out(client, until)),
                Closed::Refused => ("lock", format!("You may not post in {title}.")),
            };
            let join = why == Closed::Outside && may.join;
            let visit = why == Closed::Outside && !may.join;
            view! {
                {flash.get_value().map(|flash| view! { <Unsent flash=flash/> })}
                <div class="composer composer-closed">
                    <p>
                        {glyph(icon)}
                        <span>{words}</span>
                    </p>
                    {join
                        .then(|| {
                            view! {
                                <form method="post" action="/api/join_channel">
                                    <input type="hidden" name="channel" value=transcript.channel.to_string()/>
                                    <button class="button" data-kind="primary" type="submit">
                                        "Join channel"
                                    </button>
                                </form>
                            }
                        })}
                    {visit
                        .then(|| {
                            view! {
                                <a class="button" href=community.get_value()>
                                    "Go to the community to join"
                                </a>
                            }
                        })}
                </div>
            }
            .into_any()
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    Archived,
    Locked,
    Announcements,
    Outside,
    Gone,
    TimedOut(Time),
    Refused,
}

/// That one is in a time-out, and when it is over: the hour, on another day the day as well.
fn time_out(client: Client, until: Time) -> String {
    let over = if client.zoned().get() {
        let (until, now) = (page::local(until), page::local(page::now()));
        if until.day() == now.day() { calendar::clock(until) } else { calendar::full(until) }
    } else {
        format!("{} UTC", calendar::full(until))
    };
    format!("You are in a time-out and can only read. You can write again at {over}.")
}

fn why_closed(
    channel: Option<&ChannelSummary>,
    may_post: bool,
    came_in: bool,
    silenced: Option<Time>,
) -> Option<Closed> {
    let channel = channel?;
    match channel.status {
        ChannelStatus::Archived => Some(Closed::Archived),
        ChannelStatus::Locked => Some(Closed::Locked),
        ChannelStatus::Active if !channel.joined() => Some(Closed::Outside),
        ChannelStatus::Active if silenced.is_some() => silenced.map(Closed::TimedOut),
        ChannelStatus::Active if may_post => None,
        ChannelStatus::Active if channel.kind == ChannelKind::Announcement => Some(Closed::Announcements),
        ChannelStatus::Active if came_in => None,
        ChannelStatus::Active => Some(Closed::Refused),
    }
}

#[component]
fn Form(flash: Option<Flash>, fresh: Option<Uuid>) -> impl IntoView {
    let Open { transcript, me, name, title, .. } = expect_context::<Open>();
    let client = use_client();
    let (id, thread) = (transcript.channel, transcript.thread);
    let also = NodeRef::<html::Input>::new();
    let (field, choice) = (NodeRef::<html::Textarea>::new(), NodeRef::<html::Select>::new());
    let typed = flash.as_ref().and_then(|flash| flash.fields.get("body").cloned());
    let typed = typed.or_else(|| transcript.with_begun(|begun| begun.kept())).unwrap_or_default();
    let given = StoredValue::new(typed.clone());
    let chosen = flash.as_ref().and_then(|flash| flash.fields.get("expires_in").cloned()).unwrap_or_default();
    let both = flash.as_ref().is_some_and(|flash| flash.fields.get("reply_in").is_some_and(|shown| shown == "both"));
    let pause = transcript.pause();
    slow::count_down(pause);
    let slowed = pause.left.get_untracked() > 0;
    let refused = flash.map(|flash| match (flash.error.of_field("body"), &flash.error) {
        (Some(wrong), _) => sentence(&["The message ", wrong].concat()),
        // Beside it stands for how long.
        (None, Error::TooMany { .. }) if slowed => "Not sent yet.".to_owned(),
        (None, error) => error.to_string(),
    });
    let live = client.channel(id);
    let limit = Memo::new(move |_| {
        let most =
            live.with(|channel| channel.as_ref().and_then(|channel| usize::try_from(channel.message_chars).ok()));
        most.unwrap_or(MESSAGE_CHARS)
    });
    // What is begun can be completed, from the first letter on.
    let begun = RwSignal::new(false);
    let wrong = RwSignal::new(refused);
    let chars = RwSignal::new(typed.chars().count());
    let over = move || chars.get() > limit.get();
    Effect::new(move |before: Option<()>| {
        let Some(field) = field.get() else { return };
        if before.is_none() {
            // What was typed before the page was taken over is newer than any draft.
            let untouched = given.with_value(|given| field.value() == *given);
            if let Some(unsaved) = client.unsaved_draft(transcript).filter(|_| untouched) {
                field.set_value(&unsaved);
            }
            client.keep_draft(transcript, &field.value());
        }
        if let Some(body) = transcript.begun.get() {
            transcript.begun.set(None);
            field.set_value(&body);
            client.keep_draft(transcript, &body);
        }
        chars.set(field.value().chars().count());
    });
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let body = field.value();
        if body.trim().is_empty() || body.chars().count() > limit.get_untracked() || pause.left.get_untracked() > 0 {
            return;
        }
        let is_message = !body.trim_start().starts_with('/');
        if client.post(transcript, body, answering(transcript, also), stay::take(choice)) {
            if is_message {
                pause.posted(page::now());
            }
            field.set_value("");
            transcript.quoting.set(None);
            client.keep_draft(transcript, "");
            chars.set(0);
            wrong.set(None);
        } else {
            wrong.set(Some("Too many messages wait to be sent. This one stays here until some are.".to_owned()));
        }
        let _ = field.focus();
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let press = move |event: KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        match event.key().as_str() {
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                send();
            }
            "Escape" if transcript.quoting.get_untracked().is_some() => {
                event.prevent_default();
                transcript.quoting.set(None);
            }
            "ArrowUp" if chars.get_untracked() == 0 => {
                if let Some(last) = transcript.my_last(me) {
                    event.prevent_default();
                    editing::begin(client, transcript, last);
                }
            }
            _ => {}
        }
    };
    let input = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        chars.set(text.chars().count());
        client.keep_draft(transcript, &text);
        if !begun.get_untracked() {
            begun.set(true);
        }
        // Who writes in a thread does not write in the channel.
        if thread.is_none() && !text.trim().is_empty() {
            client.type_in(id);
        }
    };
    let counter = move || {
        let (chars, limit) = (chars.get(), limit.get());
        if chars > limit {
            format!("{} too many", chars - limit)
        } else if chars + NEAR_LIMIT.min(limit / 2) >= limit {
            format!("{} left", limit - chars)
        } else {
            String::new()
        }
    };
    // A form without JavaScript; with it the answer itself appears.
    let query = use_query_map();
    let taken = move || match query.with(|query| query.get("done")).as_deref() {
        Some("command") => Some("The command is being carried out; what came of it is in your inbox."),
        Some("later") => Some("You will be reminded in your inbox."),
        _ => None,
    };
    // `?quote=` where there is no JavaScript.
    if thread.is_none() {
        let quoted = query.with_untracked(|query| query.get_str("quote").and_then(|id| id.parse().ok()));
        transcript.quoting.set(quoted);
    }
    let (label, hint) = if thread.is_some() {
        ("Reply in the thread".to_owned(), "Reply…".to_owned())
    } else {
        (name.with_value(|name| format!("Message {name}")), title.with_value(|title| format!("Message {title}")))
    };
    let (body, note) = (transcript.id("composer-body"), transcript.id("composer-note"));
    view! {
        <form class="composer" id=transcript.id("composer") method="post" action="/api/post_message" on:submit=submit>
            <input type="hidden" name="channel" value=id.to_string()/>
            <input type="hidden" name="id" value=fresh.map(|fresh| fresh.to_string())/>
            {thread.map(|thread| view! { <input type="hidden" name="reply_to" value=thread.to_string()/> })}
            <label class="vh" for=body.clone()>
                {label}
            </label>
            {move || begun.get().then(|| apart(Aside::Completion(id, field), move || begun.set(false)))}
            <div class="composer-box">
                <Quoting/>
                <textarea
                    id=body
                    name="body"
                    rows="1"
                    placeholder=hint
                    dir="auto"
                    required
                    enterkeyhint="send"
                    autocomplete="off"
                    aria-describedby=note.clone()
                    node_ref=field
                    aria-invalid=move || over().then_some("true")
                    aria-autocomplete="list"
                    on:keydown=press
                    on:input=input
                >
                    {typed}
                </textarea>
                <Stay choice=choice chosen=chosen id=transcript.id("composer-stay")/>
                <button class="send" type="submit" title="Send" aria-disabled=move || (pause.left.get() > 0).then_some("true")>
                    {glyph("send")}
                    <span class="vh">"Send"</span>
                </button>
            </div>
            {thread
                .map(|_| {
                    view! {
                        <label class="also">
                            <input type="checkbox" name="reply_in" value="both" checked=both node_ref=also/>
                            {title.with_value(|title| format!("Also send to {title}"))}
                        </label>
                    }
                })}
            <p class="composer-note" id=note>
                {move || taken().map(|taken| view! { <span role="status">{taken}</span> })}
                {move || { let words = slow::words(pause); (!words.is_empty()).then(|| view! { <span class="slow">{words}" "</span> }) }}
                {move || wrong.get().map(|wrong| view! { <span class="field-error">{wrong}</span> })}
                <span class="counter" data-over=move || over().then_some("") hidden=move || counter().is_empty()>
                    {counter}
                </span>
            </p>
        </form>
    }
}
