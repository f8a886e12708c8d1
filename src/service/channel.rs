//! Channels (C01, C05, C06, C11).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel_settings::Naming,
    community::{CommunityScope, visibility},
    conversation, draft, held as waiting, message, posting_limits, viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, ChannelStatus, ChannelSummary, CommunityId, Error, Event, PersonId,
        PersonSummary, Result, Topic, Visibility,
        command::{AddToChannel, CreateChannel, JoinChannel, LeaveChannel, SetTopic},
        community::CHANNELS_PER_COMMUNITY,
        held::Held,
        query::{ChannelRights, ChannelView, OpenChannel, Span},
        text::{Handle, Line},
    },
    policy::{Scoped, Target},
    store::{
        Conn, Shard, channel_settings,
        channels::{self, NewChannel, Standing},
        communities, held, members, people,
    },
};

/// Addresses under a community that are pages of its own.
pub(super) const RESERVED: [&str; 8] =
    ["new-channel", "new-message", "members", "moderation", "search", "webhooks", "settings", "about"];

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

pub(super) async fn standing<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: PersonId) -> Outcome<Standing> {
    Ok(channels::standing(work.conn, id, person).await?.ok_or(Error::NotFound)?)
}

/// Makes `person` a participant and tells whoever should hear of it; nothing when they are one already.
pub(super) async fn admit<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: &PersonSummary) -> Outcome<()> {
    // Whoever is removed from the community at this moment is removed here, too, or does not come in.
    if !members::stays(work.conn, work.grant, id, person.id).await? {
        return Err(Error::NotFound.into());
    }
    if !enter(work, id, person).await? {
        return Ok(());
    }
    tell_joined(work, id, person.id).await
}

/// Makes a member of the community a participant and tells who watches the channel; `false` when they are one already.
pub(super) async fn enter<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: &PersonSummary) -> Outcome<bool> {
    if !channels::add_participant(work.conn, work.grant, id, person.id, work.now).await? {
        return Ok(false);
    }
    let participants = channels::count_participants(work.conn, work.grant, id, 1).await?;
    let joined = Event::ParticipantJoined { person: person.clone(), participants };
    work.emit(Topic::Channel(id), joined).await?;
    Ok(true)
}

/// Tells a participant that they are one.
pub(super) async fn tell_joined<C>(work: &mut Work<'_, '_, C>, id: ChannelId, person: PersonId) -> Outcome<()> {
    let mut channel = Box::new(standing(work, id, person).await?.summary());
    conversation::named(work.conn, person, std::slice::from_mut(&mut channel)).await?;
    work.tell(person, Event::ChannelJoined { channel }).await
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
    waiting::leave(work, id, person).await?;
    work.tell(person, Event::ChannelLeft { channel: id, community }).await?;
    if participants > 0 {
        return Ok(());
    }
    let owner = owner(work, community).await?;
    leave_to(work, id, owner).await
}

/// Tells a community's owner of a private channel that everybody has left: else nobody could ever get in again.
pub(super) async fn leave_to<C>(work: &mut Work<'_, '_, C>, id: ChannelId, owner: PersonId) -> Outcome<()> {
    let left = standing(work, id, owner).await?;
    if !left.is_vacant() {
        return Ok(());
    }
    work.tell(owner, Event::ChannelCreated { channel: Box::new(left.unowned()) }).await
}

/// A channel's texts, checked.
#[derive(Clone)]
pub struct Opening {
    naming: Naming,
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
        Ok(Opening { naming: Naming::parse(&self.name, "")?, topic: Line::parse("topic", &self.topic)? })
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, new: Opening) -> Outcome<ChannelSummary> {
        let Opening { naming: Naming { name, slug }, topic } = new;
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
            slug: slug.as_str(),
            name: name.as_str(),
            kind: ChannelKind::Text,
            visibility: visibility(self.private),
            status: ChannelStatus::Active,
            topic: topic.as_str(),
            created_at: work.now,
        };
        if !channels::insert(work.conn, work.grant, &channel).await? {
            return Err(Error::invalid("name", "is taken in this community; choose another").into());
        }
        channel_settings::claim(work.conn, work.grant, self.community, slug.as_str()).await?;
        work.note(json!({ "slug": slug.as_str(), "private": self.private }));
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
    announce_as(work, id, |channel| Event::ChannelUpdated { channel }).await
}

