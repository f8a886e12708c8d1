//! One file a scenario. Each has an empty database of its own.

mod disk;
mod fsync;
mod kills;
pub mod pickup;
mod poison;
mod posts;
mod takeover;
mod throughput;

use load::{failure::Result, report::Report};

use crate::{
    ground::Ground,
    options::{Options, Scenario},
};

/// Runs what was chosen.
pub async fn run(chosen: &Scenario, ground: &mut Ground, report: &mut Report) -> Result<()> {
    match chosen {
        Scenario::All => all(ground, report).await,
        Scenario::Throughput(options) => throughput::run(ground, report, options).await,
        Scenario::Kills(options) => kills::run(ground, report, options).await,
        Scenario::Takeover(options) => takeover::run(ground, report, options).await,
        Scenario::Poison(options) => poison::run(ground, report, options).await,
        Scenario::Pickup(options) => pickup::run(ground, report, options).await,
        Scenario::Posts(options) => posts::run(ground, report, options).await,
        Scenario::Disk(options) => disk::run(ground, report, options).await,
        Scenario::Fsync => fsync::run(ground, report).await,
        Scenario::Worker(_) | Scenario::Writer(_) | Scenario::Poster(_) => Ok(()),
    }
}

/// Every scenario with its defaults, as the command line would give them.
async fn all(ground: &mut Ground, report: &mut Report) -> Result<()> {
    for name in ["throughput", "kills", "takeover", "poison", "pickup", "posts", "disk", "fsync"] {
        let options = <Options as clap::Parser>::try_parse_from(["lanes", name])?;
        let embedded_only = ["disk", "fsync"].contains(&name);
        if let Some(scenario) = options.scenario.filter(|_| !embedded_only || !ground.is_postgres()) {
            println!("\n{name}");
            Box::pin(run(&scenario, ground, report)).await?;
        }
    }
    Ok(())
}
