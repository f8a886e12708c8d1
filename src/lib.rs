//! Thunderline: a self-hosted live chat.
//!
//! Floors, from the ground up; a floor uses only those below it. `domain` (nouns), `policy` (who may), `view` (what
//! a client holds) compile everywhere; `store` and everything above belong to the server (feature `engine`).

pub mod domain;
pub mod policy;
pub mod view;

#[cfg(feature = "engine")]
pub mod store;

#[cfg(feature = "lab")]
pub mod lab;
