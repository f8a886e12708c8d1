//! Queries as data, and what they answer.

pub mod account;
pub mod channel;
pub mod community;
pub mod feed;
pub mod message;
pub mod notification;
pub mod webhook;

pub use account::{ClaimedPerson, Door, ListSessions, ReadClaim, ReadDoor, ReadMe};
pub use channel::{ChannelRights, ChannelView, ListParticipants, OpenChannel};
pub use community::{CommunityView, Directory, ListCommunities, ListMembers, MemberPage, OpenCommunity};
pub use feed::{Admission, Admit, CatchUp, ChannelHead, Missed, ReadHeads};
pub use message::{FindMessages, ListMessages, MessageSource, Page, ReadMessageSource, Span};
pub use notification::{Inbox, ListNotifications, Mentioned, ReadMentioned};
pub use webhook::{Delivery, ListWebhooks, ReadDeliveries};
