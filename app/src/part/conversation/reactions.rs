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
    let ask = move || {
        spawn_local(async move {
            if let Ok(found) = client.reactors(id).await {
                who.try_set(Some(found));
            }
        });
    };
    // Once somebody has looked, what is known of who it was keeps up.
    Effect::new(move |before: Option<()>| {
        reactions.track();
        if before.is_some() && who.with_untracked(Option::is_some) {
            ask();
        }
    });
    let look = move || {
        if who.with_untracked(Option::is_none) {
            who.set(Some(Vec::new()));
            ask();
        }
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
    let any = Memo::new(move |_| reactions.with(|reactions| !reactions.is_empty()));
    let each = move || reactions.with(|all| all.iter().map(|one| one.emoji.clone()).collect::<Vec<_>>());
    move || {
        any.get().then(|| {
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
                    // Each keeps its element while its count changes, and with it the focus.
                    <For each=each key=Clone::clone let(emoji)>
                        <Chip emoji=emoji reactions=reactions who=who may=may/>
                    </For>
                    <a class="reaction" data-kind="add" href=transcript.link("react", id) title="Reactions" on:click=open>
                        {glyph("smile")}
                        <span class="vh">"Reactions of this message"</span>
                    </a>
                </form>
            }
        })
    }
}

/// One emoji: how many put it there, and whether I did.
#[component]
fn Chip(
    emoji: String,
    reactions: Memo<Vec<Reaction>>,
    who: RwSignal<Option<Vec<Reactors>>>,
    may: bool,
) -> impl IntoView {
    let emoji = StoredValue::new(emoji);
    let (shown, value) = (emoji.get_value(), emoji.get_value());
    let stands = Memo::new(move |_| {
        let of = |all: &Vec<Reaction>| emoji.with_value(|emoji| all.iter().find(|one| one.emoji == *emoji).cloned());
        reactions.with(of).map(|one| (one.count, one.mine)).unwrap_or_default()
    });
    let title = move || {
        who.with(|who| {
            let of = emoji.with_value(|emoji| who.as_ref()?.iter().find(|of| of.emoji == *emoji))?;
            Some(names(of.people.iter().map(|one| one.person.name.as_str()), of.count))
        })
    };
    view! {
        <button
            class="reaction"
            type="submit"
            name="emoji"
            value=value
            formaction=move || if stands.get().1 { "/api/remove_reaction" } else { "/api/add_reaction" }
            aria-pressed=move || stands.get().1.to_string()
            aria-label=move || emoji.with_value(|emoji| format!("{emoji} {}", stands.get().0))
            title=title
            disabled=!may
        >
            <span class="reaction-emoji">{shown}</span>
            <span class="reaction-count">{move || stands.get().0}</span>
        </button>
    }
}
