use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::lowered;
use crate::domain::{
    ChannelId, ChannelSummary, CommunitySummary, Event, PersonId, PersonSummary, Topic,
    channel::Participation,
    conversation,
    query::{CommunityView, Directory},
};

/// Everything around the conversation: me, my communities, the open community's channels and their unread counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// Who I am.
    pub me: PersonSummary,
    /// The communities I am in, by name.
    pub communities: Vec<CommunitySummary>,
    /// The community that is open.
    pub open: Option<CommunityView>,
    /// How many notifications I have not read.
    pub notifications: i64,
}

impl Shell {
    /// What a fresh read gave.
    pub fn new(me: PersonSummary, directory: Directory, open: Option<CommunityView>) -> Self {
        let mut shell = Self { me, communities: directory.mine, open, notifications: directory.notifications };
        shell.sort();
        shell
    }

    /// The open community's channel.
    pub fn channel(&self, id: ChannelId) -> Option<&ChannelSummary> {
        self.open.as_ref()?.channels.iter().find(|channel| channel.id == id)
    }

    /// Applies one durable event. What does not concern the shell changes nothing.
    pub fn apply(&mut self, topic: Topic, event: &Event) {
        match event {
            Event::MessagePosted { message, approved, .. } => {
                // Of one that was approved the author's read mark is told by itself.
                let mine = message.author.id == self.me.id && !approved;
                self.revise_channel(message.channel, |channel| {
                    channel.count = channel.count.max(message.position.unwrap_or_default());
                    channel.last_message_at = channel.last_message_at.max(Some(message.created_at));
                    if let (true, Some(part)) = (mine, channel.participation.as_mut()) {
                        part.read = part.read.max(message.position.unwrap_or_default());
                    }
                });
            }
            Event::HistoryImported { channel, count, latest } => self.revise_channel(*channel, |channel| {
                // Who had read all there was has read it, too: old conversations are no news.
                if let Some(mine) = channel.participation.as_mut().filter(|mine| mine.read == channel.count) {
                    mine.read = mine.read.max(*count);
                }
                channel.count = channel.count.max(*count);
                channel.last_message_at = channel.last_message_at.max(Some(*latest));
            }),
            Event::MessageEdited { .. }
            | Event::MessageDeleted { .. }
            | Event::ReactionAdded { .. }
            | Event::ReactionRemoved { .. }
            | Event::ThreadReplied { .. }
            | Event::ReplyDeleted { .. }
            | Event::MessagePinned { .. }
            | Event::MessageUnpinned { .. }
            | Event::SessionEnded { .. }
            | Event::MemberRoleChanged { .. }
            // What I may do by them is asked again, not told.
            | Event::RulesChanged { .. }
            | Event::RolesChanged { .. }
            | Event::ModerationChanged { .. }
            | Event::HeldChanged { .. }
            | Event::WebhookTested { .. } => {}
            Event::ParticipantJoined { participants, .. } | Event::ParticipantLeft { participants, .. } => {
                if let Topic::Channel(id) = topic {
                    self.revise_channel(id, |channel| channel.participants = *participants);
                }
            }
            Event::ChannelUpdated { channel }
            | Event::ChannelArchived { channel }
            | Event::ChannelLocked { channel }
            | Event::ChannelReopened { channel } => self.revise_channel(channel.id, |mine| {
                let participation = mine.participation;
                *mine = (**channel).clone();
                mine.participation = participation;
            }),
            Event::ChannelCreated { channel } => self.add_channel(channel, false),
            Event::ChannelJoined { channel } => self.add_channel(channel, true),
            Event::ChannelLeft { channel, .. } => self.leave_channel(*channel),
            Event::ChannelDeleted { channel, .. } => self.lose_channel(*channel),
            Event::MemberJoined { members, .. }
            | Event::MembersImported { members }
            | Event::MemberLeft { members, .. } => {
                if let Topic::Community(id) = topic {
                    self.revise_community(id, |community| community.members = *members);
                }
            }
            Event::CommunityJoined { community } => {
                self.communities.retain(|known| known.id != community.id);
                self.communities.push((**community).clone());
                if let Some(open) = self.open.as_mut().filter(|open| open.community.id == community.id) {
                    open.community = (**community).clone();
                }
            }
            Event::StandingChanged { community, may, silenced_until, flagged } => {
                self.revise_community(community.id, |mine| *mine = (**community).clone());
                if let Some(open) = self.open.as_mut().filter(|open| open.community.id == community.id) {
                    open.may = *may;
                    open.silenced_until = *silenced_until;
                    open.flagged = *flagged;
                }
            }
            Event::CommunityLeft { community, .. } => {
                self.communities.retain(|known| known.id != *community);
                if self.open.as_ref().is_some_and(|open| open.community.id == *community) {
                    self.open = None;
                }
            }
            Event::DraftChanged { channel, drafted, .. } => self.mark_draft(*channel, *drafted),
            Event::ReadMarkMoved { channel, participation } => self.take_mark(*channel, *participation),
            Event::ProfileChanged { person } => {
                if person.id == self.me.id {
                    self.me = person.clone();
                }
                self.rename(person);
            }
            Event::MessageFlagged { community, open: waiting, .. }
            | Event::MessageJudged { community, open: waiting, .. }
            | Event::QueueMoved { community, open: waiting, .. } => {
                if let Some(open) = self.open.as_mut().filter(|open| open.community.id == *community) {
                    open.flagged = Some(*waiting);
                }
            }
            Event::NotificationAdded { unread, .. }
            | Event::CommandAnswered { unread, .. }
            | Event::NotificationRead { unread, .. } => {
                self.notifications = *unread;
            }
        }
        self.sort();
    }

