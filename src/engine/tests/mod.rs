//! The promises of the catalogue, each on both engines.

mod accounts;
mod activity;
mod audit;
mod channels;
mod communities;
mod ephemeral;
mod feed;
mod imports;
mod inbox;
mod lanes;
mod mentions;
mod messages;
mod privacy;
mod reactions;
mod retention;
mod slash;
mod watching;
mod webhooks;

use uuid::Uuid;

use crate::{
    domain::{AuditId, Time, audit::AuditEntry},
    lab::World,
    store::{
        StoreError,
        audits::list::{self, Wanted},
    },
};

/// What the audit log says of one thing, the latest first.
async fn audited(world: &World, target: impl Into<Uuid>) -> Vec<AuditEntry> {
    let wanted = Wanted {
        actor: None,
        target: Some(target.into()),
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
