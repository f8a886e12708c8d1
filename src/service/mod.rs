//! Floor 5: the use cases. One `impl Command` or `impl Query` each, by noun.

mod account;
mod activity;
pub mod address;
mod aim;
mod asking;
pub mod audit;
mod body;
mod channel;
mod channel_deletion;
mod channel_settings;
mod command;
mod community;
mod conversation;
mod custom_role;
mod draft;
mod expiry;
mod explain;
mod failure;
mod feed;
mod fingerprint;
mod flag;
mod flag_notice;
mod folding;
mod held;
mod history;
mod import;
mod import_people;
mod import_pins;
mod invite_link;
mod lane;
mod link_rule;
mod log;
pub mod markdown;
mod member;
mod message;
mod moderation;
mod moderation_settings;
mod notification;
mod participants;
mod participation;
mod password;
mod pin;
mod posting;
mod posting_limits;
mod publish;
mod ranks;
mod reaction;
mod retention;
mod rule;
mod search;
mod session;
mod slash;
mod telling;
mod thread;
mod tidy;
mod tools;
mod trial;
mod verdict;
mod webhook;
mod webhook_delivery;
mod webhook_line;
mod word_list;
mod work;

pub use aim::aim;
pub use asking::{Asking, Query};
pub use command::Command;
pub use expiry::EXPIRY;
pub use failure::{Failure, Outcome};
pub use fingerprint::{Fingerprints, mac};
pub use import::BATCH as IMPORT_BATCH;
pub use log::hydrate;
pub use password::{Cost, Passwords};
pub use reaction::emoji;
pub use slash::COMMANDS;
pub use tools::Tools;
pub use verdict::Moderation;
pub use webhook_line::Source;
pub use work::{DELIVERIES, HUB, Means, Noted, WEBHOOKS, Work};

use crate::domain::{Actor, PersonId};

/// Whom to look things up for: the actor, or nobody.
fn viewer(actor: &Actor) -> PersonId {
    actor.id().unwrap_or(PersonId::from(uuid::Uuid::nil()))
}
