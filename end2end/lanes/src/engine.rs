use std::time::Duration;

use load::failure::Result;
use thunderline::{
    domain::{Actor, Lane, Surface, Time, lane::LaneStatus, query::ReadLanes},
    engine::{Engine, Settings},
    lane::Registry,
    queue::Pace,
    service::Cost,
};
use tokio::time::sleep;

/// How often it is looked whether something has happened in a database.
pub const GLANCE: Duration = Duration::from_millis(20);

/// An engine as a server opens it, but for what hashing a password costs.
pub async fn open(
    at: &str,
    lanes: Option<fn(Lane) -> Pace>,
    more: impl FnOnce(&mut Registry) + Send,
) -> Result<Engine> {
    let settings = Settings { lanes, password_cost: Cost::Least, ..Settings::new(at) };
    Ok(Engine::open_with(settings, more).await?)
}

/// The lanes of a test that has little time.
pub fn brisk(lane: Lane) -> Pace {
    Pace { lease: 2 * Time::SECOND, poll: Duration::from_millis(100), drain: Duration::from_secs(1), ..Pace::of(lane) }
}

/// The command line.
pub fn system() -> Actor {
    Actor::system(Surface::Cli)
}

/// How all lanes stand.
pub async fn lanes(engine: &Engine) -> Result<Vec<LaneStatus>> {
    Ok(engine.ask(&system(), ReadLanes {}).await?)
}

/// Waits until nothing is left to do but dead letters.
pub async fn all_done(engine: &Engine) -> Result<()> {
    while lanes(engine).await?.iter().any(|lane| lane.oldest.is_some()) {
        sleep(GLANCE).await;
    }
    Ok(())
}
