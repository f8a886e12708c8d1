//! The promises of the catalogue, each on both engines.

mod accounts;
mod activity;
mod audit;
mod channels;
mod communities;
mod ephemeral;
mod feed;
mod hanging_up;
mod hooks;
mod imports;
mod inbox;
mod lanes;
mod mentions;
mod messages;
mod privacy;
mod reactions;
mod retention;
mod slash;
mod tidying;
mod watching;
mod webhooks;
mod webhooks_apart;
mod webhooks_given_up;

use uuid::Uuid;

use crate::{
    domain::{Actor, AuditId, CommunitySummary, Time, audit::AuditEntry},
    lab::World,
    store::{
        Shard, Sql, StoreError,
        audits::list::{self, Wanted},
    },
};

/// What the audit log says of one thing, the latest first.
async fn audited(world: &World, target: impl Into<Uuid>) -> Vec<AuditEntry> {
    let wanted = Wanted {
        actor: None,
        target: Some(target.into()),
        correlation: None,
        action: None,
        outcome: None,
        surface: None,
        since: Time::from_micros(0),
        before: (Time::from_micros(i64::MAX), AuditId::from(Uuid::max())),
    };
    let read = world
        .engine
        .store()
        .read::<_, StoreError, _>(move |conn| Box::pin(async move { list::list(conn, &wanted, 10).await }));
    read.await.unwrap()
}

/// Makes a member an admin; there is no command for it yet.
async fn promote(world: &World, community: &CommunitySummary, person: &Actor) {
    const PROMOTE: Sql = Sql::both("UPDATE members SET role = 'admin' WHERE community = $1 AND person = $2");
    let (community, person) = (community.id, person.id().unwrap());
    let promoted = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| {
        Box::pin(async move { conn.run(PROMOTE, (community, person)).await })
    });
    assert_eq!(promoted.await.unwrap(), 1);
}
