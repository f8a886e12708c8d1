//! Direct conversations: channels of fixed people, which nobody else sees (C12).

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::{self, ChannelScope},
    community::CommunityScope,
    password::hex,
    viewer,
};
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelKind, ChannelStatus, ChannelSummary, Error, PersonId, Result, Time,
        Visibility,
        command::OpenConversation,
        conversation::{self, BEGUN_PER_HOUR, MARK},
        query::FindConversation,
    },
    store::{
        Conn, Shard, StoreError,
        channels::{self, NewChannel, Standing},
        communities, conversations, members,
    },
};

/// What a conversation's channel is stored as, for where nobody looks at it: else it is called after its people.
const STORED_NAME: &str = "a direct conversation";
/// The bytes of a digest that an address is made from.
const ADDRESS_BYTES: usize = 16;

/// The address of the one conversation that these people have in a community: made from who they are, so that two who
/// open it at the same moment cannot make two.
fn address(people: &[PersonId]) -> String {
    let mut people = people.to_vec();
    people.sort_unstable();
    let digest = people.iter().fold(Sha256::new(), |all, person| all.chain_update(person.to_string()));
    format!("{MARK}{}", hex(&digest.finalize()[..ADDRESS_BYTES]))
}

impl Command for OpenConversation {
    type Prepared = ();
    type Scope = CommunityScope;
    type Output = ChannelSummary;
    const ACTION: Action = Action::OpenConversation;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        match self.people.len() {
            0 => Err(Error::invalid("people", "must name somebody to talk to")),
            1 => Ok(()),
            _ => Err(Error::invalid("people", "must be one person; for more, make a private channel")),
        }
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, (): ()) -> Outcome<ChannelSummary> {
        let me = work.person()?.clone();
        let mut people = vec![me.id];
        people.extend(self.people.iter().filter(|other| **other != me.id));
        let slug = address(&people);
        let found = channels::standing_by_slug(work.conn, self.community, &slug, me.id).await?;
        let there = match found {
            Some(there) => there,
            None => begin(work, &self, &people, &slug).await?,
        };
        work.about("channel", there.id);
        work.note(json!({ "community": self.community, "people": people }));
        // Who was not in the community for a while comes back to what they had.
        if there.read.is_none() {
            // The channel before its participants, as whoever posts there has them come in.
            channels::hold(work.conn, work.grant, there.id).await?;
            channel::admit(work, there.id, &me).await?;
        }
        let mut now = channel::standing(work, there.id, me.id).await?.summary();
        named(work.conn, me.id, std::slice::from_mut(&mut now)).await?;
        Ok(now)
    }
}

/// A new conversation, without participants; the one there is when somebody else was quicker.
async fn begin(
    work: &mut Work<'_, '_, OpenConversation>,
    open: &OpenConversation,
    people: &[PersonId],
    slug: &str,
) -> Outcome<Standing> {
    let me = work.person()?.id;
    for person in people {
        let member = members::standing(work.conn, open.community, *person).await?;
        if member.and_then(|member| member.role).is_none() {
            return Err(Error::invalid("people", "is nobody in this community").into());
        }
    }
    let hour_ago = work.now.plus(-3_600 * Time::SECOND);
    let (begun, first) = conversations::begun(work.conn, me, hour_ago).await?;
    if begun >= BEGUN_PER_HOUR {
        let minutes = first.map_or(60, |first| first.since(hour_ago) / (60 * Time::SECOND) + 1);
        let wrong = format!("are too many: you began {begun} conversations in an hour. Try again in {minutes} min");
        return Err(Error::invalid("people", wrong).into());
    }
    let id = ChannelId::fresh();
    let new = NewChannel {
        id,
        community: open.community,
        slug,
        name: STORED_NAME,
        kind: ChannelKind::Direct,
        visibility: Visibility::Private,
        status: ChannelStatus::Active,
        topic: "",
        created_at: work.now,
    };
    if channels::insert(work.conn, work.grant, &new).await? {
        conversations::put(work.conn, work.grant, id, people, work.now).await?;
    }
    let there = channels::standing_by_slug(work.conn, open.community, slug, me).await?;
    Ok(there.ok_or(Error::NotFound)?)
}

/// Has everybody whom a conversation is with take part, before something is said in it; what was said to nobody yet, they
/// have not seen on their list. Answers who came in: they are told when it was said.
pub(super) async fn gather<C>(work: &mut Work<'_, '_, C>, standing: &mut Standing) -> Outcome<Vec<PersonId>> {
    let mut came = Vec::new();
    if !standing.kind.is_conversation() {
        return Ok(came);
    }
    for away in conversations::away(work.conn, standing.id).await? {
        let person = away.summary();
        if !members::stays(work.conn, work.grant, standing.id, person.id).await? {
            return Err(Error::conflict(format!("{} is no longer in this community.", person.name)).into());
        }
        if channel::enter(work, standing.id, &person).await? {
            came.push(person.id);
        }
    }
    if !came.is_empty() {
        // Their coming took places in the topic.
        *standing = channel::standing(work, standing.id, work.person()?.id).await?;
    }
    Ok(came)
}

/// To whom a message is addressed by standing in a conversation, whomever it names.
pub(super) async fn addressed<C>(
    work: &mut Work<'_, '_, C>,
    kind: ChannelKind,
    channel: ChannelId,
    named: Vec<PersonId>,
) -> Outcome<Vec<PersonId>> {
    if !kind.is_conversation() {
        return Ok(named);
    }
    let me = work.person()?.id;
    Ok(conversations::others(work.conn, channel, me).await?)
}

/// Says of those of `channels` that are conversations with whom `viewer` talks there, and calls them so.
pub(super) async fn named(
    conn: &mut Conn<'_>,
    viewer: PersonId,
    channels: &mut [ChannelSummary],
) -> Result<(), StoreError> {
    let ids: Vec<ChannelId> =
        channels.iter().filter(|channel| channel.kind.is_conversation()).map(|channel| channel.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut people = conversations::people(conn, ids).await?;
    for channel in channels.iter_mut().filter(|channel| channel.kind.is_conversation()) {
        let here = people.extract_if(.., |one| one.channel == channel.id).map(|one| one.summary());
        let (me, others): (Vec<_>, Vec<_>) = here.partition(|one| one.id == viewer);
        let alone = others.is_empty();
        channel.people = if alone { me } else { others };
        channel.name = conversation::name(&channel.people, alone);
    }
    Ok(())
}

impl Query for FindConversation {
    type Scope = ChannelScope;
    type Output = (String, String);

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<(String, String)> {
        let home = communities::standing(asking.conn, scope.standing.community, viewer(asking.actor)).await?;
        Ok((home.ok_or(Error::NotFound)?.slug, scope.standing.slug))
    }
}
