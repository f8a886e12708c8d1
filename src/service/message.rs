//! Messages (M01, M03, M11, M21, M25, M26, M27).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    body::{Rendered, Where},
    channel::ChannelScope,
    expiry, reaction, viewer,
    work::WEBHOOKS,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, Message, MessageId, PersonId, Result, Time, Topic,
        command::{DeleteMessage, EditMessage, PostMessage, Posted},
        message::{MessageKind, MessageStatus, PAGE, VANISHES_WITHIN},
        query::{FindMessages, ListMessages, MessageSource, Page, ReadMessageSource, Span},
        slash,
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, StoreError,
        channels::{self, Standing},
        mentions,
        messages::{self, Ground, NewMessage, Place},
        reactions,
    },
};

/// A channel, what a new message answers, and whether its id is in use.
pub struct PostScope {
    standing: Standing,
    target: Target,
    known: bool,
    hooked: bool,
    reply_to: Option<Place>,
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
        let reply_to = match self.reply_to {
            Some(id) => messages::place(conn, id).await?,
            None => None,
        };
        let Ground { standing, known, hooked } = ground;
        Ok(PostScope { target: standing.target(), standing, known, hooked, reply_to })
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: PostScope, new: Rendered) -> Outcome<Posted> {
        let author = work.person()?;
        work.about("message", self.id);
        if !scope.hooked {
            work.spare(WEBHOOKS);
        }
        if scope.known {
            return repeated(work, &self, author.id).await;
        }
        let reply_to = match (self.reply_to, scope.reply_to) {
            (None, _) => None,
            (Some(_), Some(place)) if place.channel == self.channel => Some(place),
            (Some(_), _) => return Err(Error::invalid("reply_to", "is no message of this channel").into()),
        };
        let (seq, position) = channels::take_next(work.conn, work.grant, &scope.standing, work.now).await?;
        let message = Message {
            id: self.id,
            channel: self.channel,
            position,
            author: author.clone(),
            kind: MessageKind::Text,
            status: MessageStatus::Active,
            html: new.html,
            reply_to: reply_to.as_ref().map(|place| place.id),
            // A reply to a reply belongs to the same root (M17).
            root: reply_to.as_ref().map(|place| place.root.unwrap_or(place.id)),
            created_at: work.now,
            edited_at: None,
            expires_at: self.expires_in.map(|seconds| work.now.plus(seconds * Time::SECOND)),
            reactions: Vec::new(),
        };
        let stored = NewMessage { message: &message, seq, body: new.body.as_str() };
        messages::insert(work.conn, work.grant, &stored).await?;
        if !new.people.is_empty() {
            mentions::put(work.conn, work.grant, self.id, new.people.clone()).await?;
        }
        if scope.standing.read.is_some() {
            channels::read_own(work.conn, work.grant, self.channel, author.id, position).await?;
        }
        work.note(json!({ "channel": self.channel, "digest": work.fingerprint(new.body.as_str()) }));
        let event = Event::MessagePosted { message: Box::new(message.clone()), mentioned: new.people };
        work.emit_at(Topic::Channel(self.channel), seq, event).await?;
        if let Some(due) = message.expires_at {
            expiry::await_end(work, &message, seq, due).await?;
        }
        Ok(Posted { seq, message })
    }
}

/// A repeated id answers the first message, to its author in its channel; to anybody else the id is a bad one (M27).
async fn repeated(work: &mut Work<'_, '_, PostMessage>, post: &PostMessage, author: PersonId) -> Outcome<Posted> {
    let first = messages::find(work.conn, post.id).await?;
    let first = first.filter(|first| first.author == author && first.channel == post.channel);
    let first = first.ok_or_else(|| Error::invalid("id", "is in use"))?;
    work.note(json!({ "repeated": true }));
    Ok(Posted { seq: first.seq, message: first.into() })
}

