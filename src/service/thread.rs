//! Threads: replying, reading, following (M05, M17–M19).

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work, draft, flag,
    message::{MessageScope, channel_of},
    reaction, viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, Message, MessageId, PersonId, Result, Time, Topic,
        command::FollowThread,
        message::{MessageStatus, PAGE},
        query::{Page, ReadThread, Span, ThreadView},
        thread::{Reply, ReplyIn, Thread},
    },
    policy::Scoped as _,
    store::{
        Conn, Shard, activity, channels,
        messages::{self, Place},
        threads,
    },
};

/// A message that is answered, and the one its thread began with if it is a reply itself.
#[derive(Clone, Debug)]
pub struct Answered {
    to: Place,
    root: Option<Place>,
}

/// Looks up what a post answers.
pub(super) async fn answered(conn: &mut Conn<'_>, reply: Option<Reply>) -> Outcome<Option<Answered>> {
    let Some(reply) = reply else { return Ok(None) };
    let Some(to) = messages::place(conn, reply.to).await? else { return Ok(None) };
    let root = match to.root {
        Some(root) => messages::place(conn, root).await?,
        None => None,
    };
    Ok(Some(Answered { to, root }))
}

/// Where a new message stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// The message its thread began with.
    pub root: Option<MessageId>,
    /// Whether it stands in the channel.
    pub in_channel: bool,
}

/// Where a post is to stand. An error names `reply_to` (M03). A reply to a reply belongs to the same root (M17).
pub(super) fn standing(channel: ChannelId, reply: Option<Reply>, answered: Option<Answered>) -> Result<Standing> {
    let Some(reply) = reply else {
        return Ok(Standing { reply_to: None, root: None, in_channel: true });
    };
    let wrong = |why: &str| Error::invalid("reply_to", why);
    let Some(Answered { to, root }) = answered.filter(|answered| answered.to.channel == channel) else {
        return Err(wrong("is no message of this channel"));
    };
    if to.status == MessageStatus::Deleted {
        return Err(wrong("was deleted"));
    }
    if reply.shown == ReplyIn::Channel {
        return Ok(Standing { reply_to: Some(to.id), root: None, in_channel: true });
    }
    if root.is_some_and(|root| root.status == MessageStatus::Deleted) {
        return Err(wrong("belongs to a thread whose first message was deleted"));
    }
    let in_channel = reply.shown == ReplyIn::Both;
    Ok(Standing { reply_to: Some(to.id), root: Some(to.root.unwrap_or(to.id)), in_channel })
}

/// Counts a reply that is about to be stored; answers its place (M05).
pub(super) async fn count<C>(
    work: &mut Work<'_, '_, C>,
    channel: ChannelId,
    standing: Standing,
    author: PersonId,
    at: Time,
) -> Outcome<Option<i64>> {
    let Some(root) = standing.root else { return Ok(None) };
    if !standing.in_channel {
        activity::note(work.conn, work.grant, channel, author, at).await?;
    }
    Ok(Some(threads::reply(work.conn, work.grant, root, channel, author, at).await?))
}

/// Tells everybody how the thread of a reply stands since it was posted. Whom it names follow from now on.
pub(super) async fn replied<C>(work: &mut Work<'_, '_, C>, reply: &Message) -> Outcome<()> {
    let Some(root) = reply.root else { return Ok(()) };
    threads::follow_named(work.conn, work.grant, root, reply.id, work.now).await?;
    let replied = threads::now(work.conn, root).await?;
    work.emit(Topic::Channel(reply.channel), Event::ThreadReplied { replied }).await.map(drop)
}

/// History came in, messages each with the one its thread began with: tells how those threads stand that began before.
pub(super) async fn grown<C>(
    work: &mut Work<'_, '_, C>,
    channel: ChannelId,
    came: impl Iterator<Item = (MessageId, Option<MessageId>)> + Clone,
) -> Outcome<()> {
    let fresh: HashSet<MessageId> = came.clone().map(|(id, _)| id).collect();
    let before: BTreeSet<MessageId> = came.filter_map(|(_, root)| root).filter(|root| !fresh.contains(root)).collect();
    for root in before {
        let replied = threads::now(work.conn, root).await?;
        work.emit(Topic::Channel(channel), Event::ThreadReplied { replied }).await?;
    }
    Ok(())
}

