use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::SinkExt;
use thunderline::domain::{
    Seq, Topic,
    feed::{ClientFrame, SUBPROTOCOL, ServerFrame},
};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        http::{HeaderValue, header},
        protocol::WebSocketConfig,
    },
};

use crate::{
    board::Board,
    failure::Result,
    follower::Follower,
    incoming::{Incoming, Told},
};

/// How much is read at once, in bytes: thousands of watchers each hold one such buffer.
const READ_BYTES: usize = 4 * 1024;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(20);
/// How long after a broken line the next one is tried.
const AGAIN: Duration = Duration::from_millis(20);

/// One live connection of somebody who looks at a channel.
#[derive(Debug)]
pub struct Watcher {
    address: SocketAddr,
    cookie: String,
    topic: Topic,
    /// What a browser watches beside the channel.
    around: Vec<(Topic, Seq)>,
    state: Mutex<State>,
}

/// What a watcher went through.
#[derive(Debug)]
pub struct State {
    /// What it heard of its channel.
    pub follower: Follower,
    /// Whether it is admitted now.
    pub ready: bool,
    /// How often it was admitted.
    pub admissions: u64,
    /// How often the server had too much for it.
    pub stale: u64,
    /// How often a line ended, and why the last did.
    pub broken: Option<String>,
}

impl Watcher {
    /// A watcher of `topic` that knows everything up to `cursor`, and of the topics `around` it.
    pub fn new(address: SocketAddr, cookie: &str, topic: Topic, cursor: Seq, around: Vec<(Topic, Seq)>) -> Self {
        let follower = Follower::new(cursor);
        let state = Mutex::new(State { follower, ready: false, admissions: 0, stale: 0, broken: None });
        Self { address, cookie: cookie.to_owned(), topic, around, state }
    }

    /// What it watches.
    pub const fn topic(&self) -> Topic {
        self.topic
    }

    /// What it went through so far.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches until the task is ended, and comes back whenever the line breaks. `doors` bounds how many shake hands at
    /// the same time.
    pub async fn watch(self: Arc<Self>, board: Arc<Board>, doors: Arc<Semaphore>) {
        loop {
            let broken = self.hold(&board, &doors).await.err();
            {
                let mut state = self.state();
                state.ready = false;
                state.broken = Some(broken.map_or_else(|| "the server closed it".into(), |error| error.to_string()));
            }
            sleep(AGAIN).await;
        }
    }

    async fn hold(&self, board: &Board, doors: &Semaphore) -> Result<()> {
        let permit = doors.acquire().await?;
        let mut socket = timeout(HANDSHAKE, self.connect()).await??;
        let mut cursors: BTreeMap<Topic, Seq> = self.around.iter().copied().collect();
        cursors.insert(self.topic, self.state().follower.cursor());
        say(&mut socket, &ClientFrame::Hello { cursors }).await?;
        let mut permit = Some(permit);
        let (mut incoming, mut heard) = (Incoming::default(), Vec::new());
        loop {
            let text = match incoming.take()? {
                Some(Told::Text(text)) => text,
                Some(Told::Ping(question)) => {
                    let answer = Message::Pong(question.to_vec().into());
                    socket.send(answer).await?;
                    continue;
                }
                Some(Told::Close) => return Ok(()),
                None => {
                    incoming.buffer.reserve(READ_BYTES);
                    if socket.get_mut().read_buf(&mut incoming.buffer).await? == 0 {
                        return Ok(());
                    }
                    continue;
                }
            };
            match board.reader().read(text, &mut heard) {
                Some(ServerFrame::Ready { heads, .. }) => {
                    permit.take();
                    if !heads.contains_key(&self.topic) {
                        return Err("the channel was not admitted".into());
                    }
                    let mut state = self.state();
                    state.ready = true;
                    state.admissions += 1;
                }
                Some(ServerFrame::Stale { topic }) if topic == self.topic => {
                    let cursor = {
                        let mut state = self.state();
                        state.stale += 1;
                        state.follower.cursor()
                    };
                    say(&mut socket, &ClientFrame::Watch { topic, cursor: Some(cursor) }).await?;
                }
                Some(ServerFrame::Error { error }) => return Err(error.into()),
                Some(ServerFrame::End { topic, reason }) if topic == self.topic => {
                    return Err(format!("the channel ended: {reason:?}").into());
                }
                _ => {}
            }
            for event in heard.drain(..) {
                // Only its channel's events carry our words; those of other topics have numbers of their own.
                if event.post.is_none() && !self.around.is_empty() {
                    continue;
                }
                if self.state().follower.hear(event.seq) {
                    board.hear(event);
                }
            }
        }
    }

    async fn connect(&self) -> Result<WebSocketStream<TcpStream>> {
        let mut request = format!("ws://{}/feed", self.address).into_client_request()?;
        let fields = request.headers_mut();
        fields.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        fields.insert(header::ORIGIN, HeaderValue::from_str(&format!("http://{}", self.address))?);
        fields.insert(header::COOKIE, HeaderValue::from_str(&self.cookie)?);
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        // Nothing is read by the library but the answer of the handshake.
        let config = WebSocketConfig::default().read_buffer_size(0).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(socket)
    }
}

async fn say(socket: &mut WebSocketStream<TcpStream>, frame: &ClientFrame) -> Result<()> {
    let text = serde_json::to_string(frame)?;
    socket.send(Message::text(text)).await?;
    Ok(())
}
