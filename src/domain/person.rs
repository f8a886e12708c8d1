//! People.

use serde::{Deserialize, Serialize};

use super::{id::PersonId, named::named, presence::Presence, role::Role, time::Time};

named! {
    /// What stands behind a person's row.
    PersonKind {
        /// A human being who can sign in.
        Person = "person",
        /// Imported from elsewhere; cannot sign in until claimed by invitation.
        Placeholder = "placeholder",
        /// A program.
        Bot = "bot",
        /// The server itself; there is one.
        System = "system",
    }
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSummary {
    /// Who.
    pub id: PersonId,
    /// The sign-in name, unique.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// What stands behind the row.
    pub kind: PersonKind,
}

/// A member of a community, as its member list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSummary {
    /// Who.
    pub person: PersonSummary,
    /// What they are in this community.
    pub role: Role,
    /// When they joined.
    pub joined_at: Time,
    /// Whether they are there now; never stored.
    pub presence: Presence,
}
