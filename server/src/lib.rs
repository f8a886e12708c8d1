//! Floor 9: Thunderline's server. [`run`] is the whole of it; tests start it on a port of their own.

#![recursion_limit = "256"]

mod address;
pub mod audit;
pub mod cli;
pub mod config;
mod context;
mod csrf;
mod error;
mod files;
mod forms;
mod headers;
pub mod import;
pub mod lanes;
mod limits;
pub mod logging;
mod origin;
mod pages;
mod refusals;
mod rest;
mod router;
mod run;
mod serve;
mod session;
pub mod site;
mod socket;
mod watch;

pub use run::{Stopped, run};
pub use serve::listen;
