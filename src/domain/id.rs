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

            /// Whether it is of version 7, as what its maker sends must be; what is imported has ids of its own kind.
            pub fn is_version_7(self) -> bool {
                self.0.get_version_num() == 7 && self.0.get_variant() == uuid::Variant::RFC4122
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

    // M27
    #[test]
    fn only_version_7_of_the_standard_variant_is_version_7() {
        assert!(MessageId::fresh().is_version_7());
        for other in [
            "00000000-0000-0000-0000-000000000000",
            "9b0e0c6e-6f0c-4d5f-9a53-1e6f6a3e9b11",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "01890a5d-ac96-774b-0cce-b302099a8057",
        ] {
            assert!(!other.parse::<MessageId>().unwrap().is_version_7(), "{other}");
        }
    }
}
