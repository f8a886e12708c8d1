//! What the tests of the hub have in common.

mod catch_up;
mod connection;
mod heads;
mod outlet;
mod presence;
mod rights;
mod typing;

use std::{
    collections::BTreeSet,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use super::*;
use crate::{
    domain::{
        ChannelSummary, CommunitySummary, Envelope, Event, Message, MessageId, PersonSummary, Seq, Time,
        channel::{NotificationLevel, Participation},
        feed::TOPICS_PER_CONNECTION,
        member::Departure,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    },
    view::{Cursors, Step},
};

fn person(name: &str) -> PersonSummary {
    PersonSummary { id: PersonId::fresh(), handle: name.to_owned(), name: name.to_owned(), kind: PersonKind::Person }
}

fn posted(channel: ChannelId, seq: Seq, html: String) -> Envelope {
    let message = Message {
        id: MessageId::fresh(),
        channel,
        position: Some(seq),
        place: None,
        author: person("ana"),
        kind: MessageKind::Text,
        status: MessageStatus::Active,
        html,
        reply_to: None,
        root: None,
        quote: None,
        thread: None,
        created_at: Time::default(),
        edited_at: None,
        expires_at: None,
        pinned: false,
        reactions: Vec::new(),
    };
    Envelope {
        topic: Topic::Channel(channel),
        seq,
        event: Event::MessagePosted { message: Box::new(message), mentioned: Vec::new(), approved: false },
    }
}

fn hello(channel: ChannelId, seq: Seq) -> Envelope {
    posted(channel, seq, "hello".to_owned())
}

fn of_person(person: PersonId, seq: Seq, event: Event) -> Envelope {
    Envelope { topic: Topic::Person(person), seq, event }
}

fn channel_left(channel: ChannelId) -> Event {
    Event::ChannelLeft { channel, community: CommunityId::fresh() }
}

fn turn(connection: &Connection) -> Option<Turn> {
    match connection.poll_turn(&Context::from_waker(Waker::noop()), true) {
        Poll::Ready(turn) => Some(turn),
        Poll::Pending => None,
    }
}

fn parcel(connection: &Connection) -> Parcel {
    match turn(connection) {
        Some(Turn::Write(parcel)) => parcel,
        None => Parcel::default(),
        Some(other) => panic!("expected something to write, not {other:?}"),
    }
}

fn frames(connection: &Connection) -> Vec<ServerFrame> {
    parcel(connection).frames.iter().map(|frame| decode(frame)).collect()
}

fn decode(frame: &Frame) -> ServerFrame {
    serde_json::from_slice(frame.text()).unwrap()
}

fn seqs(connection: &Connection) -> Vec<Seq> {
    let seq = |frame: ServerFrame| match frame {
        ServerFrame::Event(envelope) => envelope.seq,
        other => panic!("expected an event, not {other:?}"),
    };
    frames(connection).into_iter().map(seq).collect()
}

fn presences(connection: &Connection) -> Vec<(PersonId, Presence)> {
    let told = |frame: ServerFrame| match frame {
        ServerFrame::Now { now: Ephemeral::Presence { person, state } } => Some((person, state)),
        _ => None,
    };
    frames(connection).into_iter().filter_map(told).collect()
}

fn member(hub: &Hub, community: CommunityId) -> Attendance {
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    assert!(hub.place(&connection, hub.mark(&connection), &BTreeSet::from([community]), &BTreeSet::new()));
    connection
}
