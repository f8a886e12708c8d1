//! Floor 8: Thunderline's pages, parts, client state and server functions.
#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "ssr")]
mod document;
pub mod dom;
pub mod page;
pub mod part;
mod routes;
pub mod state;
pub mod theme;

#[cfg(feature = "ssr")]
pub use document::document;
#[cfg(feature = "hydrate")]
pub use part::aside::is_ready;
pub use routes::App;
