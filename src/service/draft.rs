//! Drafts (M31): for whoever writes them alone, so nobody else hears of one, and the audit log keeps no word of it.

use serde_json::json;

use super::{Command, Outcome, Tools, Work, channel::ChannelScope, viewer};
use crate::{
    domain::{
        Action, Actor, ChannelId, Error, Event, MessageId, PersonId, Result, command::SaveDraft,
        draft::DRAFTS_PER_PERSON, text::DraftBody,
    },
    store::{
        Conn, Shard,
        drafts::{self, Spot},
        messages,
    },
};

impl Command for SaveDraft {
    type Prepared = DraftBody;
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::SaveDraft;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<DraftBody> {
        DraftBody::parse("body", &self.body)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: ChannelScope, body: DraftBody) -> Outcome<()> {
        let Self { channel, root, .. } = self;
        work.about("channel", channel);
        work.note(json!({ "root": root, "kept": !body.as_str().is_empty() }));
        let spot = Spot { person: work.person()?.id, channel, root };
        if body.as_str().is_empty() {
            return settle(work, Some(spot)).await;
        }
        if let Some(root) = root {
            let began = messages::place(work.conn, root).await?;
            let began = began.filter(|place| place.channel == channel && place.root.is_none());
            began.ok_or(Error::NotFound)?;
        }
        match drafts::find(work.conn, spot).await? {
            Some(known) if known == body.as_str() => return Ok(()),
            None if drafts::count(work.conn, spot.person).await? >= DRAFTS_PER_PERSON => {
                let full = format!("{DRAFTS_PER_PERSON} drafts of yours are kept; that is the limit.");
                return Err(Error::conflict(full).into());
            }
            _ => {}
        }
        drafts::put(work.conn, work.grant, spot, body.as_str(), work.now).await?;
        let changed = Event::DraftChanged { channel, root, body: body.into(), drafted: true };
        work.tell(spot.person, changed).await
    }
}

/// Lets go of a draft that was posted or emptied, if there is one, and tells whoever began it on their other devices. Whoever
/// else is told is told before: two writers that tell people in another order wait for each other.
pub(super) async fn settle<C>(work: &mut Work<'_, '_, C>, begun: Option<Spot>) -> Outcome<()> {
    let Some(spot) = begun else { return Ok(()) };
    if drafts::discard(work.conn, work.grant, spot).await? {
        tell_gone(work, spot).await?;
    }
    Ok(())
}

/// A message is deleted, and nobody writes in its thread any more.
pub(super) async fn lose<C>(work: &mut Work<'_, '_, C>, channel: ChannelId, root: MessageId) -> Outcome<()> {
    let mut people = drafts::clear_thread(work.conn, work.grant, channel, root).await?;
    people.sort_unstable();
    for person in people {
        tell_gone(work, Spot { person, channel, root: Some(root) }).await?;
    }
    Ok(())
}

async fn tell_gone<C>(work: &mut Work<'_, '_, C>, spot: Spot) -> Outcome<()> {
    let Spot { person, channel, root } = spot;
    let drafted = drafts::is_in(work.conn, person, channel).await?;
    work.tell(person, Event::DraftChanged { channel, root, body: String::new(), drafted }).await
}

/// What the asker has begun in a channel, or in a thread of it; empty when nothing.
pub(super) async fn begun(
    conn: &mut Conn<'_>,
    actor: &Actor,
    channel: ChannelId,
    root: Option<MessageId>,
) -> Outcome<String> {
    let spot = Spot { person: viewer(actor), channel, root };
    Ok(drafts::find(conn, spot).await?.unwrap_or_default())
}

/// What somebody's draft says now, as they are told of it.
pub(super) async fn told(
    conn: &mut Conn<'_>,
    person: PersonId,
    channel: ChannelId,
    root: Option<MessageId>,
) -> Result<Event, crate::store::StoreError> {
    let body = drafts::find(conn, Spot { person, channel, root }).await?.unwrap_or_default();
    let drafted = drafts::is_in(conn, person, channel).await?;
    Ok(Event::DraftChanged { channel, root, body, drafted })
}
