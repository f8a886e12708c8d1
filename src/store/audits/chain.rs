//! The chain of the audit log: what sealing writes and verifying reads. Housekeeping of the log itself, so it takes no
//! grant: a seal adds nothing and hides nothing.

use super::super::{Conn, Sql, StoreError};
use super::kept::entry_columns;
use crate::{
    domain::{
        AuditId, Time,
        audit::{AuditEntry, ChainPlace, Digest, SealedEntry},
    },
    row, sql,
};

sql! {
    /// The end of the chain, for whoever seals: nobody else may at the same time.
    HOLD = Sql::split(
        "locking: only PostgreSQL can have two sealers at once; who comes second leaves it to the first",
        "SELECT number, hash FROM audit_head WHERE id = 1",
        "SELECT number, hash FROM audit_head WHERE id = 1 FOR UPDATE SKIP LOCKED",
    );
    /// What is to be sealed, the oldest first.
    UNSEALED = Sql::both(concat!("SELECT ", entry_columns!(), " FROM audit_entries WHERE number IS NULL \
        ORDER BY at, id LIMIT $1"));
    /// One seal. What is sealed stays as it is; what was erased since it was read is not sealed with its address.
    SEAL = Sql::both("UPDATE audit_entries SET number = $2, previous = $3, hash = $4, address_salt = $5, \
        address_digest = $6 WHERE id = $1 AND number IS NULL AND address = $7");
    /// How many have a number of a range.
    NUMBERED = Sql::both("SELECT count(*) FROM audit_entries WHERE number > $1 AND number <= $2");
    /// The new end.
    MOVE_HEAD = Sql::both("UPDATE audit_head SET number = $1, hash = $2, sealed_at = $3 WHERE id = 1");
    /// The end of the chain.
    HEAD = Sql::both("SELECT number, hash, sealed_at FROM audit_head WHERE id = 1");
    /// Sealed entries by number.
    AFTER = Sql::both(concat!("SELECT ", entry_columns!(), ", previous, hash, address_salt, address_digest \
        FROM audit_entries WHERE number IS NOT NULL AND number > $1 ORDER BY number LIMIT $2"));
    /// Entries whose number is of the archive.
    STRAY = Sql::both(concat!("SELECT ", entry_columns!(), ", previous, hash, address_salt, address_digest \
        FROM audit_entries WHERE number IS NOT NULL AND number <= $1 ORDER BY number LIMIT 1"));
    /// The entry that follows a seal, wherever it stands. Looks at all of them: only for a chain that is broken.
    FOLLOWING = Sql::both("SELECT number, id, at FROM audit_entries WHERE previous = $1 LIMIT 1");
    /// How many wait to be sealed, and since when.
    BACKLOG = Sql::both("SELECT count(*) AS many, min(at) AS oldest FROM audit_entries WHERE number IS NULL");
    /// The one that has waited longest.
    OLDEST = Sql::both("SELECT number, id, at FROM audit_entries WHERE number IS NULL ORDER BY at, id LIMIT 1");
}

/// The end of the chain.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The number of the last sealed entry; 0 before the first.
    pub number: i64,
    /// Its seal.
    pub hash: Digest,
    /// When it was sealed.
    pub sealed_at: Time,
}

impl Head {
    /// The place of it.
    pub const fn place(&self) -> ChainPlace {
        ChainPlace { number: self.number, hash: self.hash }
    }
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Its number, if it is sealed.
    pub number: Option<i64>,
    /// Which.
    pub id: AuditId,
    /// When it was written.
    pub at: Time,
}

/// What waits to be sealed.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    /// How many entries.
    pub many: i64,
    /// When the oldest was written.
    pub oldest: Option<Time>,
}

row! {
    ChainPlace { number, hash }
    Head { number, hash, sealed_at }
    Standing { number, id, at }
    Backlog { many, oldest }
}

/// The end of the chain, and at most `limit` entries to be sealed after it, the oldest first.
pub async fn waiting(conn: &mut Conn<'_>, limit: i64) -> Result<(Head, Vec<AuditEntry>), StoreError> {
    Ok((head(conn).await?, conn.all(UNSEALED, (limit,)).await?))
}

/// The end of the chain, held until the transaction ends; `None` when somebody else holds it.
pub async fn hold(conn: &mut Conn<'_>) -> Result<Option<ChainPlace>, StoreError> {
    conn.maybe(HOLD, ()).await
}

/// Writes seals that follow the end, which is [held](hold), and moves it. `Busy` when an entry is not what it was when
/// the seals were computed: an address was erased meanwhile. Sealed anew, it will do.
pub async fn seal(conn: &mut Conn<'_>, end: ChainPlace, sealed: &[SealedEntry], now: Time) -> Result<(), StoreError> {
    for one in sealed {
        let SealedEntry { entry, previous, hash, address_salt: salt, address_digest: digest } = one;
        let address = entry.address.as_str();
        conn.send(SEAL, (entry.id, entry.number, *previous, *hash, salt.as_ref(), *digest, address)).await?;
    }
    let Some(last) = sealed.last() else { return Ok(()) };
    let (count,) = conn.one::<(i64,)>(NUMBERED, (end.number, last.entry.number)).await?;
    if usize::try_from(count) != Ok(sealed.len()) {
        return Err(StoreError::Busy(format!("only {count} of {} audit entries could be sealed", sealed.len())));
    }
    conn.run(MOVE_HEAD, (last.entry.number, last.hash, now)).await?;
    Ok(())
}

/// The end of the chain.
pub async fn head(conn: &mut Conn<'_>) -> Result<Head, StoreError> {
    conn.one(HEAD, ()).await
}

/// At most `limit` sealed entries after a number, in order.
pub async fn after(conn: &mut Conn<'_>, number: i64, limit: i64) -> Result<Vec<SealedEntry>, StoreError> {
    conn.all(AFTER, (number, limit)).await
}

/// An entry that has a number up to this one, if there is any.
pub async fn stray(conn: &mut Conn<'_>, number: i64) -> Result<Option<SealedEntry>, StoreError> {
    conn.maybe(STRAY, (number,)).await
}

/// The entry that follows a seal, wherever it stands. Reads the whole log.
pub async fn following(conn: &mut Conn<'_>, seal: Digest) -> Result<Option<Standing>, StoreError> {
    conn.maybe(FOLLOWING, (seal,)).await
}

/// What waits to be sealed.
pub async fn backlog(conn: &mut Conn<'_>) -> Result<Backlog, StoreError> {
    conn.one(BACKLOG, ()).await
}

/// What has waited longest to be sealed.
pub async fn oldest_unsealed(conn: &mut Conn<'_>) -> Result<Option<Standing>, StoreError> {
    conn.maybe(OLDEST, ()).await
}
