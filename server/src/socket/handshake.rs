use axum::{
    extract::{FromRequestParts, ws::WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, UPGRADE},
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use thunderline::domain::feed::{CLIENT_FRAME_BYTES, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

use super::stream::Stream;

/// The read buffer of one connection, in bytes: most frames are smaller, and ten thousand connections wait.
const BUFFER_BYTES: usize = 4 * 1_024;
/// The most bytes that may wait in a connection's own write buffer. It holds pings, pongs and goodbyes only.
const CONTROL_BYTES: usize = 1_024;

/// A websocket on the TCP stream it came by.
pub(super) type Socket = WebSocketStream<Stream>;

/// A client that asks for a websocket.
///
/// axum checks what it asks; the answer and the socket are ours, because axum's socket hides the TCP stream that
/// [`Line`](super::line::Line) writes to.
pub(crate) struct Handshake {
    checked: WebSocketUpgrade,
    key: HeaderValue,
    upgrade: OnUpgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        // axum takes both away.
        let (key, upgrade) = (parts.headers.get(SEC_WEBSOCKET_KEY).cloned(), parts.extensions.get().cloned());
        let checked = WebSocketUpgrade::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        // A websocket over HTTP/2 has no key; this server speaks HTTP/1.1.
        let (Some(key), Some(upgrade)) = (key, upgrade) else {
            return Err(StatusCode::HTTP_VERSION_NOT_SUPPORTED.into_response());
        };
        Ok(Self { checked: checked.protocols([SUBPROTOCOL]), key, upgrade })
    }
}

impl Handshake {
    /// Whether the client speaks this version of the feed.
    pub(super) fn is_ours(&self) -> bool {
        self.checked.selected_protocol().is_some()
    }

    /// Agrees: what is answered, and what becomes the socket once that was sent.
    pub(super) fn agree(self) -> (Response, OnUpgrade) {
        let fields = [
            (CONNECTION, "upgrade".to_owned()),
            (UPGRADE, "websocket".to_owned()),
            (SEC_WEBSOCKET_ACCEPT, derive_accept_key(self.key.as_bytes())),
            (SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL.to_owned()),
        ];
        ((StatusCode::SWITCHING_PROTOCOLS, fields).into_response(), self.upgrade)
    }
}

/// The socket; `None` when the client left before it was answered.
pub(super) async fn socket(upgrade: OnUpgrade) -> Option<Socket> {
    let parts = upgrade.await.ok()?.downcast::<TokioIo<TcpStream>>();
    let Ok(parts) = parts else {
        tracing::error!("a websocket came by something else than TCP");
        return None;
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(CONTROL_BYTES)
        .max_message_size(Some(CLIENT_FRAME_BYTES))
        .max_frame_size(Some(CLIENT_FRAME_BYTES));
    let (stream, early) = (Stream::new(parts.io.into_inner()), parts.read_buf.to_vec());
    Some(WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config)).await)
}
