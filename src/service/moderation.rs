//! What moderators do about people: remove, ban, time out, clean up (R02, R04).

use serde_json::json;

use super::{
    Asking, Command, Failure, Outcome, Query, Tools, Work,
    community::{CommunityScope, depart},
    held,
    member::{MemberScope, tell_standing},
    message::bury,
    participants::cut,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, MessageId, Result, Time,
        command::{BanMember, ClearMessages, KickMember, LiftBan, TimeOutMember},
        member::{
            BANS_PAGE, BanPage, CLEARED_AT_ONCE, CLEARED_WITHIN, Cleared, Departure, LOOKED_THROUGH, TIMED_OUT_WITHIN,
        },
        message::MessageStatus,
        query::ListBans,
        text::Line,
    },
    policy::Scoped,
    store::{
        Conn, Shard, StoreError,
        bans::{self, NewBan},
        channels,
        held::Stored,
        members, messages, retention,
    },
};

impl Command for KickMember {
    type Prepared = ();
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::KickMember;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, (): ()) -> Outcome<()> {
        work.about("person", self.person);
        scope.hold(work).await?;
        let role = scope.role()?;
        work.note(json!({ "community": self.community, "role": role }));
        depart(work, self.community, self.person, Departure::Kicked, "").await
    }
}

impl Command for BanMember {
    type Prepared = Line;
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::BanMember;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Line> {
        Line::parse("reason", &self.reason)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, reason: Line) -> Outcome<()> {
        work.about("person", self.person);
        scope.hold(work).await?;
        let (moderator, role) = (work.person()?.id, scope.member.role);
        // The reason stands with the ban; a digest of so few words would be the words.
        work.note(json!({ "community": self.community, "role": role, "banned": true }));
        let (community, person, reason) = (self.community, self.person, reason.as_str());
        let ban = NewBan { community, person, moderator, reason, created_at: work.now };
        bans::put(work.conn, work.grant, &ban).await?;
        depart(work, community, person, Departure::Banned, reason).await
    }
}

impl Command for LiftBan {
    type Prepared = ();
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::BanMember;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, (): ()) -> Outcome<()> {
        work.about("person", self.person);
        scope.hold(work).await?;
        let lifted = bans::lift(work.conn, work.grant, self.community, self.person).await?;
        work.note(json!({ "community": self.community, "banned": false, "lifted": lifted }));
        Ok(())
    }
}

/// Whether a time-out may be that long; an error names `seconds`.
pub(super) fn check_time_out(seconds: Option<i64>) -> Result<()> {
    if seconds.is_some_and(|seconds| !TIMED_OUT_WITHIN.contains(&seconds)) {
        return Err(Error::invalid("seconds", "must be a minute to 28 days"));
    }
    Ok(())
}

/// Has the author of what is held only read for a while, if whoever declines it may do that; answers until when.
pub(super) async fn time_out_author<C>(work: &mut Work<'_, '_, C>, row: &Stored, seconds: i64) -> Outcome<Time> {
    let (community, author) = (row.community, row.author);
    members::hold(work.conn, work.grant, community).await?;
    let scope = MemberScope::load(work.conn, work.actor, community, author).await?;
    let decision = work.policy.decide(work.actor, Action::TimeOutMember, scope.target());
    if !decision.allowed {
        let answer = Error::Forbidden { rule: decision.refusal() };
        return Err(Failure::Refused { answer, rule: decision.rule });
    }
    scope.role()?;
    let until = work.now.plus(seconds * Time::SECOND);
    members::silence(work.conn, work.grant, community, author, Some(until)).await?;
    tell_standing(work, community, author).await?;
    Ok(until)
}

impl Command for TimeOutMember {
    type Prepared = ();
    type Scope = MemberScope;
    type Output = ();
    const ACTION: Action = Action::TimeOutMember;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        check_time_out(self.seconds)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: MemberScope, (): ()) -> Outcome<()> {
        work.about("person", self.person);
        scope.hold(work).await?;
        scope.role()?;
        let until = self.seconds.map(|seconds| work.now.plus(seconds * Time::SECOND));
        work.note(json!({ "community": self.community, "until": until }));
        members::silence(work.conn, work.grant, self.community, self.person, until).await?;
        tell_standing(work, self.community, self.person).await
    }
}

/// What is to be deleted now, all of one channel, and whether there is more.
#[derive(Clone, Debug, Default)]
pub struct Found {
    channel: Option<ChannelId>,
    messages: Vec<MessageId>,
    more: bool,
}

impl Found {
    fn of(rows: &[(ChannelId, MessageId)]) -> Self {
        let channel = rows.first().map(|(channel, _)| *channel);
        let here = rows.iter().take(CLEARED_AT_ONCE).take_while(|(place, _)| Some(*place) == channel);
        let messages: Vec<MessageId> = here.map(|(_, message)| *message).collect();
        Self { channel, more: messages.len() < rows.len(), messages }
    }
}

impl Command for ClearMessages {
    type Prepared = Found;
    type Scope = MemberScope;
    type Output = Cleared;
    const ACTION: Action = Action::ClearMessages;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    fn shard_after(&self, found: &Found) -> Shard {
        found.channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, actor: &Actor, tools: &Tools) -> Result<Found> {
        if !CLEARED_WITHIN.contains(&self.within) {
            return Err(Error::invalid("within", "must be a minute to 7 days"));
        }
        // The policy will say what it says to whoever is not signed in.
        if actor.id().is_none() {
            return Ok(Found::default());
        }
        let (community, person) = (self.community, self.person);
        let since = tools.clock.now().plus(-self.within * Time::SECOND);
        let limit = i64::try_from(CLEARED_AT_ONCE).unwrap_or(i64::MAX) + 1;
        let read = tools.store.read::<_, StoreError, _>(move |conn| {
            Box::pin(retention::recent(conn, community, person, since, LOOKED_THROUGH, limit))
        });
        read.await.map(|rows| Found::of(&rows)).map_err(|cause| {
            tracing::warn!(%cause, "what somebody wrote lately could not be looked up");
            Error::Unavailable
        })
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MemberScope> {
        MemberScope::load(conn, actor, self.community, self.person).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: MemberScope, found: Found) -> Outcome<Cleared> {
        work.about("person", self.person);
        let mut removed = 0;
        for id in found.messages {
            // They may have been deleted since they were looked for.
            let place = messages::place(work.conn, id).await?.filter(|place| place.status != MessageStatus::Deleted);
            let Some(place) = place.filter(|place| place.author == self.person) else { continue };
            if removed == 0 {
                channels::hold(work.conn, work.grant, place.channel).await?;
            }
            bury(work, &place).await?;
            removed += 1;
        }
        held::clear(work, self.community, self.person).await?;
        let note = json!({
            "community": self.community, "channel": found.channel, "removed": removed, "within_seconds": self.within,
        });
        work.note(note);
        Ok(Cleared { removed, more: found.more })
    }
}

impl Query for ListBans {
    type Scope = CommunityScope;
    type Output = BanPage;

    fn action(&self) -> Action {
        Action::BanMember
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<BanPage> {
        let mut bans = bans::list(asking.conn, self.community, BANS_PAGE + 1, self.offset.max(0)).await?;
        Ok(BanPage { more: cut(&mut bans, BANS_PAGE), bans })
    }
}
