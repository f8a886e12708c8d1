//! Letting go of the oldest entries, and erasing what is personal in those that stay.

use super::super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        PersonId, Time,
        audit::{ChainPlace, Digest},
    },
    policy::Grant,
    row, sql,
};

sql! {
    /// The seal of an entry.
    PLACE = Sql::both("SELECT number, hash FROM audit_entries WHERE number = $1");
    /// Where the archive ends.
    ARCHIVED = Sql::both("SELECT last AS number, hash FROM audit_archives ORDER BY last DESC LIMIT 1");
    /// What goes is written down.
    RECORD = Sql::both("INSERT INTO audit_archives (last, first, previous, hash, file, archived_at) \
        VALUES ($1, $2, $3, $4, $5, $6)");
    /// It goes.
    LET_GO = Sql::both("DELETE FROM audit_entries WHERE number IS NOT NULL AND number <= $1");
    /// How far entries are older than a time, without a younger one among them.
    BEFORE = Sql::both("SELECT max(number) FROM audit_entries WHERE number IS NOT NULL AND at < $1 AND number < \
        (SELECT coalesce(min(number), 9223372036854775807) FROM audit_entries WHERE number IS NOT NULL AND at >= $1)");
    /// A person's addresses: of what they did, and of signing in and up, which a visitor does.
    ERASE = Sql::both("UPDATE audit_entries SET address = '', address_salt = NULL WHERE address <> '' \
        AND (actor = $1 OR (target = $1 AND actor IS NULL))");
}

/// A stretch of the chain that goes.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// What it follows.
    pub start: ChainPlace,
    /// Its last entry.
    pub end: ChainPlace,
    /// SHA-256 of the file that holds it.
    pub file: Digest,
}

struct Seal {
    number: i64,
    hash: Option<Digest>,
}

row! { Seal { number, hash } }

/// The place of the entry with this number, if it is here and sealed.
pub async fn place(conn: &mut Conn<'_>, number: i64) -> Result<Option<ChainPlace>, StoreError> {
    let seal: Option<Seal> = conn.maybe(PLACE, (number,)).await?;
    Ok(seal.and_then(|seal| Some(ChainPlace { number: seal.number, hash: seal.hash? })))
}

/// Where the archive ends and the chain here begins: the genesis when nothing was archived.
pub async fn archived(conn: &mut Conn<'_>) -> Result<ChainPlace, StoreError> {
    Ok(conn.maybe(ARCHIVED, ()).await?.unwrap_or_default())
}

/// The number up to which every entry is older than `time`; `None` when none is.
pub async fn before(conn: &mut Conn<'_>, time: Time) -> Result<Option<i64>, StoreError> {
    conn.one(BEFORE, (time,)).await
}

/// Lets a stretch go, and writes down where the chain begins now. Answers how many entries went.
pub async fn let_go<C>(conn: &mut Conn<'_>, _: &Grant<C>, gone: &Stretch, now: Time) -> Result<u64, StoreError> {
    let Stretch { start, end, file } = gone;
    let values = (end.number, start.number + 1, start.hash, end.hash, file.to_string(), now);
    conn.run(RECORD, values).await?;
    conn.run(LET_GO, (end.number,)).await
}

/// Erases the addresses a person came from. The chain holds only their digests, which stay; without the salt they
/// tell nothing. An entry that is not sealed yet is sealed without its address. Whoever calls this says so in an entry of
/// their own.
pub async fn erase_addresses<C>(conn: &mut Conn<'_>, _: &Grant<C>, person: PersonId) -> Result<u64, StoreError> {
    conn.run(ERASE, (person,)).await
}
