//! Parts of pages.

pub mod avatar;
pub mod channels;
pub mod confirm;
pub mod conversation;
pub mod door;
pub mod elapsed;
pub mod failure;
pub mod field;
pub mod form;
pub mod head;
pub mod icon;
pub mod moment;
pub mod notice;
pub mod panel;
pub mod people;
pub mod rail;
pub mod skips;
pub mod title;
pub mod toast;
pub mod webhook;
