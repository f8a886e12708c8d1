use std::{sync::Arc, time::Duration};

use tokio::{sync::Mutex, task::JoinSet, time::Instant};

use super::company::{Cast, Company};
use crate::{
    client::Client,
    failure::{Failure, Result},
    ground::Ground,
    latency::Latency,
    options::Pages,
    report::{Bound, Report, count},
};

const NAME: &str = "pages";
/// What one page of history holds.
const PAGE: u32 = 50;

/// Pages rendered by the server.
pub async fn run(ground: &mut Ground, report: &mut Report, options: &Pages) -> Result<()> {
    let cast = Cast { posters: 4, onlookers: 1, rooms: 1, watchers: 0, bytes: None, number: 60 };
    let mut company = Company::gather(ground, cast).await?;
    let large = company.room().clone();
    company.fill_room(&large, options.history.max(PAGE)).await?;
    let small = company.stage.room(4).await?;
    company.fill_room(&small, PAGE).await?;
    let empty = company.stage.room(4).await?;
    let length = Duration::from_secs(ground.place().seconds.into());
    let reader = &company.stage.people[0];

    let mut best: f64 = 0.0;
    for connections in &options.connections {
        let (rate, times, bytes) = read(reader, &small.path, (*connections).max(1), length).await?;
        best = best.max(rate);
        report.note(NAME, format!("50 messages, {connections} connections"), rate, "/s");
        report.note(NAME, format!("50 messages, {connections} connections, p50"), times.percentile(50.0), "ms");
        report.note(NAME, format!("50 messages, {connections} connections, p99"), times.percentile(99.0), "ms");
        if connections == &options.connections[0] {
            report.note(NAME, "50 messages, HTML", count(bytes as u64) / 1e3, "KB");
        }
    }
    report.hold(NAME, "50 messages, at best", (best, "/s"), Bound::AtLeast(700.0), Bound::AtLeast(1_500.0));

    let middle = format!("{}?before={}", large.path, options.history / 2);
    let mut costs = Vec::new();
    for (name, path) in [
        ("of an empty channel", &empty.path),
        ("of a channel with 50", &small.path),
        ("of the largest channel", &large.path),
        ("in the middle of the largest", &middle),
    ] {
        let (rate, times, _) = read(reader, path, 1, length).await?;
        report.note(NAME, format!("page {name}, mean"), 1e3 / rate, "ms");
        report.note(NAME, format!("page {name}, p50"), times.percentile(50.0), "ms");
        costs.push(1.0 / rate);
    }
    let flat = (costs[2] / costs[1], "×");
    let history = options.history.max(PAGE);
    report.hold(NAME, format!("{history} messages against 50"), flat, Bound::AtMost(1.2), Bound::AtMost(1.05));
    report.note(NAME, "middle of the largest against 50", costs[3] / costs[1], "×");
    Ok(())
}

/// Asks for a page over and over. Answers pages a second, how long each took, and its size in bytes.
async fn read(reader: &Client, path: &str, connections: usize, length: Duration) -> Result<(f64, Latency, usize)> {
    let times = Arc::new(Mutex::new((Latency::default(), 0)));
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for _ in 0..connections {
        let (mut client, times, path) = (reader.again(), times.clone(), path.to_owned());
        tasks.spawn(async move {
            while began.elapsed() < length {
                let asked = Instant::now();
                let page = client.get(&path, "text/html", "identity").await?;
                if page.status != 200 {
                    return Err(format!("{path} answered {}: {}", page.status, page.excerpt()).into());
                }
                let mut times = times.lock().await;
                times.0.record(asked.elapsed());
                times.1 = page.body.len();
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let elapsed = began.elapsed();
    let (times, bytes) = std::mem::take(&mut *times.lock().await);
    let rate = count(times.count()) / elapsed.as_secs_f64();
    Ok((rate, times, bytes))
}
