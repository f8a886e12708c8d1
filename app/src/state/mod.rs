//! What the client holds, and how it hears of changes.

mod client;
mod connection;

pub use client::{Client, provide_client, use_client};
pub use connection::Connection;
