//! Housekeeping: what has run out is removed, and what was said is counted.

use serde_json::json;

use super::{Command, Outcome, Tools, Work, channel::ChannelScope, notification::tell};
use crate::{
    domain::{
        Action, Actor, Event, Result, Time,
        command::{CountActivity, ForgetActivity, Leftover, TIDIED_AT_ONCE, Tidy},
    },
    policy::Target,
    store::{
        Conn, Shard, activity, commands, events, notifications, outbox, publications, retention::Keeping, sessions,
    },
};

/// How long events are kept for clients to resume from, in microseconds: 7 days.
const EVENTS_KEPT: i64 = 7 * Time::DAY;
/// How long it is kept how many records a lane finished in a minute, in microseconds: 2 days.
const MINUTES_KEPT: i64 = 2 * Time::DAY;
/// For how long a batch of events from outside is known again, in microseconds: 30 days.
const BATCHES_KEPT: i64 = 30 * Time::DAY;
/// For how long a command that was answered is known again, in microseconds: 30 days.
const COMMANDS_KEPT: i64 = 30 * Time::DAY;
/// How long what a command answered stays in its asker's inbox, read or not, in microseconds: 30 days.
const ANSWERS_KEPT: i64 = 30 * Time::DAY;

impl Leftover {
    /// For how long it is kept after its end, in microseconds.
    const fn kept(self) -> i64 {
        match self {
            Self::Sessions => 0,
            Self::Events => EVENTS_KEPT,
            Self::Commands => COMMANDS_KEPT,
            Self::Answers => ANSWERS_KEPT,
            Self::Batches => BATCHES_KEPT,
            Self::Minutes => MINUTES_KEPT,
        }
    }
}

impl Command for Tidy {
    type Prepared = ();
    type Scope = Target;
    type Output = u64;
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

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<u64> {
        let before = work.now.plus(-self.what.kept());
        let (conn, grant) = (&mut *work.conn, work.grant);
        let removed = match self.what {
            Leftover::Sessions => sessions::sweep(conn, grant, before).await?,
            Leftover::Events => events::trim(conn, grant, before, TIDIED_AT_ONCE.cast_signed()).await?,
            Leftover::Commands => commands::forget(conn, grant, before).await?,
            Leftover::Answers => forget_answers(work, before).await?,
            Leftover::Batches => publications::forget(conn, grant, before).await?,
            Leftover::Minutes => outbox::forget_minutes(conn, before).await?,
        };
        work.note(json!({ "what": self.what, "removed": removed, "before": before }));
        if removed == 0 {
            work.leave_no_entry();
        }
        Ok(removed)
    }
}

/// Removes old answers from inboxes. Who had not read one is told how many are left unread.
async fn forget_answers<C>(work: &mut Work<'_, '_, C>, before: Time) -> Outcome<u64> {
    let limit = TIDIED_AT_ONCE.cast_signed();
    let mut gone = notifications::forget_answers(work.conn, work.grant, before, limit).await?;
    // In one order everywhere: two writers cannot wait for each other.
    gone.sort_unstable_by_key(|(person, ..)| *person);
    let removed = gone.len() as u64;
    for (person, id, _) in gone.into_iter().filter(|(.., read_at)| read_at.is_none()) {
        let notification = Some(id);
        tell(work, person, |unread| Event::NotificationRead { notification, unread }).await?;
    }
    Ok(removed)
}

impl Command for ForgetActivity {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = u64;
    const ACTION: Action = Action::Tidy;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<u64> {
        work.about("channel", self.channel);
        let (id, count) = (self.channel, scope.standing.count);
        let keeping = scope.standing.retention_days.map(|retention_days| Keeping { id, count, retention_days });
        let removed = match keeping.map(|keeping| keeping.oldest(work.now).day()) {
            Some(before) => {
                let removed = activity::forget(work.conn, work.grant, id, before).await?;
                work.note(json!({ "what": "activity", "removed": removed, "before_day": before }));
                removed
            }
            None => 0,
        };
        if removed == 0 {
            work.leave_no_entry();
        }
        Ok(removed)
    }
}

impl Command for CountActivity {
    type Prepared = ();
    type Scope = Target;
    type Output = bool;
    const ACTION: Action = Action::Tidy;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<bool> {
        work.leave_no_entry();
        Ok(activity::count(work.conn, work.grant, self.channel, self.from, self.to).await?)
    }
}
