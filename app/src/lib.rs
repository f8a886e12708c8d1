//! Floor 8: Thunderline's pages, parts, client state and server functions.

pub mod api;
pub mod dom;
pub mod part;
pub mod state;
pub mod theme;
