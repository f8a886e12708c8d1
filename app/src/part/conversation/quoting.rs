//! What is written next answers something.

use leptos::{html, prelude::*};
use thunderline::{
    domain::thread::{Reply, ReplyIn},
    view::body,
};

use super::{Open, edges::is_for_browser, glyph};
use crate::state::Transcript;

/// What the composer answers: in a thread what it began with, in a channel what is quoted.
pub(super) fn answering(transcript: Transcript, also: NodeRef<html::Input>) -> Option<Reply> {
    let Some(to) = transcript.thread else {
        let to = transcript.quoting.get_untracked()?;
        return Some(Reply { to, shown: ReplyIn::Channel });
    };
    let both = also.get_untracked().is_some_and(|also| {
        // Each reply is chosen for anew.
        let both = also.checked();
        also.set_checked(false);
        both
    });
    Some(Reply { to, shown: if both { ReplyIn::Both } else { ReplyIn::Thread } })
}

/// Above what is written: whom it answers, and the way not to.
#[component]
pub(super) fn Quoting() -> impl IntoView {
    let Open { transcript, address, .. } = expect_context::<Open>();
    move || {
        transcript.quoting.get().map(|to| {
            let words = match transcript.message(to) {
                Some(message) => {
                    [&message.author.name, ": ", &body::quoted(&message.html).unwrap_or_default()].concat()
                }
                None => "An earlier message".to_owned(),
            };
            let leave = move |event: leptos::ev::MouseEvent| {
                if !is_for_browser(&event) {
                    event.prevent_default();
                    transcript.quoting.set(None);
                    crate::dom::page::focus(&transcript.id("composer-body"));
                }
            };
            view! {
                <div class="composer-context">
                    {glyph("reply")}
                    <span>{words}</span>
                    <input type="hidden" name="reply_to" value=to.to_string()/>
                    <input type="hidden" name="reply_in" value="channel"/>
                    <a class="icon-button" href=address.get_value() title="Do not quote" on:click=leave>
                        {glyph("x")}
                        <span class="vh">"Do not quote"</span>
                    </a>
                </div>
            }
        })
    }
}
