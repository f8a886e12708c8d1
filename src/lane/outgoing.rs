//! The one place that speaks HTTP to the outside: short, without redirects, and only to the open internet.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::address::is_open;

/// What a request may take, and where it may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the head of the answer is there, connecting included.
    pub whole: Duration,
    /// Whether private, loopback and other closed addresses may be sent to. Only where everybody who may make a
    /// webhook may also see this server's own network.
    pub private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), whole: Duration::from_secs(10), private: false }
    }
}

/// Why something did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// A sentence for whoever has to mend it, without a full stop.
    pub reason: String,
}

impl Undelivered {
    fn because(reason: impl Into<String>) -> Self {
        Self { status: None, reason: reason.into() }
    }
}

/// Sends requests out.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Or why there is none: the machine may lack certificates. Then every delivery says so.
    client: Result<Client, String>,
    private: bool,
}

impl Outgoing {
    /// Sends within `limits`.
    pub fn new(limits: Limits) -> Self {
        choose_cryptography();
        let client = Client::builder()
            .user_agent(concat!("Thunderline/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .timeout(limits.whole)
            .redirect(redirect::Policy::none())
            // A proxy would connect for us, to wherever, and what is looked at below would be the proxy's address.
            .no_proxy()
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(Looked { private: limits.private }))
            .build();
        Self { client: client.map_err(|cause| deepest(&cause)), private: limits.private }
    }

    /// Posts JSON; answers the status if it is a good one. The answer's body is not read.
    pub async fn post(&self, url: &str, headers: &[(&'static str, &str)], body: String) -> Result<u16, Undelivered> {
        let client = self.client.as_ref().map_err(|cause| Undelivered::because(format!("cannot send: {cause}")))?;
        let url = Url::parse(url).map_err(|cause| Undelivered::because(format!("the address is wrong: {cause}")))?;
        // A number is connected to without being looked up.
        if let Some(literal) = literal(&url).filter(|literal| !self.private && !is_open(*literal)) {
            return Err(Undelivered::because(Closed(literal.to_string()).to_string()));
        }
        let mut request = client.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body).send().await.map_err(|cause| Undelivered::because(reason(&cause)))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(status.as_u16());
        }
        let reason = if status.is_redirection() {
            format!("answered {status}, and redirects are not followed")
        } else {
            format!("answered {status}")
        };
        Err(Undelivered { status: Some(status.as_u16()), reason })
    }
}

/// The address that stands in a URL in place of a name.
fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Chooses who encrypts for every client of HTTP in this process: to be called before one is made.
pub fn choose_cryptography() {
    // Whoever came first chose the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn reason(cause: &reqwest::Error) -> String {
    if cause.is_timeout() {
        "did not answer in time".to_owned()
    } else {
        format!("cannot be reached: {}", deepest(cause))
    }
}

/// The last cause of causes: those above say only that something went wrong, and repeat the address.
fn deepest(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Looks names up, and hands on only addresses that may be sent to: what is connected to is what was looked at, so a
/// name cannot mean one thing when it is checked and another when it is used.
#[derive(Clone, Copy, Debug)]
struct Looked {
    private: bool,
}

impl Resolve for Looked {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let open: Vec<SocketAddr> = found.into_iter().filter(|address| private || is_open(address.ip())).collect();
            if open.is_empty() {
                return Err(Box::new(Closed(name.as_str().to_owned())).into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

/// An address that is not sent to.
#[derive(Debug)]
struct Closed(String);

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "has a private or reserved address ({}), and those are sent to only where THUNDERLINE_WEBHOOKS_PRIVATE is on",
            self.0
        )
    }
}

impl Error for Closed {}
