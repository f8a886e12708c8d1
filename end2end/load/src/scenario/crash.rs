use std::time::Duration;

use tokio::time::sleep;

use super::company::{Cast, Company};
use crate::{
    chance::Chance,
    failure::{Failure, Result},
    ground::Ground,
    latency::Latency,
    options::Crash,
    report::{Bound, Report},
};

const NAME: &str = "crash";
/// The shortest time between two kills; up to a second is added.
const BETWEEN: Duration = Duration::from_secs(1);

/// Kills the server over and over while people post; nothing acknowledged may be lost.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Crash) -> Result<()> {
    let cast = Cast { posters: 8, onlookers: 4, rooms: 4, watchers: 2, bytes: None, number: 40 };
    let mut company = Company::gather(ground, cast).await?;
    let mut chance = Chance::new(ground.seed());
    let mut away = Latency::default();
    let mut server = company.stage.server.take().ok_or("only a server that was started here is killed")?;
    let kills = async {
        for _ in 0..options.kills {
            sleep(BETWEEN + Duration::from_millis(chance.next() % 1_000)).await;
            away.record(server.crash().await?);
        }
        Ok::<(), Failure>(())
    };
    let length = (BETWEEN + Duration::from_secs(1)) * options.kills;
    let (posted, killed) = tokio::join!(company.keep_pace(options.rate, length, 64), kills);
    posted?;
    killed?;
    report.note(NAME, format!("kill -9 at {} posts/s", options.rate), f64::from(options.kills), "times");
    report.note(NAME, "answering again, p50", away.percentile(50.0), "ms");
    let longest = (away.longest(), "ms");
    report.hold(NAME, "answering again, longest", longest, Bound::AtMost(2_000.0), Bound::AtMost(2_000.0));
    company.audit(NAME, report).await
}
