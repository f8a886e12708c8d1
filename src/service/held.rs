//! Messages that wait for a moderator (M07).
//!
//! What is held is kept apart from the messages. Approved, it is posted there and then: it takes the next place in the
//! channel's topic and the next position in its transcript as any post does, so feeds have no gap and counts are exact.
//! A change of a message that stands is held the same way, and the message stays as it was until then.

use serde_json::{Value as Json, json};

use super::{
    Command, Outcome, Tools, Work,
    body::{Rendered, Where},
    channel::ChannelScope,
    flag, moderation,
    posting::{self, Draft, Rewrite},
    posting_limits, thread,
    verdict::{self, Found},
    viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelStatus, CommunityId, Error, Event, Message, MessageId, PersonId,
        PersonSummary, Result, Role, Time,
        command::{ApproveMessage, DeclineMessage, DiscardHeld, EditHeld},
        held::{Held, HeldStatus, WAITING_PER_CHANNEL},
        message::{MessageKind, MessageStatus},
        moderation::{Consequence, Verdict},
        text::Line,
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, StoreError,
        channels::{self, Standing},
        flags,
        held::{self, Stored},
        messages, moderation as verdicts, people,
    },
};

/// What waits of `author`'s from now on: by itself a message that answers nothing and stays for good.
pub(super) fn waiting<C>(
    work: &Work<'_, '_, C>,
    message: MessageId,
    author: PersonId,
    standing: &Standing,
    (new, rule): (&Rendered, &str),
) -> Stored {
    Stored {
        message,
        channel: standing.id,
        community: standing.community,
        author,
        status: HeldStatus::Waiting,
        body: new.body().to_owned(),
        html: new.html().to_owned(),
        reply_to: None,
        shown: None,
        expires_in: None,
        edits: false,
        why: None,
        rule: rule.to_owned(),
        note: String::new(),
        version: work.now.micros(),
        held_at: work.now,
    }
}

/// Has a message wait, or a change of one: its author and the moderators are told.
pub(super) async fn hold<C>(work: &mut Work<'_, '_, C>, new: Stored) -> Outcome<()> {
    let known = held::find(work.conn, new.message).await?;
    let waited = known.as_ref().is_some_and(Stored::waits);
    if !waited && held::count(work.conn, new.author, new.channel).await? >= WAITING_PER_CHANNEL {
        let full =
            format!("{WAITING_PER_CHANNEL} messages of yours wait for approval here. Wait until some are judged.");
        return Err(Error::conflict(full).into());
    }
    let digest = work.fingerprint(&new.body);
    work.note(json!({ "channel": new.channel, "held": new.rule, "edits": new.edits, "digest": digest }));
    held::put(work.conn, work.grant, &new).await?;
    // Since when it waits stays as it was.
    let now = held::find(work.conn, new.message).await?.ok_or(Error::NotFound)?;
    tell(work, &new, Some(now.into()), true).await
}

/// Tells its author what is held of theirs now, and the moderators, when another number of messages waits: in the one order
/// in which people are told everywhere, so that two who tell them cannot wait for each other.
async fn tell<C>(work: &mut Work<'_, '_, C>, row: &Stored, held: Option<Held>, moved: bool) -> Outcome<()> {
    let (channel, message, community) = (row.channel, row.message, row.community);
    let moderators = if moved { flags::moderators(work.conn, community, work.now).await? } else { Vec::new() };
    let mut people = moderators.clone();
    people.push(row.author);
    people.sort_unstable();
    people.dedup();
    for person in people {
        if person == row.author {
            let held = held.clone().map(Box::new);
            work.tell(person, Event::HeldChanged { channel, message, held }).await?;
        }
        if moderators.contains(&person) {
            flag::tell_moderator(work, person, community, |open| Event::QueueMoved { message, community, open })
                .await?;
        }
    }
    Ok(())
}

/// A held message is so no longer.
async fn let_go<C>(work: &mut Work<'_, '_, C>, row: &Stored) -> Outcome<()> {
    // Somebody may have judged it since it was looked for.
    if held::discard(work.conn, work.grant, row.message).await? {
        tell(work, row, None, row.waits()).await?;
    }
    Ok(())
}

/// Nothing of somebody's waits in a community any more: their messages are cleared away.
pub(super) async fn clear<C>(work: &mut Work<'_, '_, C>, community: CommunityId, author: PersonId) -> Outcome<()> {
    for row in held::waiting_of(work.conn, community, author).await? {
        let_go(work, &row).await?;
    }
    Ok(())
}

/// Nothing of somebody's is held in a channel any more: they take no part there.
pub(super) async fn leave<C>(work: &mut Work<'_, '_, C>, channel: ChannelId, author: PersonId) -> Outcome<()> {
    for row in held::all_of(work.conn, author, channel).await? {
        let_go(work, &row).await?;
    }
    Ok(())
}

