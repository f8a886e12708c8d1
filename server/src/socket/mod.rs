//! The feed: one task a connection. [`greet`] takes the first frame, [`Talk`] everything after it.

mod catch_up;
mod line;
mod stats;
mod talk;

use axum::{
    extract::{
        State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use thunderline::domain::{
    Actor, Error, Identity, Surface,
    account::SessionToken,
    feed::{CLIENT_FRAME_BYTES, SUBPROTOCOL},
};

pub(crate) use self::stats::Stats;
use self::{line::Line, talk::Talk};
use crate::{context::Context, error, session};

/// The buffers of one connection, in bytes: most frames are smaller, and ten thousand connections wait.
const BUFFER_BYTES: usize = 4 * 1_024;
/// The most bytes that may wait in a connection's own write buffer: one catch-up frame and what was fed before it.
const WRITE_BYTES: usize = 2 * 1_024 * 1_024;

/// `GET /feed`: begins a live connection.
pub(crate) async fn feed(
    State(context): State<Context>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
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
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        return (StatusCode::BAD_REQUEST, "The feed speaks the subprotocol thunderline.v1.").into_response();
    }
    let upgrade = upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BYTES)
        .max_message_size(CLIENT_FRAME_BYTES)
        .max_frame_size(CLIENT_FRAME_BYTES);
    let sockets = context.sockets().clone();
    upgrade.on_upgrade(async move |socket| {
        let visit = visit(context, identity, token, Line::new(socket, sockets.stats.clone()));
        sockets.tasks.spawn_on(visit, &sockets.runtime);
    })
}

async fn visit(context: Context, identity: Identity, token: SessionToken, line: Line) {
    let actor = Actor::with(identity, Surface::Feed);
    // What is rare lives on the heap while it lasts: the task of a waiting connection stays small.
    let greeted = Box::pin(Talk::greet(context, actor, token, line)).await;
    if let Some(talk) = greeted {
        talk.run().await;
    }
}
