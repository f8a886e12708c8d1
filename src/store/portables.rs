//! The domain's types as arguments and columns.

use uuid::Uuid;

use crate::{
    domain::{
        Action, AuditId, ChannelId, ChannelKind, ChannelStatus, CommandId, CommunityId, CorrelationId, EventId,
        InviteId, InviteLinkId, Lane, MessageId, NotificationId, PersonId, RecordId, Role, RuleId, SessionId, Surface,
        Time, Visibility, WebhookId,
        channel::NotificationLevel,
        message::{MessageKind, MessageStatus},
        notification::NotificationKind,
        person::PersonKind,
    },
    portable, portable_text,
};

portable! {
    AuditId(Uuid), ChannelId(Uuid), CommandId(Uuid), CommunityId(Uuid), CorrelationId(Uuid), EventId(Uuid), InviteId(Uuid), InviteLinkId(Uuid),
    MessageId(Uuid), NotificationId(Uuid), PersonId(Uuid), RecordId(Uuid), RuleId(Uuid), SessionId(Uuid), Time(i64), WebhookId(Uuid)
}
portable_text! {
        Action, ChannelKind, ChannelStatus, Lane, MessageKind, MessageStatus, NotificationKind, NotificationLevel, PersonKind, Role, Surface, Visibility
}
