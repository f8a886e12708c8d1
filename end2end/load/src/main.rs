//! Thunderline's load generator and acknowledged-write audit: speaks to a running server over HTTP and the feed, as
//! every client does, and knows nothing of its inside.

mod address;
mod audit;
mod bare;
mod board;
mod chance;
mod client;
mod failure;
mod findings;
mod follower;
mod form;
mod frame;
mod gallery;
mod ground;
mod latency;
mod machine;
mod options;
mod pace;
mod postgres;
mod reply;
mod report;
mod scenario;
mod sender;
mod server;
mod stage;
mod tag;
mod texts;
mod watcher;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    failure::Result,
    ground::Ground,
    options::{Options, Scenario},
    report::Report,
};

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("A promise was broken; see the audit above.");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether every promise was kept.
fn run(options: Options) -> Result<bool> {
    let chosen = options.scenario.unwrap_or(Scenario::All);
    if let Scenario::BareSender { address, sockets, rounds, lockstep } = chosen {
        bare::send(address, sockets, rounds, lockstep)?;
        return Ok(true);
    }
    let mut ground = Ground::new(options.place)?;
    let (database, durability) = ground.durability();
    let (seed, pinned) = (ground.seed(), ground.place().pin);
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
