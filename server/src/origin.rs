use app::api::next;
use axum::extract::Request;
use http::{HeaderMap, Uri, header};

/// What the server is known as, and whom it believes about it.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    /// The host (and port) people use, if it is set.
    pub public_host: Option<String>,
    /// Whether the settings say that people come over TLS.
    pub https: bool,
    /// Whether a proxy is believed.
    pub trust_proxy: bool,
}

impl Front {
    /// Whether the request came over TLS.
    pub(crate) fn is_secure(&self, headers: &HeaderMap) -> bool {
        self.https || (self.trust_proxy && text(headers, "x-forwarded-proto").is_some_and(|proto| proto == "https"))
    }

    /// The visitor's address: the last one a believed proxy added, else the peer's.
    pub(crate) fn address(&self, headers: &HeaderMap, peer: std::net::IpAddr) -> String {
        let forwarded = || text(headers, "x-forwarded-for")?.rsplit(',').next().map(str::trim)?.parse().ok();
        let address = if self.trust_proxy { forwarded().unwrap_or(peer) } else { peer };
        address.to_canonical().to_string()
    }

    /// Whether the `Origin` a browser named is this server. Without one nothing is known, which is [`None`]: no
    /// browser opens a websocket or posts across origins without it.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> Option<bool> {
        let origin = headers.get(header::ORIGIN)?;
        let named = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        let host = named.as_ref().and_then(|origin| origin.authority()).map(http::uri::Authority::as_str);
        let own = [text(headers, "host"), self.public_host.as_deref()];
        Some(host.is_some_and(|host| own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(host))))
    }
}

/// The path and query of the page a form stood on; `/` where the header names none of this server.
pub(crate) fn referring_page(headers: &HeaderMap) -> String {
    let uri: Option<Uri> = text(headers, "referer").and_then(|referer| referer.parse().ok());
    next::local(uri.as_ref().and_then(Uri::path_and_query).map_or("/", |path| path.as_str()))
}

/// Whether a plain form asks, which is to be led to a page.
pub(crate) fn is_plain_form(request: &Request) -> bool {
    text(request.headers(), "accept").is_some_and(|accept| accept.contains("text/html"))
}

/// A cookie of the request.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    pairs
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A header as text.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn front(trust_proxy: bool) -> Front {
        Front { public_host: Some("chat.example".into()), https: false, trust_proxy }
    }

    #[test]
    fn an_origin_is_own_when_it_names_the_host() {
        let own = |origin| front(false).is_own(&headers(&[("host", "127.0.0.1:3000"), ("origin", origin)]));
        assert_eq!(own("http://127.0.0.1:3000"), Some(true));
        assert_eq!(own("https://chat.example"), Some(true));
        assert_eq!(own("http://127.0.0.1:3001"), Some(false));
        assert_eq!(own("null"), Some(false));
        assert_eq!(front(false).is_own(&headers(&[("host", "127.0.0.1:3000")])), None);
    }

    #[test]
    fn only_a_believed_proxy_names_the_visitor() {
        let forged = headers(&[("x-forwarded-for", "1.2.3.4, 9.9.9.9"), ("x-forwarded-proto", "https")]);
        let peer = std::net::IpAddr::from([127, 0, 0, 1]);
        assert_eq!(front(false).address(&forged, peer), "127.0.0.1");
        assert!(!front(false).is_secure(&forged));
        assert_eq!(front(true).address(&forged, peer), "9.9.9.9", "the last is the one the proxy saw");
        assert!(front(true).is_secure(&forged));
    }

    #[test]
    fn a_form_is_led_back_only_to_this_server() {
        let page = |referer| referring_page(&headers(&[("referer", referer)]));
        assert_eq!(page("http://a.example/c/x/y?at=1"), "/c/x/y?at=1");
        for elsewhere in
            ["http://a.example//evil.example/x", "about:blank", "javascript:alert(1)", "//evil.example", ""]
        {
            assert_eq!(page(elsewhere), "/", "{elsewhere}");
        }
    }
}
