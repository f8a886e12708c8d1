//! What the client holds, and how it hears of changes. One door: [`Client::apply`].

mod acting;
mod client;
mod connection;
mod drafts;
mod feed;
mod held;
mod keeping_order;
mod news;
mod outbox;
mod pause;
mod presence;
mod reading;
mod standing;
mod transcript;

pub use client::{Client, provide_client, use_client};
pub use connection::Connection;
pub use drafts::Begun;
pub use pause::Pause;
pub use standing::{Removal, Standing};
pub use transcript::{Asked, RowSignals, Transcript};
