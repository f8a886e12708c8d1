use std::net::IpAddr;

use http::{HeaderMap, header, uri::Authority};
use sha2::{Digest as _, Sha256};

use crate::{config::Settings, origin::text};

/// Headers by which a proxy says that it stands between.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Who may read the figures: they tell how busy a server is, and how it fares.
#[derive(Clone, Debug)]
pub(crate) enum Admission {
    /// Whoever names the token, from anywhere. Here is its digest: comparing digests tells nothing by its timing.
    Token([u8; 32]),
    /// Whoever is on this machine.
    Loopback,
    /// Nobody: behind a proxy everybody seems to be on this machine.
    Nobody,
}

impl Admission {
    pub(crate) fn of(settings: &Settings) -> Self {
        match &settings.metrics_token {
            Some(token) => Self::Token(digest(token.reveal())),
            None if settings.public_url.is_some() || settings.trust_proxy.is_on() => Self::Nobody,
            None => Self::Loopback,
        }
    }

    /// Whether this request may read them.
    pub(crate) fn admits(&self, headers: &HeaderMap, peer: IpAddr) -> bool {
        match self {
            Self::Token(wanted) => {
                let named = text(headers, "authorization").and_then(|value| value.strip_prefix("Bearer "));
                named.is_some_and(|token| digest(token) == *wanted)
            }
            // The name is looked at too: a page elsewhere may have its own name point here (DNS rebinding).
            Self::Loopback => {
                peer.to_canonical().is_loopback()
                    && names_this_machine(headers)
                    && FORWARDED.iter().all(|name| !headers.contains_key(*name))
            }
            Self::Nobody => false,
        }
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = text(headers, header::HOST.as_str()).and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn admits(change: impl FnOnce(&mut Settings), pairs: &[(&'static str, &'static str)], peer: &str) -> bool {
        let mut settings = Settings::in_folder("x");
        change(&mut settings);
        Admission::of(&settings).admits(&headers(pairs), peer.parse().unwrap())
    }

    #[test]
    fn without_a_token_only_this_machine_reads() {
        for host in ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "localhost"] {
            assert!(admits(|_| {}, &[("host", host)], "127.0.0.1"), "{host}");
        }
        let here = [("host", "127.0.0.1:3000")];
        assert!(admits(|_| {}, &here, "::1") && admits(|_| {}, &here, "::ffff:127.0.0.1"));
        assert!(!admits(|_| {}, &here, "10.0.0.1"));
        assert!(!admits(|_| {}, &[("host", "evil.example")], "127.0.0.1"));
        assert!(!admits(|_| {}, &[], "127.0.0.1"));
        assert!(!admits(|_| {}, &[("host", "127.0.0.1"), ("x-forwarded-for", "1.2.3.4")], "127.0.0.1"));
    }

    #[test]
    fn behind_a_proxy_nobody_reads_without_a_token() {
        let here = [("host", "127.0.0.1:3000")];
        assert!(!admits(|settings| settings.public_url = Some("https://chat.example".into()), &here, "127.0.0.1"));
        assert!(!admits(|settings| settings.trust_proxy = crate::config::Switch::On, &here, "127.0.0.1"));
    }

    #[test]
    fn a_token_is_needed_where_there_is_one() {
        let set = |settings: &mut Settings| settings.metrics_token = Some("a-token-of-some-length".parse().unwrap());
        assert!(admits(set, &[("authorization", "Bearer a-token-of-some-length")], "10.0.0.1"));
        for wrong in
            ["Bearer a-token-of-some-lengt", "Bearer ", "a-token-of-some-length", "Basic a-token-of-some-length"]
        {
            assert!(!admits(set, &[("authorization", wrong)], "10.0.0.1"), "{wrong}");
        }
        assert!(!admits(set, &[("host", "127.0.0.1:3000")], "127.0.0.1"), "not even on this machine");
    }
}
