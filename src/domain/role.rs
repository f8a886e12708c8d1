//! What a member is in a community.

use super::named::named;

named! {
    /// A built-in role, from least to most; ordered so that `role >= Role::Moderator` reads as it says (R02).
    Role {
        /// Sees public channels only.
        Guest = "guest",
        /// A program.
        Bot = "bot",
        /// An ordinary member.
        Member = "member",
        /// Keeps order.
        Moderator = "moderator",
        /// Manages channels and people.
        Admin = "admin",
        /// Made or was given the community.
        Owner = "owner",
    }
}
