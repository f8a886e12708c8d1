//! Channels (C01, C05, C06, C11).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    community::{CommunityScope, visibility},
    message, viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, ChannelStatus, ChannelSummary, CommunityId, Error, Event, PersonId,
        PersonSummary, Result, Topic, Visibility,
        channel::Participation,
        command::{AddToChannel, CreateChannel, JoinChannel, LeaveChannel, MarkRead, SetTopic},
        community::CHANNELS_PER_COMMUNITY,
        query::{ChannelRights, ChannelView, OpenChannel, Span},
        text::{Handle, Line, Name, Slug},
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard,
        channels::{self, NewChannel, Standing},
        communities, people,
    },
};

/// Addresses under a community that are pages of its own.
pub(super) const RESERVED: [&str; 5] = ["new-channel", "members", "webhooks", "settings", "about"];

/// A channel as the actor stands to it.
pub struct ChannelScope {
    pub(super) standing: Standing,
    pub(super) target: Target,
}

impl Scoped for ChannelScope {
    fn target(&self) -> &Target {
        &self.target
    }
}

impl ChannelScope {
    pub(super) async fn load(conn: &mut Conn<'_>, actor: &Actor, id: ChannelId) -> Outcome<Self> {
        Self::of(channels::standing(conn, id, viewer(actor)).await?)
    }

    pub(super) fn of(standing: Option<Standing>) -> Outcome<Self> {
        let standing = standing.ok_or(Error::NotFound)?;
        Ok(Self { target: standing.target(), standing })
    }
}

/// One of a new community's first channels.
pub(super) async fn found<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    id: ChannelId,
    name: &str,
    kind: ChannelKind,
) -> Outcome<()> {
    let new = NewChannel {
        id,
        community,
        slug: name,
        name,
        kind,
        visibility: Visibility::Public,
        status: ChannelStatus::Active,
        topic: "",
        created_at: work.now,
    };
    channels::insert(work.conn, work.grant, &new).await?;
    let channel = Box::new(standing(work, id, PersonId::from(uuid::Uuid::nil())).await?.unowned());
    work.emit(Topic::Community(community), Event::ChannelCreated { channel }).await.map(drop)
}

async fn standing<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: PersonId) -> Outcome<Standing> {
    Ok(channels::standing(work.conn, id, person).await?.ok_or(Error::NotFound)?)
}

/// Makes `person` a participant and tells whoever should hear of it; nothing when they are one already.
pub(super) async fn admit<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: &PersonSummary) -> Outcome<()> {
    if !channels::add_participant(work.conn, work.grant, id, person.id, work.now).await? {
        return Ok(());
    }
    let participants = channels::count_participants(work.conn, work.grant, id, 1).await?;
    let joined = Event::ParticipantJoined { person: person.clone(), participants };
    work.emit(Topic::Channel(id), joined).await?;
    let channel = Box::new(standing(work, id, person.id).await?.summary());
    work.tell(person.id, Event::ChannelJoined { channel }).await
}

/// Ends a participation and tells whoever should hear of it.
pub(super) async fn dismiss<C>(
    work: &mut Work<'_, '_, C>,
    community: CommunityId,
    id: ChannelId,
    person: PersonId,
) -> Outcome<()> {
    if !channels::remove_participant(work.conn, work.grant, id, person).await? {
        return Ok(());
    }
    let participants = channels::count_participants(work.conn, work.grant, id, -1).await?;
    work.emit(Topic::Channel(id), Event::ParticipantLeft { person, participants }).await?;
    work.tell(person, Event::ChannelLeft { channel: id, community }).await
}

/// A channel's texts, checked.
#[derive(Clone)]
pub struct Opening {
    name: Name,
    slug: Slug,
    topic: Line,
}

impl Command for CreateChannel {
    type Prepared = Opening;
    type Scope = CommunityScope;
    type Output = ChannelSummary;
    const ACTION: Action = Action::CreateChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Opening> {
        let name = Name::parse("name", self.name.trim().trim_start_matches('#'))?;
        let slug = Slug::from_name(name.as_str())
            .ok_or_else(|| Error::invalid("name", "must hold at least one letter a-z or digit"))?;
        if RESERVED.contains(&slug.as_str()) {
            return Err(Error::invalid("name", "is used by a page of the community; choose another"));
        }
        Ok(Opening { name, slug, topic: Line::parse("topic", &self.topic)? })
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, new: Opening) -> Outcome<ChannelSummary> {
        let person = work.person()?.clone();
        work.about("channel", self.id);
        if let Some(known) = channels::standing(work.conn, self.id, person.id).await? {
            // The same form sent twice: the first answer again. Anything else under this id is not for this person.
            let same = known.community == self.community && known.read.is_some();
            return if same { Ok(known.summary()) } else { Err(Error::NotFound.into()) };
        }
        if channels::count(work.conn, self.community).await? >= CHANNELS_PER_COMMUNITY {
            let message = format!("This community has {CHANNELS_PER_COMMUNITY} channels; that is the limit.");
            return Err(Error::conflict(message).into());
        }
        let channel = NewChannel {
            id: self.id,
            community: self.community,
            slug: new.slug.as_str(),
            name: new.name.as_str(),
            kind: ChannelKind::Text,
            visibility: visibility(self.private),
            status: ChannelStatus::Active,
            topic: new.topic.as_str(),
            created_at: work.now,
        };
        if !channels::insert(work.conn, work.grant, &channel).await? {
            return Err(Error::invalid("name", "is taken in this community; choose another").into());
        }
        work.note(json!({ "slug": new.slug.as_str(), "private": self.private }));
        if !self.private {
            let channel = Box::new(standing(work, self.id, person.id).await?.unowned());
            work.emit(Topic::Community(self.community), Event::ChannelCreated { channel }).await?;
        }
        admit(work, self.id, &person).await?;
        Ok(standing(work, self.id, person.id).await?.summary())
    }
}

