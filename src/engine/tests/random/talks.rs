//! Direct conversations (C12).

use super::town::{Channel, Town};
use crate::domain::{ChannelId, PersonId, command::OpenConversation};

/// How many there are at most.
const TALKS: usize = 3;

impl Town {
    /// Somebody begins to talk to somebody, or goes on.
    pub async fn talk(&mut self, who: usize) {
        let (community, other, me) = (self.community(), self.anybody(), self.id(who));
        let many = self.channels.iter().filter(|known| !known.people.is_empty()).count();
        if many >= TALKS {
            return;
        }
        let open = OpenConversation { community, people: vec![other] };
        let Some(talk) = self.attempt(who, open).await else { return };
        self.ledger.joined(me, talk.id);
        if self.channels.iter().all(|known| known.id != talk.id) {
            let mut people = vec![me, other];
            people.dedup();
            self.channels.push(Channel { id: talk.id, name: String::new(), private: true, archived: false, people });
        }
    }

    /// Whose conversation a channel is; nobody's if it is none.
    pub fn talkers(&self, channel: ChannelId) -> Vec<PersonId> {
        let known = self.channels.iter().find(|known| known.id == channel);
        known.map(|known| known.people.clone()).unwrap_or_default()
    }
}
