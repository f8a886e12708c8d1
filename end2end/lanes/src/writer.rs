//! A process that publishes realtime records for another one to find.

use std::time::Duration;

use load::failure::Result;
use serde_json::json;
use thunderline::domain::Lane;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    options::Writer,
    publisher::{Publisher, event},
    scenario::pickup,
};

/// Says `<event> <µs since 1970>` of each record when anybody may take it.
pub async fn write(options: &Writer) -> Result<()> {
    let mut publisher = Publisher::with(&options.at, pickup::handlers).await?;
    let mut beat = interval(Duration::from_secs(1) / options.rate);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..options.records {
        beat.tick().await;
        let events = publisher.publish(vec![event(pickup::PROMPT, Lane::Realtime, json!({}))]).await?;
        publisher.let_go(events[0]).await?;
        println!("{} {}", events[0], publisher.engine().clock().now().micros());
    }
    publisher.engine().close().await;
    Ok(())
}
