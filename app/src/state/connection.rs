/// How the line to the server stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Open, or opening for the first time.
    #[default]
    Live,
    /// Lost; trying again.
    Reconnecting,
    /// The browser says that there is no network.
    Offline,
}