/// What has been held in a channel since before `oldest` is so no longer; answers whether it was.
pub(super) async fn expire<C>(
    work: &mut Work<'_, '_, C>,
    channel: ChannelId,
    message: MessageId,
    oldest: Time,
) -> Outcome<bool> {
    let row = held::find(work.conn, message).await?.filter(|row| row.channel == channel && row.held_at < oldest);
    match row {
        Some(row) => let_go(work, &row).await.map(|()| true),
        None => Ok(false),
    }
}

/// A message is gone, or was changed otherwise: no change of it waits any more.
pub(super) async fn forget<C>(work: &mut Work<'_, '_, C>, message: MessageId) -> Outcome<()> {
    match held::find(work.conn, message).await? {
        Some(row) => let_go(work, &row).await,
        None => Ok(()),
    }
}

/// What is held, as its author gets it in answer to a post: a message that stands nowhere yet.
pub(super) fn answer(row: Stored, author: PersonSummary) -> Message {
    Message {
        id: row.message,
        channel: row.channel,
        position: None,
        place: None,
        author,
        kind: MessageKind::Text,
        status: MessageStatus::Held,
        html: row.html,
        reply_to: row.reply_to,
        root: None,
        quote: None,
        thread: None,
        created_at: row.held_at,
        edited_at: None,
        expires_at: None,
        pinned: false,
        reactions: Vec::new(),
    }
}

/// Makes what was held what it was to be; the row is gone before, so that its id is free. Whoever clears it away at this
/// moment, from another channel's writer, is waited for, and was first.
async fn release<C>(work: &mut Work<'_, '_, C>, row: Stored, new: Rendered, found: Option<Found>) -> Outcome<()> {
    let (id, channel) = (row.message, row.channel);
    if !held::take(work.conn, work.grant, id, row.version).await? {
        return Err(too_late().into());
    }
    let ground = messages::posting(work.conn, channel, row.author, id).await?.ok_or(Error::NotFound)?;
    let standing = &ground.standing;
    let archived = standing.status == ChannelStatus::Archived;
    if archived || (!row.edits && standing.status == ChannelStatus::Locked) {
        return Err(Error::conflict("This channel takes no messages now.").into());
    }
    if standing.banned || standing.role.is_none() || standing.read.is_none() {
        return Err(Error::conflict("Who wrote this does not take part here any more.").into());
    }
    if row.edits {
        let place = messages::place(work.conn, id).await?.ok_or(Error::NotFound)?;
        posting::rewrite(work, &place, Rewrite { new, why: row.why.clone() }).await?;
    } else {
        let answered = thread::answered(work.conn, row.reply()).await?;
        let stands = thread::standing(channel, row.reply(), answered)?;
        let author = people::find(work.conn, row.author).await?.ok_or(Error::NotFound)?.summary();
        let draft = Draft { id, author, new, stands, expires_in: row.expires_in, approved: true };
        posting::publish(work, &ground.standing, draft).await?;
    }
    tell(work, &row, None, row.waits()).await?;
    verdicts::note(work.conn, work.grant, id, Found::verdict(found)).await?;
    posting::mark(work, id, row.community, found).await
}

/// What is held, as the actor stands to it. For whoever neither wrote it nor judges it, it is not there.
pub struct HeldScope {
    row: Stored,
    channel: ChannelScope,
    target: Target,
}

impl Scoped for HeldScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl HeldScope {
    async fn load(conn: &mut Conn<'_>, actor: &Actor, id: MessageId) -> Outcome<Self> {
        let row = held::find(conn, id).await?.ok_or(Error::NotFound)?;
        let channel = ChannelScope::load(conn, actor, row.channel).await?;
        let author = viewer(actor) == row.author;
        if !author && channel.standing.role.is_none_or(|role| role < Role::Moderator) {
            return Err(Error::NotFound.into());
        }
        let target = Target { author, ..channel.target.clone() };
        Ok(Self { row, channel, target })
    }

    /// As it is when nobody else can change it.
    async fn hold<C>(self, work: &mut Work<'_, '_, C>) -> Outcome<Stored> {
        channels::hold(work.conn, work.grant, self.row.channel).await?;
        Ok(held::find(work.conn, self.row.message).await?.ok_or_else(too_late)?)
    }
}

fn too_late() -> Error {
    Error::conflict("This message does not wait any more: somebody was first.")
}

async fn look_up(tools: &Tools, id: MessageId) -> Result<Option<Stored>> {
    let found = tools.store.glance::<_, StoreError, _>(move |conn| Box::pin(held::find(conn, id))).await;
    found.map_err(|cause| {
        tracing::warn!(%cause, "what is held could not be looked up");
        Error::Unavailable
    })
}

