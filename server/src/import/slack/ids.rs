//! Identifiers derived from Slack's: UUID version 8 (RFC 9562, section 5.8), the same in every run.

use sha2::{Digest, Sha256};
use thunderline::domain::{ChannelId, CommunityId, MessageId, PersonId, Time};
use uuid::{Builder, Uuid};

/// Derives identifiers for one community: two communities may import the same export.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids(CommunityId);

impl Ids {
    pub fn new(community: CommunityId) -> Self {
        Self(community)
    }

    /// A person, by Slack's id or whatever else names an author.
    pub fn person(self, key: &str) -> PersonId {
        Builder::from_custom_bytes(self.digest(&["person", key])).into_uuid().into()
    }

    /// A channel, by Slack's id.
    pub fn channel(self, id: &str) -> ChannelId {
        Builder::from_custom_bytes(self.digest(&["channel", id])).into_uuid().into()
    }

    /// A message, by its channel's Slack id and its time, which is unique there; `part` counts from 0.
    ///
    /// It begins with the milliseconds, as version 7 does: neighbours in time are neighbours in the index.
    pub fn message(self, channel: &str, at: Time, part: u32) -> MessageId {
        let mut bytes = self.digest(&["message", channel, &at.micros().to_string(), &part.to_string()]);
        let millis = u64::try_from(at.micros() / 1_000).unwrap_or_default();
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        Builder::from_custom_bytes(bytes).into_uuid().into()
    }

    fn digest(self, parts: &[&str]) -> [u8; 16] {
        let mut hash = Sha256::new();
        hash.update(b"slack");
        hash.update(Uuid::from(self.0).as_bytes());
        for part in parts {
            // Lengths keep "a" + "bc" apart from "ab" + "c".
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // O06
    #[test]
    fn an_identifier_depends_on_the_community_and_on_slacks_identifier_alone() {
        let (here, there) = (Ids::new(CommunityId::fresh()), Ids::new(CommunityId::fresh()));
        let at = Time::from_micros(1_525_132_800_000_100);
        assert_eq!(here.message("C1", at, 0), here.message("C1", at, 0));
        let others = [
            there.message("C1", at, 0),
            here.message("C2", at, 0),
            here.message("C1", at, 1),
            here.message("C1", at.plus(1), 0),
        ];
        assert!(others.iter().all(|other| *other != here.message("C1", at, 0)));
        assert_eq!(Uuid::from(here.person("U1")).get_version_num(), 8);
        assert!(here.message("C1", at, 0) < here.message("C1", at.plus(1_000), 0), "neighbours in time stand together");
    }
}
