//! Completion of what is begun in the composer: people, emoji, commands.
//!
//! Its code is fetched apart, so it looks at the field from outside: the composer knows nothing of it.

use leptos::{html, prelude::*, task::spawn_local};
use thunderline::{
    domain::{ChannelId, slash},
    view::{
        EmojiBook,
        completion::{self, Begun, Kind},
    },
};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use crate::{
    api::channel::find_nameable,
    dom::{listener::listen, page},
};

/// The list's id, by which the field names it.
const LIST: &str = "completion";
/// Where the emoji and their names are.
const BOOK: &str = "/emoji.txt";
/// The most emoji offered.
const EMOJI: usize = 8;

/// Something to take.
#[derive(Clone, PartialEq, Eq)]
struct Offer {
    /// What is written.
    whole: String,
    /// What it is.
    detail: String,
}

/// What is offered for what was begun in one field.
#[derive(Clone, Copy)]
struct Completing {
    channel: ChannelId,
    field: NodeRef<html::Textarea>,
    begun: RwSignal<Option<Begun>>,
    offers: RwSignal<Vec<Offer>>,
    chosen: RwSignal<usize>,
    book: StoredValue<EmojiBook>,
    /// How often was looked: an answer that comes late is none.
    looks: StoredValue<u32>,
}

impl Completing {
    fn new(channel: ChannelId, field: NodeRef<html::Textarea>) -> Self {
        Self {
            channel,
            field,
            begun: RwSignal::new(None),
            offers: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            book: StoredValue::new(EmojiBook::default()),
            looks: StoredValue::new(0),
        }
    }

    /// Hears what happens in the field before the composer does, which sends by Enter.
    fn attach(self) {
        Effect::new(move |_| {
            let Some(field) = self.field.get() else { return };
            listen(&field, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    self.press(&event);
                }
            });
            listen(&field, "input", move |_| self.look());
            listen(&field, "click", move |_| self.look());
            listen(&field, "blur", move |_| self.close());
            // What was begun before this was here.
            self.look();
        });
        Effect::new(move |_| {
            let Some(field) = self.field.get() else { return };
            if self.offers.with(Vec::is_empty) {
                let _ = field.remove_attribute("aria-controls");
                let _ = field.remove_attribute("aria-activedescendant");
            } else {
                let _ = field.set_attribute("aria-controls", LIST);
                let _ = field.set_attribute("aria-activedescendant", &id(self.chosen.get()));
            }
        });
    }

    fn close(self) {
        self.looks.update_value(|looks| *looks += 1);
        self.begun.set(None);
        self.offers.set(Vec::new());
    }

    /// Looks at what stands at the caret.
    fn look(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let caret = field.selection_end().ok().flatten().unwrap_or_default();
        let begun = completion::begun(&field.value(), caret);
        if begun == self.begun.get_untracked() {
            return;
        }
        let Some(begun) = begun else { return self.close() };
        self.looks.update_value(|looks| *looks += 1);
        let look = self.looks.get_value();
        self.begun.set(Some(begun.clone()));
        spawn_local(async move {
            let offers = self.offers_for(&begun).await;
            if self.looks.try_get_value() == Some(look) {
                self.chosen.set(0);
                self.offers.set(offers);
            }
        });
    }

    async fn offers_for(self, begun: &Begun) -> Vec<Offer> {
        match begun.kind {
            Kind::Person => {
                let found = find_nameable(self.channel, begun.letters.clone()).await.unwrap_or_default();
                found.into_iter().map(|one| Offer { whole: format!("@{}", one.handle), detail: one.name }).collect()
            }
            Kind::Emoji => {
                if self.book.try_with_value(EmojiBook::is_empty) == Some(true)
                    && let Some(text) = page::read(BOOK).await
                {
                    self.book.try_set_value(EmojiBook::parse(&text));
                }
                let find = |book: &EmojiBook| {
                    let named = |emoji: &String| book.name(emoji).unwrap_or_default().to_owned();
                    let found = book.find(&begun.letters, EMOJI).into_iter();
                    found.map(|emoji| Offer { detail: named(&emoji), whole: emoji }).collect()
                };
                self.book.try_with_value(find).unwrap_or_default()
            }
            Kind::Command => {
                let begins = |one: &&dyn slash::Slash| one.name().starts_with(&begun.letters);
                let offer =
                    |one: &dyn slash::Slash| Offer { whole: format!("/{}", one.name()), detail: one.does().to_owned() };
                slash::ALL.into_iter().filter(begins).map(offer).collect()
            }
        }
    }

    /// Takes a key that is meant for the list.
    fn press(self, event: &KeyboardEvent) {
        let many = self.offers.with_untracked(Vec::len);
        if many == 0 || super::composer::is_composing(event) {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => self.chosen.update(|chosen| *chosen = (*chosen + 1) % many),
            "ArrowUp" => self.chosen.update(|chosen| *chosen = (*chosen + many - 1) % many),
            "Enter" if self.is_whole() => return self.close(),
            "Enter" | "Tab" if !event.shift_key() => self.take(self.chosen.get_untracked()),
            "Escape" => self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_immediate_propagation();
    }

    /// Whether what is chosen was typed to its end: then Enter sends.
    fn is_whole(self) -> bool {
        let begun = self.begun.get_untracked();
        let whole =
            |offer: &Offer| begun.as_ref().is_some_and(|begun| offer.whole[1..].eq_ignore_ascii_case(&begun.letters));
        let sign = begun.as_ref().is_some_and(|begun| begun.kind != Kind::Emoji);
        sign && self.offers.with_untracked(|offers| offers.get(self.chosen.get_untracked()).is_some_and(whole))
    }

    fn take(self, at: usize) {
        let Some(field) = self.field.get_untracked() else { return };
        let offer = self.offers.with_untracked(|offers| offers.get(at).cloned());
        if let (Some(begun), Some(offer)) = (self.begun.get_untracked(), offer) {
            let (text, caret) = completion::completed(&field.value(), &begun, &offer.whole);
            field.set_value(&text);
            let _ = field.set_selection_range(caret, caret);
            let _ = field.focus();
            // Counted, kept as a draft and told to the others like anything typed.
            if let Ok(event) = Event::new("input") {
                let _ = field.dispatch_event(&event);
            }
        }
        self.close();
    }
}

fn id(at: usize) -> String {
    format!("{LIST}-{at}")
}

/// What is offered for what is begun in a field, over it.
#[component]
pub(super) fn Offers(
    /// Where it is written.
    channel: ChannelId,
    /// The field.
    field: NodeRef<html::Textarea>,
) -> impl IntoView {
    let completing = Completing::new(channel, field);
    completing.attach();
    let row = move |(at, offer): (usize, Offer)| {
        view! {
            <li
                id=id(at)
                role="option"
                aria-selected=move || if completing.chosen.get() == at { "true" } else { "false" }
                // Before the field loses the focus.
                on:mousedown=move |event| {
                    event.prevent_default();
                    completing.take(at);
                }
            >
                <span class="completion-whole">{offer.whole}</span>
                <span class="completion-detail">{offer.detail}</span>
            </li>
        }
    };
    move || {
        (!completing.offers.with(Vec::is_empty)).then(|| {
            let rows = completing.offers.get().into_iter().enumerate().map(row).collect_view();
            view! {
                <ul class="completion" id=LIST role="listbox" aria-label="Suggestions">
                    {rows}
                </ul>
            }
        })
    }
}
