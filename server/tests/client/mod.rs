//! A server on a port of its own, and a browser without a screen.
#![allow(dead_code, reason = "each test binary uses its part of this")]

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::config::Settings;
use thunderline::domain::{
    ChannelId, CommunityId, MessageId, PersonId, Seq, Topic,
    feed::{ClientFrame, ServerFrame},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message, client::IntoClientRequest, handshake::client::Request},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A server that runs until it is stopped or dropped.
pub struct Server {
    pub address: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<Result<(), server::Stopped>>,
    data: tempfile::TempDir,
}

impl Server {
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = Settings::in_folder(data.path());
        change(&mut settings);
        let listener = server::listen(settings.listen).unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
        let task = TaskTracker::new().spawn(server::run(listener, settings, shutdown.clone()));
        Self { address, shutdown, task, data }
    }

    pub fn begin_to_stop(&self) {
        self.shutdown.cancel();
    }

    pub async fn stopped(self) {
        self.shutdown.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// Somebody new, signed in.
    pub async fn person(&self, handle: &str) -> Browser {
        let mut browser = Browser { address: self.address, cookies: Vec::new() };
        let fields = [("name", handle), ("handle", handle), ("password", "correct horse battery")];
        let answer = browser.call("sign_up", &fields).await;
        assert!(answer.status < 400, "{handle} could not sign up: {} {}", answer.status, answer.body);
        browser
    }

    pub fn visitor(&self) -> Browser {
        Browser { address: self.address, cookies: Vec::new() }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.body))
    }
}

/// What holds a person's cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    pub address: SocketAddr,
    pub cookies: Vec<(String, String)>,
}

