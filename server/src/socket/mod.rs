//! The feed: one task a connection. [`greet`] takes the first frame, [`Talk`] everything after it.

mod catch_up;
mod handshake;
mod line;
mod stats;
mod stream;
mod talk;
mod unwritten;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use hyper::upgrade::OnUpgrade;
use thunderline::domain::{Actor, Error, Identity, Surface, account::SessionToken};

pub(crate) use self::stats::Stats;
use self::{handshake::Handshake, line::Line, talk::Talk};
use crate::{context::Context, error, session};

/// `GET /feed`: begins a live connection.
pub(crate) async fn feed(
    State(context): State<Context>,
    headers: HeaderMap,
    handshake: Result<Handshake, Response>,
) -> Response {
    // A browser sends a page's cookie along whatever page opens the socket: only our own pages may.
    if context.front().is_own(&headers) == Some(false) {
        return (StatusCode::FORBIDDEN, "This page is not of this server.").into_response();
    }
    let Some(token) = session::token(&context, &headers) else { return error::response(Error::SignedOut) };
    let identity = match context.engine().identify(&token).await {
        Ok(Some(identity)) => identity,
        Ok(None) => return error::response(Error::SignedOut),
        Err(error) => return error::response(error),
    };
    if let Identity::Person { person, .. } = &identity
        && context.engine().hub().is_crowded(person.id)
    {
        return error::response(Error::TooMany { retry_after: 60 });
    }
    let handshake = match handshake {
        Ok(handshake) => handshake,
        Err(refusal) => return refusal,
    };
    if !handshake.is_ours() {
        return (StatusCode::BAD_REQUEST, "The feed speaks the subprotocol thunderline.v1.").into_response();
    }
    let (answer, upgrade) = handshake.agree();
    let sockets = context.sockets().clone();
    sockets.tasks.spawn_on(visit(context, identity, token, upgrade), &sockets.runtime);
    answer
}

async fn visit(context: Context, identity: Identity, token: SessionToken, upgrade: OnUpgrade) {
    // What is rare lives on the heap while it lasts: the task of a waiting connection stays small.
    let greeted = Box::pin(async {
        let line = Line::new(handshake::socket(upgrade).await?, context.sockets().stats.clone());
        Talk::greet(context, Actor::with(identity, Surface::Feed), token, line).await
    });
    if let Some(talk) = greeted.await {
        talk.run().await;
    }
}
