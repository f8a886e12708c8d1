//! Commands as data: what a form posts, a server function takes, a REST body holds and a test writes.
//!
//! Fields are as they came; the engine checks them and names the wrong one.

pub mod account;
pub mod audit;
pub mod channel;
pub mod community;
pub mod import;
pub mod lane;
pub mod message;
pub mod notification;
pub mod reaction;
pub mod slash;
pub mod tidy;
pub mod webhook;

pub use account::{ChangeProfile, InvitePerson, KeepSession, RevokeSession, SignIn, SignOut, SignUp};
pub use audit::ArchiveAudit;
pub use channel::{
    AddToChannel, CreateChannel, DeleteChannel, JoinChannel, LeaveChannel, MarkRead, RemoveOverdue, RenameChannel,
    SetChannelStatus, SetNotifications, SetPostingLimits, SetRetention, SetTopic,
};
pub use community::{CreateCommunity, JoinCommunity, LeaveCommunity};
pub use import::{ImportChannel, ImportMessages, ImportPeople, ImportedChannel, ImportedMessage, ImportedPerson};
pub use lane::{
    PauseLane, PublishEvents, Published, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters,
    ResumeLane, SetLaneWidth,
};
pub use message::{DeleteMessage, EditMessage, ExpireMessage, PostMessage, Posted};
pub use notification::{MarkAllNotificationsRead, MarkMessageNoticed, MarkNotificationRead, Notify};
pub use reaction::{AddReaction, RemoveReaction};
pub use slash::{AnswerCommand, CommandEnd, RunCommand, Taken};
pub use tidy::{CountActivity, ForgetActivity, Leftover, TIDIED_AT_ONCE, Tidy};
pub use webhook::{
    CreateWebhook, DeleteWebhook, EditWebhook, NoteDelivery, QueueDeliveries, ResumeDeliveries, StopWebhook,
    TestWebhook,
};
