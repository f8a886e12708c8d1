use leptos::{ev::MouseEvent, prelude::*};
use thunderline::{
    domain::{
        MessageId, PersonSummary, Time,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    },
    view::{Row, RowState, body, calendar},
};
use wasm_bindgen::JsCast;

use super::{
    Aside, Open,
    aside::apart,
    edges::is_for_browser,
    failure::Failure,
    flagging::FlaggedMark,
    glyph,
    pinning::PinnedMark,
    reactions::Reactions,
    thread_link::{QuoteLine, ThreadLink},
    tools::Tools,
    vanishing::Vanishing,
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
#[expect(clippy::struct_excessive_bools, reason = "one decision each")]
pub(super) struct Powers {
    pub(super) edit: bool,
    pub(super) delete: bool,
    pub(super) react: bool,
    pub(super) reply: bool,
    pub(super) pin: bool,
    pub(super) flag: bool,
    history: bool,
    pub(super) moderate: bool,
}

impl Powers {
    pub(super) fn over(row: &Row, open: &Open) -> Self {
        let (mine, may) = (author(row).id == open.me, open.may);
        Self {
            edit: mine && may.edit,
            delete: may.moderate || (mine && may.delete),
            react: may.react,
            reply: may.post,
            pin: may.pin,
            flag: may.flag && !mine,
            history: may.read_any_history || (mine && may.read_history),
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

/// The body; `history` is the address of what it said before.
fn html(row: &Row, history: Option<&str>) -> String {
    match &row.state {
        RowState::Stored(message) if message.edited_at.is_some() => body::with_edited_mark(&message.html, history),
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
        let flagged = open.flag.with_value(|asked| asked.as_ref().is_some_and(|(of, _)| *of == id));
        if !edited && !reacted && !flagged && open.delete != Some(id) {
            let look = kept::Look {
                id,
                powers: Powers::over(&row, &open),
                mine: author(&row).id == open.me,
                grouped,
                target: open.at == Some(id),
                thread: open.transcript.thread.is_some(),
            };
            return kept::row(look, &row, || drawn(id, &open, signals));
        }
    }
    drawn(id, &open, signals)
}

fn drawn(id: MessageId, open: &Open, signals: RowSignals) -> AnyView {
    let client = use_client();
    let Open { transcript, me, at, .. } = *open;
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
    let thread =
        Memo::new(move |_| row.with(|row| row.message().filter(|_| transcript.thread.is_none())?.thread.clone()));
    let quoting = Memo::new(move |_| {
        row.with(|row| row.message().filter(|m| transcript.thread.is_none() && m.quote.is_some()).cloned())
    });
    let pinned = Memo::new(move |_| row.with(|row| row.message().is_some_and(|message| message.pinned)));
    let flagged = Memo::new(move |_| {
        row.with(|row| row.message().is_some_and(|message| message.status == MessageStatus::Flagged))
    });
    let plain = plain_forms(id, open, powers, shape.get_untracked());
    let ends = Memo::new(move |_| row.with(|row| row.message().and_then(|message| message.expires_at)));
    let history = StoredValue::new(
        powers.history.then(|| open.address.with_value(|address| format!("{address}/messages/{id}/history"))),
    );
    let look_back = move |event: MouseEvent| {
        if !is_for_browser(&event) && is_edited_mark(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::History(id)));
        }
    };
    let inside = move || {
        // Whoever is at it keeps their words, also when the message is deleted in another window.
        if editing.get() {
            apart(Aside::Editing(id), move || transcript.editing.set(None))
        } else if shape.get() == Shape::Deleted {
            view! { <p class="tombstone">"This message was deleted."</p> }.into_any()
        } else {
            let html = Memo::new(move |_| history.with_value(|history| row.with(|row| html(row, history.as_deref()))));
            let long = Memo::new(move |_| html.with(|html| body::is_long(html)));
            view! {
                <div
                    class="message-body markdown"
                    dir="auto"
                    data-jumbo=move || html.with(|html| body::is_jumbo(html)).then_some("")
                    data-folded=move || long.get().then_some("")
                    inner_html=move || html.get()
                    on:click=look_back
                ></div>
                {move || long.get().then(unfold)}
            }
            .into_any()
        }
    };
    view! {
        <li
            class="message"
            id=transcript.row_id(id)
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
            {move || (shape.get() == Shape::Stored && quoting.with(Option::is_some)).then(|| view! { <QuoteLine message=quoting/> })}
            {inside}
            {move || (shape.get() == Shape::Stored).then(|| ends.get().map(|at| view! { <Vanishing at=at/> }))}
            {move || (shape.get() == Shape::Stored && pinned.get()).then(|| view! { <PinnedMark/> })}
            {move || flagged.get().then(|| view! { <FlaggedMark id=id/> })}
            {move || (shape.get() == Shape::Stored).then(|| view! { <Reactions id=id reactions=borne may=powers.react/> })}
            {move || thread.with(Option::is_some).then(|| view! { <ThreadLink id=id thread=thread/> })}
            {plain}
            {move || (shape.get() == Shape::Failed).then(|| view! { <Failure id=id row=row/> })}
            <span class="vh">{move || spoken(client, shape.get(), row.with(time))}</span>
            {move || {
                (shape.get() == Shape::Stored && !editing.get() && !system)
                    .then(|| view! { <Tools id=id powers=powers pinned=pinned who=who/> })
            }}
        </li>
    }
    .into_any()
}

/// The forms of a row that were asked for without JavaScript.
fn plain_forms(id: MessageId, open: &Open, powers: Powers, shape: Shape) -> Vec<AnyView> {
    let flag = open.flag.with_value(|asked| asked.clone().filter(|(of, _)| *of == id && powers.flag));
    let react = open.react.with_value(|asked| asked.clone().filter(|(of, _)| *of == id));
    let delete = open.delete == Some(id) && powers.delete && shape == Shape::Stored;
    let forms = [
        flag.map(|(_, refused)| Aside::Flag(id, refused)),
        delete.then_some(Aside::Deletion(id)),
        react.map(|(_, reactors)| Aside::Reactions(id, reactors, powers.react)),
    ];
    forms.into_iter().flatten().map(|form| apart(form, || {})).collect()
}

/// Whether the link to what a message said before was pressed; it stands in the body, which the server rendered.
fn is_edited_mark(event: &MouseEvent) -> bool {
    let pressed = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    pressed.is_some_and(|pressed| pressed.matches("a.edited").unwrap_or_default())
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
    let transcript = expect_context::<Open>().transcript;
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
                    href=transcript.link("at", id)
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
