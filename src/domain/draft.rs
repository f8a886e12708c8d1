//! Drafts: what somebody has begun to write in a channel or in a thread of it, and not posted (M31).

/// The most drafts one person keeps, in all channels together.
pub const DRAFTS_PER_PERSON: i64 = 1_000;
