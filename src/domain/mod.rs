//! Floor 0: the nouns of a chat, commands and queries as data, events, and the one error.
//!
//! Everything here is pure, compiles to WASM, and knows nothing of storage, HTTP or pages.

pub mod account;
pub mod action;
pub mod actor;
pub mod audit;
pub mod channel;
pub mod command;
pub mod community;
pub mod conversation;
pub mod cursor;
pub mod custom_role;
pub mod draft;
pub mod error;
pub mod event;
pub mod feed;
pub mod flag;
pub mod foreign;
pub mod held;
pub mod history;
pub mod id;
pub mod invite_link;
pub mod lane;
pub mod member;
pub mod message;
pub mod moderation;
mod named;
pub mod notification;
pub mod person;
pub mod pin;
pub mod presence;
pub mod query;
pub mod reaction;
pub mod role;
pub mod rule;
pub mod search;
pub mod slash;
mod tagged;
pub mod text;
pub mod thread;
pub mod time;
pub mod trace;
pub mod webhook;

pub use action::Action;
pub use actor::{Actor, Identity, Surface};
pub use channel::{ChannelKind, ChannelStatus, ChannelSummary, Visibility};
pub use community::CommunitySummary;
pub use error::{Error, FieldError, Result};
pub use event::{Envelope, Event, Seq, Topic};
pub use id::{
    AuditId, ChannelId, CommandId, CommunityId, CorrelationId, CustomRoleId, EventId, InviteId, InviteLinkId,
    MessageId, NotificationId, PersonId, RecordId, RuleId, SessionId, WebhookId,
};
pub use lane::{Lane, Priority};
pub use message::Message;
pub use notification::Notification;
pub use person::PersonSummary;
pub use presence::Presence;
pub use reaction::Reaction;
pub use role::Role;
pub use time::{Clock, Time};
pub use trace::TraceParent;
