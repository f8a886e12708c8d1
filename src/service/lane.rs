//! The lanes: how they stand, dead letters, and how they are set (Q07, Q14, Q15).

use std::collections::HashMap;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Asking, Command, Outcome, Query, Tools, Work, community::CommunityScope, webhook::host_and_path};
use crate::{
    domain::{
        Action, Actor, Error, Lane, RecordId, Result,
        audit::Digest,
        command::{
            PauseLane, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters, ResumeLane, SetLaneWidth,
        },
        lane::{DeadLetter, LETTERS_PAGE, LaneStatus, LetterCursor, LetterPage, WIDEST},
        query::{ListDeadLetters, ReadDeadLetter, ReadLanes},
    },
    policy::{Scoped, Target},
    store::{Conn, Shard, outbox},
};

/// Commands of this file change rows of no topic.
const NOWHERE: Shard = Shard(0);

/// A command on the lanes: no field needs checking but what `$prepare` says, and nothing has to be loaded.
macro_rules! lane_command {
    ($command:ident -> $output:ty, |$me:ident| $prepare:expr, |$this:ident, $work:ident| $run:expr) => {
        impl Command for $command {
            type Prepared = ();
            type Scope = Target;
            type Output = $output;
            const ACTION: Action = Action::ManageLanes;

            fn shard(&self) -> Shard {
                NOWHERE
            }

            async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
                let $me = self;
                $prepare
            }

            async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
                Ok(Target::default())
            }

            async fn run(self, $work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<$output> {
                let $this = self;
                $run
            }
        }
    };
}

lane_command!(ReplayDeadLetter -> (), |_me| Ok(()), |this, work| {
    work.about("record", this.record);
    let lane = outbox::replay(work.conn, work.grant, this.record, work.now).await?.ok_or(Error::NotFound)?;
    work.note(json!({ "lane": lane }));
    work.wake(lane);
    Ok(())
});

lane_command!(ReplayDeadLetters -> u64, |_me| Ok(()), |this, work| {
    let replayed = outbox::replay_all(work.conn, work.grant, this.lane, work.now).await?;
    work.note(json!({ "lane": this.lane, "replayed": replayed }));
    Lane::ALL.iter().filter(|lane| this.lane.is_none_or(|only| only == **lane)).for_each(|lane| work.wake(*lane));
    Ok(replayed)
});

lane_command!(PurgeDeadLetter -> (), |_me| Ok(()), |this, work| {
    work.about("record", this.record);
    // Nothing is deleted without a trace of what it was.
    let letter = outbox::dead_letter(work.conn, this.record).await?.ok_or(Error::NotFound)?;
    outbox::purge(work.conn, work.grant, this.record).await?;
    work.note(json!({ "lane": letter.lane, "event": letter.event, "name": letter.name, "handler": letter.handler }));
    Ok(())
});

lane_command!(PurgeDeadLetters -> u64, |_me| Ok(()), |this, work| {
    let mut purged = outbox::purge_all(work.conn, work.grant, this.lane).await?;
    // By their ids, which begin with the time they were made.
    purged.sort_unstable();
    work.note(json!({
        "lane": this.lane, "purged": purged.len(), "oldest": purged.first(), "newest": purged.last(),
        "records": digest(&purged),
    }));
    Ok(purged.len() as u64)
});

lane_command!(PauseLane -> (), |_me| Ok(()), |this, work| set(work, this.lane, true).await);
lane_command!(ResumeLane -> (), |_me| Ok(()), |this, work| set(work, this.lane, false).await);

lane_command!(
    SetLaneWidth -> (),
    |me| if (1..=WIDEST).contains(&me.width) {
        Ok(())
    } else {
        Err(Error::invalid("width", format!("must be 1 to {WIDEST}")))
    },
    |this, work| {
        outbox::set_width(work.conn, work.grant, this.lane, this.width, work.now).await?;
        work.note(json!({ "lane": this.lane, "width": this.width }));
        work.wake(this.lane);
        Ok(())
    }
);

/// SHA-256 of ids in their order: whoever has a list of them can tell that it is the one.
fn digest(ids: &[RecordId]) -> Digest {
    let hash = ids.iter().fold(Sha256::new(), |hash, id| hash.chain_update(Uuid::from(*id).as_bytes()));
    Digest(hash.finalize().into())
}

async fn set<C>(work: &mut Work<'_, '_, C>, lane: Lane, paused: bool) -> Outcome<()> {
    outbox::pause(work.conn, work.grant, lane, paused, work.now).await?;
    work.note(json!({ "lane": lane, "paused": paused }));
    work.wake(lane);
    Ok(())
}

impl Query for ReadLanes {
    type Scope = Target;
    type Output = Vec<LaneStatus>;

    fn action(&self) -> Action {
        Action::ManageLanes
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Vec<LaneStatus>> {
        Ok(outbox::statuses(asking.conn, asking.now).await?)
    }
}

impl Query for ListDeadLetters {
    type Scope = Target;
    type Output = LetterPage;

    fn action(&self) -> Action {
        Action::ManageLanes
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<LetterPage> {
        let mut letters = outbox::dead_letters(asking.conn, self.lane, self.after, LETTERS_PAGE + 1).await?;
        let page = usize::try_from(LETTERS_PAGE).unwrap_or(usize::MAX);
        let more = letters.len() > page;
        letters.truncate(page);
        show(asking, &mut letters).await?;
        let last = letters.last().filter(|_| more);
        Ok(LetterPage { next: last.map(|last| LetterCursor { died_at: last.died_at, id: last.id }), letters })
    }
}

impl Query for ReadDeadLetter {
    type Scope = Target;
    type Output = DeadLetter;

    fn action(&self) -> Action {
        Action::ManageLanes
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<DeadLetter> {
        let mut letter = outbox::dead_letter(asking.conn, self.record).await?.ok_or(Error::NotFound)?;
        show(asking, std::slice::from_mut(&mut letter)).await?;
        Ok(letter)
    }
}

/// Leaves of a webhook's address only what is no secret, and the way to its page to those who manage it.
async fn show(asking: &mut Asking<'_, '_>, letters: &mut [DeadLetter]) -> Outcome<()> {
    let mut managed: HashMap<String, bool> = HashMap::new();
    for letter in letters {
        letter.address = letter.address.as_deref().map(host_and_path);
        let Some(slug) = letter.community.take() else { continue };
        let allowed = if let Some(known) = managed.get(&slug) {
            *known
        } else {
            let scope = CommunityScope::by_slug(asking.conn, asking.actor, &slug).await?;
            asking.policy.allows(asking.actor, Action::ManageWebhooks, scope.target())
        };
        managed.insert(slug.clone(), allowed);
        letter.community = Some(slug).filter(|_| allowed);
    }
    Ok(())
}
