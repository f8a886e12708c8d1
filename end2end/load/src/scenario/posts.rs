use std::time::Duration;

use super::company::{Cast, Company};
use crate::{
    failure::Result,
    ground::Ground,
    options::Posts,
    report::{Bound, Report},
    stage::Stage,
};

const NAME: &str = "posts";
/// How many people post; each may use several connections.
const PEOPLE: usize = 16;
/// How many wait for an answer at the same time at a steady rate.
const WAITING: usize = 256;

/// Durable posts over HTTP.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Posts) -> Result<()> {
    let (sync, sync_tail) = ground.sync()?;
    report.note(NAME, "bare 4 KiB append and fsync, p50", sync, "ms");
    report.note(NAME, "bare 4 KiB append and fsync, p99", sync_tail, "ms");
    let mut stage = Stage::set(ground.server().await?, PEOPLE + 1, ground.seed()).await?;
    let cast = Cast {
        posters: PEOPLE,
        onlookers: 1,
        rooms: usize::try_from(options.channels)?,
        watchers: 1,
        bytes: None,
        number: 0,
    };
    let length = Duration::from_secs(ground.place().seconds.into());
    let mut best: f64 = 0.0;
    for (number, senders) in options.senders.iter().copied().enumerate() {
        let company = Company::on(stage, ground, Cast { number: number as u64 + 1, ..cast }).await?;
        let rate = company.saturate(senders.max(1), length).await?;
        best = best.max(rate);
        let times = company.board.times();
        let (median, tail) = (times.ack.percentile(50.0), times.ack.percentile(99.0));
        report.note(NAME, format!("{senders} senders"), rate, "/s");
        if senders == 1 {
            let (floor, aim) = (Bound::AtMost(sync + 2.0), Bound::AtMost(sync + 0.7));
            report.hold(NAME, "1 sender, acknowledgement p50", (median, "ms"), floor, aim);
        } else {
            report.note(NAME, format!("{senders} senders, acknowledgement p50"), median, "ms");
        }
        report.note(NAME, format!("{senders} senders, acknowledgement p99"), tail, "ms");
        company.audit(NAME, report).await?;
        stage = company.stage;
    }
    let (floor, aim) = if ground.is_postgres() { (2_000.0, 4_000.0) } else { (3_000.0, 6_000.0) };
    if best > 0.0 {
        report.hold(NAME, "at saturation", (best, "/s"), Bound::AtLeast(floor), Bound::AtLeast(aim));
    }
    let rate = options.rate.unwrap_or(if ground.is_postgres() { 2_000.0 } else { 3_500.0 });
    if rate > 0.0 {
        let company = Company::on(stage, ground, Cast { number: 0, ..cast }).await?;
        company.keep_pace(rate, length, WAITING).await?;
        let times = company.board.times();
        report.note(NAME, format!("at {rate}/s, acknowledgement p50"), times.ack.percentile(50.0), "ms");
        let tail = (times.ack.percentile(99.0), "ms");
        report.aim(NAME, format!("at {rate}/s, acknowledgement p99"), tail, Bound::AtMost(20.0));
        report.note(NAME, format!("at {rate}/s, longest"), times.ack.longest(), "ms");
        company.audit(NAME, report).await?;
    }
    Ok(())
}
