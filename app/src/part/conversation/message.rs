use leptos::{ev::MouseEvent, prelude::*};
use thunderline::{
    domain::{MessageId, PersonSummary, Time, message::MessageKind, person::PersonKind},
    view::{Row, RowState, body, calendar},
};

use super::{
    Open, edges::is_for_browser, editing::Editing, glyph, moderating::Moderate, picker::PlainPicker,
    reactions::Reactions, vanishing::Vanishing,
};
use crate::{
    dom::page,
    part::avatar::{hue, initials},
    state::{Asked, Client, RowSignals, use_client},
};

/// How a row looks as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Stored,
    Pending,
    Failed,
    Deleted,
}

/// What its reader may do with a row: what the policy says, not what they hope for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Powers {
    edit: bool,
    delete: bool,
    react: bool,
    moderate: bool,
}

impl Powers {
    fn over(row: &Row, open: &Open) -> Self {
        let (mine, may) = (author(row).id == open.me, open.may);
        Self {
            edit: mine && may.edit,
            delete: may.moderate || (mine && may.delete),
            react: may.react,
            moderate: may.moderate_people && !mine,
        }
    }
}

fn shape(row: &Row) -> Shape {
    match &row.state {
        RowState::Pending { .. } => Shape::Pending,
        RowState::Failed { .. } => Shape::Failed,
        RowState::Stored(message) if message.is_deleted() => Shape::Deleted,
        RowState::Stored(_) => Shape::Stored,
    }
}

fn author(row: &Row) -> &PersonSummary {
    match &row.state {
        RowState::Stored(message) => &message.author,
        RowState::Pending { author, .. } | RowState::Failed { author, .. } => author,
    }
}

fn time(row: &Row) -> Time {
    match &row.state {
        RowState::Stored(message) => message.created_at,
        RowState::Pending { written_at, .. } | RowState::Failed { written_at, .. } => *written_at,
    }
}

fn html(row: &Row) -> String {
    match &row.state {
        RowState::Stored(message) if message.edited_at.is_some() => body::with_edited_mark(&message.html),
        RowState::Stored(message) => message.html.clone(),
        RowState::Pending { body, .. } | RowState::Failed { body, .. } => body::plain(body),
    }
}

/// One message. Its node stays the same from pending to stored, edited and deleted: only what changed is drawn.
#[component]
pub(super) fn MessageRow(id: MessageId) -> impl IntoView {
    let open = expect_context::<Open>();
    let transcript = open.transcript;
    let Some(signals) = transcript.row(id) else { return ().into_any() };
    #[cfg(feature = "ssr")]
    {
        use super::kept;

        let edited = transcript.editing.with_untracked(|open| open.as_ref().is_some_and(|open| open.message == id));
        let (row, grouped) = (signals.row.get_untracked(), signals.grouped.get_untracked());
        let reacted = open.react.with_value(|asked| asked.as_ref().is_some_and(|(of, _)| *of == id));
        if !edited && !reacted {
            let look = kept::Look {
                id,
                powers: Powers::over(&row, &open),
                mine: author(&row).id == open.me,
                grouped,
                target: open.at == Some(id),
            };
            return kept::row(look, &row, || drawn(id, &open, signals));
        }
    }
    drawn(id, &open, signals)
}

