//! Flags, and the moderators' queue (M20).

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    community::CommunityScope,
    message::{self, MessageScope, channel_of},
    notification::tell,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, CommunityId, Error, Event, Message, MessageId, PersonId, Result, Seq, Topic,
        command::{FlagMessage, JudgeMessage},
        flag::{Flagged, Queue, Verdict},
        message::MessageStatus,
        query::ListFlagged,
        text::Reason,
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, channels, flags, held,
        messages::{self, Stored},
        notifications, people,
    },
};

/// Tells all moderators of a community, and none but them. The place in their topic is taken first: it makes whoever
/// flags or judges in another channel wait, so the count is true as of that place.
pub(super) async fn tell_moderators<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    event: impl Fn(i64) -> Event,
) -> Outcome<()> {
    for moderator in flags::moderators(work.conn, community, work.now).await? {
        tell_moderator(work, moderator, community, &event).await?;
    }
    Ok(())
}

/// Tells one of them.
pub(super) async fn tell_moderator<C>(
    work: &mut Work<'_, '_, C>,
    moderator: PersonId,
    community: CommunityId,
    event: impl Fn(i64) -> Event,
) -> Outcome<()> {
    let seq = people::advance(work.conn, work.grant, moderator).await?;
    let open = flags::open(work.conn, community).await?;
    work.emit_at(Topic::Person(moderator), seq, event(open)).await
}

/// A message waits no longer, if it did; answers whether it did.
pub(super) async fn settle<C>(work: &mut Work<'_, '_, C>, message: MessageId, verdict: Verdict) -> Outcome<bool> {
    let Some(community) = flags::clear(work.conn, work.grant, message).await? else { return Ok(false) };
    judged(work, community, message, verdict).await?;
    Ok(true)
}

/// The server itself flags a message, by a rule (M07). While that flag waits its moderators were told: another edit that
/// meets the rule again is no news.
pub(super) async fn raise<C>(
    work: &mut Work<'_, '_, C>,
    message: MessageId,
    community: CommunityId,
    rule: &str,
) -> Outcome<()> {
    let by = PersonId::SYSTEM;
    let known = flags::reason(work.conn, message, by).await?;
    if known.as_deref() != Some(rule) {
        flags::put(work.conn, work.grant, (message, community), by, rule, work.now).await?;
    }
    if known.is_some() {
        return Ok(());
    }
    tell_moderators(work, community, |open| Event::MessageFlagged { message, community, by, open }).await
}

/// Tells a community's moderators that a message waits no longer.
pub(super) async fn judged<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    message: MessageId,
    verdict: Verdict,
) -> Outcome<()> {
    tell_moderators(work, community, |open| Event::MessageJudged { message, community, verdict, open }).await
}

/// A message with what its community is.
pub struct FlagScope {
    message: MessageScope,
    community: CommunityId,
}

impl Scoped for FlagScope {
    fn target(&self) -> &Target {
        self.message.target()
    }
}

impl FlagScope {
    async fn load(conn: &mut Conn<'_>, actor: &Actor, id: MessageId) -> Outcome<Self> {
        let message = MessageScope::load(conn, actor, id).await?;
        let community = message.target().community.ok_or(Error::NotFound)?;
        Ok(Self { message, community })
    }
}

impl Command for FlagMessage {
    type Prepared = (Reason, Option<ChannelId>);
    type Scope = FlagScope;
    type Output = ();
    const ACTION: Action = Action::FlagMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, (_, channel): &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        Ok((Reason::parse("reason", &self.reason)?, channel_of(tools, self.message).await?))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<FlagScope> {
        FlagScope::load(conn, actor, self.message).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: FlagScope, (reason, _): Self::Prepared) -> Outcome<()> {
        work.about("message", self.message);
        let (id, community, by) = (self.message, scope.community, work.person()?.id);
        let place = scope.message.place;
        // The channel is held, as by whoever edits, deletes or judges: the message stays what it is.
        channels::hold(work.conn, work.grant, place.channel).await?;
        let now = messages::place(work.conn, id).await?.ok_or(Error::NotFound)?;
        if now.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted.").into());
        }
        let before = flags::reason(work.conn, id, by).await?;
        let digest = work.fingerprint(reason.as_str());
        work.note(json!({ "channel": place.channel, "digest": digest, "again": before.is_some() }));
        if before.as_deref() == Some(reason.as_str()) {
            return Ok(());
        }
        flags::put(work.conn, work.grant, (id, community), by, reason.as_str(), work.now).await?;
        tell_moderators(work, community, |open| Event::MessageFlagged { message: id, community, by, open }).await
    }
}

