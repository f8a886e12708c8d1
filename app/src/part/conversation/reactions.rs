//! What people put on a message: a chip for each emoji. One form, so that a press works without JavaScript.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use thunderline::{
    domain::{MessageId, Reaction, reaction::Reactors},
    view::names,
};
use wasm_bindgen::JsCast;

use super::{Open, edges::is_for_browser, glyph};
use crate::state::{Asked, use_client};

/// The chips below a message. Nothing where there are none.
#[component]
pub(super) fn Reactions(id: MessageId, reactions: Memo<Vec<Reaction>>, may: bool) -> impl IntoView {
    let client = use_client();
    let transcript = expect_context::<Open>().transcript;
    let who = RwSignal::new(None::<Vec<Reactors>>);
    // What is known of who it was is out of date as soon as one comes or goes.
    Effect::new(move |before: Option<()>| {
        reactions.track();
        if before.is_some() {
            who.set(None);
        }
    });
    let look = move || {
        if who.with_untracked(Option::is_none) {
            who.set(Some(Vec::new()));
            spawn_local(async move {
                if let Ok(found) = client.reactors(id).await {
                    who.try_set(Some(found));
                }
            });
        }
    };
    let title = move |emoji: &str| {
        who.with(|who| {
            let of = who.as_ref()?.iter().find(|of| of.emoji == emoji)?;
            Some(names(of.people.iter().map(|one| one.person.name.as_str()), of.count))
        })
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let pressed = event.submitter().and_then(|button| button.dyn_into::<web_sys::HtmlButtonElement>().ok());
        if let Some(pressed) = pressed {
            let on = pressed.get_attribute("aria-pressed").as_deref() != Some("true");
            client.react(id, pressed.value(), on);
        }
    };
    let open = move |event: leptos::ev::MouseEvent| {
        if !is_for_browser(&event) {
            event.prevent_default();
            transcript.asked.set(Some(Asked::Reaction(id)));
        }
    };
    move || {
        let reactions = reactions.get();
        (!reactions.is_empty()).then(|| {
            let chips = reactions.into_iter().map(|reaction| {
                let Reaction { emoji, count, mine, .. } = reaction;
                let action = if mine { "/api/remove_reaction" } else { "/api/add_reaction" };
                let label = format!("{emoji} {count}");
                let (of, value) = (emoji.clone(), emoji.clone());
                view! {
                    <button
                        class="reaction"
                        type="submit"
                        name="emoji"
                        value=value
                        formaction=action
                        aria-pressed=mine.to_string()
                        aria-label=label
                        title=move || title(&of)
                        disabled=!may
                    >
                        <span class="reaction-emoji">{emoji}</span>
                        <span class="reaction-count">{count}</span>
                    </button>
                }
            });
            view! {
                <form
                    class="reactions"
                    method="post"
                    action="/api/add_reaction"
                    on:submit=submit
                    on:pointerenter=move |_| look()
                    on:focusin=move |_| look()
                >
                    <input type="hidden" name="message" value=id.to_string()/>
                    {chips.collect_view()}
                    <a class="reaction" data-kind="add" href=format!("?react={id}#m-{id}") title="Reactions" on:click=open>
                        {glyph("smile")}
                        <span class="vh">"Reactions of this message"</span>
                    </a>
                </form>
            }
        })
    }
}
