//! Under a message: how many replied, who and when. Over one: what it answers.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use thunderline::{
    domain::{Message, MessageId, Time, thread::Thread},
    view::calendar,
};

use super::{Open, edges::is_for_browser, glyph};
use crate::{
    dom::{page, scroll},
    part::{
        avatar::{hue, initials},
        elapsed::elapsed,
    },
    state::use_client,
};

/// What opens a thread beside the conversation, which stays as it is. A plain click alone is taken over.
pub(super) fn opener() -> impl Fn(MouseEvent, MessageId) + Clone + 'static {
    let navigate = use_navigate();
    move |event, thread| {
        if !is_for_browser(&event) {
            event.prevent_default();
            let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
            navigate(&page::with_thread(Some(&thread.to_string())), options);
        }
    }
}

/// "3 replies", the faces of those who replied, and when the last one did.
#[component]
pub(super) fn ThreadLink(id: MessageId, thread: Memo<Option<Box<Thread>>>) -> impl IntoView {
    let client = use_client();
    let open = opener();
    let last = move |at: Time| match client.minute().get() {
        None => format!("last reply {}", calendar::full(at)),
        Some(now) if now.since(at) < Time::MINUTE => "last reply just now".to_owned(),
        Some(now) => format!("last reply {} ago", elapsed(now.since(at))),
    };
    move || {
        let open = open.clone();
        thread.get().map(|thread| {
            let Thread { replies, people, faces, last_reply_at } = *thread;
            let more = people - i64::try_from(faces.len()).unwrap_or_default();
            let faces = faces.into_iter().map(|face| {
                view! {
                    <span class="avatar" data-size="xs" data-hue=hue(face.id) title=face.name.clone()>
                        {initials(&face.name)}
                    </span>
                }
            });
            let words = if replies == 1 { "1 reply".to_owned() } else { format!("{replies} replies") };
            view! {
                <a class="thread-link" href=format!("?thread={id}#panel") on:click=move |event| open(event, id)>
                    <span class="faces" aria-hidden="true">
                        {faces.collect_view()}
                        {(more > 0).then(|| view! { <span class="faces-more">{format!("+{more}")}</span> })}
                    </span>
                    <strong>{words}</strong>
                    <time class="muted" datetime=last_reply_at.rfc3339()>
                        {move || last(last_reply_at)}
                    </time>
                </a>
            }
        })
    }
}

/// The first words of the message that this one answers; leads to it.
#[component]
pub(super) fn QuoteLine(message: Memo<Option<Message>>) -> impl IntoView {
    let Open { transcript, .. } = expect_context::<Open>();
    let open = opener();
    move || {
        let open = open.clone();
        message.get().and_then(|message| {
            let (to, quote) = (message.reply_to?, message.quote?);
            let href = match message.root {
                Some(root) => format!("?thread={root}#panel"),
                None => transcript.link("at", to),
            };
            let jump = move |event: MouseEvent| match message.root {
                Some(root) => open(event, root),
                None if transcript.row(to).is_some() && !is_for_browser(&event) => {
                    event.prevent_default();
                    let row = transcript.row_id(to);
                    scroll::show(&row);
                    page::focus(&row);
                }
                // It stands further up: the page around it is opened.
                None => {}
            };
            let words = match quote.words {
                Some(words) => view! { <span class="quote-text">{words}</span> }.into_any(),
                None => view! { <em class="quote-text">"This message was deleted."</em> }.into_any(),
            };
            Some(view! {
                <a class="quote" href=href on:click=jump>
                    {glyph("reply")}
                    <span class="vh">"In answer to "</span>
                    <span class="author">{quote.author.name}</span>
                    {words}
                </a>
            })
        })
    }
}
