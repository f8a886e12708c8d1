//! Floor 4: the machinery of the lanes. See `README.md` beside this file for the states of a record.
//!
//! A record is born leased to the process that commits it and handed over in memory; what a dead process left behind,
//! and what waits for another attempt, is found by the poll. One duty a file.

mod acknowledge;
mod claim;
mod crew;
mod drain;
mod handler;
mod inbox;
mod meter;
mod pace;
mod record;
mod rescue;
mod retry;
mod schedule;
mod settle;
mod stall;
mod worker;

#[cfg(all(test, feature = "lab"))]
mod tests;

pub use handler::{Batch, Done, Handler, Undone, one_by_one};
pub use inbox::{Dispatch, Intake, dispatch};
pub use meter::{Figures, LaneFigures, Meter};
pub use pace::Pace;
pub use record::Record;
pub use retry::Backoff;
pub use schedule::{Duty, Schedule};
pub use worker::{Ground, Worker};
