//! Removing a channel for good (C01, M30).

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Command, Outcome, Tools, Work, channel::ChannelScope, channel_settings::must_leave_one_open, flag, notification,
};
use crate::{
    domain::{
        Action, Actor, ChannelStatus, Error, Event, NotificationId, PersonId, Result, Topic, Visibility,
        command::DeleteChannel, flag::Verdict,
    },
    store::{Conn, Shard, channel_settings, flags, held},
};

impl Command for DeleteChannel {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::DeleteChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let gone = scope.standing;
        if self.name.trim().trim_start_matches('#') != gone.name {
            return Err(Error::invalid("name", "must be the channel's name, letter by letter").into());
        }
        work.note(json!({ "slug": gone.slug, "messages": gone.count, "participants": gone.participants }));
        let (channel, community) = (self.channel, gone.community);
        // Whom to tell by themselves, in one order everywhere: two of these cannot wait for each other.
        let mut told: BTreeMap<PersonId, Option<NotificationId>> = BTreeMap::new();
        let is_public = gone.visibility == Visibility::Public;
        if !is_public {
            told.extend(channel_settings::taking_part(work.conn, channel).await?.into_iter().map(|one| (one, None)));
        }
        let unread = channel_settings::unread(work.conn, channel).await?;
        told.extend(unread.into_iter().map(|(person, notification)| (person, Some(notification))));
        let flagged = flags::one_of(work.conn, community, channel).await?;
        let held = held::one_of(work.conn, channel).await?;
        work.emit(Topic::Channel(channel), Event::ChannelDeleted { channel, community }).await?;
        channel_settings::delete(work.conn, work.grant, channel).await?;
        if is_public {
            work.emit(Topic::Community(community), Event::ChannelDeleted { channel, community }).await?;
            if gone.status != ChannelStatus::Archived {
                must_leave_one_open(work, community).await?;
            }
        }
        for (person, notification) in told {
            if !is_public {
                work.tell(person, Event::ChannelDeleted { channel, community }).await?;
            }
            // What it told them of went with it, and they have that many fewer to read.
            if notification.is_some() {
                notification::tell(work, person, |unread| Event::NotificationRead { notification, unread }).await?;
            }
        }
        // What waited there to be judged went with it: one event for all, what counts is how many are left.
        if let Some(message) = flagged {
            flag::judged(work, community, message, Verdict::Delete).await?;
        } else if let Some(message) = held {
            flag::tell_moderators(work, community, |open| Event::QueueMoved { message, community, open }).await?;
        }
        Ok(())
    }
}
