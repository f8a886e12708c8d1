//! Lane records: what still has to follow from an event. Written in the transaction of the event.
//!
//! A record is free for anybody from `lease_until` on, whatever its status; a dead one has none. Everything here is
//! the lanes' own housekeeping unless it takes a grant.

mod budget;
pub(in crate::store) mod claim;
pub(in crate::store) mod control;
pub(in crate::store) mod dead;
pub(in crate::store) mod lease;
pub(in crate::store) mod record;
pub(in crate::store) mod retry;
pub(in crate::store) mod schedule;
pub(in crate::store) mod stats;
mod subscription;

pub use claim::{Claim, Hands, Taken, claim, due};
pub use control::{Control, control, pause, set_width};
pub use dead::{bury_abandoned, dead_letter, dead_letter_of, dead_letters, purge, purge_all, replay, replay_all};
pub use lease::{done, extend, give_back, hand_back};
pub use record::{Claimed, Committed, Handed, NewRecord, enqueue, enqueue_all};
pub use retry::{Failed, failed};
pub use schedule::{Due, duties_due, keep_duty, register_duty, rest_duty, take_duty};
pub use stats::{Backlog, backlog, count_done, forget_minutes, statuses, waiting};
pub use subscription::{Origin, Subscription, Subscriptions};

/// Attempts after which a record is dead (Q05). The claims of the database say the same number.
pub const ATTEMPTS: i64 = 3;
