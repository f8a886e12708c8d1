use std::{
    io::{self, ErrorKind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use thunderline::hub::{Frame, Outlet, Written};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{Stats, unwritten::Unwritten};

/// A TCP stream that the websocket library and the hub write to in turns. It ends when both have let go of it.
#[derive(Clone, Debug)]
pub(super) struct Stream(Arc<TcpStream>);

impl Stream {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self(Arc::new(stream))
    }

    pub(super) fn tcp(&self) -> &TcpStream {
        &self.0
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.poll_read_ready(cx))?;
            match self.0.try_read_buf(buffer) {
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read.map(|_| ())),
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_write_ready(cx))?;
            match self.0.try_write(bytes) {
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What the hub writes through.
#[derive(Debug)]
pub(super) struct Direct {
    stream: Stream,
    stats: Arc<Stats>,
}

impl Direct {
    pub(super) const fn new(stream: Stream, stats: Arc<Stats>) -> Self {
        Self { stream, stats }
    }
}

impl Outlet for Direct {
    fn write(&self, frames: &[Arc<Frame>]) -> Written {
        let mut unwritten = Unwritten::new(frames, 0);
        // What is wrong with the line shows again to its task.
        let _ = unwritten.write(self.stream.tcp());
        let written = unwritten.written();
        self.stats.written.add(written.frames as u64);
        written
    }
}
