//! What those who manage a channel change of it: its name and address, and whether it takes messages (C05, C07, C08).

use serde_json::json;

use super::{
    Command, Outcome, Tools, Work,
    channel::{self, ChannelScope, announce, announce_as},
};
use crate::{
    domain::{
        Action, Actor, ChannelStatus, ChannelSummary, CommunityId, Error, Event, Result,
        command::{RenameChannel, SetChannelStatus},
        text::{Name, Slug},
    },
    store::{Conn, Shard, channel_settings},
};

/// A channel's name and address, checked.
#[derive(Clone)]
pub struct Naming {
    pub(super) name: Name,
    pub(super) slug: Slug,
}

impl Naming {
    /// The address is made from the name where `slug` is empty; what is wrong with it is then said of the name.
    pub(super) fn parse(name: &str, slug: &str) -> Result<Self> {
        let name = Name::parse("name", name.trim().trim_start_matches('#'))?;
        let (field, slug) = match slug.trim() {
            "" => {
                let suggested = Slug::from_name(name.as_str());
                let none = || Error::invalid("name", "must hold at least one letter a-z or digit");
                ("name", suggested.ok_or_else(none)?)
            }
            slug => ("slug", Slug::parse("slug", slug)?),
        };
        if channel::RESERVED.contains(&slug.as_str()) {
            return Err(Error::invalid(field, "is used by a page of the community; choose another"));
        }
        Ok(Self { name, slug })
    }
}

impl Command for RenameChannel {
    type Prepared = Naming;
    type Scope = ChannelScope;
    type Output = ChannelSummary;
    const ACTION: Action = Action::ManageChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<Naming> {
        Naming::parse(&self.name, &self.slug)
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, new: Naming) -> Outcome<ChannelSummary> {
        work.about("channel", self.channel);
        let (before, name, slug) = (scope.standing, new.name.as_str(), new.slug.as_str());
        work.note(json!({ "before": before.slug, "after": slug }));
        if before.name == name && before.slug == slug {
            return Ok(before.summary());
        }
        if !channel_settings::rename(work.conn, work.grant, self.channel, name, slug).await? {
            let field = if self.slug.trim().is_empty() { "name" } else { "slug" };
            return Err(Error::invalid(field, "is taken in this community; choose another").into());
        }
        if before.slug != slug {
            channel_settings::claim(work.conn, work.grant, before.community, slug).await?;
            channel_settings::leave_behind(work.conn, work.grant, before.community, &before.slug, self.channel).await?;
        }
        announce(work, self.channel).await?;
        let person = work.person()?.id;
        Ok(channel::standing(work, self.channel, person).await?.summary())
    }
}

impl Command for SetChannelStatus {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::ManageChannel;

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
        let before = scope.standing.status;
        work.note(json!({ "before": before, "after": self.status }));
        if before == self.status {
            return Ok(());
        }
        channel_settings::set_status(work.conn, work.grant, self.channel, self.status).await?;
        announce_as(work, self.channel, |channel| match self.status {
            ChannelStatus::Active => Event::ChannelReopened { channel },
            ChannelStatus::Archived => Event::ChannelArchived { channel },
            ChannelStatus::Locked => Event::ChannelLocked { channel },
        })
        .await?;
        if self.status == ChannelStatus::Archived {
            must_leave_one_open(work, scope.standing.community).await?;
        }
        Ok(())
    }
}

/// A community keeps a public channel that is not archived, be it #general or another: who comes has somewhere to be.
/// Asked after the community heard of the change, which makes whoever takes away another one wait.
pub(super) async fn must_leave_one_open<C>(work: &mut Work<'_, '_, C>, community: CommunityId) -> Outcome<()> {
    if channel_settings::is_one_open(work.conn, community).await? {
        return Ok(());
    }
    let why = "This is the last public channel that is not archived. A community keeps one: make another one first.";
    Err(Error::conflict(why).into())
}
