//! What people do. Whatever they succeed in goes into the ledger.

use super::town::{Channel, Town};
use crate::domain::{
    Actor, ChannelId, ChannelStatus, MessageId, PersonId, Role, Surface, Visibility,
    channel::{NotificationLevel, SLOW_MODES},
    command::{
        AddReaction, AddToChannel, BanMember, ChangeProfile, ChangeRole, ClearMessages, CreateChannel, DeleteChannel,
        DeleteMessage, EditMessage, FlagMessage, FollowThread, JoinByLink, JoinChannel, JoinCommunity, JudgeMessage,
        KickMember, LeaveChannel, LeaveCommunity, LiftBan, MakeInviteLink, MarkAllNotificationsRead,
        MarkMessageNoticed, MarkNotificationRead, MarkRead, MarkThreadNoticed, PinMessage, PostMessage,
        RemoveFromChannel, RemoveReaction, RenameChannel, SetChannelStatus, SetNotifications, SetPostingLimits,
        SetTopic, TimeOutMember, UnpinMessage,
    },
    flag::Verdict,
    member::ROLES_GIVEN,
    query::{ListNotifications, ReadThread, Span},
    thread::{Reply, ReplyIn},
};

/// How many channels there are at most, so that enough is said in each.
const CHANNELS: usize = 6;
/// How many of the latest messages people still act on.
const LATELY: usize = 60;
const EMOJI: [&str; 3] = [":tada:", "👍", "❤️"];

impl Town {
    /// Somebody does something.
    pub async fn deed(&mut self) {
        let who = self.chance.below(self.people.len());
        let Some(channel) = self.chance.one_of(&self.channels) else { return };
        match self.chance.below(100) {
            0..34 => self.post(who, &channel).await,
            34..62 => self.act_on_message(who).await,
            62..78 => self.read_something(who, &channel).await,
            78..86 => self.take_part(who, &channel).await,
            86..92 => self.run_channel(who, channel).await,
            _ => self.moderate(who).await,
        }
    }

    fn words(&mut self) -> String {
        let word = self.chance.one_of(&["tide", "rope", "*anchor*", "`keel`"]).unwrap_or_default();
        match self.chance.one_of(&self.people.clone()).filter(|_| self.chance.happens(30)) {
            Some(person) => format!("{word} @{}", person.signed_in().expect("a person").handle),
            None => format!("{word} {}", self.chance.below(1_000)),
        }
    }

    async fn post(&mut self, who: usize, channel: &Channel) {
        let body = self.words();
        let to = self.chance.one_of(&self.messages).filter(|_| self.chance.happens(40));
        let shown = self.chance.one_of(ReplyIn::ALL).expect("three places");
        let reply_to = to.map(|to| Reply { to, shown });
        let place = to.and_then(|to| self.ledger.line(to)).map_or(channel.id, |line| line.channel);
        let followers = match reply_to.and_then(Reply::thread) {
            Some(to) => self.followers(to).await,
            None => Vec::new(),
        };
        let id = MessageId::fresh();
        let post = PostMessage { id, channel: place, body: body.clone(), reply_to, expires_in: None };
        let Some(posted) = self.attempt(who, post).await else { return };
        let talkers = self.talkers(place);
        if !talkers.is_empty() {
            // The other one comes in with what is said.
            for person in talkers {
                self.ledger.joined(person, place);
            }
            self.renew_rights().await;
        }
        self.ledger.posted(&posted.message);
        self.messages.push(id);
        if self.messages.len() > LATELY {
            self.messages.remove(0);
        }
        let named = self.named(&body, place);
        for person in followers.into_iter().chain(named) {
            self.tell(person, id);
        }
        if self.chance.happens(3) {
            // The same again, as after an answer that was lost: it is the same message.
            let again = PostMessage { id, channel: place, body, reply_to, expires_in: None };
            self.attempt(who, again).await;
        }
    }

