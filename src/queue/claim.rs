//! Looking for work in the database (Q03, Q04).

use super::{Ground, rescue};
use crate::{
    domain::Lane,
    store::{
        BoxFuture, StoreError,
        outbox::{self, Claim, Control, Hands, Taken},
    },
};

/// How many records one claim takes over.
pub(super) const CLAIM: usize = 256;

/// What a look found.
#[derive(Debug)]
pub(super) struct Found {
    /// How the lane is set.
    pub control: Control,
    /// What was taken over.
    pub taken: Taken,
    /// How many were given up, because their process died at their last attempt.
    pub buried: u64,
    /// Whether something waited.
    pub more: bool,
}

/// What a look is for.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// Whose records.
    pub handlers: Vec<Hands>,
    /// How many more records could be begun at once.
    pub free: i64,
    /// How many of them are passed over, from the first on.
    pub skip: i64,
    /// Whether the look before left something: then it is not asked whether anything waits, nor who died. Both read what
    /// waits, which may be much; the next poll asks again.
    pub goes_on: bool,
}

/// Reads how the lane is set and claims what is due.
pub(super) fn look(
    ground: &Ground,
    lane: Lane,
    lease: i64,
    wish: Wish,
) -> BoxFuture<'static, Result<Found, StoreError>> {
    let ground = ground.clone();
    let Wish { handlers, free, skip, goes_on } = wish;
    Box::pin(async move {
        let now = ground.clock.now();
        let wanted: Vec<String> = handlers.iter().map(|hands| hands.handler.clone()).collect();
        let read = ground.store.read::<_, StoreError, _>(move |conn| {
            Box::pin(async move {
                let control = outbox::control(conn, lane).await?;
                Ok((control, !control.paused && (goes_on || outbox::due(conn, lane, &wanted, now).await?)))
            })
        });
        let (control, due) = read.await?;
        if !due {
            return Ok(Found { control, taken: Taken::default(), buried: 0, more: false });
        }
        let limit = i64::try_from(CLAIM).unwrap_or_default();
        let claim = Claim { lane, handlers, owner: ground.node, now, until: now.plus(lease), limit, last: free, skip };
        let done = ground.store.write::<_, StoreError, _>(ground.shard(), move |conn| {
            Box::pin(async move {
                let buried = if goes_on { 0 } else { rescue::bury(conn, lane, now).await? };
                Ok((buried, outbox::claim(conn, &claim).await?))
            })
        });
        let (buried, taken) = done.await?;
        // Whether something waited is not known of a look that went on and found nothing.
        let more = !goes_on || !taken.records.is_empty();
        Ok(Found { control, taken, buried, more })
    })
}
