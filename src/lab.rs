//! The harness of tests.

mod each_engine;
pub mod postgres;

pub use each_engine::{on_postgres, on_sqlite};