/// A message as the actor stands to it.
pub struct MessageScope {
    pub(super) place: Place,
    target: Target,
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
        Ok(Self { place, target: Target { author, ..channel.target } })
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
    type Prepared = (Rendered, Option<ChannelId>);
    type Scope = MessageScope;
    type Output = Message;
    const ACTION: Action = Action::EditMessage;

    fn shard(&self) -> Shard {
        Shard::of(self.message.into())
    }

    fn shard_after(&self, (_, channel): &Self::Prepared) -> Shard {
        channel.map_or(self.shard(), |channel| Shard::of(channel.into()))
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        let new = Rendered::naming(&self.body, tools, Where::Message(self.message)).await?;
        Ok((new, channel_of(tools, self.message).await?))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<MessageScope> {
        MessageScope::load(conn, actor, self.message).await
    }

    async fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        scope: MessageScope,
        (new, _): Self::Prepared,
    ) -> Outcome<Message> {
        work.about("message", self.message);
        let place = scope.place;
        if place.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted.").into());
        }
        if place.body == new.body.as_str() {
            return read(work, self.message).await;
        }
        if self.version.is_some_and(|version| version != place.version()) {
            return Err(Error::conflict("This message was changed meanwhile, in another window.").into());
        }
        // The channel is locked before the message, as everywhere: two writers cannot wait for each other.
        let topic = Topic::Channel(place.channel);
        let seq = channels::advance(work.conn, work.grant, place.channel).await?;
        let (before, after) = (place.body.as_str(), new.body.as_str());
        if !messages::edit(work.conn, work.grant, self.message, before, after, &new.html, work.now).await? {
            return Err(Error::conflict("This message was deleted.").into());
        }
        mentions::put(work.conn, work.grant, self.message, new.people.clone()).await?;
        let message = read(work, self.message).await?;
        let (before, after) = (work.fingerprint(before), work.fingerprint(after));
        work.note(json!({ "channel": place.channel, "before": before, "after": after }));
        let edited = Event::MessageEdited { message: Box::new(message.clone()), mentioned: new.people };
        work.emit_at(topic, seq, edited).await?;
        Ok(message)
    }
}

async fn read<C>(work: &mut Work<'_, '_, C>, id: MessageId) -> Outcome<Message> {
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
    let seq = channels::advance(work.conn, work.grant, place.channel).await?;
    messages::bury(work.conn, work.grant, place.id, work.now).await?;
    mentions::clear(work.conn, work.grant, place.id).await?;
    reactions::clear(work.conn, work.grant, place.id).await?;
    let message = Box::new(read(work, place.id).await?);
    work.note(json!({ "channel": place.channel, "digest": work.fingerprint(&place.body) }));
    work.emit_at(Topic::Channel(place.channel), seq, Event::MessageDeleted { message }).await
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
            let middle = place.ok_or(Error::NotFound)?.position;
            let mut rows = messages::before(conn, channel.id, middle + 1, PAGE / 2).await?;
            rows.extend(messages::after(conn, channel.id, middle, PAGE / 2).await?);
            rows
        }
    };
    let mut messages: Vec<Message> = rows.into_iter().map(Message::from).collect();
    reaction::dress(asking, &mut messages).await?;
    // Positions have no gaps, so the edges tell whether there is more.
    let older =
        messages.first().map_or(matches!(span, Span::After { position } if position > 0), |first| first.position > 1);
    let newer = messages
        .last()
        .map_or(matches!(span, Span::Before { .. }) && channel.count > 0, |last| last.position < channel.count);
    Ok(Page { messages, older, newer, cursor: channel.seq })
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

impl Query for FindMessages {
    type Scope = ChannelScope;
    type Output = Vec<Message>;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: ChannelScope) -> Outcome<Vec<Message>> {
        let words: Vec<&str> =
            self.words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(20).collect();
        let rows = messages::holding(asking.conn, self.channel, &words, PAGE).await?;
        Ok(rows.into_iter().map(Message::from).collect())
    }
}
