//! Pages: what stands at an address.

pub mod about;
pub mod admin;
pub mod channel;
pub mod chat;
pub mod community;
pub mod direct;
pub mod directory;
pub mod following;
mod held;
pub mod history;
pub mod inbox;
pub mod invites;
pub mod join;
pub mod lazy;
pub mod member;
pub mod members;
pub mod moderation;
pub mod moderation_settings;
pub mod new_channel;
pub mod new_message;
pub mod rules;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod webhooks;
pub mod welcome;
