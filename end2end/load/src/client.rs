use std::{io, net::SocketAddr};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    failure::{Failure, Result},
    form,
    reply::Reply,
};

/// One keep-alive connection to the server, with one person's session.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    cookie: Option<String>,
    line: Option<TcpStream>,
    rest: Vec<u8>,
}

/// Why a call brought no answer that counts.
#[derive(Debug)]
pub enum CallError {
    /// The connection broke, so it is not known whether the server did it.
    Broken(io::Error),
    /// The server said no.
    Refused(u16, String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(error) => write!(f, "the connection broke: {error}"),
            Self::Refused(status, body) => write!(f, "the server answered {status}: {body}"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<io::Error> for CallError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

impl CallError {
    /// Whether the same request may succeed in a moment: the server is away, or said so.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Refused(503, _))
    }
}

impl Client {
    /// A client that connects when it has something to ask.
    pub const fn new(address: SocketAddr, cookie: Option<String>) -> Self {
        Self { address, cookie, line: None, rest: Vec::new() }
    }

    /// Another connection of the same person.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.address, self.cookie.clone())
    }

    /// The server.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The session's cookie.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Asks for a page or file.
    pub async fn get(&mut self, path: &str, accept: &str, coding: &str) -> io::Result<Reply> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\nAccept-Encoding: {coding}\r\n{}\r\n",
            self.address,
            self.cookie_line()
        );
        self.exchange(request.as_bytes()).await
    }

    /// Calls a server function and reads its answer.
    pub async fn call<T: DeserializeOwned>(&mut self, name: &str, fields: &[(&str, &str)]) -> Result<T, CallError> {
        let reply = self.post(name, fields).await?;
        read(&reply)
    }

    /// Calls a server function that takes JSON and reads its answer.
    pub async fn ask<T: DeserializeOwned>(&mut self, name: &str, input: &impl Serialize) -> Result<T, CallError> {
        let body = serde_json::to_string(input).map_err(io::Error::from)?;
        let reply = self.send(name, "application/json", &body).await?;
        read(&reply)
    }

    /// Signs up; this client holds the session from now on.
    pub async fn sign_up(&mut self, name: &str, handle: &str, password: &str) -> Result<()> {
        let fields = [("name", name), ("handle", handle), ("password", password)];
        let reply = self.post("sign_up", &fields).await?;
        let held = reply.fields.iter().filter(|(name, _)| name == "set-cookie");
        let mut held = held.filter_map(|(_, cookie)| cookie.split(';').next());
        let cookie = held.find(|cookie| cookie.contains("thunderline="));
        self.cookie = Some(cookie.ok_or_else(|| Failure::from("signing up gave no session cookie"))?.to_owned());
        Ok(())
    }

    async fn post(&mut self, name: &str, fields: &[(&str, &str)]) -> Result<Reply, CallError> {
        self.send(name, "application/x-www-form-urlencoded", &form::encode(fields)).await
    }

    async fn send(&mut self, name: &str, kind: &str, body: &str) -> Result<Reply, CallError> {
        let request = format!(
            "POST /api/{name} HTTP/1.1\r\nHost: {}\r\nOrigin: http://{}\r\nSec-Fetch-Site: same-origin\r\nAccept: \
             application/json\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{}\r\n{body}",
            self.address,
            self.address,
            body.len(),
            self.cookie_line()
        );
        let reply = self.exchange(request.as_bytes()).await?;
        // A redirect is the answer for a page; the cookie and the fact are what count here.
        if reply.status < 400 { Ok(reply) } else { Err(CallError::Refused(reply.status, reply.excerpt())) }
    }

    fn cookie_line(&self) -> String {
        self.cookie.as_ref().map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"))
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        let mut line = if let Some(line) = self.line.take().filter(is_open) {
            line
        } else {
            self.rest.clear();
            let line = TcpStream::connect(self.address).await?;
            line.set_nodelay(true)?;
            line
        };
        // A line that failed, or a call that was dropped half-way, is not put back.
        line.write_all(request).await?;
        let reply = Reply::read(&mut line, &mut self.rest).await?;
        if !reply.closes() {
            self.line = Some(line);
        }
        Ok(reply)
    }
}

/// Whether the server has not closed a line that lay idle: it does after fifteen seconds, as any client must expect.
fn is_open(line: &TcpStream) -> bool {
    line.try_read(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, CallError> {
    serde_json::from_slice(&reply.body)
        .map_err(|error| CallError::Refused(reply.status, format!("{error} in {}", reply.excerpt())))
}
