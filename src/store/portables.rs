//! The domain's types as arguments and columns.

use uuid::Uuid;

use crate::{
    domain::{
        Action, AuditId, ChannelId, ChannelKind, ChannelStatus, CommunityId, CorrelationId, EventId, InviteId, Lane,
        MessageId, PersonId, RecordId, Role, SessionId, Surface, Time, Visibility,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    },
    portable, portable_text,
};

portable! {
    AuditId(Uuid), ChannelId(Uuid), CommunityId(Uuid), CorrelationId(Uuid), EventId(Uuid), InviteId(Uuid),
    MessageId(Uuid), PersonId(Uuid), RecordId(Uuid), SessionId(Uuid), Time(i64)
}
portable_text! {
    Action, ChannelKind, ChannelStatus, Lane, MessageKind, MessageStatus, PersonKind, Role, Surface, Visibility
}
