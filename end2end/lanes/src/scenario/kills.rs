use std::{collections::HashSet, time::Duration};

use load::{
    chance::Chance,
    failure::Result,
    report::{Report, count},
};
use thunderline::{domain::Lane, store::outbox::ATTEMPTS};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    child::Child,
    effects::{self, Effects},
    engine::all_done,
    ground::Ground,
    options::Kills,
    publisher::Publisher,
};

const NAME: &str = "kills";
/// How long a worker lives after it began to work: at least this.
const LIFE: Duration = Duration::from_millis(20);
/// And up to so many milliseconds more.
const MORE: u64 = 380;
/// How many records one correlation has.
const BATCH: usize = 10;

/// Kills the process that works the lanes, over and over, while records are events. Each is done or dead.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Kills) -> Result<()> {
    let at = ground.database()?;
    let mut chance = Chance::new(ground.seed());
    let mut publisher = Publisher::open(&at).await?;
    effects::prepare(publisher.engine().store()).await?;
    let began = Instant::now();
    let mut events: HashSet<Uuid> = HashSet::new();
    let (mut left, lives) = (options.records, u64::from(options.times));
    for life in 0..lives {
        let mut worker = start(&at, options.brisk)?;
        worker.wait_for("working").await?;
        let end = Instant::now() + LIFE + Duration::from_millis(chance.next() % MORE);
        let share = left / (lives - life);
        left -= share;
        // The publisher goes on whatever becomes of the worker.
        let (more, killed) = tokio::join!(publish(&mut publisher, share), async {
            tokio::time::sleep_until(end).await;
            worker.kill().await
        });
        events.extend(more?);
        killed?;
    }
    let mut last = start(&at, options.brisk)?;
    events.extend(publish(&mut publisher, left).await?);
    all_done(publisher.engine()).await?;
    last.ask_to_stop().await?;
    last.end().await?;
    let all = effects::read(publisher.engine().store()).await?;
    publisher.engine().close().await;
    judge(report, options, &events, &all);
    report.note(NAME, "time until all was done", began.elapsed().as_secs_f64(), "s");
    Ok(())
}

fn start(at: &str, brisk: bool) -> Result<Child> {
    let brisk = brisk.then_some("--brisk");
    Child::start(["worker", "--at", at].into_iter().chain(brisk))
}

/// Publishes a share of the records through all lanes, for anybody to take.
async fn publish(publisher: &mut Publisher, records: u64) -> Result<HashSet<Uuid>> {
    let mut events = HashSet::new();
    let lanes = Lane::ALL.len() as u64;
    for (place, lane) in (0..).zip(Lane::ALL) {
        let share = records / lanes + u64::from(place < records % lanes);
        let more = publisher.publish_all(*lane, share, BATCH).await?;
        if let Some(one) = more.iter().next() {
            publisher.let_go(*one).await?;
        }
        events.extend(more);
    }
    // Where there is nothing left to publish, time passes all the same.
    sleep(Duration::ZERO).await;
    Ok(events)
}

fn judge(report: &mut Report, options: &Kills, events: &HashSet<Uuid>, all: &Effects) {
    let most = usize::try_from(ATTEMPTS).unwrap_or_default();
    report.note(NAME, "records published", count(events.len() as u64), "");
    report.note(NAME, "kill -9", f64::from(options.times), "times");
    report.note(NAME, "given to a handler again", count(all.again()), "times");
    report.note(NAME, "dead letters", count(all.dead.len() as u64), "");
    let given = |event: &&Uuid| all.tries.get(event).map_or(0, Vec::len) < most;
    report.note(
        NAME,
        "of these, given to a handler less than three times",
        count(all.dead.iter().filter(given).count() as u64),
        "",
    );
    report.promise(NAME, "records neither done nor dead", all.left.unsigned_abs());
    report.promise(NAME, "records that vanished", all.vanished(events));
    report.promise(NAME, "effects of nothing published", all.unheard_of(events));
    report.promise(NAME, "events given to a handler a fourth time", all.past(most));
    report.promise(NAME, "records past three attempts", u64::from(all.most_attempts > ATTEMPTS));
}
