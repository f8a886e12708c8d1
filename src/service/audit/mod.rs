//! The audit log: reading it, verifying it, letting its oldest part go (L02-L06, L08).

mod verify;

use serde_json::json;
use uuid::Uuid;

pub use verify::{Verified, verify};

use super::{Asking, Command, Outcome, Query, Tools, Work};
use crate::{
    domain::{
        Action, Actor, AuditId, Error, PersonSummary, Result, Time,
        command::ArchiveAudit,
        query::{AuditCursor, AuditPage, ChainState, ListAudit, NameActors, ReadChain, audit::AUDIT_PAGE},
    },
    policy::Target,
    store::{
        Conn, Shard,
        audits::{archive, chain, list},
        people,
    },
};

/// How many entries one command lets go at most: everybody's writes wait for it.
pub const ARCHIVE_BATCH: i64 = 10_000;

impl Query for ListAudit {
    type Scope = Target;
    type Output = AuditPage;

    fn action(&self) -> Action {
        Action::ReadAudit
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<AuditPage> {
        // No entry has the first id: what was written at `until` is not older than it.
        let end = (self.until.unwrap_or(Time::from_micros(i64::MAX)), AuditId::from(Uuid::nil()));
        let wanted = list::Wanted {
            actor: self.actor,
            target: self.target,
            correlation: self.correlation,
            action: self.action,
            outcome: self.outcome,
            surface: self.surface,
            since: self.since.unwrap_or(Time::from_micros(i64::MIN)),
            before: self.after.map_or(end, |cursor| end.min((cursor.at, cursor.id))),
        };
        let mut entries = list::list(asking.conn, &wanted, AUDIT_PAGE + 1).await?;
        let more = entries.len() > AUDIT_PAGE;
        entries.truncate(AUDIT_PAGE);
        for entry in &mut entries {
            entry.summary = entry.summed_up();
        }
        let next = entries.last().filter(|_| more).map(|last| AuditCursor { at: last.at, id: last.id });
        Ok(AuditPage { entries, next })
    }
}

impl Query for NameActors {
    type Scope = Target;
    type Output = Vec<PersonSummary>;

    fn action(&self) -> Action {
        Action::ReadAudit
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Vec<PersonSummary>> {
        let mut found = Vec::new();
        for handle in self.handles.iter().take(AUDIT_PAGE) {
            found.extend(people::by_handle(asking.conn, handle).await?.map(people::Person::summary));
        }
        for id in self.ids.into_iter().take(AUDIT_PAGE) {
            found.extend(people::find(asking.conn, id).await?.map(people::Person::summary));
        }
        Ok(found)
    }
}

impl Query for ReadChain {
    type Scope = Target;
    type Output = ChainState;

    fn action(&self) -> Action {
        Action::ReadAudit
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<ChainState> {
        let head = chain::head(asking.conn).await?;
        let archived = archive::archived(asking.conn).await?;
        let backlog = chain::backlog(asking.conn).await?;
        Ok(ChainState {
            head: head.place(),
            sealed_at: head.sealed_at,
            archived,
            unsealed: backlog.many,
            oldest_unsealed: backlog.oldest,
        })
    }
}

impl Command for ArchiveAudit {
    type Prepared = ();
    type Scope = Target;
    type Output = u64;
    const ACTION: Action = Action::ArchiveAudit;

    fn shard(&self) -> Shard {
        Shard(0)
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<u64> {
        let start = archive::archived(work.conn).await?;
        if self.last <= start.number {
            return Err(Error::conflict(format!("Entries up to {} are archived already.", start.number)).into());
        }
        if self.last - start.number > ARCHIVE_BATCH {
            return Err(Error::invalid("last", format!("is more than {ARCHIVE_BATCH} entries away")).into());
        }
        let end = archive::place(work.conn, self.last).await?.filter(|end| end.hash == self.hash);
        let end = end.ok_or_else(|| Error::conflict(format!("Entry {} is not the one in the file.", self.last)))?;
        let gone = archive::Stretch { start, end, file: self.file };
        let many = archive::let_go(work.conn, work.grant, &gone, work.now).await?;
        if i64::try_from(many) != Ok(end.number - start.number) {
            return Err(Error::conflict("The chain has gaps. Verify it first.").into());
        }
        // Who verifies asks for this: what is gone without it was not archived.
        work.note(json!({
            "first": start.number + 1, "last": end.number, "previous": start.hash, "hash": end.hash, "file": self.file,
        }));
        Ok(many)
    }
}
