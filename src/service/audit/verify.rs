use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    audit::{Fault, Link, Stands, Walk, Walked, Wrong},
    domain::{
        Action, AuditId, Time,
        audit::{ChainPlace, Digest},
        query::AuditOutcome,
    },
    store::{
        Conn, StoreError,
        audits::{archive, chain, list},
    },
};

/// How many entries are in memory at once.
const PAGE: i64 = 1_000;
/// How long an entry may wait for its seal, in microseconds.
const UNSEALED: i64 = Time::MINUTE;
/// How many of the latest archivings are looked at for the one that accounts for the archive.
const ACCOUNTS: usize = 50;

/// A chain that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where the archive ends and the chain begins; number 0 when nothing was archived.
    pub archived: ChainPlace,
    /// The walk from there to the end.
    pub walked: Walked,
    /// How many entries wait to be sealed, none of them for more than a minute.
    pub unsealed: i64,
    /// Whether the seal that was asked for is in it.
    pub holds: bool,
}

/// Walks the chain from the end of the archive to its own, or to the first bad place. `holds` is a seal that must be
/// in it, noted elsewhere before.
pub async fn verify(
    conn: &mut Conn<'_>,
    now: Time,
    holds: Option<Digest>,
) -> Result<Result<Verified, Fault>, StoreError> {
    let archived = archive::archived(conn).await?;
    let head = chain::head(conn).await?.place();
    let mut holds_it = holds.is_none_or(|seal| seal == archived.hash);
    let walked = match walk(conn, archived, head, holds, &mut holds_it).await? {
        Ok(walked) => walked,
        Err(fault) => return Ok(Err(named(conn, fault).await?)),
    };
    if let Some(stray) = chain::stray(conn, archived.number).await? {
        return Ok(Err(Fault::of(&Link::from(&stray), Wrong::Inserted)));
    }
    if !is_accounted(conn, archived).await? {
        let unaccounted = Link { number: archived.number, id: None, at: None, ..NOWHERE };
        return Ok(Err(Fault::of(&unaccounted, Wrong::Unaccounted)));
    }
    let late = chain::oldest_unsealed(conn).await?.filter(|oldest| now.since(oldest.at) > UNSEALED);
    if let Some(late) = late {
        return Ok(Err(Fault::unsealed(late.id, late.at)));
    }
    let unsealed = chain::backlog(conn).await?.many;
    Ok(Ok(Verified { archived, walked, unsealed, holds: holds_it }))
}

/// A link that names nothing.
const NOWHERE: Link = Link { number: 0, id: None, at: None, previous: None, hash: None, sound: false, erased: false };

async fn walk(
    conn: &mut Conn<'_>,
    start: ChainPlace,
    head: ChainPlace,
    holds: Option<Digest>,
    holds_it: &mut bool,
) -> Result<Result<Walked, Fault>, StoreError> {
    // The end is read in the same snapshot: nothing can have been sealed after it.
    let mut walk = Walk::from(start).until(head);
    let mut from = start.number;
    loop {
        let page = chain::after(conn, from, PAGE).await?;
        let Some(last) = page.last().and_then(|last| last.entry.number) else { return Ok(walk.end()) };
        from = last;
        for sealed in &page {
            let link = Link::from(sealed);
            *holds_it |= holds.is_some() && link.hash == holds;
            if let Err(fault) = walk.step(link) {
                return Ok(Err(fault));
            }
        }
    }
}

/// Says where the entry stands that belongs to the bad place, if it is anywhere.
async fn named(conn: &mut Conn<'_>, fault: Fault) -> Result<Fault, StoreError> {
    let Some(seal) = fault.follows.filter(|_| fault.wrong == Wrong::Removed) else { return Ok(fault) };
    let belongs = chain::following(conn, seal).await?;
    Ok(fault.found(belongs.map(|entry| Stands { number: entry.number, id: entry.id, at: entry.at })))
}

/// Whether an entry says that everything up to the end of the archive was archived.
async fn is_accounted(conn: &mut Conn<'_>, archived: ChainPlace) -> Result<bool, StoreError> {
    if archived.number == 0 {
        return Ok(true);
    }
    let wanted = list::Wanted {
        actor: None,
        target: None,
        correlation: None,
        action: Some(Action::ArchiveAudit),
        outcome: Some(AuditOutcome::Done),
        surface: None,
        since: Time::from_micros(i64::MIN),
        before: (Time::from_micros(i64::MAX), AuditId::from(Uuid::max())),
    };
    let accounts = list::list(conn, &wanted, ACCOUNTS).await?;
    let last = Json::from(archived.number);
    Ok(accounts.iter().any(|entry| entry.changes.get("last") == Some(&last)))
}
