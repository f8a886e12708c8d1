//! The audit log on the command line (L04, L08), on every engine.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use server::audit::{Archive, AuditError, Export, Verify, archive, digest, export, verify};
use thunderline::{
    audit::{Line, Wrong},
    domain::{Clock, Time, audit::Digest},
    each_engine,
    lab::World,
    lane::sealer,
    store::{Sql, StoreError, audits::chain},
};

/// Standard output, as a test sees it.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn seal(world: &World) {
    let (store, clock): (_, &Clock) = (world.engine.store(), world.engine.clock());
    while !store.read::<_, StoreError, _>(|conn| Box::pin(chain::waiting(conn, 1))).await.unwrap().1.is_empty() {
        sealer::seal_once(store, clock).await.unwrap();
    }
}

/// People, one a day.
async fn days(world: &World, many: u32) -> Time {
    for n in 0..many {
        world.clock.advance(Time::DAY);
        world.sign_up(&format!("person{}", world.engine.clock().now().micros() + i64::from(n))).await.unwrap();
    }
    seal(world).await;
    world.engine.clock().now()
}

async fn check(world: &World, archives: &[&Path], holds: Option<Digest>) -> Result<String, AuditError> {
    let wanted = Verify { archives: archives.iter().map(|path| path.to_path_buf()).collect(), holds };
    verify(world.engine.store(), world.engine.clock().now(), &wanted).await.map(|whole| whole.to_string())
}

fn lines(path: &Path) -> Vec<Line> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn rewrite(from: &Path, to: &Path, change: impl Fn(&mut Vec<Line>)) -> PathBuf {
    let mut lines = lines(from);
    change(&mut lines);
    let text: String = lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect();
    std::fs::write(to, text).unwrap();
    to.to_owned()
}

