//! Messages that vanish on time (M26).

use super::{Command, Outcome, Tools, Work, message};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, EventId, Lane, Message, Result, Seq, Time, Topic, command::ExpireMessage,
    },
    store::{Conn, Shard, outbox::NewRecord},
};

/// The handler that deletes messages on time.
pub const EXPIRY: &str = "expiry";
/// What its records are called.
const EXPIRES: &str = "message.expires";
/// The kind of thing that keeps them in order: each message is alone, for in its channel a long-lived one would hold up
/// every short-lived one after it.
const ALONE: &str = "message";

/// Has a lane delete a message when its time comes.
pub(super) async fn await_end<C>(work: &mut Work<'_, '_, C>, message: &Message, seq: Seq, due: Time) -> Outcome<()> {
    let record = work.record(Lane::General, EventId::fresh(), EXPIRES, Topic::Channel(message.channel), seq);
    let record = NewRecord { handler: EXPIRY, topic_kind: ALONE, topic: message.id.into(), due: Some(due), ..record };
    work.enqueue(&record, None).await
}

impl Command for ExpireMessage {
    type Prepared = Option<ChannelId>;
    type Scope = message::MessageScope;
    type Output = ();
    const ACTION: Action = Action::ExpireMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, channel: &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        message::channel_of(tools, self.message).await
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<message::MessageScope> {
        message::MessageScope::load(conn, actor, self.message).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: message::MessageScope, _: Self::Prepared) -> Outcome<()> {
        work.about("message", self.message);
        if scope.place.expires_at.is_none_or(|due| due > work.now) {
            return Err(Error::conflict("The time of this message has not come.").into());
        }
        message::bury(work, &scope.place).await
    }
}
