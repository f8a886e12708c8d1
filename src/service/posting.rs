//! How what was written becomes a message, or takes the place of what it said (M01, M11): at once, or when a moderator
//! approves it.

use serde_json::json;

use super::{Outcome, Work, body::Rendered, expiry, flag, search, thread, verdict::Found};
use crate::{
    domain::{
        CommunityId, Error, Event, Message, MessageId, PersonSummary, Time, Topic,
        command::Posted,
        message::{MessageKind, MessageStatus},
        moderation::Consequence,
    },
    store::{
        channels::{self, Standing},
        edits, mentions,
        messages::{self, Edit, NewMessage, Place},
        moderation, participations,
    },
};

/// What is about to become a message.
pub(super) struct Draft {
    pub(super) id: MessageId,
    pub(super) author: PersonSummary,
    pub(super) new: Rendered,
    pub(super) stands: thread::Standing,
    /// After how many seconds it vanishes.
    pub(super) expires_in: Option<i64>,
    /// Whether it was held until now.
    pub(super) approved: bool,
}

/// Makes it one, in a channel that is held as its author stands to it: six consequences of posting, and the event.
pub(super) async fn publish<C>(work: &mut Work<'_, '_, C>, standing: &Standing, draft: Draft) -> Outcome<Posted> {
    let Draft { id, author, new, stands, expires_in, approved } = draft;
    let channel = standing.id;
    let (seq, position) = if stands.in_channel {
        let (seq, position) = channels::take_next(work.conn, work.grant, standing, work.now).await?;
        (seq, Some(position))
    } else {
        (channels::take_seq(work.conn, work.grant, standing, work.now).await?, None)
    };
    let place = thread::count(work, channel, stands, author.id, work.now).await?;
    let message = Message {
        id,
        channel,
        position,
        place,
        author,
        kind: MessageKind::Text,
        status: MessageStatus::Active,
        html: new.html,
        reply_to: stands.reply_to,
        root: stands.root,
        quote: None,
        thread: None,
        created_at: work.now,
        edited_at: None,
        expires_at: expires_in.map(|seconds| work.now.plus(seconds * Time::SECOND)),
        pinned: false,
        reactions: Vec::new(),
    };
    let author = message.author.id;
    let marks = search::marks(channel, author, work.now, stands.root, false);
    let stored = NewMessage { message: &message, seq, body: new.body.as_str(), words: &new.words, marks: &marks };
    messages::insert(work.conn, work.grant, &stored).await?;
    if !new.people.is_empty() {
        mentions::put(work.conn, work.grant, id, new.people.clone()).await?;
    }
    if standing.read.is_some() && !approved {
        participations::posted(work.conn, work.grant, channel, author, position, work.now).await?;
    }
    // As it is read from now on: with what it quotes.
    let message = if stands.reply_to.is_some() { super::message::read(work, id).await? } else { message };
    work.note(json!({ "channel": channel, "root": stands.root, "digest": work.fingerprint(new.body.as_str()) }));
    let event = Event::MessagePosted { message: Box::new(message.clone()), mentioned: new.people, approved };
    work.emit_at(Topic::Channel(channel), seq, event).await?;
    thread::replied(work, &message).await?;
    if let Some(due) = message.expires_at {
        expiry::await_end(work, &message, seq, due).await?;
    }
    if let Some(position) = position.filter(|_| approved) {
        // Who wrote it wrote it long ago: they have read it if they have read all before it.
        let read = participations::read_own(work.conn, work.grant, channel, author, position).await?;
        if let Some(participation) = read {
            work.tell(author, Event::ReadMarkMoved { channel, participation }).await?;
        }
    }
    Ok(Posted { seq, message })
}

/// Stores what was said of a message, and has moderators look at one that was flagged by it.
pub(super) async fn mark<C>(
    work: &mut Work<'_, '_, C>,
    message: MessageId,
    community: CommunityId,
    found: Option<Found>,
) -> Outcome<()> {
    let Some(found) = found else { return Ok(()) };
    moderation::note(work.conn, work.grant, message, Found::verdict(Some(found))).await?;
    if found.consequence == Consequence::Flag {
        flag::raise(work, message, community, found.rule).await?;
    }
    Ok(())
}

/// What a message is to say instead, and why.
pub(super) struct Rewrite {
    pub(super) new: Rendered,
    pub(super) why: Option<String>,
}

/// Gives a message that stands other words, and tells everybody.
pub(super) async fn rewrite<C>(work: &mut Work<'_, '_, C>, place: &Place, to: Rewrite) -> Outcome<Message> {
    let Rewrite { new, why } = to;
    let (id, seq) = (place.id, channels::advance(work.conn, work.grant, place.channel).await?);
    let (before, after) = (place.body.as_str(), new.body.as_str());
    let marks = search::marks(place.channel, place.author, place.created_at, place.root, true);
    let edit = Edit { body: after, html: &new.html, words: &new.words, marks: &marks };
    if !messages::edit(work.conn, work.grant, id, &edit, work.now).await? {
        return Err(Error::conflict("This message was deleted.").into());
    }
    edits::remember(work.conn, work.grant, id, before, why.as_deref(), work.now).await?;
    mentions::put(work.conn, work.grant, id, new.people.clone()).await?;
    let message = super::message::read(work, id).await?;
    let (before, after) = (work.fingerprint(before), work.fingerprint(after));
    work.note(json!({ "channel": place.channel, "before": before, "after": after }));
    let edited = Event::MessageEdited { message: Box::new(message.clone()), mentioned: new.people };
    work.emit_at(Topic::Channel(place.channel), seq, edited).await?;
    Ok(message)
}
