//! The randomized test (C13, U05, U12): people of different roles do whatever they can, in tabs that lag, are disconnected
//! and come back, on a server that restarts. No tab ever holds what its person may not see; and whenever it is quiet, every
//! tab equals a fresh one, and every unread count equals the one recomputed from what people did.
//!
//! `THUNDERLINE_SEED` begins elsewhere, and repeats a run as far as the machine's own timing lets it; `THUNDERLINE_STEPS` makes it longer.

mod chance;
mod deeds;
mod ledger;
mod line;
mod rest;
mod rights;
mod tab;
mod talks;
mod town;

use self::town::Town;
use crate::{each_engine, lab::World};

/// Where the ordinary suite begins: always at the same place, so that whoever broke something is the one who is told.
const SEED: u64 = 1;
/// How many steps a run of the ordinary suite has.
const STEPS: u64 = 400;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

each_engine! {
    async fn whatever_people_do_every_tab_ends_up_as_a_fresh_one(world: World) {
        let seed = setting("THUNDERLINE_SEED").unwrap_or(SEED);
        let mut town = Town::found(world, seed).await;
        for _ in 0..setting("THUNDERLINE_STEPS").unwrap_or(STEPS) {
            town.step().await;
        }
        town.rest().await;
        town.close().await;
    }
}
