//! The audit log.

use serde::{Deserialize, Serialize};

use crate::domain::audit::Digest;

/// Let go of the oldest entries, after they were written to a file (L04). At most 10,000 a command. Answers how many
/// went. The chain is verified from the last of them on; the file joins it there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArchiveAudit {
    /// The number of the last entry that goes.
    pub last: i64,
    /// Its seal, as the file has it.
    pub hash: Digest,
    /// SHA-256 of the file.
    pub file: Digest,
}
