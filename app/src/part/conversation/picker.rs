//! Choosing an emoji for a message, and seeing who chose which.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use thunderline::{
    domain::{
        MessageId,
        reaction::{OFFERED, Reactors},
    },
    view::{EmojiBook, names},
};
use wasm_bindgen::JsCast;

use super::Open;
use crate::{
    dom::{page, storage},
    state::{Asked, use_client},
};

/// Where the emoji and their names are.
const BOOK: &str = "/emoji.txt";
/// Where this browser remembers what was chosen lately.
const RECENT: &str = "thunderline.emoji";
/// How many are remembered.
const REMEMBERED: usize = 12;
/// How many are found at most.
const FOUND: usize = 48;

/// What was chosen lately, then what is offered to everybody.
fn offered() -> Vec<String> {
    let mut all: Vec<String> =
        storage::read(RECENT).unwrap_or_default().split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect();
    for emoji in OFFERED {
        if !all.iter().any(|known| known == emoji) {
            all.push(emoji.to_owned());
        }
    }
    all
}

fn remember(emoji: &str) {
    let mut all = vec![emoji];
    let before = storage::read(RECENT).unwrap_or_default();
    all.extend(before.split(' ').filter(|one| !one.is_empty() && *one != emoji).take(REMEMBERED - 1));
    storage::write(RECENT, &all.join(" "));
}

/// Who chose which, in words.
#[component]
fn Who(#[prop(into)] reactors: Signal<Vec<Reactors>>) -> impl IntoView {
    let lines = move || {
        reactors
            .get()
            .into_iter()
            .map(|of| {
                let people = names(of.people.iter().map(|one| one.person.name.as_str()), of.count);
                view! {
                    <li>
                        <span class="reaction-emoji">{of.emoji}</span>
                        <span>{people}</span>
                    </li>
                }
            })
            .collect_view()
    };
    move || (!reactors.with(Vec::is_empty)).then(|| view! { <ul class="reactors">{lines()}</ul> })
}

/// The form in a message's row, for a browser without JavaScript (`?react=`).
#[component]
pub(super) fn PlainPicker(id: MessageId, reactors: Vec<Reactors>, may: bool) -> impl IntoView {
    let transcript = expect_context::<Open>().transcript;
    let buttons = OFFERED.map(|emoji| {
        view! {
            <button class="emoji" type="submit" name="emoji" value=emoji aria-label=format!("React with {emoji}")>
                {emoji}
            </button>
        }
    });
    let field = transcript.id(&format!("emoji-{id}"));
    view! {
        <div class="picker" data-plain="">
            <Who reactors=Signal::stored(reactors)/>
            {may
                .then(|| {
                    view! {
                        <form method="post" action="/api/add_reaction">
                            <input type="hidden" name="message" value=id.to_string()/>
                            <div class="emoji-grid">{buttons.collect_view()}</div>
                        </form>
                        <form method="post" action="/api/add_reaction" class="emoji-other">
                            <input type="hidden" name="message" value=id.to_string()/>
                            <label for=field.clone()>"Another emoji, or its name as in :tada:"</label>
                            <input id=field name="emoji" required autocomplete="off"/>
                            <button class="button" data-size="s" type="submit">
                                "React"
                            </button>
                        </form>
                    }
                })}
            <p class="actions">
                <a class="link-button" href=transcript.link("at", id)>
                    "Close"
                </a>
            </p>
        </div>
    }
}

/// The question which emoji it is to be. Closed until somebody reacts; the browser keeps the focus inside.
#[component]
pub(super) fn Picker() -> impl IntoView {
    let Open { transcript, may, .. } = expect_context::<Open>();
    let client = use_client();
    let dialog = NodeRef::<html::Dialog>::new();
    let book = RwSignal::new(EmojiBook::default());
    let reactors = RwSignal::new(Vec::<Reactors>::new());
    let about = Memo::new(move |_| transcript.asked.get().and_then(Asked::reaction));
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        let Some(message) = about.get() else {
            if dialog.open() {
                dialog.close();
            }
            return;
        };
        reactors.set(Vec::new());
        let _ = dialog.show_modal();
        spawn_local(async move {
            if let Ok(found) = client.reactors(message).await {
                reactors.try_set(found);
            }
            if book.try_with_untracked(EmojiBook::is_empty) == Some(true)
                && let Some(text) = page::read(BOOK).await
            {
                book.try_set(EmojiBook::parse(&text));
            }
        });
    });
    let leave = move || {
        if let Some(message) = about.get_untracked() {
            transcript.asked.set(None);
            page::focus(&transcript.row_id(message));
        }
    };
    let choose = Callback::new(move |emoji: String| {
        if let Some(message) = about.get_untracked() {
            remember(&emoji);
            client.react(message, emoji, true);
            leave();
        }
    });
    view! {
        <dialog class="question picker" node_ref=dialog aria-labelledby=transcript.id("picker-title") on:close=move |_| leave()>
            <h2 id=transcript.id("picker-title")>"Reactions"</h2>
            <Who reactors=reactors/>
            {move || (may.react && about.get().is_some()).then(|| view! { <Choice book=book choose=choose/> })}
            <p class="actions">
                <button class="button" data-kind="quiet" data-size="s" type="button" on:click=move |_| leave()>
                    "Close"
                </button>
            </p>
        </dialog>
    }
}

/// A field to search in, and what was found; before anything is typed, what was chosen lately.
#[component]
fn Choice(book: RwSignal<EmojiBook>, choose: Callback<String>) -> impl IntoView {
    let field = expect_context::<Open>().transcript.id("emoji-words");
    let words = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        words.with(|words| if words.trim().is_empty() { offered() } else { book.with(|book| book.find(words, FOUND)) })
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let pressed = event.submitter().and_then(|button| button.dyn_into::<web_sys::HtmlButtonElement>().ok());
        let chosen = pressed.map(|button| button.value()).filter(|emoji| !emoji.is_empty());
        // Enter in the field takes the first that was found.
        if let Some(emoji) = chosen.or_else(|| shown.with_untracked(|shown| shown.first().cloned())) {
            choose.run(emoji);
        }
    };
    let grid = move || {
        let emoji = shown.get();
        if emoji.is_empty() {
            return view! { <p class="hint" role="status">"No emoji has such a name."</p> }.into_any();
        }
        let buttons = emoji.into_iter().map(|emoji| {
            let label = book.with(|book| book.name(&emoji).map_or_else(|| emoji.clone(), str::to_owned));
            let value = emoji.clone();
            view! {
                <button class="emoji" type="submit" value=value aria-label=label.clone() title=label>
                    {emoji}
                </button>
            }
        });
        view! { <div class="emoji-grid">{buttons.collect_view()}</div> }.into_any()
    };
    view! {
        <form method="dialog" on:submit=submit>
            // The first button of a form is what Enter presses: none of the emoji.
            <button class="vh" type="submit" tabindex="-1" aria-hidden="true" value=""></button>
            <label class="vh" for=field.clone()>
                "Search emoji"
            </label>
            <input
                id=field
                type="search"
                placeholder="Search emoji"
                autocomplete="off"
                autofocus
                on:input=move |event| words.set(event_target_value(&event))
            />
            {grid}
        </form>
    }
}