    async fn followers(&self, message: MessageId) -> Vec<usize> {
        let mut followers = Vec::new();
        for (who, person) in self.people.iter().enumerate() {
            let thread = self.engine.ask(person, ReadThread { message, span: Span::Latest }).await;
            if thread.is_ok_and(|thread| thread.following) {
                followers.push(who);
            }
        }
        followers
    }

    /// Whom words name: people who belong to the channel.
    fn named(&self, body: &str, channel: ChannelId) -> Vec<usize> {
        let talkers = self.talkers(channel);
        if !talkers.is_empty() {
            return (0..self.people.len()).filter(|who| talkers.contains(&self.id(*who))).collect();
        }
        let public = self.channels.iter().any(|known| known.id == channel && !known.private);
        let names = |who: &usize| {
            let person = self.people[*who].signed_in().expect("a person");
            let belongs = self.ledger.takes_part(person.id, channel) || (public && self.members.contains(&person.id));
            belongs && body.split('@').skip(1).any(|rest| rest == person.handle)
        };
        (0..self.people.len()).filter(names).collect()
    }

    /// Somebody is to be told of a message, if it is not theirs and they may see it and want to hear of it.
    fn tell(&mut self, who: usize, message: MessageId) {
        let Some(line) = self.ledger.line(message) else { return };
        let person = self.id(who);
        let talk = !self.talkers(line.channel).is_empty();
        let silent = self.ledger.level(person, line.channel) == Some(NotificationLevel::Nothing)
            || (talk && (self.ledger.is_mute(person, line.channel) || self.ledger.has_read(person, message)));
        if line.author != person && !silent && self.rights.may_read(person, line.channel) {
            self.ledger.tell(person, message);
        }
        self.telling = true;
    }

    async fn act_on_message(&mut self, who: usize) {
        let Some(message) = self.chance.one_of(&self.messages) else { return };
        let emoji = self.chance.one_of(&EMOJI).unwrap_or_default().to_owned();
        match self.chance.below(28) {
            0..6 => {
                let body = self.words();
                let edit = EditMessage { message, body: body.clone(), version: None, reason: None };
                if self.attempt(who, edit).await.is_some()
                    && let Some(line) = self.ledger.line(message)
                {
                    for person in self.named(&body, line.channel) {
                        self.tell(person, message);
                    }
                }
            }
            6..10 => drop(self.attempt(who, DeleteMessage { message }).await),
            10..16 => drop(self.attempt(who, AddReaction { message, emoji }).await),
            16..19 => drop(self.attempt(who, RemoveReaction { message, emoji }).await),
            19..21 => drop(self.attempt(who, PinMessage { message }).await),
            21 => drop(self.attempt(who, UnpinMessage { message }).await),
            22..24 => {
                let reason = self.words();
                self.telling |= self.attempt(who, FlagMessage { message, reason }).await.is_some();
            }
            24 => {
                let verdict = self.chance.one_of(&[Verdict::Keep, Verdict::Delete]).expect("two verdicts");
                if self.attempt(who, JudgeMessage { message, verdict }).await.is_some() {
                    self.ledger.noticed(self.id(who), message);
                }
            }
            25..27 => {
                let following = self.chance.happens(60);
                self.attempt(who, FollowThread { message, following }).await;
            }
            _ => {
                let within = 3_600;
                let (community, person) = (self.community(), self.anybody());
                self.attempt(who, ClearMessages { community, person, within }).await;
            }
        }
    }

