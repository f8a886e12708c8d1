#![expect(clippy::missing_panics_doc, reason = "a harness panics: that is how a test fails")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use super::Observer;
use crate::{
    domain::{
        Actor, ChannelId, ChannelSummary, Clock, CommunityId, CommunitySummary, Lane, MessageId, Result, Surface, Time,
        account::SignedIn,
        command::{AddToChannel, CreateChannel, CreateCommunity, JoinCommunity, PostMessage, Posted, SignUp},
        text::Password,
    },
    engine::{Engine, Settings},
    lane::Registry,
    queue::Pace,
    service::Cost,
    store::Durability,
};

/// The password of everybody in a world.
pub const PASSWORD: &str = "correct horse battery";

/// What the lanes of a world leave to the test: what goes out to people and other servers, and what time brings.
const BY_HAND: [&str; 11] = [
    "mentions",
    "replies",
    "moderation",
    "commands",
    "webhooks",
    "deliveries",
    "expiry",
    "channels.remove_overdue",
    "channels.count_activity",
    "messages.index",
    "webhooks.resume",
];

/// A clock that moves only when it is told to.
#[derive(Clone, Debug)]
pub struct LabClock(Arc<AtomicI64>);

impl Default for LabClock {
    fn default() -> Self {
        // 2026-01-01 00:00 UTC.
        Self(Arc::new(AtomicI64::new(1_767_225_600_000_000)))
    }
}

impl LabClock {
    /// Moves on by `micros` microseconds.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// The clock as an engine takes it.
    pub fn clock(&self) -> Clock {
        let now = self.0.clone();
        // Every look is a microsecond later, as on a real clock.
        Clock::new(move || Time::from_micros(now.fetch_add(1, Ordering::SeqCst)))
    }
}

/// Lanes that look and write so often that a test need not wait.
pub fn quick(lane: Lane) -> Pace {
    Pace { poll: Duration::from_millis(5), write: Duration::from_millis(5), ..Pace::of(lane) }
}

/// An engine on a database of its own, a clock of its own, and short ways to say what people do.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// Its clock.
    pub clock: LabClock,
    url: String,
}

impl World {
    /// An engine on the database at `url`.
    pub async fn open(url: &str) -> Self {
        let clock = LabClock::default();
        Self { engine: Self::engine(url, &clock).await, clock, url: url.to_owned() }
    }

    /// A world around an engine that was opened elsewhere, on that engine's clock.
    pub fn around(engine: Engine) -> Self {
        Self { engine, clock: LabClock::default(), url: String::new() }
    }

    async fn engine(url: &str, clock: &LabClock) -> Engine {
        // Done by itself, it would race with a test that does it by hand.
        let by_hand = |registry: &mut Registry| {
            for name in BY_HAND {
                registry.leave_out(name);
            }
        };
        Engine::open_with(Self::settings(url, clock), by_hand).await.expect("the lab's database opens")
    }

    fn settings(url: &str, clock: &LabClock) -> Settings {
        let cheap = Settings { password_cost: Cost::Least, durability: Durability::Process, ..Settings::new(url) };
        // Its receivers are on this machine.
        Settings { clock: clock.clock(), private_webhooks: true, ..cheap }
    }

    /// Another process on the same database and clock, with settings and handlers of its own. Its lanes look often.
    pub async fn beside(
        &self,
        set: impl FnOnce(Settings) -> Settings,
        more: impl FnOnce(&mut Registry) + Send,
    ) -> Engine {
        let settings = Settings { lanes: Some(quick), ..Self::settings(&self.url, &self.clock) };
        Engine::open_with(set(settings), more).await.expect("the lab's database opens again")
    }

    /// Stops the engine and starts another one on the same database.
    pub async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = Self::engine(&self.url, &self.clock).await;
    }

    /// Somebody signs up and is signed in.
    pub async fn person(&self, handle: &str) -> Actor {
        let signed_in = self.sign_up(handle).await.expect("a free name signs up");
        self.holder(&signed_in).await
    }

    /// Somebody signs up.
    pub async fn sign_up(&self, handle: &str) -> Result<SignedIn> {
        let command = SignUp {
            name: handle.to_uppercase(),
            handle: handle.to_owned(),
            password: Password::new(PASSWORD),
            claim: None,
        };
        self.engine.execute(Actor::visitor(Surface::Page), command).await
    }

    /// Whoever holds a session.
    pub async fn holder(&self, signed_in: &SignedIn) -> Actor {
        let identity = self.engine.identify(&signed_in.token).await.expect("the store answers");
        Actor::with(identity.expect("the session is alive"), Surface::Page)
    }

    /// A community, open to anybody or not.
    pub async fn community(&self, owner: &Actor, slug: &str, public: bool) -> CommunitySummary {
        let command = CreateCommunity {
            id: CommunityId::fresh(),
            name: slug.to_uppercase(),
            slug: slug.to_owned(),
            description: String::new(),
            public,
        };
        self.engine.execute(owner.clone(), command).await.expect("a free address makes a community")
    }

    /// Somebody joins a public community.
    pub async fn join(&self, person: &Actor, community: &CommunitySummary) -> CommunitySummary {
        let command = JoinCommunity { community: community.id };
        self.engine.execute(person.clone(), command).await.expect("a public community can be joined")
    }

    /// A channel.
    pub async fn channel(&self, founder: &Actor, community: CommunityId, name: &str, private: bool) -> ChannelSummary {
        let command =
            CreateChannel { id: ChannelId::fresh(), community, name: name.to_owned(), topic: String::new(), private };
        self.engine.execute(founder.clone(), command).await.expect("a free name makes a channel")
    }

    /// The community's #general.
    pub async fn general(&self, member: &Actor, community: &CommunitySummary) -> ChannelSummary {
        let view = self.engine.ask(member, crate::domain::query::OpenCommunity { slug: community.slug.clone() });
        let channels = view.await.expect("members see their community").channels;
        channels.into_iter().find(|channel| channel.slug == "general").expect("there is a #general")
    }

    /// Somebody brings somebody in.
    pub async fn add(&self, inviter: &Actor, channel: ChannelId, person: &Actor) {
        let handle = person.signed_in().expect("a person").handle.clone();
        let command = AddToChannel { channel, handle };
        self.engine.execute(inviter.clone(), command).await.expect("participants may add members");
    }

    /// Somebody posts.
    pub async fn post(&self, author: &Actor, channel: ChannelId, body: &str) -> Posted {
        self.try_post(author, channel, body).await.expect("participants may post")
    }

    /// Somebody tries to post.
    pub async fn try_post(&self, author: &Actor, channel: ChannelId, body: &str) -> Result<Posted> {
        let id = MessageId::fresh();
        let command = PostMessage { id, channel, body: body.to_owned(), reply_to: None, expires_in: None };
        self.engine.execute(author.clone(), command).await
    }

    /// A client of `person` with a channel open.
    pub async fn observer(&self, person: &Actor, community: &CommunitySummary, channel: &ChannelSummary) -> Observer {
        Observer::open(&self.engine, person, &community.slug, &channel.slug).await
    }
}
