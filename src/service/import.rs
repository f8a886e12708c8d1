//! History from elsewhere (O06). Ids are derived from the source, so a repeat finds everything there already.

use std::collections::HashSet;

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    body::Rendered,
    channel::{self, ChannelScope},
    community::{CommunityScope, visibility},
    import_people::may_listen,
    reaction::emoji,
    search, thread,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, ChannelStatus, CommunityId, Error, Event, Message, MessageId, PersonId,
        PersonSummary, Result, Time, Topic, Visibility,
        command::{ImportChannel, ImportMessages, ImportedMessage, ImportedReaction},
        message::{MessageKind, MessageStatus},
        person::PersonKind,
        query::{FindPerson, Imported, ReadImported},
        reaction::EMOJI_PER_MESSAGE,
        text::{Line, Name, Slug},
    },
    policy::Target,
    store::{
        Conn, Shard, StoreError, channels,
        channels::NewChannel,
        communities, departures, members,
        messages::{self, NewMessage},
        people, pins, reactions,
    },
};

/// The most people or messages one command brings.
pub const BATCH: usize = 1_000;

pub(super) fn within_batch(field: &str, length: usize) -> Result<()> {
    if length > BATCH {
        return Err(Error::invalid(field, format!("must be at most {BATCH} a command")));
    }
    Ok(())
}

impl Query for FindPerson {
    type Scope = Target;
    type Output = Option<PersonSummary>;

    fn action(&self) -> Action {
        Action::Import
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<PersonSummary>> {
        let person = people::by_handle(asking.conn, &self.handle).await?;
        Ok(person.filter(|person| person.kind == PersonKind::Person).map(people::Person::summary))
    }
}

impl Query for ReadImported {
    type Scope = Target;
    type Output = Imported;

