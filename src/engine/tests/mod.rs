//! The promises of the catalogue, each on both engines.

mod accounts;
mod activity;
mod audit;
mod channel_deletion;
mod channel_settings;
mod channels;
mod communities;
mod conversations;
mod custom_roles;
mod drafts;
mod ephemeral;
mod feed;
mod flags;
mod hanging_up;
mod held;
mod held_ends;
mod history;
mod hooks;
mod imports;
mod inbox;
mod invite_links;
mod lanes;
mod members;
mod mentions;
mod messages;
mod moderation;
mod participation;
mod pins;
mod posting_limits;
mod privacy;
mod random;
mod reactions;
mod retention;
mod rules;
mod search;
mod slash;
mod threads;
mod tidying;
mod vacant;
mod verdicts;
mod visible;
mod watching;
mod webhooks;
mod webhooks_apart;
mod webhooks_given_up;

use uuid::Uuid;

use crate::{
    domain::{Actor, AuditId, CommunitySummary, Role, Surface, Time, audit::AuditEntry, command::ChangeRole},
    lab::World,
    store::{
        self, StoreError,
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

/// The owner makes a member an admin.
async fn promote(world: &World, community: &CommunitySummary, person: &Actor) {
    give(world, community, person, Role::Admin).await;
}

/// The owner gives a member a role.
async fn give(world: &World, community: &CommunitySummary, person: &Actor, role: Role) {
    let (community, person) = (community.id, person.id().unwrap());
    let owner = world.engine.store().read::<_, StoreError, _>(move |conn| {
        Box::pin(async move {
            let owner = store::communities::standing(conn, community, person).await?.unwrap().owner;
            Ok(store::people::find(conn, owner).await?.unwrap().summary())
        })
    });
    let owner = Actor::person(owner.await.unwrap(), Surface::Page);
    world.engine.execute(owner, ChangeRole { community, person, role }).await.unwrap();
}
