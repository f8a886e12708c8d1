//! Floor 2: what a client holds, and how an event changes it. Pure; the same code runs in the browser and the lab.
//!
//! The promise (law 5): a snapshot with the emitted events applied equals a snapshot taken afterwards.

mod cursors;
mod shell;
mod timeline;

pub use cursors::{Cursors, Step};
pub use shell::Shell;
pub use timeline::{Change, Row, RowState, Timeline};