    fn action(&self) -> Action {
        Action::Import
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Imported> {
        within_batch("people", self.people.len())?;
        within_batch("messages", self.messages.len())?;
        within_batch("pins", self.pins.len())?;
        let channel = match self.channel {
            Some(id) => channels::standing(asking.conn, id, PersonId::SYSTEM).await?.is_some(),
            None => false,
        };
        Ok(Imported {
            people: communities::members_among(asking.conn, self.community, self.people.clone()).await?.len()
                + departures::members_among(asking.conn, self.community, self.people).await?.len(),
            channel,
            messages: messages::existing(asking.conn, self.messages).await?.len(),
            pins: pins::among(asking.conn, self.pins).await?.len(),
        })
    }
}

impl Command for ImportChannel {
    type Prepared = (Name, Slug, Line);
    type Scope = CommunityScope;
    type Output = ChannelId;
    const ACTION: Action = Action::Import;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Self::Prepared> {
        let name = Name::parse("name", &self.channel.name)?;
        let slug = Slug::from_name(name.as_str())
            .ok_or_else(|| Error::invalid("name", "must hold at least one letter a-z or digit"))?;
        // A page of the community has this address; a person is told to choose another name, a history cannot.
        let slug = if channel::RESERVED.contains(&slug.as_str()) {
            Slug::parse("name", &format!("{slug}-channel"))?
        } else {
            slug
        };
        Ok((name, slug, Line::parse("topic", &self.channel.topic)?))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        _: CommunityScope,
        (name, slug, topic): Self::Prepared,
    ) -> Outcome<ChannelId> {
        let source = &self.channel;
        let nobody = PersonId::from(uuid::Uuid::nil());
        let here = match channels::standing(work.conn, source.id, nobody).await? {
            Some(known) => Some(known),
            None => channels::standing_by_slug(work.conn, self.community, slug.as_str(), nobody).await?,
        };
        let private = visibility(source.private);
        let (known, mut changed) = (here.is_some(), false);
        let id = match here {
            // Private history must not be poured into a channel that more people can see.
            Some(known) if known.visibility != private => {
                let message = format!("#{slug} exists here with another visibility; rename one of them.");
                return Err(Error::conflict(message).into());
            }
            Some(known) => {
                // What somebody wrote here stays.
                if known.topic.is_empty() && !topic.as_str().is_empty() {
                    channels::set_topic(work.conn, work.grant, known.id, topic.as_str()).await?;
                    changed = true;
                }
                known.id
            }
            None => {
                let new = NewChannel {
                    id: source.id,
                    community: self.community,
                    slug: slug.as_str(),
                    name: name.as_str(),
                    kind: ChannelKind::Text,
                    visibility: private,
                    status: if source.archived { ChannelStatus::Archived } else { ChannelStatus::Active },
                    topic: topic.as_str(),
                    created_at: source.created_at,
                };
                channels::insert(work.conn, work.grant, &new).await?;
                source.id
            }
        };
        work.about("channel", id);
        let joined = bring_in(work, self.community, id, source.participants.clone()).await?;
        work.note(json!({ "slug": slug.as_str(), "participants": joined.len() }));
        if !known && private == Visibility::Public {
            let channel = Box::new(channel::standing(work, id, nobody).await?.unowned());
            work.emit(Topic::Community(self.community), Event::ChannelCreated { channel }).await?;
        }
        for person in &joined {
            if people::find(work.conn, *person).await?.as_ref().is_some_and(may_listen) {
                channel::tell_joined(work, id, *person).await?;
            }
        }
        // Who came is told in one event, with how many take part now.
        if known && (changed || !joined.is_empty()) {
            channel::announce(work, id).await?;
        }
        Ok(id)
    }
}

/// Makes members participants of a channel, but nobody who took part and left or was taken out; answers who came.
async fn bring_in<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    channel: ChannelId,
    source: Vec<PersonId>,
) -> Outcome<Vec<PersonId>> {
    let gone: HashSet<PersonId> =
        departures::participants_among(work.conn, channel, source.clone()).await?.into_iter().collect();
    let mut joined = Vec::new();
    for person in communities::members_among(work.conn, community, source).await? {
        // Whoever leaves the community at this moment does not come in.
        if gone.contains(&person) || !members::stays(work.conn, work.grant, channel, person).await? {
            continue;
        }
        if channels::add_participant(work.conn, work.grant, channel, person, work.now).await? {
            joined.push(person);
        }
    }
    if !joined.is_empty() {
        let many = i64::try_from(joined.len()).unwrap_or(i64::MAX);
        channels::count_participants(work.conn, work.grant, channel, many).await?;
    }
    Ok(joined)
}

/// An emoji on a message, in the form that is stored, and who put it there, each once.
type Borne = (&'static str, HashSet<PersonId>);

/// Checks what a message of the source bears; an error names `emoji`.
fn borne(reactions: Vec<ImportedReaction>) -> Result<Vec<Borne>> {
    let mut borne: Vec<Borne> = Vec::new();
    for reaction in reactions {
        let emoji = emoji(&reaction.emoji)?;
        match borne.iter_mut().find(|(known, _)| *known == emoji) {
            Some((_, people)) => people.extend(reaction.people),
            None => borne.push((emoji, reaction.people.into_iter().collect())),
        }
    }
    if borne.len() > usize::try_from(EMOJI_PER_MESSAGE).unwrap_or_default() {
        return Err(Error::invalid("emoji", format!("must be at most {EMOJI_PER_MESSAGE} different ones a message")));
    }
    Ok(borne)
}

impl Command for ImportMessages {
    /// `None` for a message that was here before: rendering it again would be for nothing.
    type Prepared = Vec<Option<(Rendered, Vec<Borne>)>>;
    type Scope = ChannelScope;
    type Output = u64;
    const ACTION: Action = Action::Import;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, tools: &Tools) -> Result<Self::Prepared> {
        within_batch("messages", self.messages.len())?;
        let ids: Vec<MessageId> = self.messages.iter().map(|message| message.id).collect();
        let here = tools.store.read::<_, StoreError, _>(|conn| Box::pin(messages::existing(conn, ids))).await;
        let here: HashSet<MessageId> = here.map_err(|_| Error::Unavailable)?.into_iter().collect();
        let is_new = |message: &&ImportedMessage| !here.contains(&message.id);
        let source: Vec<Option<ImportedMessage>> =
            self.messages.iter().map(|message| Some(message).filter(is_new).cloned()).collect();
        let read = |message: ImportedMessage| Ok((Rendered::parse(&message.body)?, borne(message.reactions)?));
        let rendered = move || source.into_iter().map(|message| message.map(read).transpose()).collect();
        tokio::task::spawn_blocking(rendered).await.map_err(|_| Error::Unavailable)?
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, rendered: Self::Prepared) -> Outcome<u64> {
        work.about("channel", self.channel);
        let ids: Vec<MessageId> = self.messages.iter().map(|message| message.id).collect();
        let mut seen: HashSet<MessageId> = messages::existing(work.conn, ids).await?.into_iter().collect();
        let fresh: Vec<_> = self
            .messages
            .into_iter()
            .zip(rendered)
            .filter_map(|(message, rendered)| rendered.map(|rendered| (message, rendered)))
            .filter(|(message, _)| seen.insert(message.id))
            .collect();
        let Some(latest) = fresh.iter().map(|(message, _)| message.created_at).max() else { return Ok(0) };
        // A reply stands in the channel only when it was sent there as well.
        let stands = |source: &ImportedMessage| thread::Standing {
            reply_to: source.root,
            root: source.root,
            in_channel: source.root.is_none() || source.in_channel,
        };
        let in_channel = fresh.iter().filter(|(source, _)| stands(source).in_channel).count();
        let many = i64::try_from(in_channel).unwrap_or(i64::MAX);
        let (_, last) = channels::take_positions(work.conn, work.grant, self.channel, many, latest).await?;
        channels::read_on(work.conn, work.grant, self.channel, last - many, many).await?;
        // One event tells watchers that there is more; the messages themselves are paged in.
        let imported = Event::HistoryImported { channel: self.channel, count: last, latest };
        let seq = work.emit(Topic::Channel(self.channel), imported).await?;
        let reactors = fresh.iter().flat_map(|(_, (_, borne))| borne.iter().flat_map(|(_, people)| people)).copied();
        let reactors = reactors.collect::<HashSet<_>>().into_iter().collect();
        let members = communities::members_among(work.conn, scope.standing.community, reactors).await?;
        let members: HashSet<PersonId> = members.into_iter().collect();
        let mut positions = last - many + 1..;
        for (source, (new, borne)) in &fresh {
            let edited: Option<Time> = source.edited_at;
            let stands = stands(source);
            let position = if stands.in_channel { positions.next() } else { None };
            let place = thread::count(work, self.channel, stands, source.author, source.created_at).await?;
            let message = Message {
                id: source.id,
                channel: self.channel,
                position,
                place,
                author: PersonSummary {
                    id: source.author,
                    handle: String::new(),
                    name: String::new(),
                    kind: PersonKind::Placeholder,
                },
                kind: MessageKind::Text,
                status: if edited.is_some() { MessageStatus::Edited } else { MessageStatus::Active },
                html: new.html().to_owned(),
                reply_to: stands.reply_to,
                root: stands.root,
                quote: None,
                thread: None,
                created_at: source.created_at,
                edited_at: edited,
                expires_at: None,
                pinned: false,
                reactions: Vec::new(),
            };
            let marks = search::marks(self.channel, source.author, source.created_at, stands.root, edited.is_some());
            let stored = NewMessage { message: &message, seq, body: new.body(), words: new.words(), marks: &marks };
            messages::insert(work.conn, work.grant, &stored).await?;
            for (emoji, people) in borne {
                for &person in people.intersection(&members) {
                    reactions::add(work.conn, work.grant, source.id, emoji, person, source.created_at).await?;
                }
            }
        }
        thread::grown(work, self.channel, fresh.iter().map(|(source, _)| (source.id, source.root))).await?;
        work.note(json!({ "messages": fresh.len() }));
        Ok(fresh.len() as u64)
    }
}
