use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long a client may take to send a request's head; slower ones would hold connections for nothing.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The largest head of a request, and the read buffer of a connection, in bytes.
const HEAD_BYTES: usize = 16 * 1_024;
/// After the machine refused a connection (no file descriptor left), how long until the next is tried.
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// The most bytes the kernel holds for a client that does not read, in addition to the queue of its connection. It
/// would grow to megabytes by itself, and whoever stopped reading would be told so that much later.
const SEND_BYTES: u32 = 256 * 1_024;
/// How many connections may wait to be accepted: after a restart everybody comes at once.
const BACKLOG: u32 = 4_096;

/// Listens on `address`; port 0 takes a free one.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that starts again must not wait for the old one's last connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Every accepted connection inherits it.
    socket.set_send_buffer_size(SEND_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections until `shutdown`, then lets what was begun be answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken, tasks: &TaskTracker) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                tasks.spawn(answer(stream, peer, router.clone(), shutdown.clone()));
            }
            Err(cause) => {
                tracing::warn!(%cause, "a connection could not be accepted");
                tokio::time::sleep(AFTER_REFUSAL).await;
            }
        }
    }
}

async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, shutdown: CancellationToken) {
    // Small answers leave at once; without this they wait for the client's acknowledgement (Nagle).
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(%cause, "a connection could not be set up");
        return;
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer: Result<_, Infallible> = router.oneshot(request).await;
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        // Mostly a browser that went away in the middle.
        tracing::debug!(%cause, "a connection ended early");
    }
}
