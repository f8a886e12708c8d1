use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use load::{
    failure::Result,
    report::{Bound, Report, count},
};
use serde_json::json;
use thunderline::{
    domain::{Lane, command::ReplayDeadLetters, foreign::ForeignEvent},
    lane::Registry,
    queue::{Done, Handler, Pace, Record},
    store::{BoxFuture, outbox::ATTEMPTS},
};
use tokio::time::{Instant, sleep};

use crate::{
    engine::{self, GLANCE, all_done, lanes, system},
    ground::Ground,
    options::Poison,
    publisher::{Publisher, event},
};

const NAME: &str = "poison";
/// Of a family whose failures are tried again soon.
const EVENT: &str = "feed.tried";
/// How many records one correlation has; a poison record has one of its own, for what comes after it there waits.
const BATCH: u64 = 10;
/// How long a good record takes; poison fails at once.
const PACE: Duration = Duration::from_millis(1);
/// How often it is looked whether all good ones are done.
const LOOK: Duration = Duration::from_millis(2);
/// Much less than this share of the rate without poison is a broken promise.
const UNMOVED: f64 = 0.5;
/// From how many good records on their rate is one.
const ENOUGH_FOR_A_RATE: u64 = 10_000;

/// What the handler was given.
#[derive(Debug, Default)]
struct Counts {
    good: AtomicU64,
    bad: AtomicU64,
    mended: AtomicU64,
    well: AtomicBool,
}

/// Fails with each poison record until it is mended.
struct Taster(Arc<Counts>);

impl Handler for Taster {
    fn name(&self) -> &'static str {
        "taster"
    }

    fn lane(&self) -> Lane {
        Lane::General
    }

    fn events(&self) -> &'static [&'static str] {
        &[EVENT]
    }

    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>> {
        Box::pin(async move {
            // One by one.
            if records.iter().any(|record| record.payload["data"]["poison"] == false) {
                sleep(PACE).await;
            }
            let taste = |record: &Record| match (record.payload["data"]["poison"] == true, self.0.well.load(SeqCst)) {
                (false, _) => {
                    self.0.good.fetch_add(1, SeqCst);
                    Ok(())
                }
                (true, true) => {
                    self.0.mended.fetch_add(1, SeqCst);
                    Ok(())
                }
                (true, false) => {
                    self.0.bad.fetch_add(1, SeqCst);
                    Err("poison".to_owned().into())
                }
            };
            records.iter().map(taste).collect()
        })
    }
}

/// Poison among good records: three attempts each, then a dead letter; the good ones do not notice.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Poison) -> Result<()> {
    let alone = Tasting::of(&ground.database()?, options.records, 0).await?;
    let undisturbed = alone.good().await?;
    alone.engine.close().await;

    let tasting = Tasting::of(&ground.database()?, options.records, options.poison).await?;
    let disturbed = tasting.good().await?;
    let Tasting { engine, counts, .. } = &tasting;
    all_done(engine).await?;
    let dead = lanes(engine).await?.iter().map(|lane| lane.dead).sum::<i64>().unsigned_abs();
    let attempts = counts.bad.load(SeqCst);
    counts.well.store(true, SeqCst);
    let replayed = engine.execute(system(), ReplayDeadLetters { lane: None }).await?;
    all_done(engine).await?;
    let left = lanes(engine).await?.iter().map(|lane| lane.dead).sum::<i64>().unsigned_abs();
    let mended = counts.mended.load(SeqCst);
    engine.close().await;

    report.note(NAME, "good records without poison", undisturbed, "/s");
    report.note(NAME, "good records among poison", disturbed, "/s");
    let (share, unit) = (disturbed / undisturbed * 100.0, "%");
    report.hold(NAME, "of their rate", (share, unit), Bound::AtLeast(80.0), Bound::AtLeast(95.0));
    report.note(NAME, "attempts at poison", count(attempts), "");
    report.note(NAME, "dead letters", count(dead), "");
    report.note(NAME, "replayed and done", count(mended), "");
    let wanted = options.poison * ATTEMPTS.unsigned_abs();
    report.promise(NAME, "attempts too few or too many", attempts.abs_diff(wanted));
    report.promise(NAME, "dead letters too few or too many", dead.abs_diff(options.poison));
    report.promise(
        NAME,
        "dead letters not replayed",
        replayed.abs_diff(options.poison) + mended.abs_diff(options.poison),
    );
    report.promise(NAME, "dead letters left", left);
    report.promise(NAME, "good records too few or too many", counts.good.load(SeqCst).abs_diff(options.records));
    // Fewer are done in a moment, in which anything else on the machine counts for more.
    if options.records >= ENOUGH_FOR_A_RATE {
        report.promise(NAME, "good work held up by poison", u64::from(disturbed < undisturbed * UNMOVED));
    }
    Ok(())
}

/// Records that wait in a database, and a process that has just begun to work them.
struct Tasting {
    engine: thunderline::engine::Engine,
    counts: Arc<Counts>,
    records: u64,
    began: Instant,
}

impl Tasting {
    async fn of(at: &str, records: u64, poison: u64) -> Result<Self> {
        let counts = Arc::new(Counts::default());
        let handlers = |registry: &mut Registry| {
            registry.handler(Taster(counts.clone()));
        };
        let mut publisher = Publisher::with(at, handlers).await?;
        let good = || event(EVENT, Lane::General, json!({ "poison": false }));
        let bad = || event(EVENT, Lane::General, json!({ "poison": true }));
        let batches = records / BATCH;
        let mut one = None;
        for batch in 0..batches {
            let events: Vec<ForeignEvent> = (0..BATCH).map(|_| good()).collect();
            one = publisher.publish(events).await?.pop();
            // Spread evenly among the good.
            for _ in poison * batch / batches..poison * (batch + 1) / batches {
                publisher.publish(vec![bad()]).await?;
            }
        }
        publisher.let_go(one.ok_or("no records")?).await?;
        publisher.engine().close().await;
        let began = Instant::now();
        let engine = engine::open(at, Some(Pace::of), handlers).await?;
        Ok(Self { engine, counts, records: batches * BATCH, began })
    }

    /// Waits for the last good record; answers how many were done a second.
    async fn good(&self) -> Result<f64> {
        while self.counts.good.load(SeqCst) < self.records {
            sleep(LOOK).await;
        }
        let took = self.began.elapsed();
        sleep(GLANCE).await;
        Ok(count(self.records) / took.as_secs_f64())
    }
}
