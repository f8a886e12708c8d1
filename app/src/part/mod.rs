//! Parts of pages.

#[cfg_attr(
    feature = "hydrate",
    expect(clippy::unnecessary_wraps, reason = "what is split says by its error that it was not fetched")
)]
pub mod aside;
pub mod avatar;
pub mod bans;
pub mod channels;
pub mod confirm;
pub mod conversation;
pub mod door;
pub mod drafted;
pub mod elapsed;
pub mod failure;
pub mod field;
pub mod form;
pub mod head;
pub mod history;
pub mod icon;
pub mod member;
pub mod member_roles;
pub mod moderation;
pub mod moment;
pub mod mute;
pub mod notice;
pub mod pace;
pub mod palette;
pub mod panel;
pub mod people;
pub mod pins;
pub mod rail;
pub mod removed;
pub mod shortcuts;
pub mod skips;
pub mod talk;
pub mod talks;
pub mod thread;
pub mod title;
pub mod toast;
pub mod webhook;