    /// What was heard of meanwhile stays: a page that was read before it must not take it back.
    pub fn keep_newer(&mut self, before: &Self) {
        let known = before.open.iter().flat_map(|open| &open.channels);
        for old in known {
            self.revise_channel(old.id, |channel| {
                channel.count = channel.count.max(old.count);
                channel.last_message_at = channel.last_message_at.max(old.last_message_at);
                if let (Some(mine), Some(older)) = (&mut channel.participation, old.participation) {
                    mine.read = mine.read.max(older.read);
                }
            });
        }
    }

    /// A channel one takes part in but does not watch has news, or was read further than was known here.
    pub fn hear_of(&mut self, channel: ChannelId, count: i64, read: Option<i64>) {
        self.revise_channel(channel, |mine| {
            mine.count = mine.count.max(count);
            if let (Some(part), Some(read)) = (mine.participation.as_mut(), read) {
                part.read = part.read.max(read);
            }
        });
    }

    /// The open community's channels that have unread messages, in list order.
    pub fn unread(&self) -> impl Iterator<Item = &ChannelSummary> {
        self.open.iter().flat_map(|open| &open.channels).filter(|channel| channel.unread() > 0)
    }

    fn revise_channel(&mut self, id: ChannelId, change: impl FnOnce(&mut ChannelSummary)) {
        if let Some(channel) = self.open.iter_mut().flat_map(|open| &mut open.channels).find(|c| c.id == id) {
            change(channel);
        }
    }

    fn revise_community(&mut self, id: crate::domain::CommunityId, change: impl Fn(&mut CommunitySummary)) {
        self.communities.iter_mut().filter(|community| community.id == id).for_each(&change);
        if let Some(open) = self.open.as_mut().filter(|open| open.community.id == id) {
            change(&mut open.community);
        }
    }

    fn add_channel(&mut self, channel: &ChannelSummary, mine: bool) {
        let Some(open) = self.open.as_mut().filter(|open| open.community.id == channel.community) else { return };
        match open.channels.iter_mut().find(|known| known.id == channel.id) {
            Some(known) if mine => *known = channel.clone(),
            Some(_) => {}
            None => open.channels.push(channel.clone()),
        }
    }

    /// A read mark never moves back: a later one may have been told by a head before this.
    fn take_mark(&mut self, channel: ChannelId, told: Participation) {
        self.revise_channel(channel, |mine| {
            let read = mine.participation.map_or(told.read, |known| known.read.max(told.read));
            mine.participation = Some(Participation { read, ..told });
        });
    }

    /// Something of mine is begun in a channel or its threads, or nothing any more.
    fn mark_draft(&mut self, channel: ChannelId, drafted: bool) {
        let Some(open) = self.open.as_mut().filter(|open| open.channels.iter().any(|c| c.id == channel)) else {
            return;
        };
        if drafted {
            open.drafted.insert(channel);
        } else {
            open.drafted.remove(&channel);
        }
    }

    fn lose_channel(&mut self, id: ChannelId) {
        if let Some(open) = &mut self.open {
            open.channels.retain(|known| known.id != id);
            open.drafted.remove(&id);
        }
    }

    /// A public channel stays on the list without me; any other is gone.
    fn leave_channel(&mut self, id: ChannelId) {
        let Some(open) = &mut self.open else { return };
        open.channels.retain(|channel| channel.id != id || channel.visibility == crate::domain::Visibility::Public);
        self.revise_channel(id, |channel| channel.participation = None);
    }

    /// Conversations are called after whom one talks to there.
    fn rename(&mut self, person: &PersonSummary) {
        let me = self.me.id;
        for channel in self.open.iter_mut().flat_map(|open| &mut open.channels) {
            let Some(known) = channel.people.iter_mut().find(|known| known.id == person.id) else { continue };
            *known = person.clone();
            channel.name = conversation::name(&channel.people, person.id == me);
        }
    }

    fn sort(&mut self) {
        // One kind of key for both lists: each would bring the browser a sort of its own.
        self.communities.sort_by_cached_key(|community| (false, lowered(&community.name), Uuid::from(community.id)));
        if let Some(open) = &mut self.open {
            // As they stand in the column: conversations below the channels.
            open.channels.sort_by_cached_key(|channel| {
                (channel.kind.is_conversation(), lowered(&channel.name), Uuid::from(channel.id))
            });
        }
    }

    /// Whether this is me.
    pub fn is_me(&self, person: PersonId) -> bool {
        self.me.id == person
    }
}
