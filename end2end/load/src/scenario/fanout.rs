use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use super::company::{Cast, Company};
use crate::{
    bare,
    failure::Result,
    ground::Ground,
    options::Fanout,
    report::{Bound, Report, count},
    stage::people_for,
};

const NAME: &str = "fanout";
/// The size of each body, in bytes.
const BYTES: usize = 300;
/// How many frames the bare loop sends in all.
const BARE_FRAMES: usize = 400_000;
/// How long one post may take to reach everybody.
const PATIENCE: Duration = Duration::from_secs(30);

/// One channel with many watchers.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Fanout) -> Result<()> {
    let (watchers, pinned) = (options.watchers.max(1), ground.place().pin);
    let rounds = (BARE_FRAMES / watchers).max(1);
    let bare = bare::run(watchers, rounds, false, pinned).await?;
    let bare_lockstep = bare::run(watchers, rounds, true, pinned).await?;
    report.note(NAME, format!("bare loop over {watchers} sockets"), bare, "frames/s");
    report.note(NAME, "bare loop, one round at a time", bare_lockstep, "frames/s");

    let cast = Cast { posters: 8, onlookers: people_for(watchers), rooms: 1, watchers, bytes: Some(BYTES), number: 20 };
    let company = Company::gather(ground, cast).await?;
    let length = Duration::from_secs(ground.place().seconds.into());

    let rate = rounds_of(&company, 1, length).await?;
    report.note(NAME, "one post at a time", rate, "deliveries/s");
    let share = (rate / bare * 100.0, "%");
    report.hold(NAME, "one post at a time, of the bare loop", share, Bound::AtLeast(60.0), Bound::AtLeast(80.0));
    report.note(NAME, "one post at a time, of the loop in rounds", rate / bare_lockstep * 100.0, "%");

    let rate = rounds_of(&company, options.burst.max(1), length).await?;
    report.note(NAME, format!("bursts of {}", options.burst), rate, "deliveries/s");
    let times = (rate / bare, "×");
    report.hold(NAME, "bursts, of the bare loop", times, Bound::AtLeast(2.0), Bound::AtLeast(3.0));

    company.keep_pace(options.rate, length, 8).await?;
    let all = company.board.count() as u64 * watchers as u64;
    let _ = timeout(PATIENCE, company.board.delivered(all)).await;
    let times = company.board.times();
    let at = format!("{}/s to {watchers}", options.rate);
    let (median, tail) = (times.delivery.percentile(50.0), times.delivery.percentile(99.0));
    report.hold(NAME, format!("{at}, p50"), (median, "ms"), Bound::AtMost(20.0), Bound::AtMost(12.0));
    report.hold(NAME, format!("{at}, p99"), (tail, "ms"), Bound::AtMost(80.0), Bound::AtMost(40.0));
    company.audit(NAME, report).await
}

/// Posts `burst` at the same time, waits until everybody heard them all, and begins again. Answers deliveries a second.
async fn rounds_of(company: &Company, burst: usize, length: Duration) -> Result<f64> {
    let room = company.room().id;
    let mut senders: Vec<_> = (0..burst).map(|number| company.sender(number)).collect();
    let (began, before) = (Instant::now(), company.board.deliveries());
    let mut due = before;
    while began.elapsed() < length {
        let mut tasks = JoinSet::new();
        for mut sender in senders.drain(..) {
            tasks.spawn(async move {
                sender.post(room, Instant::now()).await;
                sender
            });
        }
        due += (burst * company.watchers()) as u64;
        let heard = timeout(PATIENCE, company.board.delivered(due)).await;
        heard.map_err(|_| format!("only {} of {due} deliveries came", company.board.deliveries()))?;
        while let Some(sender) = tasks.join_next().await {
            senders.push(sender?);
        }
    }
    let deliveries = company.board.deliveries() - before;
    Ok(count(deliveries) / began.elapsed().as_secs_f64())
}
