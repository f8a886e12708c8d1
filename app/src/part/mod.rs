//! Parts of pages.

pub mod avatar;
pub mod channels;
pub mod conversation;
pub mod door;
pub mod elapsed;
pub mod failure;
pub mod field;
pub mod form;
pub mod head;
pub mod history;
pub mod icon;
pub mod moment;
pub mod notice;
pub mod palette;
pub mod panel;
pub mod people;
pub mod pins;
pub mod rail;
pub mod shortcuts;
pub mod skips;
pub mod thread;
pub mod title;
pub mod toast;
pub mod webhook;
