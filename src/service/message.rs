//! Messages (M01, M03, M11, M21, M25, M26, M27).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    body::{Rendered, Where},
    channel::{self, ChannelScope},
    conversation, draft, flag, held,
    posting::{self, Draft, Rewrite},
    posting_limits, reaction, thread,
    verdict::{self, Found},
    viewer,
    work::WEBHOOKS,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, Error, Event, Message, MessageId, PersonId, Result, Topic,
        command::{DeleteMessage, EditMessage, PostMessage, Posted},
        flag::Verdict,
        message::{MessageStatus, PAGE, VANISHES_WITHIN},
        moderation::Consequence,
        query::{ListMessages, MessageSource, Page, ReadMessageSource, Span},
        slash,
        text::Reason,
        thread::Reply,
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, StoreError,
        channels::{self, Standing},
        drafts::Spot,
        held as held_store, mentions,
        messages::{self, Ground, Place},
        moderation, participations, pins, reactions,
    },
};

/// A channel, what a new message answers, and whether its id is in use.
pub struct PostScope {
    standing: Standing,
    target: Target,
    known: bool,
    hooked: bool,
    drafted: bool,
    answered: Option<thread::Answered>,
}

impl Scoped for PostScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl Command for PostMessage {
    type Prepared = Rendered;
    type Scope = PostScope;
    type Output = Posted;
    const ACTION: Action = Action::Post;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, actor: &Actor, tools: &Tools) -> Result<Rendered> {
        if !self.id.is_version_7() {
            return Err(Error::invalid("id", "must be a UUID of version 7"));
        }
        if self.expires_in.is_some_and(|seconds| !VANISHES_WITHIN.contains(&seconds)) {
            return Err(Error::invalid("expires_in", "must be 10 seconds to 7 days"));
        }
        let body = match actor.signed_in() {
            Ok(author) => slash::posted(&self.body, author)?,
            // The policy will say what it says to whoever is not signed in.
            Err(_) => self.body.as_str().into(),
        };
        Rendered::naming(&body, tools, Where::Channel(self.channel)).await
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<PostScope> {
        let ground = messages::posting(conn, self.channel, viewer(actor), self.id).await?.ok_or(Error::NotFound)?;
        let answered = thread::answered(conn, self.reply_to).await?;
        let Ground { standing, known, hooked, drafted } = ground;
        Ok(PostScope { target: standing.target(), standing, known, hooked, drafted, answered })
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, mut scope: PostScope, mut new: Rendered) -> Outcome<Posted> {
        let author = work.person()?;
        work.about("message", self.id);
        if !scope.hooked || scope.standing.kind.is_conversation() {
            work.spare(WEBHOOKS);
        }
        if scope.known {
            return repeated(work, &self, author.id).await;
        }
        posting_limits::admit(&scope.standing, new.body.as_str(), work.now)?;
        posting_limits::keeps_pace(work, &scope.standing, author.id).await?;
        let stands = thread::standing(self.channel, self.reply_to, scope.answered)?;
        // It was begun where it was written: in the thread, or in the channel, also for a quote.
        let root = self.reply_to.and_then(Reply::thread).and(stands.root);
        let begun = scope.drafted.then_some(Spot { person: author.id, channel: self.channel, root });
        let found = verdict::judge(work, &scope.standing, &new).await?;
        if let Some(Found { consequence: Consequence::Hold, rule }) = found {
            let held = self.hold(work, &scope.standing, &new, rule).await?;
            draft::settle(work, begun).await?;
            return Ok(held);
        }
        let came = conversation::gather(work, &mut scope.standing).await?;
        new.people = conversation::addressed(work, scope.standing.kind, self.channel, new.people).await?;
        let author = author.clone();
        let draft = Draft { id: self.id, author, new, stands, expires_in: self.expires_in, approved: false };
        let posted = posting::publish(work, &scope.standing, draft).await?;
        for person in came {
            channel::tell_joined(work, self.channel, person).await?;
        }
        posting::mark(work, self.id, scope.standing.community, found).await?;
        draft::settle(work, begun).await?;
        Ok(posted)
    }
}

impl PostMessage {
    /// Has it wait for a moderator; slow mode counts from here.
    async fn hold(
        self,
        work: &mut Work<'_, '_, Self>,
        standing: &Standing,
        new: &Rendered,
        rule: &str,
    ) -> Outcome<Posted> {
        let author = work.person()?;
        let row = held_store::Stored {
            reply_to: self.reply_to.map(|reply| reply.to),
            shown: self.reply_to.map(|reply| reply.shown),
            expires_in: self.expires_in,
            ..held::waiting(work, self.id, author.id, standing, (new, rule))
        };
        held::hold(work, row.clone()).await?;
        participations::posted(work.conn, work.grant, self.channel, author.id, None, work.now).await?;
        Ok(Posted { seq: standing.seq, message: held::answer(row, author.clone()) })
    }
}

