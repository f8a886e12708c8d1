use std::net::{IpAddr, SocketAddr};

use crate::failure::Result;

/// The address in `http://<ip>:<port>`. Only loopback: this program exists to press a server hard, and must not be
/// turned on somebody else's.
pub fn parse(url: &str) -> Result<SocketAddr> {
    let rest = url.strip_prefix("http://").ok_or_else(|| format!("{url} does not begin with http://"))?;
    let authority = rest.split('/').next().unwrap_or(rest).replace("localhost", "127.0.0.1");
    let address: SocketAddr = authority.parse().map_err(|_| format!("{url} is not http://<ip>:<port>"))?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => Ok(address),
        IpAddr::V6(ip) if ip.is_loopback() => Ok(address),
        ip => Err(format!("{ip} is not this machine: only a loopback address is loaded").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loaded() {
        assert_eq!(parse("http://127.0.0.1:3000").unwrap().port(), 3000);
        assert_eq!(parse("http://localhost:3000/").unwrap().port(), 3000);
        assert_eq!(parse("http://[::1]:80").unwrap().port(), 80);
        for url in ["http://10.0.0.1:80", "http://0.0.0.0:80", "https://127.0.0.1:1", "http://example.org:80", ""] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
