//! Server functions by noun: one a command, one a page's reads. Each takes fields, builds the domain's command or
//! query by path, and passes the one door.

pub mod account;
pub mod admin;
pub mod audit;
pub mod channel;
pub mod channel_settings;
pub mod community;
#[cfg(feature = "ssr")]
pub mod context;
pub mod conversation;
#[cfg(feature = "ssr")]
pub mod cookie;
pub mod custom_role;
pub mod draft;
pub mod fault;
pub mod flag;
pub mod flash;
#[cfg(feature = "ssr")]
mod given;
pub mod held;
pub mod invite_link;
pub mod load;
pub mod member;
pub mod message;
pub mod moderation;
pub mod next;
pub mod notification;
pub mod opened;
pub mod pin;
pub mod reaction;
pub mod rule;
pub mod search;
pub mod thread;
pub mod webhook;

pub use fault::Fault;
pub use flash::Flash;
pub use opened::{Opened, Place};
