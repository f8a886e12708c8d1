//! Who may post links, and where they may lead (M07).

use crate::domain::{Error, Result, moderation::HOSTS};

/// Hosts, one a line, as they are kept: without what stands before and behind them. An error names `hosts`.
pub(super) fn parse_hosts(text: &str) -> Result<Vec<String>> {
    let mut hosts: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let host = host(line.split_once("://").map_or(line, |(_, rest)| rest));
        let plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '.');
        if host.is_empty() || !host.contains('.') || !host.chars().all(plain) {
            return Err(Error::invalid("hosts", format!("line {number} must be a host, such as example.org")));
        }
        if !hosts.contains(&host) {
            hosts.push(host);
        }
        if hosts.len() > HOSTS {
            return Err(Error::invalid("hosts", format!("must be at most {HOSTS} hosts")));
        }
    }
    Ok(hosts)
}

/// The host at the beginning of an address without its scheme.
fn host(address: &str) -> String {
    let end = address.find(['/', '?', '#', '\\']).unwrap_or(address.len());
    let place = address[..end].rsplit_once('@').map_or(&address[..end], |(_, place)| place);
    let bare = place.split_once(':').map_or(place, |(bare, _)| bare);
    bare.trim_end_matches('.').to_lowercase()
}

/// Whether a rendered message leads anywhere but to `allowed` hosts and those below them. Links within the server lead
/// nowhere else.
pub(super) fn leads_out(html: &str, allowed: &[String]) -> bool {
    let addresses = ["href=\"", "src=\""].into_iter().flat_map(|mark| html.split(mark).skip(1));
    let outer = addresses.filter_map(|rest| {
        let address = rest.split('"').next().unwrap_or_default();
        address.split_once("://").map(|(_, rest)| rest)
    });
    let mut outer = outer.map(host);
    outer.any(|host| {
        let below =
            |known: &String| host.strip_suffix(known.as_str()).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
        !allowed.iter().any(below)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::markdown;

    // M07
    #[test]
    fn a_link_is_one_however_it_is_written_and_an_allowed_host_is_its_hosts_below_too() {
        let allowed = parse_hosts("https://Example.org/path\n\ngood.test").unwrap();
        assert_eq!(allowed, ["example.org", "good.test"]);
        let out = |text: &str| leads_out(&markdown::render(text), &allowed);
        for text in [
            "see https://evil.test",
            "[x](https://evil.test/a)",
            "www.evil.test",
            "<https://evil.test>",
            "https://example.org@evil.test",
            "https://notexample.org",
            "https://example.org.evil.test",
        ] {
            assert!(out(text), "{text}: {}", markdown::render(text));
        }
        for text in [
            "no link",
            "https://example.org",
            "https://www.example.org/a?b#c",
            "http://GOOD.test:8080",
            "`https://evil.test`",
            "[x](/c/acme)",
        ] {
            assert!(!out(text), "{text}: {}", markdown::render(text));
        }
        assert!(parse_hosts("no host").unwrap_err().of_field("hosts").is_some());
    }
}
