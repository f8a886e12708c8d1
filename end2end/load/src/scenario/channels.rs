use std::time::Duration;

use super::company::{Cast, Company};
use crate::{
    failure::Result,
    ground::Ground,
    options::Channels,
    report::{Bound, Report},
    stage::people_for,
};

const NAME: &str = "channels";

/// Many channels, some watchers each.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Channels) -> Result<()> {
    let (rooms, watchers) = (options.count.max(1), options.watchers.max(1));
    let cast = Cast { posters: 2, onlookers: people_for(rooms * watchers), rooms, watchers, bytes: None, number: 30 };
    let company = Company::gather(ground, cast).await?;
    let length = Duration::from_secs(ground.place().seconds.into());
    company.keep_pace(options.rate, length, 32).await?;
    let times = company.board.times();
    let at = format!("{}/s over {rooms} × {watchers}", options.rate);
    let (median, tail) = (times.delivery.percentile(50.0), times.delivery.percentile(99.0));
    report.hold(NAME, format!("{at}, post to delivery p50"), (median, "ms"), Bound::AtMost(5.0), Bound::AtMost(3.0));
    report.hold(NAME, format!("{at}, post to delivery p99"), (tail, "ms"), Bound::AtMost(30.0), Bound::AtMost(15.0));
    report.note(NAME, format!("{at}, acknowledgement p50"), times.ack.percentile(50.0), "ms");
    report.note(NAME, format!("{at}, acknowledgement p99"), times.ack.percentile(99.0), "ms");
    company.audit(NAME, report).await
}