each_engine! {
    // L08
    async fn a_third_party_verifies_an_export_with_nothing_but_sha256(world: World) {
        let now = days(&world, 5).await;
        let output = Output::default();
        let waiting = export(world.engine.store(), &Export::default(), Box::new(output.clone())).await.unwrap();
        assert_eq!(waiting, 0);
        let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        let mut previous = Digest::GENESIS;
        for (at, line) in text.lines().enumerate() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |name: &str| line[name].as_str().unwrap().to_owned();
            assert_eq!((line["number"].as_u64(), word("previous")), (Some(at as u64 + 1), previous.to_string()));
            let sum = <sha2::Sha256 as sha2::Digest>::digest(word("previous") + &word("canonical"));
            assert_eq!(word("hash"), Digest(sum.into()).to_string());
            previous = word("hash").parse().unwrap();
        }
        assert_eq!(text.lines().count(), 5);
        assert!(check(&world, &[], Some(previous)).await.unwrap().ends_with(&format!("Head: entry 5, {previous}")));
        let output = Output::default();
        let (since, until) = (now.plus(-3 * Time::DAY), now.plus(-Time::DAY));
        let wanted = Export { since: Some(since), until: Some(until), ..Export::default() };
        export(world.engine.store(), &wanted, Box::new(output.clone())).await.unwrap();
        let part = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        assert_eq!(part.lines().count(), 2);
        // One request, and nothing else.
        let second: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        let canonical: serde_json::Value = serde_json::from_str(second["canonical"].as_str().unwrap()).unwrap();
        let correlation = canonical.as_array().unwrap().last().unwrap().as_str().unwrap().parse().unwrap();
        let output = Output::default();
        let wanted = Export { correlation: Some(correlation), ..Export::default() };
        export(world.engine.store(), &wanted, Box::new(output.clone())).await.unwrap();
        let one = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        assert_eq!(one.lines().collect::<Vec<_>>(), [text.lines().nth(1).unwrap()]);
    }

    // L01, L08: who has the text proves what an entry is about; what leaves the house tells nobody else.
    async fn the_digest_of_a_text_is_told_to_whoever_has_text_and_database(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        world.post(&ana, general.id, "yes").await;
        seal(&world).await;
        let told = digest(world.engine.store(), "yes".as_bytes()).await.unwrap();
        let output = Output::default();
        export(world.engine.store(), &Export::default(), Box::new(output.clone())).await.unwrap();
        let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains(&told), "{told}: {text}");
        let bare = Digest(<sha2::Sha256 as sha2::Digest>::digest("yes").into()).to_string();
        assert!(!text.contains(&bare));
        let find = Sql::both("SELECT secret FROM secrets");
        let read = world.engine.store().read::<_, StoreError, _>(|conn| Box::pin(async move { conn.all(find, ()).await }));
        let secrets: Vec<String> = read.await.unwrap();
        assert_eq!(secrets.len(), 1, "the premise: there is one");
        assert!(!text.contains(&secrets[0]), "it never leaves");
    }

    // L04
    async fn archives_join_each_other_and_the_database(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first.jsonl"), folder.path().join("second.jsonl"));
        let early = days(&world, 4).await;
        let late = days(&world, 3).await;
        days(&world, 2).await;
        let seal_of_one = lines_of(&world).await[0].hash;
        archive(&world.engine, &Archive { before: early, to: first.clone() }).await.unwrap();
        archive(&world.engine, &Archive { before: late, to: second.clone() }).await.unwrap();
        seal(&world).await;
        assert_eq!((lines(&first).len(), lines(&second).len()), (4, 3));
        let told = check(&world, &[], None).await.unwrap();
        assert!(told.starts_with("The audit log is whole: 4 entries checked.\nEntries 1 to 7 are in archives"), "{told}");
        let told = check(&world, &[&second], None).await.unwrap();
        assert!(told.contains("7 entries checked, 3 of them") && told.contains("Entries 1 to 4 are"), "{told}");
        let told = check(&world, &[&second, &first], Some(seal_of_one)).await.unwrap();
        assert!(told.contains("11 entries checked, 7 of them in archives") && told.contains("back to the first"), "{told}");
        assert!(matches!(check(&world, &[&second], Some(seal_of_one)).await, Err(AuditError::NotHeld)));
        assert!(matches!(check(&world, &[&first], None).await, Err(AuditError::NotJoined { number: 7, .. })));
        let again = archive(&world.engine, &Archive { before: early, to: folder.path().join("third") }).await;
        assert!(matches!(again, Err(AuditError::NothingOlder)), "{again:?}");
        let over = archive(&world.engine, &Archive { before: world.engine.clock().now(), to: first.clone() }).await;
        assert!(matches!(over, Err(AuditError::File { .. })), "an archive is never written over: {over:?}");
    }

    // L04, L08
    async fn an_archive_that_was_tampered_with_is_found(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("archive.jsonl");
        let early = days(&world, 6).await;
        days(&world, 1).await;
        archive(&world.engine, &Archive { before: early, to: file.clone() }).await.unwrap();
        seal(&world).await;
        let other = folder.path().join("other.jsonl");
        let broken = async |change: fn(&mut Vec<Line>)| match check(&world, &[&rewrite(&file, &other, change)], None).await {
            Err(AuditError::BrokenFile { fault, .. }) => (fault.number, fault.wrong),
            other => panic!("{other:?}"),
        };
        let changed = broken(|lines| lines[2].canonical = lines[2].canonical.replace("done", "refused")).await;
        assert_eq!(changed, (3, Wrong::Changed));
        assert_eq!(broken(|lines| drop(lines.remove(3))).await, (4, Wrong::Removed));
        assert_eq!(broken(|lines| lines.swap(1, 2)).await.0, 2);
        let cut = rewrite(&file, &other, |lines| lines.truncate(5));
        assert!(matches!(check(&world, &[&cut], None).await, Err(AuditError::NotJoined { number: 6, .. })));
        std::fs::write(&other, "no archive\n").unwrap();
        assert!(matches!(check(&world, &[&other], None).await, Err(AuditError::NotAnArchive { line: 1, .. })));
        assert!(check(&world, &[&file], None).await.is_ok(), "the premise: as it was written it is whole");
    }
}

/// Every sealed entry as a line.
async fn lines_of(world: &World) -> Vec<Line> {
    let output = Output::default();
    export(world.engine.store(), &Export::default(), Box::new(output.clone())).await.unwrap();
    let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
