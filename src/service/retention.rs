//! How long channels keep their messages (C05, O08).

use serde_json::json;

use super::{
    Command, Outcome, Tools, WEBHOOKS, Work,
    channel::{ChannelScope, announce},
    held, message,
};
use crate::{
    domain::{
        Action, Actor, Error, Result,
        channel::{OVERDUE, RETENTION_DAYS},
        command::{RemoveOverdue, SetRetention},
        message::MessageStatus,
    },
    store::{
        Conn, Shard, messages,
        retention::{self, Keeping},
        webhooks,
    },
};

impl Command for SetRetention {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::ManageChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.retention_days.is_some_and(|days| !RETENTION_DAYS.contains(&days)) {
            return Err(Error::invalid("retention_days", "must be 1 to 3,650 days, or empty to keep everything"));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let before = scope.standing.retention_days;
        work.note(json!({ "before": before, "after": self.retention_days }));
        if before == self.retention_days {
            return Ok(());
        }
        retention::set(work.conn, work.grant, self.channel, self.retention_days).await?;
        announce(work, self.channel).await
    }
}

impl Command for RemoveOverdue {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = usize;
    const ACTION: Action = Action::ExpireMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if self.messages.len() > OVERDUE {
            return Err(Error::invalid("messages", format!("must be at most {OVERDUE}")));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<usize> {
        work.about("channel", self.channel);
        // Asked again: it may have been set anew since they were looked for.
        let Some(retention_days) = scope.standing.retention_days else {
            work.leave_no_entry();
            return Ok(0);
        };
        let keeping = Keeping { id: self.channel, count: scope.standing.count, retention_days };
        let oldest = keeping.oldest(work.now);
        let hooks = webhooks::of_community(work.conn, scope.standing.community).await?;
        if !hooks.iter().any(|webhook| webhook.active) {
            work.spare(WEBHOOKS);
        }
        let mut removed = 0;
        for id in self.messages {
            // What has waited for a moderator longer than the channel keeps anything is no message yet, and goes as well.
            removed += usize::from(held::expire(work, self.channel, id, oldest).await?);
            let place = messages::place(work.conn, id).await?.filter(|place| place.channel == self.channel);
            let Some(place) = place.filter(|place| place.created_at < oldest) else { continue };
            removed += usize::from(place.status != MessageStatus::Deleted);
            message::bury(work, &place).await?;
        }
        work.note(json!({ "removed": removed, "retention_days": retention_days, "oldest": oldest }));
        Ok(removed)
    }
}
