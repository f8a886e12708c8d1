use thunderline::domain::{
    ChannelId, ChannelSummary, CommunityId, CommunitySummary, Seq, Topic,
    query::{ListMessages, Page, Span},
};

use crate::{client::Client, failure::Result, server::Server};

/// Everybody's password; the accounts live as long as the run.
const PASSWORD: &str = "only for this run";
/// Connections of one person at most: a server refuses more than a hundred.
const CONNECTIONS: usize = 80;

/// How many people it takes to hold so many connections.
pub fn people_for(connections: usize) -> usize {
    connections.div_ceil(CONNECTIONS).max(8)
}

/// A server with a community and people in it, all signed in. The first owns it.
#[derive(Debug)]
pub struct Stage {
    /// The server; taken by whoever kills it.
    pub server: Option<Server>,
    /// The people.
    pub people: Vec<Client>,
    /// The community.
    pub community: CommunityId,
    /// The community's address.
    pub slug: String,
    rooms: u32,
}

/// A channel of the stage.
#[derive(Clone, Debug)]
pub struct Room {
    /// Which.
    pub id: ChannelId,
    /// Where its page is.
    pub path: String,
    /// Its topic's latest event when everybody had joined.
    pub cursor: Seq,
}

impl Room {
    /// What its watchers watch.
    pub const fn topic(&self) -> Topic {
        Topic::Channel(self.id)
    }
}

impl Stage {
    /// Signs `count` people up and lets them join a new community.
    pub async fn set(server: Server, count: usize, seed: u64) -> Result<Self> {
        let mut people: Vec<Client> = Vec::with_capacity(count);
        for number in 0..count.max(1) {
            let mut person = Client::new(server.address(), None);
            let handle = format!("load{seed:x}.{number}");
            person.sign_up(&format!("Loader {number}"), &handle, PASSWORD).await?;
            people.push(person);
        }
        let (id, slug) = (CommunityId::fresh().to_string(), format!("load-{seed:x}"));
        let fields = [("id", id.as_str()), ("name", "Load"), ("slug", &slug), ("public", "true")];
        let made: CommunitySummary = people[0].call("create_community", &fields).await?;
        for person in &mut people[1..] {
            person.call::<CommunitySummary>("join_community", &[("community", &id)]).await?;
        }
        Ok(Self { server: Some(server), people, community: made.id, slug: made.slug, rooms: 0 })
    }

    /// The server's resident memory in bytes, if it was started here.
    pub fn resident(&self) -> Option<u64> {
        self.server.as_ref()?.resident()
    }

    /// Makes a channel; the first `participants` people take part.
    pub async fn room(&mut self, participants: usize) -> Result<Room> {
        self.rooms += 1;
        let (id, community) = (ChannelId::fresh().to_string(), self.community.to_string());
        let name = format!("Room {}", self.rooms);
        let fields = [("id", id.as_str()), ("community", &community), ("name", &name)];
        let made: ChannelSummary = self.people[0].call("create_channel", &fields).await?;
        for person in self.people.iter_mut().take(participants).skip(1) {
            person.call::<ChannelSummary>("join_channel", &[("channel", &id)]).await?;
        }
        let page = self.latest(made.id).await?;
        Ok(Room { id: made.id, path: format!("/c/{}/{}", self.slug, made.slug), cursor: page.cursor })
    }

    /// The latest page of a channel.
    pub async fn latest(&mut self, channel: ChannelId) -> Result<Page> {
        Ok(self.people[0].ask("list_messages", &ListMessages { channel, span: Span::Latest }).await?)
    }
}
