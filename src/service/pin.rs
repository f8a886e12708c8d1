//! Pins (M22, C09).

use std::collections::HashMap;

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::ChannelScope,
    message::{MessageScope, channel_of},
};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, Message, MessageId, Result, Topic,
        command::{PinMessage, UnpinMessage},
        message::MessageStatus,
        pin::{PINS_PER_CHANNEL, Pin},
        query::ListPins,
    },
    store::{
        Conn, Shard, channels, messages,
        pins::{self, Stand},
    },
};

/// How a message stands in a channel that nobody else changes until the transaction ends.
async fn stand<C>(work: &mut Work<'_, '_, C>, scope: &MessageScope) -> Outcome<Stand> {
    channels::hold(work.conn, work.grant, scope.place.channel).await?;
    Ok(pins::stand(work.conn, scope.place.id).await?.ok_or(Error::NotFound)?)
}

impl Command for PinMessage {
    type Prepared = Option<ChannelId>;
    type Scope = MessageScope;
    type Output = ();
    const ACTION: Action = Action::PinMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, channel: &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        channel_of(tools, self.message).await
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
        MessageScope::load(conn, actor, self.message).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: MessageScope, _: Self::Prepared) -> Outcome<()> {
        work.about("message", self.message);
        let (channel, person) = (scope.place.channel, work.person()?.id);
        let stand = stand(work, &scope).await?;
        work.note(json!({ "channel": channel, "pinned": true, "repeated": stand.pinned }));
        if stand.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted.").into());
        }
        if stand.pinned {
            return Ok(());
        }
        if stand.many >= PINS_PER_CHANNEL {
            let full =
                format!("This channel has {PINS_PER_CHANNEL} pinned messages; that is the limit. Unpin one first.");
            return Err(Error::conflict(full).into());
        }
        pins::add(work.conn, work.grant, self.message, channel, person, work.now).await?;
        let pinned = Event::MessagePinned { message: self.message, person };
        work.emit(Topic::Channel(channel), pinned).await.map(drop)
    }
}

impl Command for UnpinMessage {
    type Prepared = Option<ChannelId>;
    type Scope = MessageScope;
    type Output = ();
    const ACTION: Action = Action::PinMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, channel: &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        channel_of(tools, self.message).await
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
        MessageScope::load(conn, actor, self.message).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: MessageScope, _: Self::Prepared) -> Outcome<()> {
        work.about("message", self.message);
        let (channel, person) = (scope.place.channel, work.person()?.id);
        let stand = stand(work, &scope).await?;
        work.note(json!({ "channel": channel, "pinned": false, "repeated": !stand.pinned }));
        if !pins::remove(work.conn, work.grant, self.message).await? {
            return Ok(());
        }
        let unpinned = Event::MessageUnpinned { message: self.message, person };
        work.emit(Topic::Channel(channel), unpinned).await.map(drop)
    }
}

impl Query for ListPins {
    type Scope = ChannelScope;
    type Output = Vec<Pin>;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: ChannelScope) -> Outcome<Vec<Pin>> {
        let rows = pins::of_channel(asking.conn, self.channel).await?;
        let found = messages::find_all(asking.conn, rows.iter().map(|row| row.message).collect()).await?;
        let mut found: HashMap<MessageId, Message> =
            found.into_iter().map(|message| (message.id, message.into())).collect();
        let pin = |row: pins::Stored| {
            Some(Pin { message: found.remove(&row.message)?, person: row.person(), at: row.pinned_at })
        };
        Ok(rows.into_iter().filter_map(pin).collect())
    }
}
