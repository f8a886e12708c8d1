//! Floor 4: the machinery of the lanes. A record is born leased to the process that commits it and handed over in
//! memory; what a dead process left behind is found by the poll when its lease runs out.

mod acknowledge;
mod handler;
mod worker;

pub use handler::Handler;
pub use worker::{Inbox, Lane, Worker, lane};
