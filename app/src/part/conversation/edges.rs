//! What stands around the window of messages: paging, the channel's beginning, and the way to the present.

use leptos::{ev::MouseEvent, prelude::*};
use thunderline::domain::{ChannelSummary, PersonId, query::Span};

use super::{Open, glyph};
use crate::part::channels::icon;

/// Whether the browser is to follow the link itself: in a new tab, say.
pub(super) fn is_for_browser(event: &MouseEvent) -> bool {
    event.button() != 0 || event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key()
}

/// Above the first row: the link to older messages, or where the channel begins.
#[component]
pub(super) fn Older(channel: ChannelSummary) -> impl IntoView {
    let Open { transcript, may, me, address, .. } = expect_context::<Open>();
    let channel = StoredValue::new(channel);
    move || {
        if let Some(position) = transcript.older.get() {
            view! {
                <p class="pager">
                    <a
                        class="button"
                        data-kind="quiet"
                        data-size="s"
                        rel="prev"
                        href=transcript.page_link(true, position)
                        on:click=move |event| {
                            if !is_for_browser(&event) {
                                event.prevent_default();
                                transcript.load(Span::Before { position });
                            }
                        }
                    >
                        "Earlier messages"
                    </a>
                </p>
            }
            .into_any()
        } else {
            let summary = channel.get_value();
            if summary.kind.is_conversation() {
                return between(&summary, me).into_any();
            }
            let icon = icon(&summary);
            let ChannelSummary { name, topic, .. } = summary;
            let about = address.with_value(|address| format!("{address}/about"));
            view! {
                <div class="beginning">
                    <span class="beginning-icon" aria-hidden="true">
                        {glyph(icon)}
                    </span>
                    <h2>"This is where " <bdi>{name}</bdi> " begins"</h2>
                    {(!topic.is_empty()).then(|| view! { <p>{topic}</p> })}
                    {(may.add || may.set_topic)
                        .then(|| {
                            view! {
                                <p class="actions">
                                    {may
                                        .add
                                        .then(|| {
                                            view! {
                                                <a class="button" data-kind="quiet" href=about.clone()>
                                                    {glyph("user-plus")}
                                                    "Add people"
                                                </a>
                                            }
                                        })}
                                    {may
                                        .set_topic
                                        .then(|| {
                                            view! {
                                                <a class="button" data-kind="quiet" href=about.clone()>
                                                    {glyph("pencil")}
                                                    "Set a topic"
                                                </a>
                                            }
                                        })}
                                </p>
                            }
                        })}
                </div>
            }
            .into_any()
        }
    }
}

/// Where a conversation begins: who reads it.
fn between(channel: &ChannelSummary, me: PersonId) -> impl IntoView + use<> {
    let (heading, words) = if channel.people.iter().all(|one| one.id == me) {
        ("Your notes".to_owned(), "Only you read what you write here.".to_owned())
    } else {
        let words = "It appears on their list with the first message. Nobody else in this community sees it: \
            no owner, no admin, no moderator.";
        (format!("Only you and {} read this", channel.name), words.to_owned())
    };
    view! {
        <div class="beginning">
            <span class="beginning-icon" aria-hidden="true">
                {glyph(icon(channel))}
            </span>
            <h2>{heading}</h2>
            <p>{words}</p>
        </div>
    }
}

/// Below the last row, when it is not the latest.
#[component]
pub(super) fn Newer() -> impl IntoView {
    let Open { transcript, address, .. } = expect_context::<Open>();
    move || {
        transcript.newer.get().map(|position| {
            view! {
                <p class="pager">
                    <a
                        class="button"
                        data-kind="quiet"
                        data-size="s"
                        rel="next"
                        href=transcript.page_link(false, position)
                        on:click=move |event| {
                            if !is_for_browser(&event) {
                                event.prevent_default();
                                transcript.load(Span::After { position });
                            }
                        }
                    >
                        "Later messages"
                    </a>
                    <a
                        class="button"
                        data-kind="quiet"
                        data-size="s"
                        href=present(transcript, address)
                        on:click=move |event| to_present(&event, transcript)
                    >
                        "Jump to the present"
                    </a>
                </p>
            }
        })
    }
}

/// How many messages came while the reader was further up.
#[component]
pub(super) fn Pill() -> impl IntoView {
    let Open { transcript, address, .. } = expect_context::<Open>();
    move || {
        let missed = transcript.missed.get();
        (missed > 0).then(|| {
            let words = if missed == 1 { "1 new message".to_owned() } else { format!("{missed} new messages") };
            view! {
                <a class="pill" href=present(transcript, address) on:click=move |event| to_present(&event, transcript)>
                    {glyph("arrow-down")}
                    {words}
                </a>
            }
        })
    }
}

/// The address of the newest messages.
fn present(transcript: crate::state::Transcript, address: StoredValue<String>) -> String {
    transcript.thread.map_or_else(|| address.get_value(), |thread| format!("?thread={thread}"))
}

fn to_present(event: &MouseEvent, transcript: crate::state::Transcript) {
    if !is_for_browser(event) {
        event.prevent_default();
        transcript.to_present();
    }
}
