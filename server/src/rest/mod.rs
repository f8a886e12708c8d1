//! JSON over HTTP under `/api/v1`. A call is one command or one query, decided and audited like any other; its errors are
//! those of the domain, as JSON under their own HTTP status. Who calls is told by the session's cookie.

mod admin;
mod caller;
mod input;

use axum::{Router, response::Response, routing::post};
use thunderline::domain::{Error, command::PublishEvents};

use self::{caller::Caller, input::Body};
use crate::{context::Context, error};

/// What is under `/api/v1`.
pub(crate) fn router() -> Router<Context> {
    Router::new().route("/events", post(publish)).nest("/admin", admin::router()).fallback(unknown)
}

/// Publishes events from outside (E03).
async fn publish(caller: Caller, Body(events): Body<PublishEvents>) -> Response {
    caller.run(events).await
}

async fn unknown() -> Response {
    error::response(Error::NotFound)
}
