//! Channels remove what is older than they keep it, messages and figures (C05, O08): once per cluster, in small steps.

use super::door::Door;
use crate::{
    domain::{
        Actor, ChannelId, Clock, Error, MessageId, Result, Surface, Time,
        channel::OVERDUE,
        command::{ForgetActivity, RemoveOverdue},
    },
    queue::Duty,
    store::{
        Store, StoreError, held,
        retention::{self, Keeping},
    },
};

/// How often it is looked.
const EVERY: i64 = 60 * Time::MINUTE;
/// How many positions are looked through at once, beside the writer.
const STRETCH: i64 = 5_000;

/// Removes what is older than its channel keeps it; says how many messages. Idempotent: what is gone is gone.
pub async fn remove_once<D: Door>(door: &D, store: &Store, clock: &Clock) -> Result<usize> {
    let channels = store.read::<_, StoreError, _>(|conn| Box::pin(retention::keeping(conn))).await.map_err(fault)?;
    let mut removed = 0;
    for channel in channels {
        removed += tidy(door, store, channel, channel.oldest(clock.now())).await?;
    }
    Ok(removed)
}

async fn tidy<D: Door>(door: &D, store: &Store, channel: Keeping, oldest: Time) -> Result<usize> {
    let removed = match remove(door, store, channel, oldest).await {
        // The channel went meanwhile.
        Err(Error::NotFound) => return Ok(0),
        removed => removed?,
    };
    match door.execute(Actor::system(Surface::Worker), ForgetActivity { channel: channel.id }).await {
        Ok(_) | Err(Error::NotFound) => Ok(removed),
        Err(error) => Err(error),
    }
}

async fn remove<D: Door>(door: &D, store: &Store, channel: Keeping, oldest: Time) -> Result<usize> {
    let (mut from, mut removed) = (0, 0);
    while from < channel.count {
        let to = from + STRETCH;
        let look = store.read_long::<_, StoreError, _>(move |conn| {
            Box::pin(retention::overdue(conn, channel.id, from, to, oldest))
        });
        for messages in look.await.map_err(fault)?.chunks(OVERDUE) {
            removed += remove_these(door, channel.id, messages.to_vec()).await?;
        }
        from = to;
    }
    let many = i64::try_from(OVERDUE).unwrap_or(i64::MAX);
    // What stands in threads alone has no position to be found by.
    loop {
        let look = store.read_long::<_, StoreError, _>(move |conn| {
            Box::pin(retention::overdue_replies(conn, channel.id, oldest, many))
        });
        let gone = remove_these(door, channel.id, look.await.map_err(fault)?).await?;
        removed += gone;
        // Nothing is left, or the channel keeps it after all.
        if gone == 0 {
            break;
        }
    }
    // Nor has what waits for a moderator, or was declined.
    loop {
        let look =
            store.read_long::<_, StoreError, _>(move |conn| Box::pin(held::overdue(conn, channel.id, oldest, many)));
        let gone = remove_these(door, channel.id, look.await.map_err(fault)?).await?;
        removed += gone;
        if gone == 0 {
            return Ok(removed);
        }
    }
}

async fn remove_these<D: Door>(door: &D, channel: ChannelId, messages: Vec<MessageId>) -> Result<usize> {
    if messages.is_empty() {
        return Ok(0);
    }
    door.execute(Actor::system(Surface::Worker), RemoveOverdue { channel, messages }).await
}

fn fault(cause: StoreError) -> Error {
    tracing::warn!(%cause, "cannot look for what channels no longer keep");
    Error::Unavailable
}

/// Removes every hour, once per cluster.
pub fn removing<D: Door + Clone>(door: D) -> Duty {
    Duty::new("channels.remove_overdue", EVERY, move |store, clock| {
        let door = door.clone();
        async move {
            let removed = remove_once(&door, &store, &clock).await?;
            if removed > 0 {
                tracing::info!(removed, "messages were older than their channels keep them");
            }
            Ok::<_, Error>(())
        }
    })
}
