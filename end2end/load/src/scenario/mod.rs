//! One file a scenario. Each starts its own server on empty data.

mod channels;
mod company;
mod crash;
mod fanout;
mod firstload;
mod idle;
mod pages;
mod posts;
mod search;

use crate::{
    failure::Result,
    ground::Ground,
    options::{Options, Scenario},
    report::Report,
};

/// Runs what was chosen.
pub async fn run(chosen: &Scenario, ground: &mut Ground, report: &mut Report) -> Result<()> {
    match chosen {
        Scenario::Posts(options) => posts::run(ground, report, options).await,
        Scenario::Fanout(options) => fanout::run(ground, report, options).await,
        Scenario::Channels(options) => channels::run(ground, report, options).await,
        Scenario::Idle(options) => idle::run(ground, report, options).await,
        Scenario::Pages(options) => pages::run(ground, report, options).await,
        Scenario::Search(options) => search::run(ground, report, options).await,
        Scenario::Firstload => firstload::run(ground, report).await,
        Scenario::Crash(options) => crash::run(ground, report, options).await,
        Scenario::All => all(ground, report).await,
        Scenario::BareSender { .. } => Ok(()),
    }
}

/// Every scenario with its defaults, as the command line would give them.
async fn all(ground: &mut Ground, report: &mut Report) -> Result<()> {
    for name in ["posts", "fanout", "channels", "idle", "pages", "search", "firstload", "crash"] {
        let options = <Options as clap::Parser>::try_parse_from(["load", name])?;
        // A server that runs already is not ours to kill.
        let foreign = ground.place().url.is_some();
        if let Some(scenario) = options.scenario.filter(|_| !foreign || name != "crash") {
            println!("\n{name}");
            Box::pin(run(&scenario, ground, report)).await?;
        }
    }
    Ok(())
}
