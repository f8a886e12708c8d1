use uuid::Uuid;

use super::{seal_world, verdict};
use crate::{
    domain::{
        Action, Actor, Error, Surface, Time,
        audit::AuditEntry,
        query::{AuditOutcome, ListAudit, NameActors, ReadChain, audit::AUDIT_PAGE},
    },
    each_engine,
    lab::World,
};

/// Every page of a list.
async fn all(world: &World, reader: &Actor, wanted: ListAudit) -> Vec<AuditEntry> {
    let (mut entries, mut wanted) = (Vec::new(), wanted);
    loop {
        let page = world.engine.ask(reader, wanted.clone()).await.unwrap();
        assert!(page.entries.len() <= AUDIT_PAGE);
        assert_eq!(page.next.is_some(), page.entries.len() == AUDIT_PAGE && page.next.is_some());
        entries.extend(page.entries);
        let Some(next) = page.next else { return entries };
        wanted.after = Some(next);
    }
}

each_engine! {
    // L06, L07
    async fn only_the_servers_owner_reads_the_audit_log_and_who_tries_is_in_it(world: World) {
        let (owner, bo) = (world.person("owner").await, world.person("bo").await);
        world.community(&bo, "acme", true).await;
        let visitor = Actor::visitor(Surface::Api);
        let refused = world.engine.ask(&bo, ListAudit::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
        assert!(matches!(world.engine.ask(&bo, ReadChain {}).await, Err(Error::Forbidden { .. })));
        let names = world.engine.ask(&bo, NameActors::default()).await;
        assert!(matches!(names, Err(Error::Forbidden { .. })));
        assert_eq!(world.engine.ask(&visitor, ListAudit::default()).await, Err(Error::SignedOut));
        let wanted = ListAudit {
            action: Some(Action::ReadAudit), outcome: Some(AuditOutcome::Refused), ..ListAudit::default()
        };
        let tried: Vec<_> = all(&world, &owner, wanted).await.into_iter().map(|entry| (entry.actor, entry.surface)).collect();
        let bo = bo.id().map(Uuid::from);
        let page = || "page".to_owned();
        assert_eq!(tried, [(None, "api".to_owned()), (bo, page()), (bo, page()), (bo, page())]);
        assert!(world.engine.ask(&Actor::system(Surface::Cli), ReadChain {}).await.is_ok());
    }

    // L02, L03, L05
    async fn every_filter_finds_what_a_look_at_everything_finds(world: World) {
        let (owner, bo) = (world.person("owner").await, world.person("bo").await);
        let acme = world.community(&owner, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&owner, &acme).await;
        let secret = world.channel(&owner, acme.id, "secret", true).await;
        for n in 0..60 {
            world.post(if n % 3 == 0 { &owner } else { &bo }, general.id, "x").await;
            world.try_post(&bo, secret.id, "let me in").await.unwrap_err();
            if n == 40 {
                // Some are sealed when they are listed, some are not.
                seal_world(&world).await;
            }
        }
        let everything = all(&world, &owner, ListAudit::default()).await;
        assert!(everything.len() > 120);
        assert!(everything.is_sorted_by_key(|entry| std::cmp::Reverse((entry.at, entry.id))));
        let (early, late) = (everything[100].at, everything[10].at);
        let any = ListAudit::default;
        let correlation = everything.iter().find(|entry| entry.outcome == "refused").map(|entry| entry.correlation);
        let person: Option<Uuid> = bo.id().map(Into::into);
        let filters = [
            ListAudit { actor: person, ..any() },
            ListAudit { target: Some(secret.id.into()), ..any() },
            ListAudit { action: Some(Action::Post), ..any() },
            ListAudit { outcome: Some(AuditOutcome::Refused), ..any() },
            ListAudit { outcome: Some(AuditOutcome::Done), ..any() },
            ListAudit { surface: Some(Surface::Page), ..any() },
            ListAudit { since: Some(early), until: Some(late), ..any() },
            ListAudit { actor: person, action: Some(Action::Post), since: Some(early), ..any() },
            ListAudit { actor: person, target: Some(secret.id.into()), outcome: Some(AuditOutcome::Done), ..any() },
            ListAudit { correlation, ..any() },
            ListAudit { correlation, outcome: Some(AuditOutcome::Refused), ..any() },
        ];
        for (at, filter) in filters.into_iter().enumerate() {
            let expected: Vec<_> = everything.iter().filter(|entry| fits(&filter, entry)).map(|entry| entry.id).collect();
            let found: Vec<_> = all(&world, &owner, filter).await.into_iter().map(|entry| entry.id).collect();
            assert_eq!(found, expected, "filter {at}");
            assert_eq!(found.is_empty(), at == 8, "the premise: filter {at} finds something");
        }
    }

    // L02: entries know people by id, who looks for them by name.
    async fn who_is_in_the_log_is_named_by_handle_or_id(world: World) {
        let owner = world.person("owner").await;
        let bo = world.person("bo").await;
        let wanted = NameActors {
            handles: vec!["bo".to_owned(), "nobody".to_owned()],
            ids: owner.id().into_iter().collect(),
        };
        let found = world.engine.ask(&owner, wanted).await.unwrap();
        assert_eq!(found, [bo.signed_in().unwrap().clone(), owner.signed_in().unwrap().clone()]);
    }

    // L08, Q07
    async fn the_state_of_the_chain_tells_what_waits(world: World) {
        let owner = world.person("owner").await;
        seal_world(&world).await;
        let state = world.engine.ask(&owner, ReadChain {}).await.unwrap();
        assert_eq!(state.head.number, 1, "the signing up");
        assert_eq!((state.archived.number, state.unsealed, state.oldest_unsealed), (0, 0, None));
        assert!(state.sealed_at > Time::from_micros(0));
        let whole = verdict(world.engine.store(), world.engine.clock().now()).await.unwrap();
        assert_eq!(whole.walked.head, state.head);
    }

    // L08: what was written last is sealed before the database is let go.
    async fn a_server_that_stops_leaves_nothing_unsealed(world: World) {
        let mut world = world;
        world.person("owner").await;
        world.person("bo").await;
        world.engine.close().await;
        world.restart().await;
        let whole = verdict(world.engine.store(), world.engine.clock().now()).await.unwrap();
        assert_eq!((whole.walked.walked, whole.unsealed), (2, 0));
    }
}

/// The filter, as anybody would write it down.
fn fits(wanted: &ListAudit, entry: &AuditEntry) -> bool {
    wanted.actor.is_none_or(|actor| entry.actor == Some(actor))
        && wanted.target.is_none_or(|target| entry.target == Some(target))
        && wanted.correlation.is_none_or(|correlation| entry.correlation == correlation)
        && wanted.action.is_none_or(|action| entry.action == action.as_str())
        && wanted.outcome.is_none_or(|outcome| entry.outcome == outcome.as_str())
        && wanted.surface.is_none_or(|surface| entry.surface == surface.as_str())
        && wanted.since.is_none_or(|since| entry.at >= since)
        && wanted.until.is_none_or(|until| entry.at < until)
}