/// What the audit entry says of it: never its words.
fn noted<C>(work: &Work<'_, '_, C>, row: &Stored) -> Json {
    json!({ "channel": row.channel, "author": row.author, "rule": row.rule, "edits": row.edits,
        "digest": work.fingerprint(&row.body) })
}

/// A command about one held message, whose channel's writer has to carry it out.
macro_rules! held_command {
    ($command:ident, $action:ident, $prepared:ty, |$self:ident, $tools:ident, $row:ident| $prepare:expr, |$work:ident, $scope:ident, $new:ident| $run:block) => {
        impl Command for $command {
            type Prepared = (Option<ChannelId>, $prepared);
            type Scope = HeldScope;
            type Output = ();
            const ACTION: Action = Action::$action;

            fn shard(&self) -> Shard {
                Shard::of(self.message.into())
            }

            fn shard_after(&self, (channel, _): &Self::Prepared) -> Shard {
                channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
            }

            async fn prepare(&$self, _: &Actor, $tools: &Tools) -> Result<Self::Prepared> {
                let $row = look_up($tools, $self.message).await?;
                let channel = $row.as_ref().map(|row| row.channel);
                Ok((channel, $prepare))
            }

            async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<HeldScope> {
                HeldScope::load(conn, actor, self.message).await
            }

            async fn run($self, $work: &mut Work<'_, '_, Self>, $scope: HeldScope, (_, $new): Self::Prepared) -> Outcome<()> {
                $work.about("message", $self.message);
                $run
            }
        }
    };
}

held_command!(
    ApproveMessage,
    ApproveMessage,
    Option<(i64, Rendered)>,
    |self, tools, row| match row.filter(Stored::waits) {
        Some(row) => Some((row.version, Rendered::naming(&row.body, tools, Where::Channel(row.channel)).await?)),
        None => None,
    },
    |work, scope, new| {
        let row = scope.hold(work).await?;
        if !row.waits() {
            return Err(too_late().into());
        }
        let read = self.version.unwrap_or(row.version);
        let new = new.filter(|(version, _)| *version == row.version && read == row.version);
        let changed = || Error::conflict("Its author changed this message meanwhile. Read it again.");
        let (_, new) = new.ok_or_else(changed)?;
        let note = noted(work, &row);
        release(work, row, new, None).await?;
        verdicts::note(work.conn, work.grant, self.message, Verdict::Hold).await?;
        work.note(note);
        Ok(())
    }
);

held_command!(
    DeclineMessage,
    ApproveMessage,
    Line,
    |self, tools, row| {
        moderation::check_time_out(self.seconds)?;
        Line::parse("note", &self.note)?
    },
    |work, scope, new| {
        // Before the channel is held: the members of a community are locked first everywhere.
        let until = match self.seconds {
            Some(seconds) => Some(moderation::time_out_author(work, &scope.row, seconds).await?),
            None => None,
        };
        let row = scope.hold(work).await?;
        if !row.waits() {
            return Err(too_late().into());
        }
        let mut note = noted(work, &row);
        note["declined"] = true.into();
        if let Some(until) = until {
            note["until"] = json!(until);
        }
        work.note(note);
        held::decline(work.conn, work.grant, row.message, new.as_str(), work.now).await?;
        let now = held::find(work.conn, row.message).await?.ok_or(Error::NotFound)?;
        tell(work, &row, Some(now.into()), true).await
    }
);

held_command!(
    EditHeld,
    EditMessage,
    Rendered,
    |self, tools, row| match &row {
        Some(row) => Rendered::naming(&self.body, tools, Where::Channel(row.channel)).await?,
        None => Rendered::parse(&self.body)?,
    },
    |work, scope, new| {
        posting_limits::fits(scope.channel.standing.message_chars, new.body())?;
        let standing = scope.channel.standing.clone();
        let may_post = work.policy.allows(work.actor, Action::Post, &scope.target);
        let row = scope.hold(work).await?;
        if !row.edits && !may_post {
            return Err(Error::conflict("You cannot post here now. Your message goes on waiting as it was.").into());
        }
        let found = verdict::judge(work, &standing, &new).await?;
        let Some(Found { rule, .. }) = found.filter(|found| found.consequence == Consequence::Hold) else {
            let note = noted(work, &row);
            release(work, row, new, found).await?;
            work.note(note);
            return Ok(());
        };
        let (body, html) = (new.body().to_owned(), new.html().to_owned());
        hold(work, Stored { body, html, rule: rule.to_owned(), version: work.now.micros(), ..row }).await
    }
);

held_command!(DiscardHeld, DeleteMessage, (), |self, tools, row| (), |work, scope, _new| {
    if !scope.target.author {
        return Err(Error::NotFound.into());
    }
    let row = scope.hold(work).await?;
    work.note(noted(work, &row));
    let_go(work, &row).await
});