fn drawn(id: MessageId, open: &Open, signals: RowSignals) -> AnyView {
    let client = use_client();
    let Open { transcript, me, at, react, .. } = *open;
    let row = signals.row;
    let grouped = RwSignal::from(signals.grouped);
    let known = row.get_untracked();
    let mine = author(&known).id == me;
    let powers = Powers::over(&known, open);
    let system = known.message().is_some_and(|message| message.kind == MessageKind::System);
    let row = RwSignal::from(row);
    let shape = Memo::new(move |_| row.with(shape));
    let editing =
        Memo::new(move |_| transcript.editing.with(|open| open.as_ref().is_some_and(|open| open.message == id)));
    let state = move || match shape.get() {
        Shape::Stored => None,
        Shape::Pending => Some("pending"),
        Shape::Failed => Some("failed"),
        Shape::Deleted => Some("deleted"),
    };
    let who = Memo::new(move |_| row.with(|row| author(row).clone()));
    let borne = Memo::new(move |_| row.with(|row| row.message().map(|m| m.reactions.clone()).unwrap_or_default()));
    let plain =
        react.with_value(|asked| asked.as_ref().filter(|(of, _)| *of == id).map(|(_, reactors)| reactors.clone()));
    let ends = Memo::new(move |_| row.with(|row| row.message().and_then(|message| message.expires_at)));
    let inside = move || {
        // Whoever is at it keeps their words, also when the message is deleted in another window.
        if editing.get() {
            view! { <Editing id=id/> }.into_any()
        } else if shape.get() == Shape::Deleted {
            view! { <p class="tombstone">"This message was deleted."</p> }.into_any()
        } else {
            let html = Memo::new(move |_| row.with(html));
            let long = Memo::new(move |_| html.with(|html| body::is_long(html)));
            view! {
                <div
                    class="message-body markdown"
                    dir="auto"
                    data-jumbo=move || html.with(|html| body::is_jumbo(html)).then_some("")
                    data-folded=move || long.get().then_some("")
                    inner_html=move || html.get()
                ></div>
                {move || long.get().then(unfold)}
            }
            .into_any()
        }
    };
    view! {
        <li
            class="message"
            id=format!("m-{id}")
            tabindex="-1"
            data-mine=mine.then_some("")
            data-kind=system.then_some("system")
            data-target=(at == Some(id)).then_some("")
            data-state=state
            data-grouped=move || grouped.get().then_some("")
            data-editing=move || editing.get().then_some("")
        >
            {if system {
                glyph("arrow-right").into_any()
            } else {
                (move || who.with(|who| face(who, grouped.get(), shape.get() == Shape::Deleted))).into_any()
            }}
            {(!system).then(|| view! { <Head id=id row=row shape=shape grouped=grouped who=who/> })}
            {inside}
            {move || (shape.get() == Shape::Stored).then(|| ends.get().map(|at| view! { <Vanishing at=at/> }))}
            {move || (shape.get() == Shape::Stored).then(|| view! { <Reactions id=id reactions=borne may=powers.react/> })}
            {plain.map(|reactors| view! { <PlainPicker id=id reactors=reactors may=powers.react/> })}
            {move || (shape.get() == Shape::Failed).then(|| view! { <Failure id=id row=row/> })}
            <span class="vh">{move || spoken(client, shape.get(), row.with(time))}</span>
            {move || {
                (shape.get() == Shape::Stored && !editing.get() && !system)
                    .then(|| view! { <Tools id=id powers=powers who=who/> })
            }}
        </li>
    }
    .into_any()
}

/// Shows the rest of a long body; a box to tick, so that it works without JavaScript.
fn unfold() -> impl IntoView {
    view! {
        <label class="unfold link-button">
            <input type="checkbox"/>
            <span class="more">"Show all"</span>
            <span class="less">"Show less"</span>
        </label>
    }
}

/// The picture beside a row with a header.
fn face(who: &PersonSummary, grouped: bool, deleted: bool) -> AnyView {
    if grouped {
        ().into_any()
    } else if deleted {
        view! {
            <span class="avatar" aria-hidden="true">
                {glyph("trash")}
            </span>
        }
        .into_any()
    } else {
        view! {
            <span class="avatar" data-hue=hue(who.id) aria-hidden="true">
                {initials(&who.name)}
            </span>
        }
        .into_any()
    }
}

/// The time for assistive technology, last in the row.
fn spoken(client: Client, shape: Shape, time: Time) -> String {
    match shape {
        Shape::Pending => "Sending".to_owned(),
        Shape::Failed => "Not sent".to_owned(),
        Shape::Stored | Shape::Deleted => calendar::full(here(client, time)),
    }
}

/// The time as it is told here: UTC until the page is hydrated.
fn here(client: Client, time: Time) -> Time {
    if client.zoned().get() { page::local(time) } else { time }
}

