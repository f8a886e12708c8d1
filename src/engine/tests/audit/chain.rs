use uuid::Uuid;

use super::{noon, seal_all, verdict, write};
use crate::{
    audit::{Fault, Wrong},
    domain::{Action, Actor, AuditId, PersonId, Surface, Time, audit::AuditEntry},
    each_engine,
    policy::{PolicySet, Target},
    service::audit::{Verified, verify},
    store::{Shard, Sql, Store, StoreError, audits},
};

/// How long the log is.
const ENTRIES: i64 = 300;

/// One step of somebody with access to the database.
#[derive(Clone, Copy)]
enum Step {
    At(&'static str, i64),
    Between(&'static str, i64, i64),
    New(&'static str, i64, Uuid),
}

/// What a trial ends with, so that all of it is undone.
enum Trial {
    Verdict(Result<Verified, Fault>),
    Store(StoreError),
}

impl From<StoreError> for Trial {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Erases the addresses of whoever these entries are about.
/// PostgreSQL ends one of two who wait for each other's rows; whoever it was begins again, as the sealer does.
async fn erase_all(store: &Store, entries: &[AuditEntry]) {
    while let Err(error) = erase_once(store, entries).await {
        assert!(error.is_retryable(), "{error}");
    }
}

async fn erase_once(store: &Store, entries: &[AuditEntry]) -> Result<(), StoreError> {
    let people: Vec<PersonId> = entries.iter().filter_map(|entry| Some(PersonId::from(entry.target?))).collect();
    let erased = store.write::<_, StoreError, _>(Shard(0), move |conn| {
        Box::pin(async move {
            let (server, target) = (Actor::system(Surface::Cli), Target::default());
            let grant = PolicySet::default().grant::<()>(&server, Action::ArchiveAudit, &target);
            let grant = grant.expect("the command line may");
            for person in people {
                audits::archive::erase_addresses(conn, &grant, person).await?;
            }
            Ok(())
        })
    });
    erased.await
}

/// Tampers with the database, verifies, and undoes it.
async fn tampered(store: &Store, steps: Vec<Step>) -> Result<Verified, Fault> {
    let trial = store.write::<(), Trial, _>(Shard(0), move |conn| {
        Box::pin(async move {
            for step in steps {
                let touched = match step {
                    Step::At(sql, at) => conn.run(Sql::both(sql), (at,)).await?,
                    Step::Between(sql, from, to) => conn.run(Sql::both(sql), (from, to)).await?,
                    Step::New(sql, at, id) => conn.run(Sql::both(sql), (at, id)).await?,
                };
                assert!(touched > 0, "the premise: it touches something");
            }
            Err(Trial::Verdict(verify(conn, noon().now(), None).await?))
        })
    });
    match trial.await.expect_err("a trial is undone") {
        Trial::Verdict(verdict) => verdict,
        Trial::Store(error) => panic!("{error}"),
    }
}

const EDITS: [&str; 15] = [
    "UPDATE audit_entries SET at = at + 1 WHERE number = $1",
    "UPDATE audit_entries SET action = 'message.delete' WHERE number = $1",
    "UPDATE audit_entries SET actor = id WHERE number = $1",
    "UPDATE audit_entries SET actor_kind = 'system' WHERE number = $1",
    "UPDATE audit_entries SET surface = 'cli' WHERE number = $1",
    "UPDATE audit_entries SET address = '203.0.113.9' WHERE number = $1",
    "UPDATE audit_entries SET address_digest = hash WHERE number = $1",
    "UPDATE audit_entries SET target_kind = 'channel' WHERE number = $1",
    "UPDATE audit_entries SET target = NULL WHERE number = $1",
    "UPDATE audit_entries SET outcome = CASE outcome WHEN 'done' THEN 'refused' ELSE 'done' END WHERE number = $1",
    "UPDATE audit_entries SET rule = NULL WHERE number = $1",
    "UPDATE audit_entries SET changes = '{}' WHERE number = $1",
    "UPDATE audit_entries SET correlation = id WHERE number = $1",
    "UPDATE audit_entries SET hash = previous WHERE number = $1",
    "UPDATE audit_entries SET previous = hash WHERE number = $1",
];
const REMOVE: &str = "DELETE FROM audit_entries WHERE number = $1";
const CUT: &str = "DELETE FROM audit_entries WHERE number >= $1";
const UNNUMBER: &str = "UPDATE audit_entries SET number = NULL WHERE number = $1";
const HIDE: &str = "UPDATE audit_entries SET number = -number WHERE number = $1";
const RENUMBER: &str = "UPDATE audit_entries SET number = $2 WHERE number = $1";
// In two steps: numbers are unique at every moment.
const LIFT: &str = "UPDATE audit_entries SET number = -(number + 1) WHERE number >= $1";
const LOWER: &str = "UPDATE audit_entries SET number = -(number - 1) WHERE number > $1";
const SETTLE: &str = "UPDATE audit_entries SET number = -number WHERE number < $1";
const FORGE: &str = "INSERT INTO audit_entries (id, at, action, actor_kind, surface, address, target_kind, outcome, \
    changes, correlation, number, previous, hash) SELECT $2, at, action, actor_kind, surface, '', target_kind, outcome, \
    changes, correlation, $1, previous, hash FROM audit_entries WHERE number = $1 + 1";
const REWIND: &str = "UPDATE audit_head SET number = number - $1";

async fn found(store: &Store, steps: Vec<Step>) -> (i64, Wrong) {
    let fault = tampered(store, steps).await.expect_err("it is found");
    assert_eq!(fault.id.is_none(), fault.wrong == Wrong::Removed, "{fault}: what is there is named");
    (fault.number, fault.wrong)
}

each_engine! {
    // L08, "Nothing lost" 14
    async fn whoever_tampers_with_the_database_is_found(store: Store) {
        write(&store, 0, ENTRIES).await;
        seal_all(&store, &noon()).await;
        let whole = verdict(&store, noon().now()).await.unwrap();
        assert_eq!((whole.walked.walked, whole.walked.head.number), (300, ENTRIES));
        let at = |turn: usize| 1 + i64::try_from(turn * 37).unwrap() % (ENTRIES - 1);
        for (turn, edit) in EDITS.into_iter().chain(EDITS).enumerate() {
            let found = found(&store, vec![Step::At(edit, at(turn))]).await;
            assert_eq!(found, (at(turn), Wrong::Changed), "{edit}");
        }
        for turn in 0..5 {
            let (here, there) = (at(turn), at(turn) + 1);
            assert_eq!(found(&store, vec![Step::At(REMOVE, here)]).await, (here, Wrong::Removed));
            assert_eq!(found(&store, vec![Step::At(CUT, here)]).await, (here, Wrong::Removed));
            assert_eq!(found(&store, vec![Step::At(UNNUMBER, here)]).await, (here, Wrong::Moved));
            assert_eq!(found(&store, vec![Step::At(HIDE, here)]).await, (here, Wrong::Moved));
            let closed = vec![Step::At(REMOVE, here), Step::At(LOWER, here), Step::At(SETTLE, 0)];
            assert_eq!(found(&store, closed).await, (here, Wrong::Removed));
            let swapped =
                vec![Step::At(HIDE, here), Step::Between(RENUMBER, there, here), Step::Between(RENUMBER, -here, there)];
            assert_eq!(found(&store, swapped).await, (here, Wrong::Moved));
            let forged =
                vec![Step::At(LIFT, here), Step::At(SETTLE, 0), Step::New(FORGE, here, AuditId::fresh().into())];
            assert_eq!(found(&store, forged).await, (here, Wrong::Inserted));
        }
        assert_eq!(found(&store, vec![Step::At(CUT, ENTRIES)]).await, (ENTRIES, Wrong::Removed));
        assert_eq!(found(&store, vec![Step::At(REWIND, 1)]).await, (ENTRIES, Wrong::Changed));
        assert_eq!(verdict(&store, noon().now()).await.unwrap(), whole, "the premise: all of it was undone");
    }

    // L08
    async fn an_entry_that_nobody_seals_is_reported_after_a_minute(store: Store) {
        write(&store, 0, 3).await;
        seal_all(&store, &noon()).await;
        write(&store, 99_990, 1).await;
        let written = noon().now().plus(-10 * Time::SECOND);
        let young = verdict(&store, written.plus(Time::MINUTE)).await.unwrap();
        assert_eq!((young.walked.walked, young.unsealed), (3, 1));
        let fault = verdict(&store, written.plus(Time::MINUTE + 1)).await.unwrap_err();
        assert_eq!((fault.wrong, fault.at), (Wrong::Unsealed, Some(written)));
        assert!(fault.to_string().contains("not sealed"), "{fault}");
    }

    // L08, O08
    async fn an_address_that_is_erased_while_its_entry_is_sealed_is_gone_and_the_log_whole(store: Store) {
        write(&store, 0, 8).await;
        let read = store.read::<_, StoreError, _>(|conn| Box::pin(audits::chain::waiting(conn, 100)));
        let (head, entries) = read.await.unwrap();
        assert!(entries.iter().any(|entry| !entry.address.is_empty()), "the premise");
        let sealed = crate::audit::seal(head.place(), entries.clone(), &[7; 32]);
        erase_all(&store, &entries).await;
        let written = store.write::<_, StoreError, _>(Shard(2), move |conn| Box::pin(async move {
            let end = audits::chain::hold(conn).await?.expect("nobody else seals");
            audits::chain::seal(conn, end, &sealed, noon().now()).await
        }));
        assert!(written.await.is_err_and(|error| error.is_retryable()), "they were computed of what is no longer there");
        seal_all(&store, &noon()).await;
        let whole = verdict(&store, noon().now()).await.unwrap();
        assert_eq!((whole.walked.walked, whole.walked.erased), (8, 0), "sealed as if there had never been an address");
        let left = store.read::<_, StoreError, _>(|conn| Box::pin(audits::chain::after(conn, 0, 100))).await.unwrap();
        assert!(left.iter().all(|sealed| sealed.entry.address.is_empty() && sealed.address_digest.is_none()));
    }

    // L08, O08
    async fn erasing_addresses_beside_the_sealer_leaves_none_and_a_whole_log(store: Store) {
        for round in 0..10 {
            write(&store, round * 20, 20).await;
            let read = store.read::<_, StoreError, _>(|conn| Box::pin(audits::chain::waiting(conn, 100)));
            let (_, entries) = read.await.unwrap();
            futures_util::future::join(seal_all(&store, &noon()), erase_all(&store, &entries)).await;
        }
        seal_all(&store, &noon()).await;
        let left = store.read::<_, StoreError, _>(|conn| Box::pin(audits::chain::after(conn, 0, 1_000))).await.unwrap();
        assert_eq!(left.len(), 200);
        assert!(left.iter().all(|sealed| sealed.entry.address.is_empty() && sealed.address_salt.is_none()));
        assert_eq!(verdict(&store, noon().now()).await.unwrap().walked.walked, 200);
    }

    // L08, O08
    async fn erasing_the_addresses_of_a_person_keeps_the_log_verifiable(store: Store) {
        write(&store, 0, 20).await;
        seal_all(&store, &noon()).await;
        let erased = store.write::<_, StoreError, _>(Shard(0), |conn| Box::pin(async move {
            let entries = audits::chain::after(conn, 0, 100).await?;
            assert!(entries.iter().filter(|sealed| sealed.entry.address.starts_with("192.0.2.")).count() > 10);
            let (server, target) = (Actor::system(Surface::Cli), Target::default());
            let grant = PolicySet::default().grant::<()>(&server, Action::ArchiveAudit, &target);
            let grant = grant.expect("the command line may");
            let mut erased = 0;
            for sealed in entries {
                let person = PersonId::from(sealed.entry.target.unwrap());
                erased += audits::archive::erase_addresses(conn, &grant, person).await?;
            }
            let left = audits::chain::after(conn, 0, 100).await?;
            assert!(left.iter().all(|sealed| sealed.entry.address.is_empty() && sealed.address_salt.is_none()));
            Ok(erased)
        }));
        assert_eq!(erased.await.unwrap(), 15);
        let whole = verdict(&store, noon().now()).await.unwrap();
        assert_eq!((whole.walked.walked, whole.walked.erased), (20, 15));
        let forged = "UPDATE audit_entries SET address = '203.0.113.9' WHERE number = $1";
        let fault = tampered(&store, vec![Step::At(forged, 7)]).await.unwrap_err();
        assert_eq!((fault.number, fault.wrong), (7, Wrong::Changed));
    }
}