impl Browser {
    pub fn cookie_line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Sends a request and keeps the cookies it sets.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut lines = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("host: {}", self.address),
            "connection: close".to_owned(),
            format!("content-length: {}", body.len()),
            format!("cookie: {}", self.cookie_line()),
        ];
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let head = lines.join("\r\n");
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let answer = parse(&String::from_utf8_lossy(&bytes));
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    /// Sends these bytes, and reads one answer: the server may close before all was taken.
    pub async fn raw(&mut self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let mut part = [0; 4_096];
        while !complete(&bytes) {
            match stream.read(&mut part).await.unwrap() {
                0 => break,
                read => bytes.extend_from_slice(&part[..read]),
            }
        }
        parse(&String::from_utf8_lossy(&bytes))
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("accept", "text/html")], "").await
    }

    /// Calls a server function as the client does.
    pub async fn call(&mut self, name: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
        self.send("POST", &format!("/api/{name}"), &headers, &form(fields)).await
    }

    /// Submits a form as a browser without JavaScript does, from the page at `page`.
    pub async fn submit(&mut self, page: &str, name: &str, fields: &[(&str, &str)]) -> Answer {
        let referer = format!("http://{}{page}", self.address);
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html,application/xhtml+xml"),
            ("sec-fetch-site", "same-origin"),
            ("referer", referer.as_str()),
        ];
        self.send("POST", &format!("/api/{name}"), &headers, &form(fields)).await
    }

    pub async fn community(&mut self, slug: &str) -> CommunityId {
        let id = CommunityId::fresh();
        let text = id.to_string();
        let fields = [("id", text.as_str()), ("name", slug), ("slug", slug), ("public", "true")];
        let answer = self.call("create_community", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        id
    }

    pub async fn channel(&mut self, community: CommunityId, name: &str, private: bool) -> ChannelId {
        let (id, community) = (ChannelId::fresh().to_string(), community.to_string());
        let mut fields = vec![("id", id.as_str()), ("community", &community), ("name", name)];
        if private {
            fields.push(("private", "true"));
        }
        let answer = self.call("create_channel", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        id.parse().unwrap()
    }

    pub async fn post(&mut self, channel: ChannelId, body: &str) -> MessageId {
        let id = MessageId::fresh();
        self.post_as(id, channel, body).await;
        id
    }

    pub async fn post_as(&mut self, id: MessageId, channel: ChannelId, body: &str) {
        let fields = [("id", &*id.to_string()), ("channel", &*channel.to_string()), ("body", body)];
        let answer = self.call("post_message", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub fn upgrade(&self) -> Request {
        let mut request = format!("ws://{}/feed", self.address).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "thunderline.v1".parse().unwrap());
        headers.insert("origin", format!("http://{}", self.address).parse().unwrap());
        headers.insert("cookie", self.cookie_line().parse().unwrap());
        request
    }

    /// The status with which the socket is refused.
    pub async fn refused(&self, request: Request) -> u16 {
        let stream = TcpStream::connect(self.address).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
            Ok(_) => 101,
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens the feed with a receive buffer of its own size.
    pub async fn open(&self, receive_bytes: Option<u32>) -> Socket {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receive_bytes {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = socket.connect(self.address).await.unwrap();
        let (stream, response) = tokio_tungstenite::client_async(self.upgrade(), stream).await.unwrap();
        assert_eq!(response.headers().get("sec-websocket-protocol").unwrap(), "thunderline.v1");
        Socket(stream)
    }

    /// Opens the feed and says hello with these cursors.
    pub async fn feed(&self, cursors: &[(Topic, Seq)]) -> (Socket, PersonId) {
        let mut socket = self.open(None).await;
        socket.say(&ClientFrame::Hello { cursors: cursors.iter().copied().collect() }).await;
        match socket.hear().await {
            ServerFrame::Ready { person, .. } => (socket, person),
            other => panic!("expected ready, not {other:?}"),
        }
    }
}

/// An open feed.
pub struct Socket(pub WebSocketStream<TcpStream>);

impl Socket {
    pub async fn say(&mut self, frame: &ClientFrame) {
        self.0.send(Message::text(serde_json::to_string(frame).unwrap())).await.unwrap();
    }

    pub async fn watch(&mut self, topic: Topic, cursor: Option<Seq>) {
        self.say(&ClientFrame::Watch { topic, cursor }).await;
    }

    /// The next frame; fails the test when the line ends.
    pub async fn hear(&mut self) -> ServerFrame {
        self.hear_or_end().await.unwrap_or_else(|end| panic!("the line ended: {end:?}"))
    }

    /// The next frame, or the code with which the line ended.
    pub async fn hear_or_end(&mut self) -> Result<ServerFrame, Option<u16>> {
        loop {
            let next = tokio::time::timeout(std::time::Duration::from_secs(20), self.0.next());
            match next.await.expect("nothing was heard for 20 s") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Passes over frames until one is wanted.
    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ServerFrame) -> Option<T>) -> T {
        loop {
            let frame = self.hear().await;
            if let Some(found) = wanted(frame) {
                return found;
            }
        }
    }

    /// What is heard until the answer of a ping, which the server sends after all that waits.
    pub async fn heard(&mut self) -> Vec<ServerFrame> {
        self.say(&ClientFrame::Ping).await;
        let mut heard = Vec::new();
        loop {
            match self.hear().await {
                ServerFrame::Pong => return heard,
                frame => heard.push(frame),
            }
        }
    }
}

/// The durable events in a frame.
pub fn events(frame: ServerFrame) -> Vec<thunderline::domain::Envelope> {
    match frame {
        ServerFrame::Event(envelope) => vec![envelope],
        ServerFrame::Batch { events } => events,
        _ => Vec::new(),
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { unchunk(body) } else { body.to_owned() };
    Answer { status: status.unwrap_or_else(|| panic!("no status in {text:?}")), headers, body }
}

/// Whether an answer with a length is there whole.
fn complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}

fn unchunk(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 || after.len() < size {
            break;
        }
        body.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    body
}

/// An error as server functions answer with it.
pub fn error(name: &str) -> Value {
    json!({ "error": name })
}
