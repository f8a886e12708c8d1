//! The lanes, as the operator sees and sets them.

#![expect(
    missing_docs,
    reason = "the fields of a server function are those of its command, which are documented there"
)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use thunderline::domain::{
    Error, Lane, RecordId, Time,
    lane::{LaneStatus, LetterPage},
};

use super::{Fault, Flash};

/// Which dead letters are asked for, as the address says it; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LettersAsked {
    /// Of this lane; of all without it.
    pub lane: String,
    /// With `letter`: only those given up before it; microseconds since 1970.
    pub died: String,
    /// Which one.
    pub letter: String,
    /// This one alone.
    pub record: String,
}

/// What the page of the lanes shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lanes {
    /// How each stands.
    pub lanes: Vec<LaneStatus>,
    /// A page of what was given up; nothing when the one that was asked for is there no more.
    pub letters: LetterPage,
    /// What is wrong with what was asked for; there are no letters then.
    pub wrong: Option<Error>,
    /// When this was read.
    pub now: Time,
    /// What a plain form said when it was refused.
    pub flash: Option<Flash>,
}

/// The answer to a read of the console: who may not see it is told that it is not there.
#[cfg(feature = "ssr")]
pub(super) fn seen<T>(result: thunderline::domain::Result<T>) -> Result<T, Fault> {
    super::context::answer(result.map_err(|error| match error {
        Error::Forbidden { .. } => Error::NotFound,
        other => other,
    }))
}

/// Reads what the page of the lanes shows.
#[server(endpoint = "open_lanes")]
pub async fn open_lanes(#[server(default)] asked: LettersAsked) -> Result<Lanes, Fault> {
    use super::context::{ask, engine, flash};
    use thunderline::domain::query;

    let lanes = seen(ask(query::ReadLanes {}).await)?;
    let (letters, wrong) = match letters(&asked).await {
        Err(wrong @ Error::Invalid { .. }) => (LetterPage::default(), Some(wrong)),
        read => (seen(read)?, None),
    };
    Ok(Lanes { lanes, letters, wrong, now: engine()?.clock().now(), flash: flash() })
}

/// The dead letters that are asked for.
#[cfg(feature = "ssr")]
async fn letters(asked: &LettersAsked) -> thunderline::domain::Result<LetterPage> {
    use super::{
        context::ask,
        given::{Wrong, id, micros, word},
    };
    use thunderline::domain::{cursor, lane::LetterCursor, query};

    let mut wrong = Wrong::default();
    let place = || cursor::both(("died", micros("died", &asked.died)?), ("letter", id("letter", &asked.letter)?));
    let lane = wrong.note(word("lane", &asked.lane))?;
    let after = wrong.note(place())?.map(|(died_at, id)| LetterCursor { died_at, id });
    let record = wrong.or(id("record", &asked.record))??;
    let Some(record) = record else { return ask(query::ListDeadLetters { lane, after }).await };
    match ask(query::ReadDeadLetter { record }).await {
        // It was replayed or purged meanwhile: the page says so.
        Err(Error::NotFound) => Ok(LetterPage::default()),
        letter => Ok(LetterPage { letters: vec![letter?], next: None }),
    }
}

/// How each lane stands.
#[server(endpoint = "read_lanes")]
pub async fn read_lanes() -> Result<Vec<LaneStatus>, Fault> {
    use super::context::ask;
    use thunderline::domain::query;

    seen(ask(query::ReadLanes {}).await)
}

// A plain form goes back to its own address, filter and all: none of these leads anywhere else.

/// Begins nothing more in a lane.
#[server(endpoint = "pause_lane")]
pub async fn pause_lane(lane: Lane) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::PauseLane { lane }).await)
}

/// Goes on with a lane.
#[server(endpoint = "resume_lane")]
pub async fn resume_lane(lane: Lane) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::ResumeLane { lane }).await)
}

/// Sets how many handlers of a lane may be at work at once in one process.
#[server(endpoint = "set_lane_width")]
pub async fn set_lane_width(lane: Lane, #[server(default)] width: String) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    // A field holds text, whatever was typed.
    let width = width.trim().parse().map_err(|_| Error::invalid("width", "must be 1 to 64"));
    let set = async { execute(command::SetLaneWidth { lane, width: width? }).await };
    answer(set.await)
}

/// Tries a dead letter again.
#[server(endpoint = "replay_dead_letter")]
pub async fn replay_dead_letter(record: RecordId) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::ReplayDeadLetter { record }).await)
}

/// Tries all dead letters again; answers how many.
#[server(endpoint = "replay_dead_letters")]
pub async fn replay_dead_letters(#[server(default)] lane: Option<Lane>) -> Result<u64, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::ReplayDeadLetters { lane }).await)
}

/// Removes a dead letter for good.
#[server(endpoint = "purge_dead_letter")]
pub async fn purge_dead_letter(record: RecordId) -> Result<(), Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::PurgeDeadLetter { record }).await)
}

/// Removes all dead letters for good; answers how many.
#[server(endpoint = "purge_dead_letters")]
pub async fn purge_dead_letters(#[server(default)] lane: Option<Lane>) -> Result<u64, Fault> {
    use super::context::{answer, execute};
    use thunderline::domain::command;

    answer(execute(command::PurgeDeadLetters { lane }).await)
}
