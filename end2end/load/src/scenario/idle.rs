use std::{sync::Arc, time::Duration};

use thunderline::domain::{PersonId, Topic};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    audit,
    board::Board,
    failure::Result,
    gallery::Gallery,
    ground::Ground,
    machine,
    options::Idle,
    report::{Bound, Report, count},
    sender::{Script, Sender},
    stage::{Stage, people_for},
    watcher::Watcher,
};

const NAME: &str = "idle";
/// Files this program needs beside its connections.
const OTHER_FILES: usize = 200;
/// How long a server may take to come to rest.
const REST: Duration = Duration::from_secs(2);

/// Connections that only wait, and what each costs.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Idle) -> Result<()> {
    let began = Instant::now();
    let server = ground.server().await?;
    let mut visitor = crate::client::Client::new(server.address(), None);
    visitor.get("/sign-in", "text/html", "identity").await?;
    let start = (milliseconds(began.elapsed()), "ms");
    report.hold(NAME, "cold start to first page", start, Bound::AtMost(500.0), Bound::AtMost(150.0));
    report.note(NAME, "cold start to ready line", milliseconds(server.ready_after()), "ms");
    sleep(REST).await;
    let empty = server.resident();
    if let Some(bytes) = empty {
        let megabytes = (count(bytes) / 1e6, "MB");
        report.hold(NAME, "idle server, resident", megabytes, Bound::AtMost(60.0), Bound::AtMost(25.0));
    }

    let connections = options.connections.min(machine::open_files().saturating_sub(OTHER_FILES));
    if connections < options.connections {
        println!("  {NAME}: only {connections} connections: this process may open no more files (ulimit -n)");
    }
    let people = people_for(connections);
    let mut stage = Stage::set(server, people, ground.seed()).await?;
    let room = stage.room(people).await?;
    let mut shells = Vec::with_capacity(people);
    for person in &mut stage.people {
        let place = [("place[community]", stage.slug.as_str())];
        let open: serde_json::Value = person.call("open", &place).await?;
        let id: PersonId = serde_json::from_value(open["me"]["person"]["id"].clone())?;
        let cursor = |part: &str| open[part]["cursor"].as_i64().unwrap_or_default();
        // What a browser watches beside the open channel: itself and the community.
        let own = (Topic::Person(id), cursor("directory"));
        shells.push(vec![own, (Topic::Community(stage.community), cursor("community"))]);
    }
    sleep(REST).await;
    let before = stage.resident();
    let held = count(connections as u64);
    let watchers = (0..connections).map(|number| {
        let (person, around) = (&stage.people[number % people], shells[number % people].clone());
        Watcher::new(person.address(), person.cookie(), room.topic(), room.cursor, around)
    });
    let board = Arc::new(Board::new(audit::tag(ground.seed(), 50)));
    let began = Instant::now();
    let gallery = Gallery::seat(&board, watchers.collect()).await?;
    report.note(NAME, "connections held", held, "");
    report.note(NAME, "admissions", held / began.elapsed().as_secs_f64(), "/s");
    sleep(REST).await;
    if let (Some(before), Some(after)) = (before, stage.resident()) {
        let each = (count(after.saturating_sub(before)) / held / 1e3, "KB");
        report.hold(NAME, "memory of each connection", each, Bound::AtMost(30.0), Bound::AtMost(12.0));
        report.note(NAME, "server with all of them, resident", count(after) / 1e6, "MB");
    }

    let audience = u32::try_from(connections)?;
    let texts = std::sync::Mutex::new(ground.texts());
    let script = Arc::new(Script { board: board.clone(), texts, audience, bytes: Some(300) });
    let mut sender = Sender::new(&stage.people[0], 0, &script);
    let (beats, interval) = (ground.place().seconds * 2, Duration::from_secs_f64(1.0 / options.rate));
    board.begin();
    let began = Instant::now();
    for number in 0..beats {
        let due = began + interval * number;
        tokio::time::sleep_until(due).await;
        sender.post(room.id, due).await;
    }
    let all = u64::from(beats) * u64::from(audience);
    let _ = timeout(Duration::from_secs(30), board.delivered(all)).await;
    let times = board.times();
    let at = format!("{}/s to {connections}, last watcher", options.rate);
    let (median, tail) = (times.last.percentile(50.0), times.last.percentile(99.0));
    report.hold(NAME, format!("{at} p50"), (median, "ms"), Bound::AtMost(150.0), Bound::AtMost(105.0));
    report.hold(NAME, format!("{at} p99"), (tail, "ms"), Bound::AtMost(250.0), Bound::AtMost(130.0));
    let findings = audit::run(&board, &gallery, &stage.people).await?;
    report.audit(NAME, &findings);
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
