use std::collections::HashSet;

use load::{
    chance::Chance,
    failure::Result,
    report::{Report, count},
};
use thunderline::store::{Sql, Store, StoreError};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{child::Child, engine, ground::Ground, options::Posts, town::Town};

const NAME: &str = "posts";
/// How many people post, and in how many channels.
const PEOPLE: usize = 8;
const CHANNELS: usize = 4;
/// Each counts what one of the three has and another lacks, or what is out of its place.
const BROKEN: [(&str, Sql); 7] = [
    (
        "messages without their event",
        Sql::both(
            "SELECT count(*) FROM (SELECT id, channel, seq FROM messages EXCEPT \
             SELECT subject, topic, seq FROM events WHERE name = 'message.posted') lost",
        ),
    ),
    (
        "events without their message",
        Sql::both(
            "SELECT count(*) FROM (SELECT subject, topic, seq FROM events WHERE name = 'message.posted' EXCEPT \
             SELECT id, channel, seq FROM messages) lost",
        ),
    ),
    (
        "messages without their audit entry",
        Sql::both(
            "SELECT count(*) FROM (SELECT id, author, created_at FROM messages EXCEPT SELECT target, actor, at \
             FROM audit_entries WHERE action = 'channel.post' AND outcome = 'done') lost",
        ),
    ),
    (
        "audit entries without their message",
        Sql::both(
            "SELECT count(*) FROM (SELECT target, actor, at FROM audit_entries WHERE action = 'channel.post' AND \
             outcome = 'done' EXCEPT SELECT id, author, created_at FROM messages) lost",
        ),
    ),
    (
        "posts with two events or two audit entries",
        Sql::both(
            "SELECT (SELECT count(*) FROM events WHERE name = 'message.posted') - 2 * (SELECT count(*) FROM messages) + \
             (SELECT count(*) FROM audit_entries WHERE action = 'channel.post' AND outcome = 'done')",
        ),
    ),
    (
        "channels with a gap between their positions",
        Sql::both(
            "SELECT count(*) FROM (SELECT channel FROM messages GROUP BY channel HAVING min(position) <> 1 OR \
             max(position) <> count(*)) gaps",
        ),
    ),
    (
        "channels with a gap between their events",
        Sql::both(
            "SELECT count(*) FROM (SELECT topic FROM events WHERE topic IN (SELECT id FROM channels) GROUP BY topic \
             HAVING min(seq) <> 1 OR max(seq) <> count(*)) gaps",
        ),
    ),
];
const MESSAGES: Sql = Sql::both("SELECT id FROM messages");

/// Kills a process over and over while it posts: what was acknowledged is there, whole, once.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Posts) -> Result<()> {
    let at = ground.database()?;
    let founder = engine::open(&at, None, |_| {}).await?;
    let town = Town::found(&founder, PEOPLE, CHANNELS).await?;
    founder.close().await;
    let mut chance = Chance::new(ground.seed());
    let mut acknowledged: HashSet<Uuid> = HashSet::new();
    let began = Instant::now();
    for kills in (0..options.kills).rev() {
        let left = options.count - acknowledged.len() as u64;
        // One more share is left for the process that is not killed.
        let share = left / u64::from(kills + 2);
        // Somewhere between half of its share and half as much again.
        let enough = share / 2 + chance.next() % share.max(1);
        let mut poster = start(&at, &town, options, left, chance.next())?;
        poster.wait_for("posting").await?;
        let mut heard = 0;
        while heard < enough {
            acknowledged.insert(poster.wait_for("ack").await?.parse()?);
            heard += 1;
        }
        poster.kill().await?;
        // What it said before its end counts.
        while let Some(said) = poster.hear().await? {
            if let Some(id) = said.strip_prefix("ack ") {
                acknowledged.insert(id.parse()?);
            }
        }
    }
    let left = options.count.saturating_sub(acknowledged.len() as u64);
    let mut last = start(&at, &town, options, left, chance.next())?;
    while let Some(said) = last.hear().await? {
        if let Some(id) = said.strip_prefix("ack ") {
            acknowledged.insert(id.parse()?);
        }
    }
    if !last.end().await?.success() {
        return Err("a poster ended badly".into());
    }
    let took = began.elapsed();
    let auditor = engine::open(&at, None, |_| {}).await?;
    audit(auditor.store(), report, &acknowledged).await?;
    auditor.close().await;
    report.note(NAME, "kill -9", f64::from(options.kills), "times");
    report.note(
        NAME,
        "posts/s, kills and starts included",
        count(acknowledged.len() as u64) / took.as_secs_f64(),
        "/s",
    );
    Ok(())
}

fn start(at: &str, town: &Town, options: &Posts, posts: u64, seed: u64) -> Result<Child> {
    let channels: Vec<String> = town.channels.iter().map(ToString::to_string).collect();
    let (tokens, channels) = (town.tokens.join(","), channels.join(","));
    let (senders, posts, seed) = (options.senders.to_string(), posts.to_string(), seed.to_string());
    let own = ["--senders", &senders, "--posts", &posts, "--seed", &seed];
    Child::start(["poster", "--at", at, "--tokens", &tokens, "--channels", &channels].into_iter().chain(own))
}

async fn audit(store: &Store, report: &mut Report, acknowledged: &HashSet<Uuid>) -> Result<()> {
    let read = store.read_long::<_, StoreError, _>(|conn| {
        Box::pin(async move {
            let mut broken = Vec::new();
            for (what, sql) in BROKEN {
                broken.push((what, conn.one::<i64>(sql, ()).await?));
            }
            Ok((broken, conn.all::<Uuid>(MESSAGES, ()).await?))
        })
    });
    let (broken, messages) = read.await?;
    let kept: HashSet<Uuid> = messages.iter().copied().collect();
    report.note(NAME, "posts acknowledged", count(acknowledged.len() as u64), "");
    report.note(NAME, "posts there", count(messages.len() as u64), "");
    report.promise(NAME, "acknowledged posts lost", acknowledged.difference(&kept).count() as u64);
    report.promise(NAME, "posts there twice", (messages.len() - kept.len()) as u64);
    for (what, times) in broken {
        report.promise(NAME, what, times.unsigned_abs());
    }
    Ok(())
}
