//! A server, the people on it, and their tabs.

use std::collections::{HashSet, VecDeque};

use super::{chance::Chance, ledger::Ledger, rights::Rights, tab::Tab};
use crate::{
    domain::{
        Actor, ChannelId, CommunityId, CommunitySummary, Error, MessageId, PersonId, Role, Time,
        command::{ChangeRole, Leftover},
        query::OpenCommunity,
    },
    engine::{Command, Engine},
    lab::World,
    lane::general::tidy_once,
    store::{Sql, StoreError},
};

/// How many of the latest deeds are told when the test fails.
const REMEMBERED: usize = 60;
/// The records of the lanes that tell people and their tabs.
const WAITING: Sql =
    Sql::both("SELECT count(*) FROM lane_records WHERE lane IN ('realtime', 'cross_domain') AND status <> 'dead'");

/// What is known of a channel.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Which.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// Whether only participants see it.
    pub private: bool,
    /// Whether it is read-only.
    pub archived: bool,
    /// Whose conversation it is; nobody's if it is none.
    pub people: Vec<PersonId>,
}

/// The whole of it.
pub struct Town {
    world: World,
    /// The server of the moment.
    pub engine: Engine,
    /// What comes next.
    pub chance: Chance,
    /// Who lives there: an owner, a moderator, a member, one who comes and goes, and one who is new.
    pub people: Vec<Actor>,
    /// Their tabs.
    pub tabs: Vec<Tab>,
    /// Where they meet.
    pub community: CommunitySummary,
    /// Its channels.
    pub channels: Vec<Channel>,
    /// Those of them that everybody who comes in takes part in.
    pub founding: Vec<ChannelId>,
    /// Who is a member of the community.
    pub members: HashSet<PersonId>,
    /// What was said lately.
    pub messages: Vec<MessageId>,
    /// Who may be told of what.
    pub rights: Rights,
    /// What is unread.
    pub ledger: Ledger,
    /// Whether the lanes may still be telling somebody.
    pub telling: bool,
    seed: u64,
    steps: u64,
    deeds: VecDeque<String>,
}

impl Drop for Town {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.deeds.iter().for_each(|deed| eprintln!("{deed}"));
            eprintln!("again: THUNDERLINE_SEED={} THUNDERLINE_STEPS={}", self.seed, self.steps);
        }
    }
}

impl Town {
    /// Five people, eight tabs, one community.
    pub async fn found(world: World, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut people = Vec::new();
        for handle in ["ana", "bo", "cleo", "dan", "eve"] {
            people.push(world.person(handle).await);
        }
        let public = chance.happens(50);
        let community = world.community(&people[0], "acme", public).await;
        world.engine.close().await;
        let engine = open(&world).await;
        let tabs = [0, 0, 1, 2, 2, 3, 4, 4].map(|who| Tab::new(&people[who], &community.slug)).into();
        let mut town = Self {
            world,
            engine,
            chance,
            people,
            tabs,
            community,
            channels: Vec::new(),
            founding: Vec::new(),
            members: HashSet::new(),
            messages: Vec::new(),
            rights: Rights::default(),
            ledger: Ledger::default(),
            telling: false,
            seed,
            steps: 0,
            deeds: VecDeque::new(),
        };
        town.take_over().await;
        for who in 1..=3 {
            town.bring_in(who).await;
        }
        let (community, person) = (town.community.id, town.id(1));
        town.attempt(0, ChangeRole { community, person, role: Role::Moderator }).await;
        town.renew_rights().await;
        town
    }

    /// The community's first channels.
    async fn take_over(&mut self) {
        let view = self.engine.ask(&self.people[0], OpenCommunity { slug: self.community.slug.clone() }).await;
        self.members.insert(self.id(0));
        for channel in view.expect("the owner sees the community").channels {
            self.founding.push(channel.id);
            self.ledger.joined(self.id(0), channel.id);
            self.channels.push(Channel {
                id: channel.id,
                name: channel.name,
                private: false,
                archived: false,
                people: Vec::new(),
            });
        }
    }

    /// The id of a person.
    pub fn id(&self, who: usize) -> PersonId {
        self.people[who].id().expect("a person")
    }

    /// The community's id.
    pub const fn community(&self) -> CommunityId {
        self.community.id
    }

