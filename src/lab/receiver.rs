#![expect(clippy::missing_panics_doc, reason = "a harness panics: that is how a test fails")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// What was asked for: method and path.
    pub line: String,
    /// Its headers, by name in lower case.
    pub headers: HashMap<String, String>,
    /// Its body.
    pub body: String,
}

/// How a receiver answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status and these headers, each ending in `\r\n`.
    Status(u16, String),
    /// Never.
    Silence,
}

/// Something of somebody else's that takes requests, on a port of its own on this machine.
#[derive(Debug)]
pub struct Receiver {
    /// Its address, such as `http://127.0.0.1:4711/hook`.
    pub url: String,
    heard: Arc<Mutex<Vec<Received>>>,
    _task: AbortOnDropHandle<()>,
}

impl Receiver {
    /// Answers one request after the other with one of `replies`, the last one from then on.
    pub async fn answering(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let task = TaskTracker::new().spawn(serve(listener, replies, heard.clone()));
        Self { url, heard, _task: AbortOnDropHandle::new(task) }
    }

    /// Answers everything with one status.
    pub async fn always(status: u16) -> Self {
        Self::answering(vec![Reply::Status(status, String::new())]).await
    }

    /// What has arrived so far.
    pub fn heard(&self) -> Vec<Received> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(listener: TcpListener, replies: Vec<Reply>, heard: Arc<Mutex<Vec<Received>>>) {
    // Those that are never answered are kept open.
    let mut silent = Vec::new();
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let Some(received) = read(&mut stream).await else { continue };
        let count = {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(received);
            heard.len()
        };
        match replies.get(count - 1).or(replies.last()) {
            Some(Reply::Status(status, headers)) => {
                let answer =
                    format!("HTTP/1.1 {status} Said\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n");
                // A sender that is gone already hears nothing; the test sees that from the other side.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
            Some(Reply::Silence) | None => silent.push(stream),
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next()?.to_owned();
            let headers: HashMap<String, String> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length: usize = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
            if body.len() >= length {
                return Some(Received { line, headers, body: body.to_owned() });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
