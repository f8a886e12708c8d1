use std::fmt;

use thunderline::{
    domain::Time,
    service::audit::{self, Verified},
    store::{Store, StoreError, audits::archive},
};

use super::{AuditError, Joined, Verify, file};

/// A log that is whole, as it is told.
#[derive(Clone, Copy, Debug)]
pub struct Whole {
    verified: Verified,
    archives: Joined,
}

/// Checks the archives, then the chain from their end on.
pub async fn verify(store: &Store, now: Time, wanted: &Verify) -> Result<Whole, AuditError> {
    let base = store.read::<_, StoreError, _>(|conn| Box::pin(archive::archived(conn))).await?;
    let archives = file::join(&wanted.archives, base, wanted.holds)?;
    let holds = wanted.holds;
    let verified = store
        .read_long::<_, StoreError, _>(move |conn| Box::pin(audit::verify(conn, now, holds)))
        .await?
        .map_err(AuditError::Broken)?;
    if verified.archived != base {
        return Err(AuditError::Moving);
    }
    if !verified.holds && !archives.holds {
        return Err(AuditError::NotHeld);
    }
    Ok(Whole { verified, archives })
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verified: Verified { archived, walked, unsealed, .. }, archives } = self;
        write!(f, "The audit log is whole: {} entries checked", walked.walked + archives.entries)?;
        if archives.entries > 0 {
            write!(f, ", {} of them in archives", archives.entries)?;
        }
        f.write_str(".\n")?;
        if archives.start.number > 0 {
            writeln!(
                f,
                "Entries 1 to {} are in archives that were not named: the chain was checked from there on.",
                archives.start.number
            )?;
        } else if archived.number > 0 {
            writeln!(f, "The archives reach back to the first entry.")?;
        }
        if walked.erased > 0 {
            writeln!(f, "The address was erased in {} of them.", walked.erased)?;
        }
        if *unsealed > 0 {
            writeln!(f, "{unsealed} entries of the last minute wait to be sealed.")?;
        }
        write!(f, "Head: entry {}, {}", walked.head.number, walked.head.hash)
    }
}