impl Command for JudgeMessage {
    type Prepared = Option<ChannelId>;
    type Scope = MessageScope;
    type Output = ();
    const ACTION: Action = Action::JudgeMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, channel: &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        channel_of(tools, self.message).await
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
        MessageScope::load(conn, actor, self.message).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: MessageScope, _: Self::Prepared) -> Outcome<()> {
        work.about("message", self.message);
        let channel = scope.place.channel;
        channels::hold(work.conn, work.grant, channel).await?;
        let place = messages::place(work.conn, self.message).await?.ok_or(Error::NotFound)?;
        if place.status != MessageStatus::Flagged {
            return Err(Error::conflict("This message does not wait any more: somebody was first.").into());
        }
        match self.verdict {
            Verdict::Keep => {
                settle(work, self.message, Verdict::Keep).await?;
            }
            Verdict::Delete => message::bury(work, &place).await?,
        }
        let digest = work.fingerprint(&place.body);
        work.note(json!({ "channel": channel, "verdict": self.verdict, "digest": digest }));
        // Who has judged it has read what told them of it.
        let person = work.person()?.id;
        for id in notifications::noticed(work.conn, work.grant, person, self.message, work.now).await? {
            let notification = Some(id);
            tell(work, person, |unread| Event::NotificationRead { notification, unread }).await?;
        }
        Ok(())
    }
}

impl Query for ListFlagged {
    type Scope = CommunityScope;
    type Output = Queue;

    fn action(&self) -> Action {
        Action::JudgeMessage
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: CommunityScope) -> Outcome<Queue> {
        let rows = flags::waiting(asking.conn, self.community).await?;
        let found = messages::find_all(asking.conn, rows.iter().map(|row| row.message).collect()).await?;
        let mut found: HashMap<MessageId, Message> = marked(found).into_iter().map(|one| (one.id, one)).collect();
        let mut flagged = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(message) = found.remove(&row.message) else { continue };
            let flags = flags::of(asking.conn, row.message).await?;
            let (channel, channel_name) = (row.slug, row.name);
            flagged.push(Flagged { message, channel, channel_name, since: row.flagged_at, count: row.count, flags });
        }
        let approves = asking.policy.allows(asking.actor, Action::ApproveMessage, scope.target());
        let held = if approves { held::queue(asking.conn, self.community).await? } else { Vec::new() };
        Ok(Queue { held, flagged, open: flags::open(asking.conn, self.community).await? })
    }
}

/// How many messages wait in a community, for whoever may judge them.
pub(super) async fn open(asking: &mut Asking<'_, '_>, scope: &CommunityScope) -> Outcome<Option<i64>> {
    if !asking.policy.allows(asking.actor, Action::JudgeMessage, scope.target()) {
        return Ok(None);
    }
    Ok(Some(flags::open(asking.conn, scope.standing.id).await?))
}

/// Messages as the asker may see them: that one was flagged is told to whoever may judge it.
pub(super) fn seen(asking: &Asking<'_, '_>, target: &Target, rows: Vec<Stored>) -> Vec<Message> {
    if rows.iter().any(Stored::is_flagged) && asking.policy.allows(asking.actor, Action::JudgeMessage, target) {
        marked(rows)
    } else {
        rows.into_iter().map(Message::from).collect()
    }
}

/// Marks what was missed of messages that wait to be judged, for whoever may judge them. They hear of flags on a topic of
/// their own, perhaps before they hear of the message.
pub(super) async fn mark(asking: &mut Asking<'_, '_>, target: &Target, missed: &mut [(Seq, Event)]) -> Outcome<()> {
    let ids: Vec<MessageId> = missed.iter().filter_map(|(_, event)| event.message()).collect();
    if ids.is_empty() || !asking.policy.allows(asking.actor, Action::JudgeMessage, target) {
        return Ok(());
    }
    let flagged: HashSet<MessageId> = flags::among(asking.conn, ids).await?.into_iter().collect();
    for (_, event) in missed {
        if let Event::MessagePosted { message, .. } | Event::MessageEdited { message, .. } = event
            && flagged.contains(&message.id)
        {
            message.status = MessageStatus::Flagged;
        }
    }
    Ok(())
}

fn marked(rows: Vec<Stored>) -> Vec<Message> {
    let flagged: HashSet<MessageId> = rows.iter().filter(|row| row.is_flagged()).map(|row| row.id).collect();
    let mark = |mut message: Message| {
        if flagged.contains(&message.id) {
            message.status = MessageStatus::Flagged;
        }
        message
    };
    rows.into_iter().map(Message::from).map(mark).collect()
}
