//! Leases: keeping one's own, and giving up what nobody survives.

use super::Ground;
use crate::{
    domain::{Lane, RecordId, Time},
    store::{BoxFuture, Conn, StoreError, outbox},
};

/// How many leases one write extends.
const PAGE: usize = 1_024;

/// Gives up records whose process died at their last attempt: whatever kills three processes is not given a fourth.
pub(super) async fn bury(conn: &mut Conn<'_>, lane: Lane, now: Time) -> Result<u64, StoreError> {
    let buried = outbox::bury_abandoned(conn, lane, now).await?;
    if buried > 0 {
        tracing::warn!(%lane, buried, "records whose process ended at their last attempt are dead letters now");
    }
    Ok(buried)
}

/// Extends the leases of what this process still holds.
pub(super) fn renew(ground: &Ground, lease: i64, held: Vec<RecordId>) -> BoxFuture<'static, Result<(), StoreError>> {
    let ground = ground.clone();
    Box::pin(async move {
        for page in held.chunks(PAGE) {
            let (page, node, until) = (page.to_vec(), ground.node, ground.clock.now().plus(lease));
            let extended = ground.store.write::<_, StoreError, _>(ground.shard(), move |conn| {
                Box::pin(async move { outbox::extend(conn, &page, node, until).await })
            });
            extended.await?;
        }
        Ok(())
    })
}
