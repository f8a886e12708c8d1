//! The one place that speaks HTTP to the outside: short, without redirects, and only to the open internet.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use crate::service::address::{self, Closed, is_open};

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
    /// Whether it leads where nothing is sent: trying again is of no use.
    pub closed: bool,
}

impl Undelivered {
    fn because(reason: impl Into<String>) -> Self {
        Self { status: None, reason: reason.into(), closed: false }
    }

    fn closed(closed: &Closed) -> Self {
        Self { closed: true, ..Self::because(closed.to_string()) }
    }

    fn of(cause: &reqwest::Error) -> Self {
        if cause.is_timeout() {
            return Self::because("did not answer in time");
        }
        let deepest = deepest(cause);
        let closed = deepest.is::<Closed>();
        let reason = if closed { deepest.to_string() } else { format!("cannot be reached: {deepest}") };
        Self { closed, ..Self::because(reason) }
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
        Self { client: client.map_err(|cause| deepest(&cause).to_string()), private: limits.private }
    }

    /// Posts JSON; answers the status if it is a good one. The answer's body is not read.
    pub async fn post(&self, url: &str, headers: &[(&'static str, &str)], body: String) -> Result<u16, Undelivered> {
        let client = self.client.as_ref().map_err(|cause| Undelivered::because(format!("cannot send: {cause}")))?;
        let url = Url::parse(url).map_err(|cause| Undelivered::because(format!("the address is wrong: {cause}")))?;
        // Names are looked at when they are looked up.
        if let Some(closed) = address::closed_number(&url).filter(|_| !self.private) {
            return Err(Undelivered::closed(&closed));
        }
        let mut request = client.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body).send().await.map_err(|cause| Undelivered::of(&cause))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(status.as_u16());
        }
        let reason = if status.is_redirection() {
            format!("answered {status}, and redirects are not followed")
        } else {
            format!("answered {status}")
        };
        Err(Undelivered { status: Some(status.as_u16()), ..Undelivered::because(reason) })
    }
}

/// Chooses who encrypts for every client of HTTP in this process: to be called before one is made.
pub fn choose_cryptography() {
    // Whoever came first chose the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The last cause of causes: those above say only that something went wrong, and repeat the address.
fn deepest<'e>(error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
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
                // As it is, so that whoever asks can tell it from a name that leads nowhere.
                return Err(Closed(name.as_str().to_owned()).into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}
