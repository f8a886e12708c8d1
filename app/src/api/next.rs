//! Where to go after signing in: a path of this server, never another place (an open redirect lends our name to
//! whoever wants to be taken for us).

/// The path, if it is one of this server's; `/` otherwise.
pub fn local(path: &str) -> String {
    if is_local(path) { path.to_owned() } else { "/".to_owned() }
}

/// Whether a browser would resolve this to a page of this server, and a header can carry it.
pub fn is_local(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next() == Some('/')
        // "//host" and "/\host" name another host.
        && !matches!(chars.next(), Some('/' | '\\'))
        // Browsers drop tabs and line ends before they read the address: "/\t/host" is "//host".
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
        && path.len() <= 1_000
}

/// The sign-in page that leads back to `path`.
pub fn sign_in(path: &str) -> String {
    if path == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", encode(path)) }
}

/// The address of a page with those of its fields that are not empty.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let given = fields.iter().filter(|(_, text)| !text.is_empty());
    let query: Vec<String> = given.map(|(name, text)| format!("{name}={}", encode(text))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Percent-encodes a query value (RFC 3986: all but the unreserved characters and the slash).
pub fn encode(value: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
    encoded
}

/// The same page under a channel's new address; `None` when the path is not of that channel.
pub fn moved(path: &str, from: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let slug = parts.get_mut(3).filter(|slug| slug.eq_ignore_ascii_case(from))?;
    *slug = to;
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        for path in ["/", "/c/harbour/general?at=1", "/c/a#m-1"] {
            assert_eq!(local(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "c/a",
        ] {
            assert_eq!(local(path), "/", "{path:?}");
        }
    }

    #[test]
    fn an_address_holds_what_is_not_empty() {
        assert_eq!(address("/admin/audit", &[("actor", "")]), "/admin/audit");
        let fields = [("actor", "ana&bo"), ("target", ""), ("outcome", "done")];
        assert_eq!(address("/admin/audit", &fields), "/admin/audit?actor=ana%26bo&outcome=done");
    }

    #[test]
    fn a_query_value_is_encoded() {
        assert_eq!(sign_in("/c/a?at=1&x=é"), "/sign-in?next=/c/a%3Fat%3D1%26x%3D%C3%A9");
        assert_eq!(sign_in("/"), "/sign-in");
    }

    // C05
    #[test]
    fn a_page_of_a_renamed_channel_has_the_same_place_under_the_new_address() {
        assert_eq!(moved("/c/acme/plans", "plans", "launch").as_deref(), Some("/c/acme/launch"));
        assert_eq!(moved("/c/plans/Plans/about", "plans", "launch").as_deref(), Some("/c/plans/launch/about"));
        assert_eq!(moved("/c/acme/other", "plans", "launch"), None);
        assert_eq!(moved("/c/plans", "plans", "launch"), None);
    }
}
