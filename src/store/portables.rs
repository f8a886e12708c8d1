//! The domain's types as arguments and columns.

use uuid::Uuid;

use crate::{
    domain::{
        Action, AuditId, ChannelId, ChannelKind, ChannelStatus, CommandId, CommunityId, CorrelationId, CustomRoleId,
        EventId, InviteId, InviteLinkId, Lane, MessageId, NotificationId, PersonId, RecordId, Role, RuleId, SessionId,
        Surface, Time, Visibility, WebhookId,
        channel::NotificationLevel,
        custom_role::{RoleBit, RoleColour, RoleSet},
        held::HeldStatus,
        message::{MessageKind, MessageStatus},
        moderation::Verdict,
        notification::NotificationKind,
        person::PersonKind,
        thread::ReplyIn,
    },
    portable, portable_text,
};

portable! {
    AuditId(Uuid), ChannelId(Uuid), CommandId(Uuid), CommunityId(Uuid), CorrelationId(Uuid), EventId(Uuid), InviteId(Uuid), InviteLinkId(Uuid),
    MessageId(Uuid), NotificationId(Uuid), PersonId(Uuid), RecordId(Uuid), RuleId(Uuid), SessionId(Uuid), Time(i64), WebhookId(Uuid), CustomRoleId(Uuid), RoleBit(i64), RoleSet(i64)
}
portable_text! {
        Action, ChannelKind, ChannelStatus, HeldStatus, Lane, MessageKind, MessageStatus, NotificationKind, NotificationLevel, PersonKind, ReplyIn, Role, RoleColour, Surface,
        Verdict, Visibility
}
