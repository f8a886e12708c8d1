//! A process that works the lanes until it is killed or asked to stop.

use std::time::Duration;

use load::failure::Result;
use thunderline::{
    domain::{CorrelationId, Lane},
    queue::Pace,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{Instant, sleep},
};
use uuid::Uuid;

use crate::{
    engine::{self, brisk},
    options::Worker,
    trial::Trial,
};

/// How often an idle worker looks how far it is.
const LOOK: Duration = Duration::from_millis(5);

/// Works. Says `working <id>` once its lanes are open, and `done <µs>` when an idle one has done what it was told.
pub async fn work(options: &Worker) -> Result<()> {
    let mut stop = signal(SignalKind::terminate())?;
    let began = Instant::now();
    let worker = Uuid::from(CorrelationId::fresh());
    let (give, store) = watch::channel(None);
    let trial = Trial {
        lane: Lane::General,
        worker,
        pause: Duration::from_millis(options.pause),
        batch: options.batch,
        store: options.idle.is_none().then_some(store),
    };
    let pace = if options.brisk { brisk } else { Pace::of };
    let engine = engine::open(&options.at, Some(pace), |registry| trial.everywhere(registry)).await?;
    give.send_replace(Some(engine.store().clone()));
    println!("working {worker}");
    let finished = async {
        match options.idle {
            Some(records) => {
                while engine.lanes().figures().lanes.iter().map(|lane| lane.done).sum::<u64>() < records {
                    sleep(LOOK).await;
                }
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = finished => println!("done {}", began.elapsed().as_micros()),
        _ = stop.recv() => {}
    }
    engine.close().await;
    Ok(())
}
