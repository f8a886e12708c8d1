//! Commands as data: what a form posts, a server function takes, a REST body holds and a test writes.
//!
//! Fields are as they came; the engine checks them and names the wrong one.

pub mod account;
pub mod audit;
pub mod channel;
pub mod community;
pub mod conversation;
pub mod custom_role;
pub mod draft;
pub mod flag;
pub mod held;
pub mod import;
pub mod invite_link;
pub mod lane;
pub mod member;
pub mod message;
pub mod moderation;
pub mod notification;
pub mod pin;
pub mod reaction;
pub mod rule;
pub mod slash;
pub mod thread;
pub mod tidy;
pub mod webhook;

pub use account::{ChangeProfile, InvitePerson, KeepSession, RevokeSession, SignIn, SignOut, SignUp};
pub use audit::ArchiveAudit;
pub use channel::{
    AddToChannel, CreateChannel, DeleteChannel, JoinChannel, LeaveChannel, MarkRead, RemoveFromChannel, RemoveOverdue,
    RenameChannel, SetChannelModeration, SetChannelStatus, SetNotifications, SetPostingLimits, SetRetention, SetTopic,
};
pub use community::{CreateCommunity, JoinCommunity, LeaveCommunity};
pub use conversation::OpenConversation;
pub use custom_role::{
    CreateCustomRole, DeleteCustomRole, EditCustomRole, GiveCustomRole, MoveCustomRole, TakeCustomRole,
};
pub use draft::SaveDraft;
pub use flag::{FlagMessage, JudgeMessage, NotifyFlag};
pub use held::{ApproveMessage, DeclineMessage, DiscardHeld, EditHeld};
pub use import::{
    ImportChannel, ImportMessages, ImportPeople, ImportPins, ImportedChannel, ImportedMessage, ImportedPerson,
    ImportedPin, ImportedReaction,
};
pub use invite_link::{JoinByLink, MakeInviteLink, RevokeInviteLink};
pub use lane::{
    PauseLane, PublishEvents, Published, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters,
    ResumeLane, SetLaneWidth,
};
pub use member::{ChangeRole, HandOver};
pub use message::{DeleteMessage, EditMessage, ExpireMessage, PostMessage, Posted};
pub use moderation::{BanMember, ClearMessages, KickMember, LiftBan, SetModeration, TimeOutMember};
pub use notification::{MarkAllNotificationsRead, MarkMessageNoticed, MarkNotificationRead, Notify};
pub use pin::{PinMessage, UnpinMessage};
pub use reaction::{AddReaction, RemoveReaction};
pub use rule::{AddRule, EditRule, OrderRule, RemoveRule, SwitchRule};
pub use slash::{AnswerCommand, CommandEnd, RunCommand, Taken};
pub use thread::{FollowThread, MarkThreadNoticed, TellFollowers};
pub use tidy::{CountActivity, ForgetActivity, IndexMessages, Leftover, TIDIED_AT_ONCE, Tidy};
pub use webhook::{
    CreateWebhook, DeleteWebhook, EditWebhook, NoteDelivery, QueueDeliveries, ResumeDeliveries, StopWebhook,
    TestWebhook,
};
