//! The console as JSON: the lanes, their dead letters, the audit log.

use axum::{
    Router,
    response::Response,
    routing::{get, post, put},
};
use serde::Deserialize;
use thunderline::domain::{
    Action, AuditId, CorrelationId, Lane, RecordId, Surface, Time,
    command::{
        PauseLane, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters, ResumeLane, SetLaneWidth,
    },
    cursor::both,
    lane::LetterCursor,
    query::{AuditCursor, AuditOutcome, ListAudit, ListDeadLetters, ReadChain, ReadDeadLetter, ReadLanes},
};
use uuid::Uuid;

use super::{
    caller::Caller,
    input::{Asked, Body, Path},
};
use crate::{context::Context, error};

pub(super) fn router() -> Router<Context> {
    Router::new()
        .route("/lanes", get(async |caller: Caller| caller.see(ReadLanes {}).await))
        .route("/lanes/{lane}/pause", post(pause))
        .route("/lanes/{lane}/resume", post(resume))
        .route("/lanes/{lane}/width", put(set_width))
        .route("/dead-letters", get(letters).delete(purge_all))
        .route("/dead-letters/replay", post(replay_all))
        .route("/dead-letters/{record}", get(letter).delete(purge))
        .route("/dead-letters/{record}/replay", post(replay))
        .route("/audit", get(audit))
        .route("/audit/chain", get(async |caller: Caller| caller.see(ReadChain {}).await))
}

async fn pause(caller: Caller, Path(lane): Path<Lane>) -> Response {
    caller.run(PauseLane { lane }).await
}

async fn resume(caller: Caller, Path(lane): Path<Lane>) -> Response {
    caller.run(ResumeLane { lane }).await
}

/// How many handlers of a lane may be at work at once in one process.
#[derive(Deserialize)]
struct Width {
    width: i64,
}

async fn set_width(caller: Caller, Path(lane): Path<Lane>, Body(Width { width }): Body<Width>) -> Response {
    caller.run(SetLaneWidth { lane, width }).await
}

/// Which dead letters: of one lane or all, and after which one: `died_at` and `id` as the page's `next` says them.
#[derive(Deserialize)]
struct Letters {
    lane: Option<Lane>,
    died_at: Option<Time>,
    id: Option<RecordId>,
}

async fn letters(caller: Caller, Asked(Letters { lane, died_at, id }): Asked<Letters>) -> Result<Response, Response> {
    let place = both(("died_at", died_at), ("id", id)).map_err(error::response)?;
    let after = place.map(|(died_at, id)| LetterCursor { died_at, id });
    Ok(caller.see(ListDeadLetters { lane, after }).await)
}

/// Of which lane; without it, of all.
#[derive(Deserialize)]
struct Which {
    lane: Option<Lane>,
}

async fn replay_all(caller: Caller, Asked(Which { lane }): Asked<Which>) -> Response {
    caller.run(ReplayDeadLetters { lane }).await
}

async fn purge_all(caller: Caller, Asked(Which { lane }): Asked<Which>) -> Response {
    caller.run(PurgeDeadLetters { lane }).await
}

async fn letter(caller: Caller, Path(record): Path<RecordId>) -> Response {
    caller.see(ReadDeadLetter { record }).await
}

async fn replay(caller: Caller, Path(record): Path<RecordId>) -> Response {
    caller.run(ReplayDeadLetter { record }).await
}

async fn purge(caller: Caller, Path(record): Path<RecordId>) -> Response {
    caller.run(PurgeDeadLetter { record }).await
}

/// What is looked for in the audit log, and after which entry: `at` and `id` as the page's `next` says them. Times are
/// microseconds since 1970.
#[derive(Deserialize)]
struct Entries {
    actor: Option<Uuid>,
    target: Option<Uuid>,
    correlation: Option<CorrelationId>,
    action: Option<Action>,
    outcome: Option<AuditOutcome>,
    surface: Option<Surface>,
    since: Option<Time>,
    until: Option<Time>,
    at: Option<Time>,
    id: Option<AuditId>,
}

async fn audit(caller: Caller, Asked(asked): Asked<Entries>) -> Result<Response, Response> {
    let Entries { actor, target, correlation, action, outcome, surface, since, until, at, id } = asked;
    let place = both(("at", at), ("id", id)).map_err(error::response)?;
    let after = place.map(|(at, id)| AuditCursor { at, id });
    let wanted = ListAudit { actor, target, correlation, action, outcome, surface, since, until, after };
    Ok(caller.see(wanted).await)
}
