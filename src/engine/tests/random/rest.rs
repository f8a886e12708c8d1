//! What holds whenever it is quiet.

use super::{tab::Tab, town::Town};
use crate::{
    domain::{
        Message, PersonId,
        query::{Admit, ListCommunities, ListMessages, OpenCommunity, ReadThread, Span},
    },
    lab,
    store::{Sql, StoreError},
    view::{Shell, Timeline},
};

/// What moderators were told of flags, which the ledger does not follow.
const FLAGS: Sql =
    Sql::both("SELECT count(*) FROM notifications WHERE person = $1 AND kind = 'flag' AND read_at IS NULL");

impl Town {
    /// Everybody hears everything; then every tab is a fresh one, and every count is right.
    pub async fn rest(&mut self) {
        self.telling = false;
        self.settle_all().await;
        for tab in &mut self.tabs {
            if !tab.is_connected() {
                tab.connect(&self.engine, &self.rights).await;
            }
        }
        loop {
            self.settle_all().await;
            let mut busy = false;
            for tab in &mut self.tabs {
                busy |= tab.listen(&self.rights).await;
                busy |= tab.reread(&self.engine, &self.rights).await;
                busy |= tab.arrive(&self.rights).await;
                busy |= tab.stand(&self.engine).await;
                if !tab.is_connected() {
                    tab.connect(&self.engine, &self.rights).await;
                    busy = true;
                }
            }
            if !busy {
                break;
            }
        }
        self.engine.hub().check_invariants();
        for tab in &self.tabs {
            self.is_fresh(tab).await;
        }
        for who in 0..self.people.len() {
            self.counts_are_right(who).await;
        }
    }

    async fn is_fresh(&self, tab: &Tab) {
        let handle = &tab.actor.signed_in().expect("a person").handle;
        for (topic, cursor) in tab.cursors() {
            let head = self.engine.ask(&tab.actor, Admit { topic }).await;
            let head = head.unwrap_or_else(|error| panic!("{handle} still watches {topic}: {error}")).head;
            assert_eq!(cursor, head, "{handle} has not heard all of {topic}");
        }
        if let Some(held) = &tab.shell {
            let directory = self.engine.ask(&tab.actor, ListCommunities {}).await.expect("one may list one's own");
            let slug = self.community.slug.clone();
            let view = self.engine.ask(&tab.actor, OpenCommunity { slug }).await.ok();
            assert!(held.open.is_none() || view.is_some(), "{handle} holds a community they may not see");
            let fresh = Shell::new(tab.me().clone(), directory, view.filter(|_| held.open.is_some()));
            let open = tab.open.as_ref().map(|(channel, _)| *channel);
            let now = self.engine.clock().now();
            assert_eq!(lab::told(held, open, now), lab::told(&fresh, open, now), "{handle}'s shell");
        }
        if let Some((channel, timeline)) = &tab.open {
            let mut fresh = Vec::new();
            let mut before = i64::MAX;
            while before > timeline.first_position().unwrap_or(i64::MAX - 1) {
                let span = Span::Before { position: before };
                let page = self.engine.ask(&tab.actor, ListMessages { channel: *channel, span }).await;
                let mut page = page.unwrap_or_else(|error| panic!("{handle} still holds {channel}: {error}")).messages;
                page.append(&mut fresh);
                fresh = page;
                before = fresh.first().and_then(|message| message.position).unwrap_or(0);
            }
            assert_same(timeline, &fresh, handle);
        }
        if let Some((root, timeline)) = &tab.thread {
            let (mut fresh, mut before, mut first) = (Vec::new(), i64::MAX, None);
            while before > timeline.first_position().unwrap_or(i64::MAX - 1) {
                let span = Span::Before { position: before };
                let view = self.engine.ask(&tab.actor, ReadThread { message: *root, span }).await;
                let view = view.unwrap_or_else(|error| panic!("{handle} still holds {root}: {error}"));
                let mut page = view.page.messages;
                page.append(&mut fresh);
                fresh = page;
                before = fresh.first().and_then(|message| message.place).unwrap_or(0);
                first = Some(view.root);
            }
            assert_same(timeline, &fresh, handle);
            assert_eq!(timeline.root(), first.as_ref(), "{handle}'s thread");
        }
    }

    /// What the server counts is what follows from what people did.
    async fn counts_are_right(&self, who: usize) {
        let (person, actor) = (self.id(who), &self.people[who]);
        let handle = &actor.signed_in().expect("a person").handle;
        let directory = self.engine.ask(actor, ListCommunities {}).await.expect("one may list one's own");
        let told = self.ledger.notifications(person) + self.flags(person).await;
        assert_eq!(directory.notifications, told, "what {handle} was told of and has not read");
        assert_eq!(!directory.mine.is_empty(), self.members.contains(&person), "{handle} is a member");
        let Ok(view) = self.engine.ask(actor, OpenCommunity { slug: self.community.slug.clone() }).await else {
            return assert!(self.ledger.parts(person).is_empty(), "{handle} sees what they take part in");
        };
        let joined = view.channels.iter().filter(|channel| channel.joined());
        assert_eq!(
            joined.map(|channel| channel.id).collect::<std::collections::BTreeSet<_>>(),
            self.ledger.parts(person),
            "{handle} takes part"
        );
        for channel in &view.channels {
            let unread = self.ledger.unread(person, channel.id);
            assert_eq!(channel.unread(), unread, "what {handle} has not read in {}", channel.slug);
            assert_eq!(channel.count, self.ledger.count(channel.id), "what was said in {}", channel.slug);
        }
        for message in &self.messages {
            if let Ok(view) = self.engine.ask(actor, ReadThread { message: *message, span: Span::Latest }).await {
                let unread = self.ledger.thread_unread(person, view.root.id);
                assert_eq!(view.unread, unread, "what {handle} has not read of {}'s thread", view.root.id);
            }
        }
    }

    async fn flags(&self, person: PersonId) -> i64 {
        let read = self.engine.store().read::<i64, StoreError, _>(move |conn| Box::pin(conn.one(FLAGS, (person,))));
        read.await.expect("the store answers")
    }
}

/// The rows of a window are the server's, from the first one on.
fn assert_same(held: &Timeline, fresh: &[Message], handle: &str) {
    let first = held.first_position();
    let from = fresh.iter().position(|message| held.at(message) == first).unwrap_or(fresh.len());
    let rows: Vec<&Message> = held.messages().collect();
    for (held, fresh) in rows.iter().zip(&fresh[from..]) {
        assert_eq!(**held, *fresh, "{handle}'s row");
    }
    assert_eq!(rows.len(), fresh.len() - from, "{handle}'s rows");
    assert!(!held.newer, "{handle} is not in the past");
    assert_eq!(held.older, first.is_some_and(|first| first > 1), "whether {handle} can go further back");
}
