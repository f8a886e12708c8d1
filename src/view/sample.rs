//! People and messages for the tests of this floor.

use crate::domain::{
    ChannelId, Message, MessageId, PersonId, PersonSummary, Time,
    message::{MessageKind, MessageStatus},
    person::PersonKind,
    query::Page,
};

pub(super) fn person(handle: &str) -> PersonSummary {
    PersonSummary {
        id: PersonId::fresh(),
        handle: handle.to_owned(),
        name: handle.to_owned(),
        kind: PersonKind::Person,
    }
}

pub(super) fn message(author: &PersonSummary, position: i64) -> Message {
    Message {
        id: MessageId::fresh(),
        channel: ChannelId::from(uuid::Uuid::nil()),
        position: Some(position),
        place: None,
        author: author.clone(),
        kind: MessageKind::Text,
        status: MessageStatus::Active,
        html: format!("<p>{position}</p>"),
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

pub(super) fn page(messages: Vec<Message>) -> Page {
    Page { messages, older: false, newer: false, cursor: 0 }
}
