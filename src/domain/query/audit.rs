//! The audit log (L02, L03, L06).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    Action, AuditId, CorrelationId, PersonId, Surface, Time,
    audit::{AuditEntry, ChainPlace},
    named::named,
};

/// The most entries one page lists.
pub const AUDIT_PAGE: usize = 50;

named! {
    /// How an action ended; the word in the entry.
    AuditOutcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

/// Entries of the audit log, the latest first, at most [`AUDIT_PAGE`] at a time. Answers [`AuditPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListAudit {
    /// Only what this person did.
    pub actor: Option<Uuid>,
    /// Only what was done to this.
    pub target: Option<Uuid>,
    /// Only what belongs to this: a request, and all that followed from it.
    pub correlation: Option<CorrelationId>,
    /// Only this action.
    pub action: Option<Action>,
    /// Only what ended so.
    pub outcome: Option<AuditOutcome>,
    /// Only what came in here.
    pub surface: Option<Surface>,
    /// Not before this.
    pub since: Option<Time>,
    /// Before this.
    pub until: Option<Time>,
    /// Only what is older than this entry: the last one of the page before.
    pub after: Option<AuditCursor>,
}

/// Who these are, by sign-in name or by id: entries know people by id only. Answers a list of
/// [`PersonSummary`](crate::domain::PersonSummary), without those that are not there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NameActors {
    /// Sign-in names, in small letters; at most [`AUDIT_PAGE`].
    pub handles: Vec<String>,
    /// Ids; at most [`AUDIT_PAGE`].
    pub ids: Vec<PersonId>,
}

/// A place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCursor {
    /// When the entry was written.
    pub at: Time,
    /// Which it is.
    pub id: AuditId,
}

/// The answer to [`ListAudit`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The latest first, sealed or not yet.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins, if there is one.
    pub next: Option<AuditCursor>,
}

/// Where the chain stands. Answers [`ChainState`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ReadChain {}

/// The answer to [`ReadChain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainState {
    /// The last sealed entry.
    pub head: ChainPlace,
    /// When it was sealed; 1970 when nothing was.
    pub sealed_at: Time,
    /// The last archived entry; number 0 when nothing was.
    pub archived: ChainPlace,
    /// How many entries wait to be sealed.
    pub unsealed: i64,
    /// When the oldest of them was written.
    pub oldest_unsealed: Option<Time>,
}