impl Command for JoinChannel {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ChannelSummary;
    const ACTION: Action = Action::JoinChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: ChannelScope, (): ()) -> Outcome<ChannelSummary> {
        work.about("channel", self.channel);
        let person = work.person()?.clone();
        admit(work, self.channel, &person).await?;
        Ok(standing(work, self.channel, person.id).await?.summary())
    }
}

impl Command for LeaveChannel {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::LeaveChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let person = work.person()?.id;
        dismiss(work, scope.standing.community, self.channel, person).await
    }
}

impl Command for AddToChannel {
    type Prepared = Handle;
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::AddToChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Handle> {
        Handle::parse("handle", &self.handle)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, handle: Handle) -> Outcome<()> {
        let person = people::member_by_handle(work.conn, scope.standing.community, handle.as_str())
            .await?
            .ok_or_else(|| Error::invalid("handle", "is nobody in this community"))?
            .summary();
        work.about("channel", self.channel);
        work.note(json!({ "person": person.id }));
        admit(work, self.channel, &person).await
    }
}

impl Command for SetTopic {
    type Prepared = Line;
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::SetTopic;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Line> {
        Line::parse("topic", &self.topic)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: ChannelScope, topic: Line) -> Outcome<()> {
        work.about("channel", self.channel);
        work.note(json!({ "digest": work.fingerprint(topic.as_str()) }));
        channels::set_topic(work.conn, work.grant, self.channel, topic.as_str()).await?;
        announce(work, self.channel).await
    }
}

/// Tells whoever can see a channel that its facts changed.
pub(super) async fn announce<C>(work: &mut Work<'_, '_, C>, id: ChannelId) -> Outcome<()> {
    let now = standing(work, id, PersonId::from(uuid::Uuid::nil())).await?;
    let channel = Box::new(now.unowned());
    work.emit(Topic::Channel(id), Event::ChannelUpdated { channel: channel.clone() }).await?;
    if now.visibility == Visibility::Public {
        work.emit(Topic::Community(now.community), Event::ChannelUpdated { channel }).await?;
    }
    Ok(())
}

impl Command for MarkRead {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::MarkRead;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let person = work.person()?.id;
        let read = self.position.min(scope.standing.count);
        if !channels::read_to(work.conn, work.grant, self.channel, person, read).await? {
            return Ok(());
        }
        let participation = Participation { read, muted: scope.standing.muted.unwrap_or(false) };
        work.tell(person, Event::ReadMarkMoved { channel: self.channel, participation }).await
    }
}

impl Query for OpenChannel {
    type Scope = ChannelScope;
    type Output = ChannelView;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        let person = viewer(asking.actor);
        let community = self.community.to_ascii_lowercase();
        let community = communities::standing_by_slug(asking.conn, &community, person).await?.ok_or(Error::NotFound)?;
        let slug = self.channel.to_ascii_lowercase();
        ChannelScope::of(channels::standing_by_slug(asking.conn, community.id, &slug, person).await?)
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<ChannelView> {
        let span = match self {
            Self { at: Some(message), .. } => Span::Around { message },
            Self { before: Some(position), .. } => Span::Before { position },
            Self { after: Some(position), .. } => Span::After { position },
            Self { .. } => Span::Latest,
        };
        let page = message::page(asking, &scope.standing, span).await?;
        let may = |action| asking.policy.allows(asking.actor, action, &scope.target);
        let written = Target { author: true, ..scope.target.clone() };
        let own = |action| asking.policy.allows(asking.actor, action, &written);
        Ok(ChannelView {
            channel: scope.standing.summary(),
            cursor: scope.standing.seq,
            page,
            may: ChannelRights {
                post: may(Action::Post),
                join: may(Action::JoinChannel),
                leave: may(Action::LeaveChannel),
                add: may(Action::AddToChannel),
                set_topic: may(Action::SetTopic),
                manage: may(Action::ManageChannel),
                react: may(Action::React),
                edit: own(Action::EditMessage),
                delete: own(Action::DeleteMessage),
                moderate: may(Action::DeleteMessage),
            },
        })
    }
}