/// The same as another event. Who takes part in a channel that the community does not hear of is told by themselves,
/// and so is the owner to whom it was left: it stands on their list, whichever channel they have open.
pub(super) async fn announce_as<C>(
    work: &mut Work<'_, '_, C>,
    id: ChannelId,
    event: impl Fn(Box<ChannelSummary>) -> Event,
) -> Outcome<()> {
    let now = standing(work, id, PersonId::from(uuid::Uuid::nil())).await?;
    let event = || event(Box::new(now.unowned()));
    work.emit(Topic::Channel(id), event()).await?;
    if now.visibility == Visibility::Public {
        return work.emit(Topic::Community(now.community), event()).await.map(drop);
    }
    for person in channel_settings::taking_part(work.conn, id).await? {
        work.tell(person, event()).await?;
    }
    if !now.is_vacant() {
        return Ok(());
    }
    let owner = owner(work, now.community).await?;
    work.tell(owner, event()).await
}

async fn owner<C>(work: &mut Work<'_, '_, C>, community: CommunityId) -> Outcome<PersonId> {
    let nobody = PersonId::from(uuid::Uuid::nil());
    Ok(communities::standing(work.conn, community, nobody).await?.ok_or(Error::NotFound)?.owner)
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
        if let Some(standing) = channels::standing_by_slug(asking.conn, community.id, &slug, person).await? {
            return ChannelScope::of(Some(standing));
        }
        // It may have had that address before; the answer says which one it has now.
        let former = channel_settings::former(asking.conn, community.id, &slug).await?.ok_or(Error::NotFound)?;
        ChannelScope::load(asking.conn, asking.actor, former).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<ChannelView> {
        let span = match self {
            Self { at: Some(message), .. } => Span::Around { message },
            Self { before: Some(position), .. } => Span::Before { position },
            Self { after: Some(position), .. } => Span::After { position },
            Self { .. } => Span::Latest,
        };
        let page = message::page(asking, &scope.standing, span).await?;
        let mut channel = scope.standing.summary();
        conversation::named(asking.conn, viewer(asking.actor), std::slice::from_mut(&mut channel)).await?;
        let may = |action| asking.policy.allows(asking.actor, action, &scope.target);
        let written = Target { author: true, ..scope.target.clone() };
        let own = |action| asking.policy.allows(asking.actor, action, &written);
        Ok(ChannelView {
            channel,
            cursor: scope.standing.seq,
            wait: posting_limits::wait(&scope.standing, asking.now),
            draft: draft::begun(asking.conn, asking.actor, scope.standing.id, None).await?,
            held: held::of(asking.conn, viewer(asking.actor), scope.standing.id)
                .await?
                .into_iter()
                .map(Held::from)
                .collect(),
            page,
            may: ChannelRights {
                post: may(Action::Post),
                unhurried: posting_limits::is_unhurried(&scope.standing),
                join: may(Action::JoinChannel),
                leave: scope.standing.read.is_some() && may(Action::LeaveChannel),
                add: may(Action::AddToChannel),
                set_topic: may(Action::SetTopic),
                manage: may(Action::ManageChannel),
                delete_channel: may(Action::DeleteChannel),
                react: may(Action::React) && scope.standing.reactions,
                pin: may(Action::PinMessage),
                flag: may(Action::FlagMessage),
                edit: own(Action::EditMessage),
                delete: own(Action::DeleteMessage),
                moderate: may(Action::DeleteMessage),
                read_history: own(Action::ReadHistory),
                read_any_history: may(Action::ReadHistory),
                moderate_people: may(Action::BanMember),
            },
        })
    }
}
