use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use load::{
    failure::Result,
    report::{Bound, Report},
};
use thunderline::{
    domain::{Lane, Time},
    queue::Pace,
    store::{Sql, StoreError},
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    child::Child,
    effects,
    engine::{GLANCE, all_done, brisk},
    ground::Ground,
    options::Takeover,
    publisher::Publisher,
};

const NAME: &str = "takeover";
/// How long a handler is at work while both work, in milliseconds.
const SHORT: u64 = 2;
/// How long while one of them is ended.
const LONG: u64 = 400;
/// How many records a handler takes at once while one of them is ended: enough are under way, many wait.
const FEW: usize = 4;
/// How much later than the lease a take-over may come, in microseconds.
const LATER: i64 = 5 * Time::SECOND;
/// How much later would be as soon as one can ask: the general lane looks every second. In seconds.
const SOON: f64 = 2.0;
/// How many records of a dying process have to be under way, for the premise to hold.
const PREMISE: i64 = 20;
const HELD: Sql =
    Sql::both("SELECT lease_owner, count(*) FROM lane_records WHERE lease_owner IS NOT NULL GROUP BY lease_owner");
/// What still lies with a process, or with nobody.
const LEFT: Sql =
    Sql::both("SELECT count(*) FROM lane_records WHERE status <> 'dead' AND (lease_owner = $1 OR lease_owner IS NULL)");

/// Two processes on one database: never the same record in both; what one leaves behind, the other takes over.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Takeover) -> Result<()> {
    let at = ground.database()?;
    let pace = if options.brisk { brisk } else { Pace::of };
    let mut publisher = Publisher::open(&at).await?;
    effects::prepare(publisher.engine().store()).await?;
    let mut crew = Crew { at, brisk: options.brisk, ends: HashMap::new() };

    // Both at once, as fast as they can.
    let (mut one, _) = crew.start(SHORT, 16).await?;
    let (mut two, _) = crew.start(SHORT, 16).await?;
    let mut events = HashSet::new();
    for lane in Lane::ALL {
        let more = publisher.publish_all(*lane, options.records / 3, 10).await?;
        publisher.let_go(*more.iter().next().ok_or("no records")?).await?;
        events.extend(more);
    }
    all_done(publisher.engine()).await?;
    for worker in [&mut one, &mut two] {
        worker.ask_to_stop().await?;
        worker.end().await?;
    }

    let lease = pace(Lane::General).lease;
    let bound = seconds(lease + LATER);
    let killed = crew.lose(&mut publisher, options.under_way, Loss::Killed).await?;
    events.extend(killed.events);
    let figure = (killed.after.as_secs_f64(), "s");
    report.note(NAME, "records of the killed process", load::report::count(killed.held), "");
    report.hold(
        NAME,
        "from the kill to the last take-over",
        figure,
        Bound::AtMost(bound),
        Bound::AtMost(seconds(lease) + SOON),
    );
    report.promise(NAME, "take-overs later than the lease and 5 s", u64::from(killed.after.as_secs_f64() > bound));

    let stopped = crew.lose(&mut publisher, options.under_way, Loss::Stopped).await?;
    events.extend(stopped.events);
    let figure = (stopped.after.as_secs_f64(), "s");
    let drain = pace(Lane::General).drain.as_secs_f64();
    report.note(NAME, "records of the stopped process", load::report::count(stopped.held), "");
    report.hold(
        NAME,
        "from SIGTERM to the last take-over",
        figure,
        Bound::AtMost(drain + 5.0),
        Bound::AtMost(drain + SOON),
    );

    let all = effects::read(publisher.engine().store()).await?;
    publisher.engine().close().await;
    report.promise(NAME, "records at work in two processes at once", all.overlaps(&crew.ends));
    report.promise(NAME, "records neither done nor dead", all.left.unsigned_abs());
    report.promise(NAME, "records that vanished", all.vanished(&events));
    report.promise(NAME, "dead letters", all.dead.len() as u64);
    Ok(())
}

/// How a process is lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    Killed,
    Stopped,
}

/// What became of a lost process's records.
struct Lost {
    events: HashSet<Uuid>,
    held: u64,
    after: Duration,
}

/// Starts workers, and remembers when each ended.
struct Crew {
    at: String,
    brisk: bool,
    ends: HashMap<Uuid, i64>,
}

impl Crew {
    async fn start(&self, pause: u64, batch: usize) -> Result<(Child, Uuid)> {
        let (pause, batch) = (pause.to_string(), batch.to_string());
        let arguments = ["worker", "--at", &self.at, "--pause", &pause, "--batch", &batch];
        let mut worker = Child::start(arguments.into_iter().chain(self.brisk.then_some("--brisk")))?;
        let id = worker.wait_for("working").await?.parse()?;
        Ok((worker, id))
    }

    /// Loses a process while it has much under way; another one is there.
    async fn lose(&mut self, publisher: &mut Publisher, records: u64, loss: Loss) -> Result<Lost> {
        let events = publisher.publish_all(Lane::General, records, 1).await?;
        publisher.let_go(*events.iter().next().ok_or("no records")?).await?;
        let (mut doomed, worker) = self.start(LONG, FEW).await?;
        // Until it alone holds something, it is not known by which name.
        let node = loop {
            if let Some((node, _)) = held(publisher).await?.into_iter().find(|(_, records)| *records >= PREMISE) {
                break node;
            }
            sleep(GLANCE).await;
        };
        let (mut other, _) = self.start(LONG, FEW).await?;
        let began = Instant::now();
        let held_then = of(&held(publisher).await?, node);
        if held_then < PREMISE {
            return Err(format!("only {held_then} records were under way when a process was lost").into());
        }
        match loss {
            Loss::Killed => doomed.kill().await?,
            Loss::Stopped => doomed.ask_to_stop().await?,
        }
        self.ends.insert(worker, publisher.engine().clock().now().micros());
        while left(publisher, node).await? > 0 {
            sleep(GLANCE).await;
        }
        let after = began.elapsed();
        if loss == Loss::Stopped {
            // What it gives up half-way is over then, and not only when the process is.
            while let Some(said) = doomed.hear().await? {
                if let Some(cut) = said.strip_prefix("cut ") {
                    self.ends.insert(worker, cut.parse()?);
                }
            }
            doomed.end().await?;
        }
        all_done(publisher.engine()).await?;
        other.ask_to_stop().await?;
        other.end().await?;
        Ok(Lost { events, held: held_then.unsigned_abs(), after })
    }
}

/// How many records each process holds.
async fn held(publisher: &Publisher) -> Result<Vec<(Uuid, i64)>> {
    let read = publisher.engine().store().read::<_, StoreError, _>(|conn| Box::pin(conn.all(HELD, ())));
    Ok(read.await?)
}

async fn left(publisher: &Publisher, node: Uuid) -> Result<i64> {
    let read = publisher.engine().store().read::<_, StoreError, _>(move |conn| Box::pin(conn.one(LEFT, (node,))));
    Ok(read.await?)
}

fn of(held: &[(Uuid, i64)], node: Uuid) -> i64 {
    held.iter().find(|(of, _)| *of == node).map_or(0, |(_, records)| *records)
}

#[expect(clippy::cast_precision_loss, reason = "seconds, as a figure")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}
