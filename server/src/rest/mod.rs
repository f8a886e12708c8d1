//! JSON over HTTP under `/api/v1`. A call is one command or one query, decided and audited like any other; its errors are
//! those of the domain, as JSON under their own HTTP status. Who calls is told by the session's cookie.

mod admin;
mod caller;
mod input;

use axum::{Router, response::Response};
use thunderline::domain::Error;

use crate::{context::Context, error};

/// What is under `/api/v1`.
pub(crate) fn router() -> Router<Context> {
    Router::new().nest("/admin", admin::router()).fallback(unknown)
}

async fn unknown() -> Response {
    error::response(Error::NotFound)
}