/// Author, badge and time.
#[component]
fn Head(
    id: MessageId,
    row: RwSignal<Row>,
    shape: Memo<Shape>,
    grouped: RwSignal<bool>,
    who: Memo<PersonSummary>,
) -> impl IntoView {
    let client = use_client();
    let name = move || {
        let PersonSummary { name, kind, .. } = who.get();
        if grouped.get() {
            return view! { <span class="vh">{name}</span> }.into_any();
        }
        let badge = match kind {
            PersonKind::Bot => Some("bot"),
            PersonKind::System => Some("system"),
            PersonKind::Person | PersonKind::Placeholder => None,
        };
        view! {
            <span class="author">{name}</span>
            {badge.map(|badge| view! { <span class="badge" data-kind=badge>{badge}</span> })}
        }
        .into_any()
    };
    let when = move || {
        matches!(shape.get(), Shape::Stored).then(|| {
            let written = row.with(time);
            view! {
                <a
                    class="message-time"
                    href=format!("?at={id}#m-{id}")
                    aria-hidden="true"
                    tabindex="-1"
                    title=move || calendar::full(here(client, written))
                >
                    <time datetime=written.rfc3339()>{move || calendar::clock(here(client, written))}</time>
                </a>
            }
        })
    };
    move || {
        (shape.get() != Shape::Deleted).then(|| {
            view! { <div class="message-head">{name} {when}</div> }
        })
    }
}

/// Why it was not sent, and what can be done.
#[component]
fn Failure(id: MessageId, row: RwSignal<Row>) -> impl IntoView {
    let client = use_client();
    let transcript = expect_context::<Open>().transcript;
    let reason = move || {
        row.with(|row| if let RowState::Failed { reason, .. } = &row.state { reason.clone() } else { String::new() })
    };
    view! {
        <p class="message-failure" role="alert">
            {glyph("alert")}
            <span>"Not sent. " {reason}</span>
            <button class="link-button" type="button" on:click=move |_| client.retry(transcript, id)>
                "Try again"
            </button>
            <button class="link-button" type="button" on:click=move |_| super::composer::take_back(client, transcript, id)>
                "Edit"
            </button>
            <button
                class="link-button"
                type="button"
                on:click=move |_| {
                    client.discard(transcript, id);
                    page::focus("composer-body");
                }
            >
                "Discard"
            </button>
        </p>
    }
}

/// What can be done with a message: plain links and forms, taken over in place.
#[component]
fn Tools(id: MessageId, powers: Powers, who: Memo<PersonSummary>) -> impl IntoView {
    let open = expect_context::<Open>();
    let client = use_client();
    let transcript = open.transcript;
    let link = format!("?at={id}#m-{id}");
    let copied = RwSignal::new(false);
    let copy = move |event: MouseEvent| {
        if is_for_browser(&event) {
            return;
        }
        event.prevent_default();
        page::copy(&format!("{}{}?at={id}#m-{id}", page::origin(), open.address.get_value()));
        page::announce("Link copied.");
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            std::time::Duration::from_secs(2),
        );
    };
    let edit = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            super::editing::begin(client, transcript, id);
        }
    };
    let react = move |event: MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::Reaction(id)));
        }
    };
    let delete = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        transcript.asked.set(Some(Asked::Deletion(id)));
    };
    view! {
        <div class="message-tools" role="group" aria-label="Message actions">
            {powers
                .react
                .then(|| {
                    view! {
                        <a class="icon-button" href=format!("?react={id}#m-{id}") title="React" on:click=react>
                            {glyph("smile")}
                            <span class="vh">"React"</span>
                        </a>
                    }
                })}
            {powers
                .edit
                .then(|| {
                    view! {
                        <a class="icon-button" href=format!("?edit={id}#m-{id}") title="Edit" on:click=edit>
                            {glyph("pencil")}
                            <span class="vh">"Edit"</span>
                        </a>
                    }
                })}
            <a class="icon-button" href=link title="Link to this message" on:click=copy>
                {move || if copied.get() { glyph("check").into_any() } else { glyph("link").into_any() }}
                <span class="vh">"Link to this message"</span>
            </a>
            {powers.moderate.then(|| view! { <Moderate who=who.get_untracked()/> })}
            {powers
                .delete
                .then(|| {
                    view! {
                        <form method="post" action="/api/delete_message" on:submit=delete>
                            <input type="hidden" name="message" value=id.to_string()/>
                            <button class="icon-button" data-kind="danger" type="submit" title="Delete">
                                {glyph("trash")}
                                <span class="vh">"Delete"</span>
                            </button>
                        </form>
                    }
                })}
        </div>
    }
}
