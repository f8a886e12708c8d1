//! Parts of pages.

pub mod conversation;
