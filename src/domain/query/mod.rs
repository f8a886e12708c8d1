//! Queries as data, and what they answer.

pub mod account;
pub mod audit;
pub mod channel;
pub mod community;
pub mod conversation;
pub mod custom_role;
pub mod feed;
pub mod flag;
pub mod history;
pub mod import;
pub mod invite_link;
pub mod lane;
pub mod message;
pub mod moderation;
pub mod notification;
pub mod pin;
pub mod reaction;
pub mod rule;
pub mod search;
pub mod slash;
pub mod thread;
pub mod webhook;

pub use account::{ClaimedPerson, Door, ListSessions, ReadClaim, ReadDoor, ReadMe, ReadSession};
pub use audit::{AuditCursor, AuditOutcome, AuditPage, ChainState, ListAudit, NameActors, ReadChain};
pub use channel::{ChannelRights, ChannelView, FindNameable, ListParticipants, OpenChannel, ReadActivity};
pub use community::{
    CommunityView, Directory, ListBans, ListCommunities, ListMembers, MemberPage, OpenCommunity, ReadMember,
};
pub use conversation::FindConversation;
pub use custom_role::ListCustomRoles;
pub use feed::{Admission, Admit, AdmitTyping, CatchUp, ChannelHead, Missed, ReadHeads};
pub use flag::{ListFlagged, ReadFlag};
pub use history::ReadHistory;
pub use import::{FindPerson, Imported, ReadImported};
pub use invite_link::{ListInviteLinks, ReadInviteLink};
pub use lane::{ListDeadLetters, ReadDeadLetter, ReadLanes};
pub use message::{FindMessages, ListMessages, MessageSource, Page, ReadMessageSource, Span};
pub use moderation::ReadModeration;
pub use notification::{Inbox, ListNotifications, Mentioned, ReadMentioned};
pub use pin::ListPins;
pub use reaction::ListReactions;
pub use rule::{ExplainRules, ListRules, TryRule};
pub use search::SearchMessages;
pub use slash::{Asked, ReadCommand};
pub use thread::{Followers, ReadFollowers, ReadThread, ThreadView};
pub use webhook::{Delivery, ListWebhooks, ReadDelivery, ReadSubscribers, Turn};
