//! The harness of tests.

mod each_engine;
mod observer;
pub mod postgres;
mod receiver;
mod world;

pub use each_engine::{on_postgres, on_sqlite, world_on_postgres, world_on_sqlite};
pub use observer::{Observer, told};
pub use receiver::{Received, Receiver, Reply};
pub use world::{LabClock, PASSWORD, World, quick};
