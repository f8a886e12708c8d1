use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use thunderline::{
    domain::{
        Error,
        feed::{ClientFrame, ServerFrame},
    },
    hub::Frame,
};
use tokio::{
    net::TcpStream,
    task::coop::consume_budget,
    time::{Instant, timeout},
};
use tokio_tungstenite::tungstenite::{
    self, Bytes, Message, Utf8Bytes,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::{Stats, handshake::Socket, stream::Direct, unwritten::Unwritten};

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
///
/// The library reads, and writes pings, pongs and goodbyes. Frames of the feed are encoded once for everybody and go
/// past it, straight to the TCP stream, whenever it owes nothing; most of them by the hand of whoever publishes, through
/// the line's [`outlet`](Line::outlet).
pub(super) struct Line {
    socket: Socket,
    /// The library may hold an answer it has not written: a pong.
    owes: bool,
    /// Everything that came was read, and nothing was owed: there is nothing to do before more comes.
    read_out: bool,
    /// A frame may have been written in part.
    torn: bool,
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
    pub(super) fn new(socket: Socket, stats: Arc<Stats>) -> Self {
        let since = Instant::now();
        Self { socket, owes: false, read_out: false, torn: false, since, heard: 0, nonsense: 0, stats }
    }

    /// Where others may write while [`is_clear`](Self::is_clear) and nobody here writes.
    pub(super) fn outlet(&self) -> Direct {
        Direct::new(self.socket.get_ref().clone(), self.stats.clone())
    }

    /// Whether the library has nothing to write, nor anything to read that it would answer by itself.
    pub(super) const fn is_clear(&self) -> bool {
        self.read_out && !self.owes && !self.torn
    }

    /// Waits until there may be something to read. Nothing is written, as long as the line [is clear](Self::is_clear).
    /// Cancel-safe.
    pub(super) async fn stirs(&self) {
        if self.read_out {
            // A connection hardly ever has something to read: whether it has is asked of the stream, which is cheaper
            // than of the library. Its error shows again when it is read.
            let _ = std::future::poll_fn(|cx| self.tcp().poll_read_ready(cx)).await;
        }
    }

    /// The next message as it came, if all of it is there. The library may write.
    pub(super) async fn hear(&mut self) -> Result<Option<Message>, Over> {
        let message = std::future::poll_fn(|cx| Poll::Ready(self.poll_message(cx))).await;
        match message {
            Poll::Pending => {
                if self.owes {
                    // Otherwise there would be something to do for as long as nothing else is written.
                    self.send(&[], 0, false).await?;
                }
                Ok(None)
            }
            Poll::Ready(message) => self.heard(message).await.map(Some),
        }
    }

    /// The next message as it came. The library may write. Cancel-safe.
    pub(super) async fn listen(&mut self) -> Result<Message, Over> {
        let message = std::future::poll_fn(|cx| self.poll_message(cx)).await;
        self.heard(message).await
    }

    async fn heard(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> Result<Message, Over> {
        match message {
            Some(Ok(message)) => Ok(message),
            // A line that broke takes no goodbye; one that carried too much is told so.
            Some(Err(tungstenite::Error::Capacity(_))) => {
                self.part(CloseCode::Size, "a frame has at most 16 KB").await;
                Err(Over)
            }
            Some(Err(_)) | None => Err(Over),
        }
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, tungstenite::Error>>> {
        let message = self.socket.poll_next_unpin(cx);
        self.owes |= matches!(message, Poll::Ready(Some(Ok(Message::Ping(_)))));
        self.read_out = message.is_pending() && !self.owes;
        message
    }

    fn tcp(&self) -> &TcpStream {
        self.socket.get_ref().tcp()
    }

    /// What a message means. What makes no sense is answered with what was wrong; too much of it ends the line.
    pub(super) async fn understand(&mut self, message: Message) -> Result<Heard, Over> {
        if self.since.elapsed() > SPAN {
            (self.since, self.heard) = (Instant::now(), 0);
        }
        self.heard += 1;
        if self.heard > FRAMES {
            self.say(&refusal(Error::TooMany { retry_after: 10 })).await?;
            self.part(CloseCode::Policy, "too many frames").await;
            return Err(Over);
        }
        let problem = match message {
            Message::Text(text) => match serde_json::from_str(text.as_str()) {
                Ok(frame) => return Ok(Heard::Frame(frame)),
                Err(problem) => problem.to_string(),
            },
            Message::Binary(_) => "must be text".to_owned(),
            Message::Ping(_) | Message::Pong(_) => return Ok(Heard::Nothing),
            Message::Close(_) | Message::Frame(_) => return Err(Over),
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
        self.part(CloseCode::Policy, "too many frames that make no sense").await;
        Err(Over)
    }

    /// Writes one frame.
    pub(super) async fn say(&mut self, frame: &ServerFrame) -> Result<(), Over> {
        self.send(&[Frame::encode(frame)], 0, false).await
    }

    /// Writes all frames but the first `begun` bytes, and a test of the line if it is due.
    pub(super) async fn send(&mut self, frames: &[Arc<Frame>], begun: usize, ping: bool) -> Result<(), Over> {
        let mut unwritten = Unwritten::new(frames, begun);
        // Mostly the stream takes everything at once.
        let at_once = !ping && !self.owes && unwritten.write(self.tcp()).map_err(|_| Over)?;
        if !at_once {
            self.torn = true;
            // What is rare lives on the heap while it lasts.
            let Ok(finished) = timeout(WRITE_WITHIN, Box::pin(self.finish(unwritten, ping))).await else {
                self.stats.cut.one();
                return Err(Over);
            };
            finished.map_err(|_| Over)?;
            self.torn = false;
        }
        self.stats.written.add(frames.len() as u64);
        // Whoever has something to write again and again lets others write between.
        consume_budget().await;
        Ok(())
    }

    /// Writes what the library owes, then the frames, then the test.
    async fn finish(&mut self, mut unwritten: Unwritten<'_>, ping: bool) -> Result<(), tungstenite::Error> {
        if self.owes {
            self.socket.flush().await?;
            self.owes = false;
        }
        while !unwritten.write(self.tcp())? {
            self.tcp().writable().await?;
        }
        if ping {
            self.socket.send(Message::Ping(Bytes::new())).await?;
        }
        Ok(())
    }

    /// Says goodbye, and waits a moment for the answer so that what was written before is not cut off.
    pub(super) async fn part(&mut self, code: CloseCode, reason: &'static str) {
        if self.torn {
            // It would be taken for the rest of a frame.
            return;
        }
        let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
        let goodbye = async {
            if self.socket.send(close).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // Whoever does not answer is simply left.
        let _ = timeout(GOODBYE_WITHIN, goodbye).await;
    }
}

fn refusal(error: Error) -> ServerFrame {
    ServerFrame::Error { error }
}
