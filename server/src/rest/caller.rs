use std::convert::Infallible;

use axum::{
    Json,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use serde::Serialize;
use thunderline::{
    domain::{Actor, Error, Surface},
    engine::{Command, Engine, Query},
};

use crate::{context::Context, error};

/// Who calls, and the door.
pub(super) struct Caller {
    engine: Engine,
    actor: Actor,
}

impl FromRequestParts<Context> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Infallible> {
        let actor = parts.extensions.get::<Actor>().cloned();
        let actor = actor.unwrap_or_else(|| Actor::visitor(Surface::Api));
        Ok(Self { engine: context.engine().clone(), actor: Actor { surface: Surface::Api, ..actor } })
    }
}

impl Caller {
    /// Runs a command; nothing to tell is 204.
    pub(super) async fn run<C>(self, command: C) -> Response
    where
        C: Command,
        C::Output: Serialize,
    {
        answer(self.engine.execute(self.actor, command).await)
    }

    /// Asks a query of the console: to whoever may not see it, it is not there.
    pub(super) async fn see<Q>(self, query: Q) -> Response
    where
        Q: Query,
        Q::Output: Serialize,
    {
        let answered = self.engine.ask(&self.actor, query).await;
        answer(answered.map_err(|error| match error {
            Error::Forbidden { .. } => Error::NotFound,
            other => other,
        }))
    }
}

fn answer<T: Serialize>(result: Result<T, Error>) -> Response {
    match result.map(|output| serde_json::to_value(output)) {
        Ok(Ok(serde_json::Value::Null)) => StatusCode::NO_CONTENT.into_response(),
        Ok(Ok(output)) => Json(output).into_response(),
        Ok(Err(cause)) => {
            tracing::error!(%cause, "an answer could not be written as JSON");
            error::response(Error::Internal { reference: "the answer could not be written".to_owned() })
        }
        Err(error) => error::response(error),
    }
}
