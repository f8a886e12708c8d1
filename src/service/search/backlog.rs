//! Messages of before there was this index are indexed little by little.

use super::{marks, words};
use crate::{
    domain::{Action, Actor, Result, command::IndexMessages},
    policy::Target,
    service::{Command, Outcome, Tools, Work},
    store::{Conn, Shard, search},
};

/// How many are indexed in one transaction: everybody's writes wait for it.
const STEP: i64 = 200;

impl Command for IndexMessages {
    type Prepared = ();
    type Scope = Target;
    type Output = usize;
    const ACTION: Action = Action::Tidy;

    fn shard(&self) -> Shard {
        Shard(0)
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<usize> {
        work.leave_no_entry();
        let waiting = search::backlog(work.conn, STEP).await?;
        for one in &waiting {
            let marks = marks(one.channel, one.author, one.created_at, one.root, one.edited_at.is_some());
            search::index(work.conn, work.grant, one.id, &words(&one.body, &one.html), &marks).await?;
        }
        if !waiting.is_empty() {
            search::indexed(work.conn, work.grant, waiting.iter().map(|one| one.id).collect()).await?;
        }
        Ok(waiting.len())
    }
}
