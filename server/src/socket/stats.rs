use thunderline::watching::Counter;

/// What the sockets have done since the server began.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// Frames that were written and flushed.
    pub(crate) written: Counter,
    /// Sockets that took nothing for too long.
    pub(crate) cut: Counter,
}