/// A repeated id answers the first message, to its author in its channel; to anybody else the id is a bad one (M27).
async fn repeated(work: &mut Work<'_, '_, PostMessage>, post: &PostMessage, author: PersonId) -> Outcome<Posted> {
    let held = held_store::find(work.conn, post.id).await?;
    if let Some(held) = held.filter(|held| !held.edits && held.author == author && held.channel == post.channel) {
        if !held.waits() {
            return Err(Error::conflict("A moderator declined this message.").into());
        }
        work.note(json!({ "repeated": true }));
        return Ok(Posted { seq: 0, message: held::answer(held, work.person()?.clone()) });
    }
    let first = messages::find(work.conn, post.id).await?;
    let first = first.filter(|first| first.author == author && first.channel == post.channel);
    let first = first.ok_or_else(|| Error::invalid("id", "is in use"))?;
    work.note(json!({ "repeated": true }));
    Ok(Posted { seq: first.seq, message: first.into() })
}

/// A message as the actor stands to it.
pub struct MessageScope {
    pub(super) place: Place,
    /// The latest event of its channel's topic.
    pub(super) seq: i64,
    target: Target,
    /// Its channel, as the actor stands to it.
    pub(super) standing: Standing,
}

impl Scoped for MessageScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl MessageScope {
    pub(super) async fn load(conn: &mut Conn<'_>, actor: &Actor, id: MessageId) -> Outcome<Self> {
        let place = messages::place(conn, id).await?.ok_or(Error::NotFound)?;
        let channel = ChannelScope::load(conn, actor, place.channel).await?;
        let author = actor.id() == Some(place.author);
        let (seq, standing) = (channel.standing.seq, channel.standing);
        Ok(Self { place, seq, target: Target { author, ..channel.target }, standing })
    }
}

/// The channel a message stands in, whose writer has to change it: posts lock the channel before the message, too.
pub(super) async fn channel_of(tools: &Tools, id: MessageId) -> Result<Option<ChannelId>> {
    let place = tools.store.glance::<_, StoreError, _>(move |conn| Box::pin(messages::place(conn, id))).await;
    place.map(|place| place.map(|place| place.channel)).map_err(|cause| {
        tracing::warn!(%cause, "where a message stands could not be looked up");
        Error::Unavailable
    })
}

impl Command for EditMessage {
    type Prepared = (Rendered, Option<Reason>, Option<ChannelId>);
    type Scope = MessageScope;
    type Output = Message;
    const ACTION: Action = Action::EditMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, (.., channel): &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        let reason = self.reason.as_deref().filter(|reason| !reason.trim().is_empty());
        let reason = reason.map(|reason| Reason::parse("reason", reason)).transpose()?;
        let new = Rendered::naming(&self.body, tools, Where::Message(self.message)).await?;
        Ok((new, reason, channel_of(tools, self.message).await?))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
        MessageScope::load(conn, actor, self.message).await
    }

    async fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        scope: MessageScope,
        (mut new, reason, _): Self::Prepared,
    ) -> Outcome<Message> {
        work.about("message", self.message);
        let place = scope.place;
        if place.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted.").into());
        }
        if place.body == new.body.as_str() {
            // What it says now is what it is to say: a change that waits is taken back.
            channels::hold(work.conn, work.grant, place.channel).await?;
            held::forget(work, self.message).await?;
            return read(work, self.message).await;
        }
        posting_limits::fits(scope.standing.message_chars, new.body.as_str())?;
        if self.version.is_some_and(|version| version != place.version()) {
            return Err(Error::conflict("This message was changed meanwhile, in another window.").into());
        }
        // The channel is locked before the message, as everywhere: two writers cannot wait for each other.
        channels::hold(work.conn, work.grant, place.channel).await?;
        let found = verdict::judge(work, &scope.standing, &new).await?;
        let why = reason.as_ref().map(|reason| reason.as_str().to_owned());
        if let Some(Found { consequence: Consequence::Hold, rule }) = found {
            let row = held::waiting(work, place.id, place.author, &scope.standing, (&new, rule));
            let row = held_store::Stored { edits: true, why, ..row };
            held::hold(work, row).await?;
            return read(work, self.message).await;
        }
        let kind = scope.target.kind.unwrap_or(ChannelKind::Text);
        new.people = conversation::addressed(work, kind, place.channel, new.people).await?;
        let message = posting::rewrite(work, &place, Rewrite { new, why }).await?;
        held::forget(work, self.message).await?;
        moderation::note(work.conn, work.grant, self.message, Found::verdict(found)).await?;
        posting::mark(work, self.message, scope.standing.community, found).await?;
        Ok(message)
    }
}

