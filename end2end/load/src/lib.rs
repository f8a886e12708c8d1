//! Thunderline's load generator and acknowledged-write audit: speaks to a running server over HTTP and the feed, as
//! every client does, and knows nothing of its inside. What the other programs of this folder need as well is public.

mod address;
mod audit;
mod bare;
mod board;
/// Numbers that repeat with a seed.
pub mod chance;
/// One keep-alive connection to a server.
pub mod client;
/// What stops a run.
pub mod failure;
mod findings;
mod follower;
mod form;
mod frame;
mod gallery;
mod ground;
mod incoming;
/// Durations, and how long most of them are.
pub mod latency;
mod machine;
/// The command line.
pub mod options;
mod pace;
/// A PostgreSQL server of its own.
pub mod postgres;
mod reply;
/// Figures, and what they are held against.
pub mod report;
mod scenario;
mod sender;
/// A Thunderline server, started here.
pub mod server;
/// People and a community on a server.
pub mod stage;
mod tag;
mod texts;
mod watcher;

use crate::{
    failure::Result,
    ground::Ground,
    options::{Options, Scenario},
    report::Report,
};

/// Runs what was asked for; answers whether every promise was kept.
pub fn run(options: Options) -> Result<bool> {
    let chosen = options.scenario.unwrap_or(Scenario::All);
    if let Scenario::BareSender { address, sockets, rounds, lockstep } = chosen {
        bare::send(address, sockets, rounds, lockstep)?;
        return Ok(true);
    }
    let mut ground = Ground::new(options.place)?;
    let (database, durability) = ground.durability();
    let (seed, pinned) = (ground.seed(), ground.place().pin);
    let pinned = if pinned { "server on core 0, generator on core 1" } else { "not pinned" };
    let mut report = Report::new(database, durability, seed, pinned, ground.texts().from());
    // One thread: the generator has one core, and the server the other.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(scenario::run(&chosen, &mut ground, &mut report))?;
    println!("{}", report.table());
    if let Some(path) = &ground.place().json {
        report.write(path)?;
    }
    Ok(report.is_clean())
}
