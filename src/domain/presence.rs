//! Whether a person is there.

use super::named::named;

named! {
    /// Presence as others see it (U03), from least to most available.
    Presence {
        /// No connection is open.
        Offline = "offline",
        /// Connected, not to be disturbed.
        DoNotDisturb = "do_not_disturb",
        /// Connected, but not at it.
        Away = "away",
        /// Here.
        Online = "online",
    }
}
