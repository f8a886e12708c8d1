//! Looking for work in the database (Q03, Q04).

use super::{Ground, rescue};
use crate::{
    domain::Lane,
    store::{
        BoxFuture, StoreError,
        outbox::{self, Claim, Control, Taken},
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

/// Reads how the lane is set and claims what is due for `handlers`, but for the first `skip`.
pub(super) fn look(
    ground: &Ground,
    lane: Lane,
    lease: i64,
    handlers: Vec<String>,
    skip: i64,
) -> BoxFuture<'static, Result<Found, StoreError>> {
    let ground = ground.clone();
    Box::pin(async move {
        let (now, wanted) = (ground.clock.now(), handlers.clone());
        let read = ground.store.read::<_, StoreError, _>(move |conn| {
            Box::pin(async move {
                let control = outbox::control(conn, lane).await?;
                Ok((control, !control.paused && outbox::due(conn, lane, &wanted, now).await?))
            })
        });
        let (control, due) = read.await?;
        if !due {
            return Ok(Found { control, taken: Taken::default(), buried: 0, more: false });
        }
        let limit = i64::try_from(CLAIM).unwrap_or_default();
        let claim = Claim { lane, handlers, owner: ground.node, now, until: now.plus(lease), limit, skip };
        let done = ground.store.write::<_, StoreError, _>(ground.shard(), move |conn| {
            Box::pin(async move {
                let buried = rescue::bury(conn, lane, now).await?;
                Ok((buried, outbox::claim(conn, &claim).await?))
            })
        });
        let (buried, taken) = done.await?;
        Ok(Found { control, taken, buried, more: true })
    })
}
