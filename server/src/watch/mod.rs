//! What whoever runs the server asks it: is it alive, is it ready, what has it done.

mod admission;
mod encode;
mod metrics;
mod ready;
mod requests;
mod route;

pub(crate) use admission::Admission;
pub(crate) use metrics::metrics;
pub(crate) use ready::ready;
pub(crate) use requests::{Requests, Visit, observe};
