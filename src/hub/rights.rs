use std::sync::Arc;

use super::{
    Hub,
    connection::{Connection, Farewell},
};
use crate::domain::{Event, PersonId, SessionId, Topic};

impl Hub {
    /// Every connection of this person asks again whether it may watch what it watches, before it writes anything
    /// more. Called by [`publish`](Self::publish) when a membership ends or a role changes; call it when a rule changes.
    pub fn readmit(&self, person: PersonId) {
        let mut people = self.people();
        people.changed(person);
        if let Some(present) = people.get(person) {
            present.connections.iter().for_each(|connection| connection.ask_readmission());
        }
    }

    /// Signs out and closes every connection that uses this session.
    pub fn end_session(&self, session: SessionId) {
        let people = self.people();
        people.of_session(session).for_each(|connection| connection.dismiss(Farewell::SignedOut));
    }

    /// The channel is gone: nobody takes part in it any more, and whoever watched it asks again.
    pub(super) fn disband(&self, channel: Topic) {
        let mut people = self.people();
        let Some(audience) = self.0.topics.audience(channel) else { return };
        for connection in audience.iter() {
            people.changed(connection.person());
            self.0.topics.take_part(connection, channel, false);
            connection.ask_readmission();
        }
    }

    /// Acts on what a person's own topic says.
    pub(super) fn heed(&self, person: PersonId, event: &Event) {
        match event {
            Event::CommunityJoined { community } => {
                let mut people = self.people();
                people.changed(person);
                let told = people.join(person, community.id);
                self.tell(&people, told);
            }
            Event::CommunityLeft { community, .. } => {
                {
                    let mut people = self.people();
                    let told = people.leave(person, *community);
                    self.tell(&people, told);
                }
                self.readmit(person);
            }
            Event::StandingChanged { .. } => self.readmit(person),
            Event::ChannelJoined { channel } => self.take_part(person, Topic::Channel(channel.id), true),
            Event::ChannelLeft { channel, .. } => {
                self.take_part(person, Topic::Channel(*channel), false);
                self.readmit(person);
            }
            Event::SessionEnded { session } => {
                let people = self.people();
                let Some(present) = people.get(person) else { return };
                let theirs = |connection: &&Arc<Connection>| connection.session() == Some(*session);
                present.connections.iter().filter(theirs).for_each(|own| own.dismiss(Farewell::SignedOut));
            }
            _ => {}
        }
    }

    fn take_part(&self, person: PersonId, topic: Topic, part: bool) {
        let mut people = self.people();
        people.changed(person);
        if let Some(present) = people.get(person) {
            present.connections.iter().for_each(|connection| self.0.topics.take_part(connection, topic, part));
        }
    }
}
