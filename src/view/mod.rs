//! Floor 2: what a client holds, and how an event changes it. Pure; the same code runs in the browser and the lab.
//!
//! The promise (law 5): a snapshot with the emitted events applied equals a snapshot taken afterwards.

mod backoff;
pub mod body;
pub mod calendar;
mod changes;
pub mod completion;
mod cursors;
mod draft;
mod emoji;
mod feed;
pub mod filters;
mod held;
mod layout;
mod letters;
mod outbox;
pub mod palette;
pub mod reading;
mod recent;
#[cfg(test)]
mod sample;
mod shell;
mod timeline;
mod typists;

pub use backoff::Backoff;
pub use changes::{Piece, changes};
pub use cursors::{Cursors, Step};
pub use draft::Draft;
pub use emoji::{EmojiBook, names};
pub use feed::{Act, Feed, Watch};
pub use held::HeldList;
pub use layout::{Item, Line, layout};
pub use letters::lowered;
pub use outbox::{Letter, OUTBOX_LETTERS, Outbox, Verdict, verdict};
pub use recent::Recent;
pub use shell::Shell;
pub use timeline::{Change, Row, RowState, Timeline};
pub use typists::{TypingNotice, Typists};
