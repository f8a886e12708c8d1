//! Floor 0, on the server only: what every floor that does something counts, times and traces with.
//!
//! A floor owns its figures in a `stats` file and makes spans where it works; nobody below knows who reads them. The
//! engine gathers the figures, the server writes them down for Prometheus and sends the spans to a collector.

mod counter;
mod histogram;
pub mod span;

pub use counter::Counter;
pub use histogram::{Distribution, Histogram};
