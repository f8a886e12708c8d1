//! What a channel asks of whoever posts there: a pause between two messages, and a length (C05).

use serde_json::json;

use super::{
    Command, Outcome, Tools, Work,
    channel::{ChannelScope, announce},
};
use crate::{
    domain::{
        Action, Actor, Error, PersonId, Result, Role, Time,
        channel::{LONGEST_MESSAGE, SLOW_MODES},
        command::SetPostingLimits,
    },
    store::{Conn, Shard, channel_settings, channels::Standing, retention},
};

impl Command for SetPostingLimits {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::ManageChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if !SLOW_MODES.contains(&self.slow_mode) {
            let known = SLOW_MODES.map(|seconds| seconds.to_string()).join(", ");
            return Err(Error::invalid("slow_mode", format!("must be one of {known} seconds")));
        }
        if !(1..=LONGEST_MESSAGE).contains(&self.message_chars) {
            return Err(Error::invalid("message_chars", "must be 1 to 4,000 characters"));
        }
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let before = (scope.standing.slow_mode, scope.standing.message_chars);
        let after = (self.slow_mode, self.message_chars);
        work.note(json!({ "before": before, "after": after }));
        if before == after {
            return Ok(());
        }
        let (slow_mode, chars) = after;
        channel_settings::set_posting_limits(work.conn, work.grant, self.channel, slow_mode, chars).await?;
        announce(work, self.channel).await
    }
}

/// Whether a new message may be posted now; who comes too early is told how long to wait.
pub(super) fn admit(standing: &Standing, body: &str, now: Time) -> Result<()> {
    fits(standing.message_chars, body)?;
    match wait(standing, now) {
        0 => Ok(()),
        retry_after => Err(Error::TooMany { retry_after }),
    }
}

/// Whether one person has not posted as often in the last minute as the channel takes; who has is told how long to wait.
pub(super) async fn keeps_pace<C>(work: &mut Work<'_, '_, C>, standing: &Standing, author: PersonId) -> Outcome<()> {
    if standing.per_minute == 0 || is_unhurried(standing) {
        return Ok(());
    }
    let since = work.now.plus(-Time::MINUTE);
    let first = retention::nth_latest(work.conn, standing, author, since, standing.per_minute).await?;
    let Some(first) = first else { return Ok(()) };
    let left = first.plus(Time::MINUTE).since(work.now).clamp(1, Time::MINUTE);
    let retry_after = u32::try_from((left + Time::SECOND - 1) / Time::SECOND).unwrap_or(60);
    Err(Error::TooMany { retry_after }.into())
}

/// Whether a text is short enough for a channel that takes `most` characters; an error names `body`.
pub(super) fn fits(most: i64, body: &str) -> Result<()> {
    // No text is longer than the most there can be: it was counted when it was parsed.
    if most >= LONGEST_MESSAGE {
        return Ok(());
    }
    let chars = body.chars().count();
    if i64::try_from(chars).is_ok_and(|chars| chars <= most) {
        return Ok(());
    }
    Err(Error::invalid("body", format!("must be at most {most} characters here, not {chars}")))
}

/// In how many seconds somebody may post again; 0: now.
pub(super) fn wait(standing: &Standing, now: Time) -> u32 {
    if standing.slow_mode == 0 || is_unhurried(standing) {
        return 0;
    }
    let Some(posted_at) = standing.posted_at else { return 0 };
    let left = posted_at.plus(standing.slow_mode * Time::SECOND).since(now);
    // A second that has begun is one to wait for. A clock that was put back makes nobody wait longer than there is.
    let seconds = ((left + Time::SECOND - 1) / Time::SECOND).clamp(0, standing.slow_mode);
    u32::try_from(seconds).unwrap_or_default()
}

/// Whether slow mode asks nothing of somebody: moderators answer as quickly as they have to.
pub(super) fn is_unhurried(standing: &Standing) -> bool {
    standing.role.is_some_and(|role| role >= Role::Moderator)
}
