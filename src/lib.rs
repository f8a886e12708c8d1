//! Thunderline.

#[cfg(feature = "engine")]
pub mod store;

#[cfg(feature = "lab")]
pub mod lab;
