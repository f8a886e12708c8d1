use load::{
    failure::Result,
    report::{Bound, Report, count},
};
use serde_json::json;
use thunderline::{domain::Lane, engine::Engine, queue::Pace};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    child::Child,
    engine::{self, GLANCE, all_done},
    ground::Ground,
    options::Throughput,
    publisher::{Publisher, event, publish},
    trial::{EVENT, Trial},
};

const NAME: &str = "throughput";
/// How many records are published at once: as many as the command takes.
const BATCH: u64 = 1_000;
/// How many publish at the same time.
const PUBLISHERS: u64 = 4;
/// How many may wait in memory: what finds no room there waits for its lease to run out.
const WAITING: u64 = 8_000;

/// Records a second with handlers that do nothing: a backlog found in the database, and handed over in memory.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Throughput) -> Result<()> {
    let (floor, aim) = if ground.is_postgres() { (1_500.0, 4_000.0) } else { (3_000.0, 8_000.0) };
    let (floor, aim) = (Bound::AtLeast(floor), Bound::AtLeast(aim));
    let claimed = backlog(&ground.database()?, options.records).await?;
    report.hold(NAME, "a backlog drained by a fresh process", (claimed, "/s"), floor, aim);
    let handed = in_memory(&ground.database()?, options.records).await?;
    report.hold(NAME, "published in batches and handed over", (handed, "/s"), floor, aim);
    Ok(())
}

/// From the start of the process that finds them to the last acknowledgement.
async fn backlog(at: &str, records: u64) -> Result<f64> {
    let mut publisher = Publisher::open(at).await?;
    let began = Instant::now();
    let events = publisher.publish_all(Lane::General, records, usize::try_from(BATCH)?).await?;
    let one = *events.iter().next().ok_or("no records")?;
    publisher.let_go(one).await?;
    println!("  {records} records published in {:.1} s", began.elapsed().as_secs_f64());
    let mut worker = Child::start(["worker", "--at", at, "--batch", "1", "--idle", &records.to_string()])?;
    let micros: f64 = worker.wait_for("done").await?.parse()?;
    worker.end().await?;
    all_done(publisher.engine()).await?;
    publisher.engine().close().await;
    Ok(count(records) / (micros / 1e6))
}

/// From the first command to the last acknowledgement.
async fn in_memory(at: &str, records: u64) -> Result<f64> {
    let engine = engine::open(at, Some(Pace::of), |registry| Trial::idle(Lane::General).everywhere(registry)).await?;
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..PUBLISHERS {
        let (engine, share) = (engine.clone(), records / PUBLISHERS + u64::from(number < records % PUBLISHERS));
        tasks.spawn(async move {
            let mut left = share;
            while left > 0 {
                has_room(&engine).await;
                let many = left.min(BATCH);
                publish(&engine, (0..many).map(|_| event(EVENT, Lane::General, json!({}))).collect()).await?;
                left -= many;
            }
            Ok::<(), load::failure::Failure>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    while engine.lanes().figures().of(Lane::General).done < records {
        sleep(GLANCE).await;
    }
    let rate = count(records) / began.elapsed().as_secs_f64();
    let unheard = engine.lanes().figures().of(Lane::General).unheard;
    if unheard > 0 {
        return Err(format!("{unheard} records found no room in memory").into());
    }
    engine.close().await;
    Ok(rate)
}

async fn has_room(engine: &Engine) {
    loop {
        let figures = engine.lanes().figures();
        let general = figures.of(Lane::General);
        if general.enqueued - general.done < WAITING {
            return;
        }
        sleep(GLANCE / 10).await;
    }
}