    async fn read_something(&mut self, who: usize, channel: &Channel) {
        let (person, id) = (self.id(who), channel.id);
        let message = self.chance.one_of(&self.messages);
        match (self.chance.below(16), message) {
            (0..10, _) => {
                let count = usize::try_from(self.ledger.count(id)).unwrap_or_default();
                let position = i64::try_from(self.chance.below(count + 3)).unwrap_or_default();
                if self.attempt(who, MarkRead { channel: id, position }).await.is_some() {
                    self.ledger.read(person, id, position);
                    if !channel.people.is_empty() {
                        self.ledger.caught_up(person, id, position);
                    }
                }
            }
            (10..12, Some(message)) => {
                if self.attempt(who, MarkThreadNoticed { message }).await.is_some() {
                    self.ledger.thread_noticed(person, message);
                }
            }
            (12..14, Some(message)) => {
                if self.attempt(who, MarkMessageNoticed { message }).await.is_some() {
                    self.ledger.noticed(person, message);
                }
            }
            (14, _) => {
                let inbox = self.engine.ask(&self.people[who], ListNotifications { before: None }).await;
                let told = self.chance.one_of(&inbox.expect("one may read one's inbox").notifications);
                if let Some(told) = told
                    && let Some(message) = told.told.and_then(|told| told.message)
                    && self.attempt(who, MarkNotificationRead { notification: told.id }).await.is_some()
                    && told.kind != crate::domain::notification::NotificationKind::Flag
                {
                    self.ledger.noticed(person, message);
                }
            }
            _ => {
                if self.chance.happens(30) && self.attempt(who, MarkAllNotificationsRead {}).await.is_some() {
                    self.ledger.all_noticed(person);
                }
            }
        }
    }

    async fn take_part(&mut self, who: usize, channel: &Channel) {
        let (person, id) = (self.id(who), channel.id);
        match self.chance.below(12) {
            10 => self.talk(who).await,
            11 => {
                let other = self.chance.below(self.people.len());
                let person = self.id(other);
                if self.attempt(who, RemoveFromChannel { channel: id, person }).await.is_some() {
                    self.ledger.left(person, id);
                }
            }
            0..4 => {
                if self.attempt(who, JoinChannel { channel: id }).await.is_some() {
                    self.ledger.joined(person, id);
                }
            }
            4..6 => {
                if self.attempt(who, LeaveChannel { channel: id }).await.is_some() {
                    self.ledger.left(person, id);
                }
            }
            6..8 => {
                let other = self.chance.below(self.people.len());
                let handle = self.people[other].signed_in().expect("a person").handle.clone();
                if self.attempt(who, AddToChannel { channel: id, handle }).await.is_some() {
                    self.ledger.joined(self.id(other), id);
                }
            }
            _ => {
                let (muted, level) = (self.chance.happens(30), self.chance.one_of(NotificationLevel::ALL));
                let level = level.expect("three levels");
                if self.attempt(who, SetNotifications { channel: id, muted, level }).await.is_some() {
                    self.ledger.wants(person, id, muted, level);
                }
            }
        }
        self.renew_rights().await;
    }

    async fn run_channel(&mut self, who: usize, channel: Channel) {
        let (id, number) = (channel.id, self.chance.below(1_000));
        let name = format!("deck {number}");
        match self.chance.below(12) {
            0..4 => {
                if self.channels.iter().filter(|known| known.people.is_empty()).count() < CHANNELS {
                    self.make_channel(who, name).await;
                }
            }
            4 => {
                let rename = RenameChannel { channel: id, name, slug: String::new() };
                if let Some(now) = self.attempt(who, rename).await {
                    self.channels.iter_mut().filter(|known| known.id == id).for_each(|known| {
                        known.name.clone_from(&now.name);
                        assert_eq!(known.private, now.visibility != Visibility::Public);
                    });
                }
            }
            5..8 => {
                let status = if self.chance.happens(70) { Some(ChannelStatus::Active) } else { None };
                let status = status.or_else(|| self.chance.one_of(ChannelStatus::ALL)).expect("three of them");
                if self.attempt(who, SetChannelStatus { channel: id, status }).await.is_some() {
                    let archived = status == ChannelStatus::Archived;
                    self.channels.iter_mut().filter(|known| known.id == id).for_each(|known| known.archived = archived);
                }
            }
            8..10 => {
                if self.attempt(who, DeleteChannel { channel: id, name: channel.name }).await.is_some() {
                    self.channels.retain(|known| known.id != id);
                    self.ledger.deleted(id);
                    let ledger = &self.ledger;
                    self.messages.retain(|message| ledger.line(*message).is_some());
                }
            }
            10 => {
                let slow_mode = if self.chance.happens(70) { 0 } else { self.chance.one_of(&SLOW_MODES).unwrap_or(0) };
                let limits = SetPostingLimits { channel: id, slow_mode, message_chars: 4_000 };
                self.attempt(who, limits).await;
            }
            _ => drop(self.attempt(who, SetTopic { channel: id, topic: name }).await),
        }
        self.renew_rights().await;
    }

