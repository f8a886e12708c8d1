//! Identifiers: UUID version 7 (RFC 9562), one type a noun. They name things and never order them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier, made from the present time and 74 random bits.
            #[expect(clippy::disallowed_methods, reason = "the one place identifiers are made")]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// An entry of the audit log.
    AuditId,
    /// A channel.
    ChannelId,
    /// A slash command; made by its asker.
    CommandId,
    /// A community.
    CommunityId,
    /// What ties together everything that follows from one action.
    CorrelationId,
    /// A role of a community's own.
    CustomRoleId,
    /// A durable event; handlers are idempotent by it.
    EventId,
    /// An invitation to claim an imported person.
    InviteId,
    /// A link by which people join a community.
    InviteLinkId,
    /// A message; made by its sender, so that posting twice is the same row (M27).
    MessageId,
    /// Something a person was told of, in their inbox.
    NotificationId,
    /// A person, bot or placeholder.
    PersonId,
    /// A record of a lane.
    RecordId,
    /// A rule of a community's own.
    RuleId,
    /// A session; public, unlike its token.
    SessionId,
    /// A webhook.
    WebhookId,
}

impl PersonId {
    /// The server itself (M24); its row is made by the first migration.
    pub const SYSTEM: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_its_text() {
        let id = MessageId::fresh();
        assert_eq!(id.to_string().parse::<MessageId>(), Ok(id));
        assert_eq!(Uuid::from(id).get_version_num(), 7);
    }
}
