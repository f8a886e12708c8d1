//! Proves the durable lanes: works the engine directly, with handlers of its own, in processes that it kills. See
//! `README.md`.

mod child;
mod effects;
mod engine;
mod ground;
mod options;
mod poster;
mod publisher;
mod scenario;
mod server;
mod town;
mod trial;
mod worker;
mod writer;

use std::process::ExitCode;

use clap::Parser;
use load::{failure::Result, report::Report};

use crate::{
    ground::Ground,
    options::{Options, Scenario},
};

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("A promise was broken; see the table above.");
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match &options.scenario {
        Some(Scenario::Worker(options)) => return runtime.block_on(worker::work(options)).map(|()| true),
        Some(Scenario::Writer(options)) => return runtime.block_on(writer::write(options)).map(|()| true),
        Some(Scenario::Poster(options)) => return runtime.block_on(poster::post(options)).map(|()| true),
        _ => {}
    }
    let mut ground = Ground::new(options.place)?;
    let (database, durability) = ground.durability();
    let mut report = Report::new(database, durability, ground.seed(), "nothing pinned", "records of its own");
    runtime.block_on(scenario::run(&options.scenario.unwrap_or(Scenario::All), &mut ground, &mut report))?;
    println!("{}", report.table());
    if let Some(path) = &ground.place().json {
        report.write(path)?;
    }
    Ok(report.is_clean())
}
