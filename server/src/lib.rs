//! Thunderline.

pub mod import;