    /// One more step: mostly somebody does something; or time passes, a line breaks, the server restarts, it is quiet.
    pub async fn step(&mut self) {
        self.steps += 1;
        match self.chance.below(1_000) {
            0..2 => self.restart().await,
            2..10 => self.rest().await,
            10..14 => self.pass_time().await,
            14..220 => self.browse().await,
            _ => {
                self.settle().await;
                self.deed().await;
            }
        }
        for tab in &mut self.tabs {
            // Some tabs lag: what was sent to them waits.
            if self.chance.happens(40) {
                tab.listen(&self.rights).await;
                tab.reread(&self.engine, &self.rights).await;
            }
            if self.chance.happens(40) {
                tab.arrive(&self.rights).await;
            }
        }
    }

    /// Somebody moves in their tab, or its line breaks or comes back.
    async fn browse(&mut self) {
        let at = self.chance.below(self.tabs.len());
        let channels: Vec<ChannelId> = self.channels.iter().map(|channel| channel.id).collect();
        let (channel, message) = (self.chance.one_of(&channels), self.chance.one_of(&self.messages));
        let tab = &mut self.tabs[at];
        match self.chance.below(10) {
            0..2 => tab.disconnect(),
            2..5 if !tab.is_connected() => tab.connect(&self.engine, &self.rights).await,
            2..5 => {}
            5..9 => tab.go_to(&self.engine, channel).await,
            _ => {
                if let Some(message) = message {
                    tab.open_thread(&self.engine, message).await;
                }
            }
        }
        self.note(format!("tab {at} browses"));
    }

    /// The server stops and starts again, in the middle of whatever goes on.
    async fn restart(&mut self) {
        self.note("the server restarts".to_owned());
        self.tabs.iter_mut().for_each(Tab::disconnect);
        self.engine.close().await;
        self.engine = open(&self.world).await;
    }

    /// Time passes: minutes, or so much that old events are kept no more.
    async fn pass_time(&mut self) {
        let long = self.chance.happens(20);
        let micros = if long { 8 * Time::DAY } else { 10 * Time::MINUTE };
        // What the lanes have not told yet is not to be forgotten: that it is spared is another test's.
        self.settle_all().await;
        self.world.clock.advance(micros);
        self.note(format!("{} minutes pass", micros / Time::MINUTE));
        if long {
            tidy_once(&self.engine, Leftover::Events).await.expect("old events are removed");
        }
    }

    /// Somebody tries something. A refusal is fine, a defect is not.
    pub async fn attempt<C: Command>(&mut self, who: usize, command: C) -> Option<C::Output> {
        let actor = self.people[who].clone();
        let name = std::any::type_name::<C>().rsplit("::").next().unwrap_or_default();
        let told = serde_json::to_string(&command).unwrap_or_default();
        let handle = actor.signed_in().expect("a person").handle.clone();
        let answer = self.engine.execute(actor, command).await;
        let outcome = answer.as_ref().err().map_or_else(|| "done".to_owned(), ToString::to_string);
        self.note(format!("{handle} {name} {told}: {outcome}"));
        match answer {
            Ok(output) => Some(output),
            Err(error @ (Error::Internal { .. } | Error::Unavailable | Error::SignedOut)) => panic!("{name}: {error}"),
            Err(_) => None,
        }
    }

    fn note(&mut self, deed: String) {
        if self.deeds.len() == REMEMBERED {
            self.deeds.pop_front();
        }
        self.deeds.push_back(format!("{:>6} {deed}", self.steps));
    }

    /// Asks anew who may read what.
    pub async fn renew_rights(&mut self) {
        let channels: Vec<ChannelId> = self.channels.iter().map(|channel| channel.id).collect();
        self.rights.renew(&self.engine, &self.people, &channels).await;
    }

    /// Waits until everybody was told who was to be told by the deeds before: what one does next may depend on it.
    async fn settle(&mut self) {
        if std::mem::take(&mut self.telling) {
            self.settle_all().await;
        }
    }

    /// Waits until nothing waits in the lanes that tell.
    pub async fn settle_all(&self) {
        let quiet = async {
            loop {
                let waiting = self.engine.store().read::<i64, StoreError, _>(|conn| Box::pin(conn.one(WAITING, ())));
                if waiting.await.expect("the store answers") == 0 {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        let within = tokio::time::timeout(std::time::Duration::from_secs(30), quiet).await;
        within.expect("the lanes do what they have to");
    }

    /// The end.
    pub async fn close(self) {
        self.engine.close().await;
    }
}

async fn open(world: &World) -> Engine {
    world.beside(|settings| settings, |_| {}).await
}