    async fn make_channel(&mut self, who: usize, name: String) {
        let (id, community, private) = (ChannelId::fresh(), self.community(), self.chance.happens(50));
        let make = CreateChannel { id, community, name, topic: String::new(), private };
        if let Some(made) = self.attempt(who, make).await {
            self.channels.push(Channel { id, name: made.name, private, archived: false, people: Vec::new() });
            self.ledger.joined(self.id(who), id);
        }
    }

    /// Any of them.
    pub fn anybody(&mut self) -> PersonId {
        let who = self.chance.below(self.people.len());
        self.id(who)
    }

    async fn moderate(&mut self, who: usize) {
        let (community, person) = (self.community(), self.anybody());
        match self.chance.below(24) {
            0..4 => {
                let role = self.chance.one_of(&ROLES_GIVEN).unwrap_or(Role::Member);
                self.attempt(who, ChangeRole { community, person, role }).await;
            }
            4..6 => {
                if self.attempt(who, KickMember { community, person }).await.is_some() {
                    self.departed(person);
                }
            }
            6 => {
                let reason = self.words();
                if self.attempt(who, BanMember { community, person, reason }).await.is_some() {
                    self.departed(person);
                }
            }
            7..9 => drop(self.attempt(who, LiftBan { community, person }).await),
            9..11 => {
                let seconds = self.chance.one_of(&[None, Some(60), Some(3_600)]).flatten();
                self.attempt(who, TimeOutMember { community, person, seconds }).await;
            }
            11 => {
                if self.attempt(who, LeaveCommunity { community }).await.is_some() {
                    self.departed(self.id(who));
                }
            }
            12 => {
                let name = format!("Name {}", self.chance.below(1_000));
                if self.attempt(who, ChangeProfile { name: name.clone() }).await.is_some() {
                    self.renamed(who, &name);
                }
            }
            13..19 => self.bring_in(who).await,
            _ => self.come_in(who).await,
        }
        self.renew_rights().await;
    }

    /// Whatever somebody does from now on they do under their new name, in every tab.
    fn renamed(&mut self, who: usize, name: &str) {
        let mut me = self.people[who].signed_in().expect("a person").clone();
        name.clone_into(&mut me.name);
        let actor = Actor::person(me, Surface::Page);
        self.tabs.iter_mut().filter(|tab| tab.actor.id() == actor.id()).for_each(|tab| tab.actor = actor.clone());
        self.people[who] = actor;
    }

    fn departed(&mut self, person: PersonId) {
        self.members.remove(&person);
        self.ledger.departed(person);
    }

    async fn come_in(&mut self, who: usize) {
        let community = self.community();
        if self.attempt(who, JoinCommunity { community }).await.is_some() {
            self.arrived(who);
        }
    }

    /// The owner makes a link, and somebody comes in by it.
    pub async fn bring_in(&mut self, who: usize) {
        let make = MakeInviteLink { community: self.community(), expires_in: None, max_uses: Some(1) };
        let Some(code) = self.attempt(0, make).await else { return };
        if self.attempt(who, JoinByLink { code }).await.is_some() {
            self.arrived(who);
        }
    }

    fn arrived(&mut self, who: usize) {
        let person = self.id(who);
        if self.members.insert(person) {
            for channel in self.founding.clone() {
                if self.channels.iter().any(|known| known.id == channel && !known.archived) {
                    self.ledger.joined(person, channel);
                }
            }
        }
    }
}