/// A message was buried: if it was a reply, its thread has one less.
pub(super) async fn lost<C>(work: &mut Work<'_, '_, C>, place: &Place) -> Outcome<()> {
    let Some(root) = place.root else { return Ok(()) };
    threads::unreply(work.conn, work.grant, root, place.author).await?;
    let replied = threads::now(work.conn, root).await?;
    work.emit(Topic::Channel(place.channel), Event::ReplyDeleted { replied }).await.map(drop)
}

/// Gives messages the threads that began with them.
pub(super) async fn dress(asking: &mut Asking<'_, '_>, messages: &mut [Message]) -> Outcome<()> {
    let roots: Vec<MessageId> = messages.iter().filter(|one| one.root.is_none()).map(|one| one.id).collect();
    if roots.is_empty() {
        return Ok(());
    }
    let mut known: HashMap<MessageId, Thread> = threads::of_roots(asking.conn, roots).await?.into_iter().collect();
    if !known.is_empty() {
        for message in messages {
            message.thread = known.remove(&message.id).map(Box::new);
        }
    }
    Ok(())
}

impl Query for ReadThread {
    type Scope = MessageScope;
    type Output = ThreadView;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<MessageScope> {
        MessageScope::load(asking.conn, asking.actor, self.message).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: MessageScope) -> Outcome<ThreadView> {
        let root = scope.place.root.unwrap_or(scope.place.id);
        let cursor = scope.seq;
        let conn = &mut *asking.conn;
        let places = threads::places(conn, root).await?;
        let rows = match self.span {
            Span::Latest => threads::before(conn, root, i64::MAX, PAGE).await?,
            Span::Before { position } => threads::before(conn, root, position, PAGE).await?,
            Span::After { position } => threads::after(conn, root, position, PAGE).await?,
            // Around what the thread began with: from its beginning.
            Span::Around { message } if message == root => threads::after(conn, root, 0, PAGE / 2).await?,
            Span::Around { message } => {
                let place = messages::place(conn, message).await?.filter(|place| place.root == Some(root));
                match place.and_then(|place| place.place) {
                    Some(middle) => {
                        let mut rows = threads::before(conn, root, middle + 1, PAGE / 2).await?;
                        rows.extend(threads::after(conn, root, middle, PAGE / 2).await?);
                        rows
                    }
                    // The link is to something else beside which this thread is open.
                    None => threads::before(conn, root, i64::MAX, PAGE).await?,
                }
            }
        };
        let person = viewer(asking.actor);
        let draft = draft::begun(asking.conn, asking.actor, scope.place.channel, Some(root)).await?;
        let following = threads::follows(asking.conn, root, person).await?;
        let unread = threads::unread(asking.conn, person, root).await?;
        let root = messages::find(asking.conn, root).await?.ok_or(Error::NotFound)?;
        let mut messages = flag::seen(asking, scope.target(), std::iter::once(root).chain(rows).collect());
        reaction::dress(asking, &mut messages).await?;
        dress(asking, &mut messages).await?;
        let root = messages.remove(0);
        let (older, newer) = super::message::edges(self.span, &messages, |message| message.place, places);
        Ok(ThreadView { root, page: Page { messages, older, newer, cursor }, following, unread, draft })
    }
}

impl Command for FollowThread {
    type Prepared = Option<ChannelId>;
    type Scope = MessageScope;
    type Output = ();
    const ACTION: Action = Action::FollowThread;

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
        let place = scope.place;
        let (root, person) = (place.root.unwrap_or(place.id), work.person()?.id);
        work.about("message", root);
        channels::hold(work.conn, work.grant, place.channel).await?;
        threads::begin(work.conn, work.grant, root, place.channel).await?;
        let changed = threads::follow(work.conn, work.grant, root, person, self.following, work.now).await?;
        work.note(json!({ "channel": place.channel, "following": self.following, "repeated": !changed }));
        Ok(())
    }
}
