//! What the browser runs, run as the browser runs it.
#![cfg(target_arch = "wasm32")]

use app::part::{avatar::initials, moment::written};
use thunderline::{
    domain::{
        ChannelId, Event, Message, MessageId, PersonId, PersonSummary, Time,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
        query::Page,
    },
    view::Timeline,
};
use wasm_bindgen_test::wasm_bindgen_test;

fn message(position: i64) -> Message {
    let author =
        PersonSummary { id: PersonId::fresh(), handle: "ana".into(), name: "Ana".into(), kind: PersonKind::Person };
    Message {
        id: MessageId::fresh(),
        channel: ChannelId::fresh(),
        position: Some(position),
        place: None,
        author,
        kind: MessageKind::Text,
        status: MessageStatus::Active,
        html: "<p>hello</p>".into(),
        reply_to: None,
        root: None,
        quote: None,
        thread: None,
        created_at: Time::from_micros(position * Time::SECOND),
        edited_at: None,
        expires_at: None,
        pinned: false,
        reactions: Vec::new(),
    }
}

#[wasm_bindgen_test]
fn identifiers_are_made_in_the_browser_and_differ() {
    assert_ne!(MessageId::fresh(), MessageId::fresh());
}

// M27
#[wasm_bindgen_test]
fn what_was_written_here_and_what_is_stored_are_one_row() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, Page { messages: vec![message(1)], ..Page::default() });
    let stored = message(2);
    timeline.write(stored.id, "hello".into(), stored.author.clone(), stored.created_at);
    let event = Event::MessagePosted { message: Box::new(stored.clone()), mentioned: Vec::new(), approved: false };
    timeline.apply(&event);
    timeline.apply(&event);
    assert_eq!(timeline.order().filter(|id| *id == stored.id).count(), 1);
    assert_eq!(timeline.last_position(), Some(2));
}

#[wasm_bindgen_test]
fn times_and_initials_read_as_on_the_server() {
    assert_eq!(written(Time::from_micros(1_795_305_991_000_000), 0), "22 November 2026 at 00:06");
    assert_eq!(initials("Mira Kovač"), "MK");
}
