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
/// How many frames the bare loop sends in all its turns.
const BARE_FRAMES: usize = 1_800_000;
/// How often the bare loop and the server are measured one after the other.
const TURNS: usize = 9;
/// How long one post may take to reach everybody.
const PATIENCE: Duration = Duration::from_secs(30);

/// One channel with many watchers.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Fanout) -> Result<()> {
    let (watchers, pinned) = (options.watchers.max(1), ground.place().pin);
    let cast = Cast { posters: 8, onlookers: people_for(watchers), rooms: 1, watchers, bytes: Some(BYTES), number: 20 };
    let company = Company::gather(ground, cast).await?;
    let length = Duration::from_secs(ground.place().seconds.into());

    let turns = take_turns(&company, (BARE_FRAMES / watchers).max(1), length, pinned).await?;
    let bare = median(turns.iter().map(|turn| turn.bare));
    report.note(NAME, format!("bare loop over {watchers} sockets"), bare, "frames/s");
    report.note(NAME, "bare loop, one round at a time", median(turns.iter().map(|turn| turn.in_rounds)), "frames/s");
    report.note(NAME, "one post at a time", median(turns.iter().map(|turn| turn.posts)), "deliveries/s");
    let shares: Vec<f64> = turns.iter().map(|turn| turn.posts / turn.bare * 100.0).collect();
    let (least, most) =
        shares.iter().fold((f64::MAX, 0.0_f64), |(low, high), &share| (low.min(share), high.max(share)));
    report.note(NAME, format!("the same of the bare loop, least of {TURNS}"), least, "%");
    report.note(NAME, format!("the same of the bare loop, most of {TURNS}"), most, "%");
    let share = (median(shares), "%");
    report.hold(NAME, "one post at a time, of the bare loop", share, Bound::AtLeast(60.0), Bound::AtLeast(80.0));
    let of_rounds = median(turns.iter().map(|turn| turn.posts / turn.in_rounds * 100.0));
    report.note(NAME, "one post at a time, of the loop in rounds", of_rounds, "%");

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

/// Deliveries a second, measured one right after the other.
struct Turn {
    bare: f64,
    in_rounds: f64,
    posts: f64,
}

/// Lets the bare loop and the server take turns, each for a short while: what disturbs the machine for a moment then
/// spoils one comparison and not the figure, which is the median.
async fn take_turns(company: &Company, rounds: usize, length: Duration, pinned: bool) -> Result<Vec<Turn>> {
    let (rounds, length) = ((rounds / TURNS).max(1), length / 2);
    let mut turns = Vec::with_capacity(TURNS);
    for _ in 0..TURNS {
        turns.push(Turn {
            bare: bare::run(company.watchers(), rounds, false, pinned).await?,
            posts: rounds_of(company, 1, length).await?,
            in_rounds: bare::run(company.watchers(), rounds, true, pinned).await?,
        });
    }
    Ok(turns)
}

fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
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
