//! Thunderline: a self-hosted live chat.
//!
//! Floors, from the ground up; a floor uses only those below it. `domain` (nouns), `policy` (who may), `view` (what
//! a client holds) compile everywhere; `store` and everything above belong to the server (feature `engine`),
//! and so does `watching`, which they count and trace with.

#[cfg(feature = "engine")]
pub mod audit;
pub mod domain;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(test)]
mod floors;
#[cfg(feature = "engine")]
pub mod hub;
#[cfg(feature = "lab")]
pub mod lab;
#[cfg(feature = "engine")]
pub mod lane;
pub mod policy;
#[cfg(feature = "engine")]
pub mod queue;
#[cfg(feature = "engine")]
pub mod service;
#[cfg(feature = "engine")]
pub mod store;
pub mod view;
#[cfg(feature = "engine")]
pub mod watching;
