//! Which addresses are the open internet's.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ammonia::Url;

/// Networks of IPv4 that are nobody's on the open internet (RFC 6890 and its registry), and where clouds answer about
/// the machine itself: most in 169.254/16, 100.64/10 and 192.0.0/24, one at 168.63.129.16.
const CLOSED: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([168, 63, 129, 16], 32),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Networks within the global unicast space of IPv6 that are special: protocol assignments and Teredo, documentation,
/// 6to4, which holds an IPv4 address, and documentation again.
const CLOSED_V6: [([u16; 2], u32); 4] =
    [([0x2001, 0], 23), ([0x2001, 0xdb8], 32), ([0x2002, 0], 16), ([0x3fff, 0], 20)];

/// An address that is not sent to: a number, or the name that leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed(pub String);

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

/// What closes a URL without looking its name up: a number that is not the open internet's, or the name of the machine
/// itself (RFC 6761).
pub fn closed(url: &Url) -> Option<Closed> {
    let name = url.host_str()?.trim_end_matches('.');
    let own = name == "localhost" || name.ends_with(".localhost");
    closed_number(url).or_else(|| own.then(|| Closed(name.to_owned())))
}

/// What closes a URL that names a number: it is connected to without being looked up.
pub fn closed_number(url: &Url) -> Option<Closed> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse().ok().filter(|address| !is_open(*address))?;
    Some(Closed(IpAddr::to_string(&address)))
}

/// Whether an address is on the open internet: not private, loopback, link-local, multicast, shared by a carrier,
/// another one in disguise, or where a cloud tells secrets about the machine.
pub fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_open_v4(v4),
        IpAddr::V6(v6) => is_open_v6(v6),
    }
}

fn is_open_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !CLOSED.iter().any(|(network, length)| same(bits, u32::from_be_bytes(*network), *length))
}

fn is_open_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let bits = join([first, second]);
    // 2000::/3 is all that is given out; mapped and translated IPv4, unique local and link-local are outside of it.
    same(bits, join([0x2000, 0]), 3) && !CLOSED_V6.iter().any(|(network, length)| same(bits, join(*network), *length))
}

fn join([high, low]: [u16; 2]) -> u32 {
    u32::from(high) << 16 | u32::from(low)
}

/// Whether the first `length` (1–32) bits agree.
fn same(one: u32, other: u32, length: u32) -> bool {
    (one ^ other) >> (32 - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    // M31, A03
    #[test]
    fn no_address_that_is_not_the_open_internets_is_sent_to() {
        for closed in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff:1::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_open(closed.parse().unwrap()), "{closed}");
        }
    }

    // A03
    #[test]
    fn an_address_is_closed_however_it_is_written() {
        let is_closed = |url: &str| closed(&Url::parse(url).unwrap()).is_some();
        for url in [
            "http://127.0.0.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "https://[::1]:8443/hook",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest",
            "http://localhost:8080/",
            "http://hooks.localhost./",
        ] {
            assert!(is_closed(url), "{url}");
        }
        for url in ["https://example.com/", "https://1.1.1.1/", "https://localhost.example.com/"] {
            assert!(!is_closed(url), "{url}");
        }
    }

    // A03
    #[test]
    fn the_open_internet_is_sent_to() {
        for open in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "168.63.129.17",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_open(open.parse().unwrap()), "{open}");
        }
    }
}
