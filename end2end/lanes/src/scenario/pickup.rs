use std::{collections::HashMap, time::Duration};

use load::{
    failure::Result,
    latency::Latency,
    report::{Bound, Report},
};
use serde_json::json;
use thunderline::{
    domain::Lane,
    engine::{Engine, system_clock},
    lane::Registry,
    queue::{Batch, Done, Handler, Pace, Record},
    store::BoxFuture,
};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, sleep},
};
use uuid::Uuid;

use crate::{
    child::Child,
    engine::{self, lanes},
    ground::Ground,
    options::Pickup,
    publisher::{Publisher, event, publish},
};

const NAME: &str = "pickup";
/// What the realtime lane is given.
pub const PROMPT: &str = "agent.called";
/// What the general lane is given.
const SLOW: &str = "agent.moved";
/// How long each general record takes.
const PACE: Duration = Duration::from_millis(100);
/// How many realtime records may wait to be looked at here.
const HEARD: usize = 1_024;
/// How long the lanes may take to begin their work.
const SETTLING: Duration = Duration::from_secs(1);

/// Tells when it was given a record, or is slow.
struct Ear {
    lane: Lane,
    tell: Option<mpsc::Sender<(Uuid, i64)>>,
}

impl Handler for Ear {
    fn name(&self) -> &'static str {
        if self.lane == Lane::Realtime { "prompt" } else { "slow" }
    }

    fn lane(&self) -> Lane {
        self.lane
    }

    fn events(&self) -> &'static [&'static str] {
        if self.lane == Lane::Realtime { &[PROMPT] } else { &[SLOW] }
    }

    fn batch(&self) -> Batch {
        Batch::ONE
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            let now = system_clock().now().micros();
            match &self.tell {
                Some(tell) if self.lane == Lane::Realtime => {
                    for record in &records {
                        // Whoever no longer listens does not mind.
                        let _ = tell.send((record.event.into(), now)).await;
                    }
                }
                _ => sleep(PACE).await,
            }
            vec![Ok(()); records.len()]
        })
    }
}

/// What there is to publish for, without anybody who works.
pub fn handlers(registry: &mut Registry) {
    registry.handler(Ear { lane: Lane::Realtime, tell: None }).handler(Ear { lane: Lane::General, tell: None });
}

/// How soon a realtime record is begun while much waits in the general lane.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Pickup) -> Result<()> {
    let at = ground.database()?;
    let mut publisher = Publisher::with(&at, handlers).await?;
    let backlog = publisher.publish_all(Lane::General, options.backlog, 1_000).await?;
    publisher.let_go(*backlog.iter().next().ok_or("no records")?).await?;
    publisher.engine().close().await;

    let (tell, mut heard) = mpsc::channel(HEARD);
    let engine = engine::open(&at, Some(Pace::of), |registry| {
        registry
            .handler(Ear { lane: Lane::Realtime, tell: Some(tell) })
            .handler(Ear { lane: Lane::General, tell: None });
    })
    .await?;
    sleep(SETTLING).await;

    let (asked, committed) = in_memory(&engine, &mut heard, options).await?;
    let (floor, aim) = (Bound::AtMost(50.0), Bound::AtMost(10.0));
    report.note(NAME, "in memory, from the command to the handler, p99", asked.percentile(99.0), "ms");
    report.note(NAME, "in memory, from the commit to the handler, p50", committed.percentile(50.0), "ms");
    let tail = (committed.percentile(99.0), "ms");
    report.hold(NAME, "in memory, from the commit to the handler, p99", tail, floor, aim);

    let found = from_afar(&at, &mut heard, options).await?;
    // A look every 100 ms finds the unluckiest that much later.
    let poll = Pace::of(Lane::Realtime).poll.as_secs_f64() * 1e3;
    report.note(NAME, "of another process, from the commit to the handler, p50", found.percentile(50.0), "ms");
    let tail = (found.percentile(99.0), "ms");
    let (floor, aim) = (Bound::AtMost(poll + 50.0), Bound::AtMost(poll + 10.0));
    report.hold(NAME, "of another process, from the commit to the handler, p99", tail, floor, aim);

    let waiting = lanes(&engine).await?.into_iter().find(|lane| lane.lane == Lane::General);
    let waiting = waiting.map_or(0, |lane| lane.pending + lane.processing + lane.retrying).unsigned_abs();
    report.note(NAME, "general records that still waited", load::report::count(waiting), "");
    engine.close().await;
    Ok(())
}

/// Committed here: from the command's beginning, and from its end, to the handler's beginning.
async fn in_memory(
    engine: &Engine,
    heard: &mut mpsc::Receiver<(Uuid, i64)>,
    options: &Pickup,
) -> Result<(Latency, Latency)> {
    let (mut asked, mut committed) = (Latency::default(), Latency::default());
    let (clock, mut beat) = (system_clock(), interval(Duration::from_secs(1) / options.rate));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..options.records {
        beat.tick().await;
        let before = clock.now().micros();
        publish(engine, vec![event(PROMPT, Lane::Realtime, json!({}))]).await?;
        let after = clock.now().micros();
        let (_, begun) = heard.recv().await.ok_or("the lane is gone")?;
        asked.record(between(before, begun));
        committed.record(between(after, begun));
    }
    Ok((asked, committed))
}

/// Committed by another process: from its commit to the handler's beginning here.
async fn from_afar(at: &str, heard: &mut mpsc::Receiver<(Uuid, i64)>, options: &Pickup) -> Result<Latency> {
    let (records, rate) = (options.records.to_string(), options.rate.to_string());
    let mut writer = Child::start(["writer", "--at", at, "--records", &records, "--rate", &rate])?;
    let (mut written, mut begun) = (HashMap::new(), HashMap::new());
    let mut latency = Latency::default();
    while latency.count() < u64::from(options.records) {
        let event = tokio::select! {
            said = writer.hear(), if written.len() < options.records as usize => {
                let said = said?.ok_or("the writer ended early")?;
                let (event, at) = said.split_once(' ').ok_or("the writer speaks otherwise")?;
                let event: Uuid = event.parse()?;
                written.insert(event, at.parse::<i64>()?);
                event
            }
            Some((event, at)) = heard.recv() => {
                begun.insert(event, at);
                event
            }
        };
        if let (Some(written), Some(begun)) = (written.get(&event), begun.get(&event)) {
            latency.record(between(*written, *begun));
        }
    }
    writer.end().await?;
    Ok(latency)
}

fn between(before: i64, after: i64) -> Duration {
    Duration::from_micros(u64::try_from(after - before).unwrap_or_default())
}
