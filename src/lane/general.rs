//! Housekeeping: what runs out is removed. Each a duty, once per cluster.

use super::door::Door;
use crate::{
    domain::{
        Actor, Result, Surface, Time,
        command::{Leftover, TIDIED_AT_ONCE, Tidy},
    },
    queue::Duty,
};

/// How often it is looked, in microseconds.
const EVERY: i64 = 10 * Time::MINUTE;

/// Removes all of one kind that has run out, step by step; says how many.
pub async fn tidy_once<D: Door>(door: &D, what: Leftover) -> Result<u64> {
    let mut gone = 0;
    loop {
        let removed = door.execute(Actor::system(Surface::Worker), Tidy { what }).await?;
        gone += removed;
        if removed < TIDIED_AT_ONCE {
            return Ok(gone);
        }
    }
}

/// Removes what has run out of one kind every ten minutes, once per cluster.
pub fn tidying<D: Door + Clone>(door: D, what: Leftover) -> Duty {
    Duty::new(name(what), EVERY, move |_, _| {
        let door = door.clone();
        async move {
            let gone = tidy_once(&door, what).await?;
            if gone > 0 {
                tracing::info!(%what, gone, "tidied");
            }
            Ok::<_, crate::domain::Error>(())
        }
    })
}

const fn name(what: Leftover) -> &'static str {
    match what {
        Leftover::Sessions => "sessions.sweep",
        Leftover::Events => "events.trim",
        Leftover::Commands => "commands.forget",
        Leftover::Answers => "answers.forget",
        Leftover::Batches => "batches.forget",
        Leftover::Minutes => "lanes.forget_minutes",
    }
}