/// A message as everybody reads it.
pub(super) async fn read<C>(work: &mut Work<'_, '_, C>, id: MessageId) -> Outcome<Message> {
    Ok(messages::find(work.conn, id).await?.ok_or(Error::NotFound)?.into())
}

impl Command for DeleteMessage {
    type Prepared = Option<ChannelId>;
    type Scope = MessageScope;
    type Output = ();
    const ACTION: Action = Action::DeleteMessage;

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
        bury(work, &scope.place).await
    }
}

/// Leaves only a tombstone, tells everybody, and notes what was there; nothing when it is one already (M21).
pub(super) async fn bury<C>(work: &mut Work<'_, '_, C>, place: &Place) -> Outcome<()> {
    if place.status == MessageStatus::Deleted {
        return Ok(());
    }
    // Who else deletes it waits here, and finds it deleted: a reply is taken from its thread once.
    channels::hold(work.conn, work.grant, place.channel).await?;
    if !messages::bury(work.conn, work.grant, place.id, work.now).await? {
        return Ok(());
    }
    let seq = channels::advance(work.conn, work.grant, place.channel).await?;
    mentions::clear(work.conn, work.grant, place.id).await?;
    reactions::clear(work.conn, work.grant, place.id).await?;
    pins::remove(work.conn, work.grant, place.id).await?;
    let message = Box::new(read(work, place.id).await?);
    work.note(json!({ "channel": place.channel, "digest": work.fingerprint(&place.body) }));
    work.emit_at(Topic::Channel(place.channel), seq, Event::MessageDeleted { message }).await?;
    flag::settle(work, place.id, Verdict::Delete).await?;
    if place.root.is_none() {
        draft::lose(work, place.channel, place.id).await?;
    }
    held::forget(work, place.id).await?;
    thread::lost(work, place).await
}

/// A page of a channel, read in the asker's snapshot.
pub(super) async fn page(asking: &mut Asking<'_, '_>, channel: &Standing, span: Span) -> Outcome<Page> {
    let conn = &mut *asking.conn;
    let rows = match span {
        Span::Latest => messages::before(conn, channel.id, i64::MAX, PAGE).await?,
        Span::Before { position } => messages::before(conn, channel.id, position, PAGE).await?,
        Span::After { position } => messages::after(conn, channel.id, position, PAGE).await?,
        Span::Around { message } => {
            let place = messages::place(conn, message).await?.filter(|place| place.channel == channel.id);
            let middle = stands_at(conn, place.ok_or(Error::NotFound)?).await?;
            let mut rows = messages::before(conn, channel.id, middle + 1, PAGE / 2).await?;
            rows.extend(messages::after(conn, channel.id, middle, PAGE / 2).await?);
            rows
        }
    };
    let mut messages = flag::seen(asking, &channel.target(), rows);
    reaction::dress(asking, &mut messages).await?;
    thread::dress(asking, &mut messages).await?;
    let (older, newer) = edges(span, &messages, |message| message.position, channel.count);
    Ok(Page { messages, older, newer, cursor: channel.seq })
}

/// Whether there is more above a page, and below it. Places have no gaps up to the `last` one, so the edges tell.
pub(super) fn edges(span: Span, messages: &[Message], at: impl Fn(&Message) -> Option<i64>, last: i64) -> (bool, bool) {
    let edge = |message: Option<&Message>| message.and_then(&at);
    let older = edge(messages.first()).map_or(matches!(span, Span::After { position } if position > 0), |at| at > 1);
    let newer = edge(messages.last()).map_or(matches!(span, Span::Before { .. }) && last > 0, |at| at < last);
    (older, newer)
}

/// Where a message stands in the channel: a reply that does not, where its thread began.
async fn stands_at(conn: &mut Conn<'_>, place: Place) -> Outcome<i64> {
    let began = match (place.position, place.root) {
        (None, Some(root)) => messages::place(conn, root).await?.and_then(|root| root.position),
        (position, _) => position,
    };
    Ok(began.ok_or(Error::NotFound)?)
}

impl Query for ListMessages {
    type Scope = ChannelScope;
    type Output = Page;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<Page> {
        page(asking, &scope.standing, self.span).await
    }
}

impl Query for ReadMessageSource {
    type Scope = MessageScope;
    type Output = MessageSource;

    fn action(&self) -> Action {
        Action::EditMessage
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<MessageScope> {
        MessageScope::load(asking.conn, asking.actor, self.message).await
    }

    async fn answer(self, _: &mut Asking<'_, '_>, scope: MessageScope) -> Outcome<MessageSource> {
        if scope.place.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted.").into());
        }
        let version = scope.place.version();
        Ok(MessageSource { message: self.message, body: scope.place.body, version })
    }
}
