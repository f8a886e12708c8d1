//! What the log keeps of texts (L01, L08).

use serde_json::{Value as Json, json};
use sha2::Digest as _;

use super::{seal_world, verdict};
use crate::{
    domain::{
        Action, Actor, Surface,
        audit::Digest,
        command::{DeleteMessage, EditMessage, SetTopic},
        query::ListAudit,
    },
    each_engine,
    lab::World,
    service::Fingerprints,
    store::{Shard, StoreError, audits},
};

/// What the entries of an action say they changed, the latest first.
async fn changes(world: &World, action: Action) -> Vec<Json> {
    let wanted = ListAudit { action: Some(action), ..ListAudit::default() };
    let page = world.engine.ask(&Actor::system(Surface::Cli), wanted).await.unwrap();
    page.entries.into_iter().map(|entry| entry.changes).collect()
}

fn bare(text: &str) -> String {
    Digest(sha2::Sha256::digest(text).into()).to_string()
}

each_engine! {
    async fn a_short_text_that_is_gone_cannot_be_guessed_from_the_log(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "yes").await.message.id;
        let edit = EditMessage { message, body: "no".to_owned(), version: None, reason: None };
        world.engine.execute(ana.clone(), edit).await.unwrap();
        world.engine.execute(ana.clone(), DeleteMessage { message }).await.unwrap();
        world.engine.execute(ana, SetTopic { channel: general.id, topic: "yes".to_owned() }).await.unwrap();
        let own = Fingerprints::look(world.engine.store()).await.unwrap().expect("made when the engine was opened");
        let posted = changes(&world, Action::Post).await;
        assert_eq!(posted[0]["digest"], own.of("yes"));
        let edited = changes(&world, Action::EditMessage).await;
        assert_eq!((&edited[0]["before"], &edited[0]["after"]), (&own.of("yes").into(), &own.of("no").into()));
        assert_eq!(changes(&world, Action::DeleteMessage).await[0]["digest"], own.of("no"));
        assert_eq!(changes(&world, Action::SetTopic).await[0]["digest"], own.of("yes"), "one text, one digest");
        for action in [Action::Post, Action::EditMessage, Action::DeleteMessage, Action::SetTopic] {
            for said in changes(&world, action).await {
                let said = said.to_string();
                assert!(!said.contains(&bare("yes")) && !said.contains(&bare("no")), "{action}: {said}");
            }
        }
        world.restart().await;
        let after = Fingerprints::look(world.engine.store()).await.unwrap().unwrap();
        assert_eq!(after.of("yes"), own.of("yes"), "the secret is the installation's, not the process's");
    }

    async fn what_an_older_program_noted_still_verifies(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let (actor, now) = (ana.clone(), world.engine.clock().now());
        let changes_then = json!({ "channel": general.id, "sha256": bare("yes") });
        let write = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| {
            Box::pin(async move {
                let (target_kind, target) = ("message", Some(general.id.into()));
                let changes = &changes_then;
                let entry = audits::Entry { action: Action::Post, target_kind, target, done: true, rule: None, changes };
                audits::insert(conn, &actor, &entry, now).await
            })
        });
        write.await.unwrap();
        seal_world(&world).await;
        world.post(&ana, general.id, "yes").await;
        seal_world(&world).await;
        let whole = verdict(world.engine.store(), world.engine.clock().now()).await.unwrap();
        assert_eq!(whole.unsealed, 0);
        let posted = changes(&world, Action::Post).await;
        assert!(posted[0].get("digest").is_some() && posted[1].get("sha256").is_some(), "{posted:?}");
    }
}
