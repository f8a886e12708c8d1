use std::{sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::{SinkExt, StreamExt};
use thunderline::{
    domain::{
        Error,
        feed::{ClientFrame, ServerFrame},
    },
    hub::Frame,
};
use tokio::time::Instant;

use super::Stats;

/// A socket that cannot take what it is sent within this is closed.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// How long the other side may take to answer a goodbye.
const GOODBYE_WITHIN: Duration = Duration::from_secs(1);
/// The most frames a client may send within [`SPAN`]: watching every topic anew after a restart fits.
const FRAMES: u32 = 400;
const SPAN: Duration = Duration::from_secs(10);
/// The most frames that make no sense before the connection is closed.
const NONSENSE: u8 = 10;

/// The socket, and what is expected of the one at its other end.
pub(super) struct Line {
    socket: WebSocket,
    since: Instant,
    heard: u32,
    nonsense: u8,
    stats: Arc<Stats>,
}

/// The line is over.
#[derive(Debug)]
pub(super) struct Over;

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    Frame(ClientFrame),
    /// A sign of life, or nonsense that was answered.
    Nothing,
}

impl Line {
    pub(super) fn new(socket: WebSocket, stats: Arc<Stats>) -> Self {
        Self { socket, since: Instant::now(), heard: 0, nonsense: 0, stats }
    }

    /// The next message as it came. Cancel-safe.
    pub(super) async fn listen(&mut self) -> Result<Message, Over> {
        match self.socket.next().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(cause)) => {
                // A line that broke takes no goodbye; one that carried too much is told so.
                if cause.to_string().contains("too long") {
                    self.part(close_code::SIZE, "a frame has at most 16 KB").await;
                }
                Err(Over)
            }
            None => Err(Over),
        }
    }

    /// What a message means. What makes no sense is answered with what was wrong; too much of it ends the line.
    pub(super) async fn understand(&mut self, message: Message) -> Result<Heard, Over> {
        if self.since.elapsed() > SPAN {
            (self.since, self.heard) = (Instant::now(), 0);
        }
        self.heard += 1;
        if self.heard > FRAMES {
            self.say(&refusal(Error::TooMany { retry_after: 10 })).await?;
            self.part(close_code::POLICY, "too many frames").await;
            return Err(Over);
        }
        let problem = match message {
            Message::Text(text) => match serde_json::from_str(text.as_str()) {
                Ok(frame) => return Ok(Heard::Frame(frame)),
                Err(problem) => problem.to_string(),
            },
            Message::Binary(_) => "must be text".to_owned(),
            Message::Ping(_) | Message::Pong(_) => return Ok(Heard::Nothing),
            Message::Close(_) => return Err(Over),
        };
        self.complain(Error::invalid("frame", problem)).await?;
        Ok(Heard::Nothing)
    }

    /// Names what was wrong with a frame; the last time, closes.
    pub(super) async fn complain(&mut self, error: Error) -> Result<(), Over> {
        self.say(&refusal(error)).await?;
        self.nonsense += 1;
        if self.nonsense < NONSENSE {
            return Ok(());
        }
        self.part(close_code::POLICY, "too many frames that make no sense").await;
        Err(Over)
    }

    /// Writes one frame.
    pub(super) async fn say(&mut self, frame: &ServerFrame) -> Result<(), Over> {
        self.send(&[Frame::encode(frame)], false).await
    }

    /// Feeds all frames, and a test of the line if it is due, then flushes once.
    pub(super) async fn send(&mut self, frames: &[Arc<Frame>], ping: bool) -> Result<(), Over> {
        let socket = &mut self.socket;
        let write = async {
            for frame in frames {
                // Encoded JSON is always UTF-8.
                let Ok(text) = Utf8Bytes::try_from(frame.text()) else { continue };
                socket.feed(Message::Text(text)).await?;
            }
            if ping {
                socket.feed(Message::Ping(axum::body::Bytes::new())).await?;
            }
            socket.flush().await
        };
        match tokio::time::timeout(WRITE_WITHIN, write).await {
            Ok(Ok(())) => {
                self.stats.written.add(frames.len() as u64);
                Ok(())
            }
            Ok(Err(_)) => Err(Over),
            Err(_) => {
                self.stats.cut.one();
                Err(Over)
            }
        }
    }

    /// Says goodbye, and waits a moment for the answer so that what was written before is not cut off.
    pub(super) async fn part(&mut self, code: u16, reason: &'static str) {
        let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
        let goodbye = async {
            if self.socket.send(close).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // Whoever does not answer is simply left.
        let _ = tokio::time::timeout(GOODBYE_WITHIN, goodbye).await;
    }
}

fn refusal(error: Error) -> ServerFrame {
    ServerFrame::Error { error }
}
