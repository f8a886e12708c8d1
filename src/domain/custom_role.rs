//! Roles of a community's own, beside the built-in ones (R02).

use serde::{Deserialize, Serialize};

use super::{error::Error, id::CustomRoleId, named::named, role::Role};

/// The most roles of its own that a community has.
pub const CUSTOM_ROLES: usize = 50;
/// The most characters of a role's name.
pub const ROLE_NAME_CHARS: usize = 32;
/// How many places there are in a [`RoleSet`]: the bits of a 64-bit number but its sign.
const PLACES: u32 = 63;

named! {
    /// What a role allows whoever has it, beside what they may do anyway. Never more than an admin may do.
    Permission {
        /// Make channels; change, delete and remove people from those one takes part in.
        ManageChannels = "manage_channels",
        /// Invite people by links.
        InvitePeople = "invite_people",
        /// Delete messages where one takes part, and see how they were changed.
        ModerateMessages = "moderate_messages",
        /// Pin messages wherever one takes part, in announcements as well.
        PinMessages = "pin_messages",
        /// Post announcements where one takes part.
        PostAnnouncements = "post_announcements",
        /// Have members below oneself only read for a while.
        TimeOutMembers = "time_out_members",
        /// Remove members below oneself from the community.
        RemoveMembers = "remove_members",
        /// Make, change and remove webhooks.
        ManageWebhooks = "manage_webhooks",
        /// Make, change and give roles below one's own highest, with no more than one may do oneself.
        ManageRoles = "manage_roles",
    }
}

impl Permission {
    /// The least of the built-in roles that may do so without it.
    pub const fn built_in(self) -> Role {
        match self {
            Self::ModerateMessages
            | Self::PinMessages
            | Self::PostAnnouncements
            | Self::TimeOutMembers
            | Self::RemoveMembers => Role::Moderator,
            Self::ManageChannels | Self::InvitePeople | Self::ManageWebhooks | Self::ManageRoles => Role::Admin,
        }
    }
}

named! {
    /// The colour of a role's badge: one of the style's own, each readable on every ground in both themes.
    RoleColour {
        /// No colour.
        Grey = "grey",
        /// Red.
        Red = "red",
        /// Orange.
        Orange = "orange",
        /// Green.
        Green = "green",
        /// Between green and blue.
        Teal = "teal",
        /// Blue.
        Blue = "blue",
        /// Violet.
        Violet = "violet",
        /// Pink.
        Pink = "pink",
    }
}

/// A role's place in a [`RoleSet`]: one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleBit(i64);

impl RoleBit {
    /// The first place that none of `taken` has; `None` when there is none left.
    pub fn first_free(taken: impl IntoIterator<Item = Self>) -> Option<Self> {
        let taken: RoleSet = taken.into_iter().collect();
        (0..PLACES).map(|place| Self(1 << place)).find(|bit| !taken.contains(*bit))
    }
}

impl From<RoleBit> for i64 {
    fn from(bit: RoleBit) -> Self {
        bit.0
    }
}

impl TryFrom<i64> for RoleBit {
    type Error = Error;

    fn try_from(bit: i64) -> Result<Self, Error> {
        if bit > 0 && bit.count_ones() == 1 {
            return Ok(Self(bit));
        }
        Err(Error::invalid("bit", "must be a single bit"))
    }
}

/// The roles of its own that a community gave somebody: a bit each, so that they are read with the member and cost nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(i64);

impl RoleSet {
    /// Whether this one is among them.
    pub const fn contains(self, bit: RoleBit) -> bool {
        self.0 & bit.0 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<RoleBit> for RoleSet {
    fn from_iter<I: IntoIterator<Item = RoleBit>>(bits: I) -> Self {
        Self(bits.into_iter().fold(0, |set, bit| set | bit.0))
    }
}

impl From<RoleSet> for i64 {
    fn from(set: RoleSet) -> Self {
        set.0
    }
}

impl From<i64> for RoleSet {
    fn from(set: i64) -> Self {
        Self(set)
    }
}

/// A role of a community's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRole {
    /// Which.
    pub id: CustomRoleId,
    /// What it is called; unique in its community whatever the case of its letters.
    pub name: String,
    /// The colour of its badge.
    pub colour: RoleColour,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Where it stands among the others: 1 is the lowest.
    pub position: i64,
}

/// A role beside somebody's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleBadge {
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub colour: RoleColour,
}

impl From<&CustomRole> for RoleBadge {
    fn from(role: &CustomRole) -> Self {
        Self { name: role.name.clone(), colour: role.colour }
    }
}

/// A role of a community's own, as those who manage roles see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedRole {
    /// The role.
    pub role: CustomRole,
    /// How many members have it.
    pub holders: i64,
    /// Whether it is mine to change.
    pub mine: bool,
}

/// The roles of a community's own, the highest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRoles {
    /// At most [`CUSTOM_ROLES`].
    pub roles: Vec<ManagedRole>,
    /// The permissions I may give.
    pub permissions: Vec<Permission>,
}

/// A role of a community's own, as it stands to one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRole {
    /// The role.
    pub role: CustomRole,
    /// Whether they have it.
    pub held: bool,
    /// Whether I may give it to them, or take it from them when they have it.
    pub may: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    // R02
    #[test]
    fn a_place_is_free_until_it_is_taken_and_again_when_it_is_given_back() {
        let mut taken = Vec::new();
        while let Some(bit) = RoleBit::first_free(taken.iter().copied()) {
            assert!(!taken.contains(&bit));
            taken.push(bit);
        }
        assert_eq!(taken.len(), 63, "all but the sign");
        assert!(CUSTOM_ROLES <= taken.len());
        let given_back = taken.remove(40);
        assert_eq!(RoleBit::first_free(taken.iter().copied()), Some(given_back));
        let set: RoleSet = taken.iter().copied().collect();
        assert!(taken.iter().all(|bit| set.contains(*bit)) && !set.contains(given_back));
        assert_eq!(RoleSet::from(i64::from(set)), set);
    }

    #[test]
    fn only_a_single_bit_is_a_place() {
        for wrong in [0, 3, -1, i64::MIN, 6] {
            assert!(RoleBit::try_from(wrong).is_err(), "{wrong}");
        }
        assert_eq!(RoleBit::try_from(1 << 62).map(i64::from), Ok(1 << 62));
    }
}
