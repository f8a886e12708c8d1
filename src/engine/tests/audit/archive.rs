use super::{noon, seal_all, seal_world, verdict, write};
use crate::{
    audit::Wrong,
    domain::{Actor, Error, Surface, audit::Digest, command::ArchiveAudit},
    each_engine,
    lab::World,
    service::audit::verify,
    store::{Shard, Sql, StoreError, audits},
};

async fn seal_of(world: &World, number: i64) -> Digest {
    let place =
        world.engine.store().read::<_, StoreError, _>(move |conn| Box::pin(audits::archive::place(conn, number)));
    place.await.unwrap().expect("the entry is there").hash
}

each_engine! {
    // L04
    async fn what_is_archived_leaves_a_chain_that_verifies_from_there_on(world: World) {
        let cli = Actor::system(Surface::Cli);
        write(world.engine.store(), 0, 40).await;
        seal_all(world.engine.store(), &noon()).await;
        let file = Digest([7; 32]);
        let archive = |last, hash| ArchiveAudit { last, hash, file };
        let (tenth, thirtieth) = (seal_of(&world, 10).await, seal_of(&world, 30).await);
        let other = world.engine.execute(cli.clone(), archive(10, thirtieth)).await;
        assert!(matches!(other, Err(Error::Conflict { .. })), "the file holds another entry: {other:?}");
        assert_eq!(world.engine.execute(cli.clone(), archive(10, tenth)).await, Ok(10));
        let again = world.engine.execute(cli.clone(), archive(10, tenth)).await;
        assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
        assert_eq!(world.engine.execute(cli.clone(), archive(30, thirtieth)).await, Ok(20));
        seal_world(&world).await;
        let whole = verdict(world.engine.store(), noon().now()).await.unwrap();
        assert_eq!((whole.archived.number, whole.archived.hash), (30, thirtieth));
        assert_eq!((whole.walked.walked, whole.walked.head.number), (12, 42), "ten are left, and two archivings");
        // L06: it is a permission of its own.
        let owner = world.person("owner").await;
        let refused = world.engine.execute(owner, archive(35, tenth)).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    }

    // L04: nothing is silently deleted.
    async fn whoever_makes_a_deletion_look_like_an_archive_is_found(world: World) {
        write(world.engine.store(), 0, 20).await;
        seal_all(world.engine.store(), &noon()).await;
        let verdict = world.engine.store().write::<_, StoreError, _>(Shard(0), |conn| Box::pin(async move {
            conn.run(Sql::both("INSERT INTO audit_archives (last, first, previous, hash, file, archived_at) \
                SELECT number, 1, hash, hash, '', at FROM audit_entries WHERE number = $1"), (8_i64,)).await?;
            conn.run(Sql::both("DELETE FROM audit_entries WHERE number <= $1"), (8_i64,)).await?;
            verify(conn, noon().now(), None).await
        }));
        let fault = verdict.await.unwrap().unwrap_err();
        assert_eq!((fault.number, fault.wrong), (8, Wrong::Unaccounted), "{fault}");
    }
}
