/// What kind of request it is: few, so that each can have figures of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// A page of the interface.
    Page,
    /// A server function: a command or a query.
    Call,
    /// The live connection. Its time is that of the handshake.
    Feed,
    /// A file.
    File,
    /// Somebody watching the server.
    Watch,
}

impl Route {
    pub(super) const ALL: [Self; 5] = [Self::Page, Self::Call, Self::Feed, Self::File, Self::Watch];

    pub(super) fn of(path: &str) -> Self {
        match path {
            "/feed" => Self::Feed,
            "/health" | "/ready" | "/metrics" => Self::Watch,
            path if path.starts_with("/api/") => Self::Call,
            // No address of a page has a dot.
            path if path.starts_with("/pkg/") || path.contains('.') => Self::File,
            _ => Self::Page,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Call => "call",
            Self::Feed => "feed",
            Self::File => "file",
            Self::Watch => "watch",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_of_one_kind() {
        for (path, route) in [
            ("/", Route::Page),
            ("/c/harbour/boats", Route::Page),
            ("/api/post_message", Route::Call),
            ("/feed", Route::Feed),
            ("/pkg/thunderline.js", Route::File),
            ("/favicon.svg", Route::File),
            ("/ready", Route::Watch),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
