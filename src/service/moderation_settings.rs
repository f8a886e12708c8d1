//! By what a community and its channels have messages judged (M07, C05).

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::{ChannelScope, announce},
    community::CommunityScope,
    link_rule, word_list,
};
use crate::{
    domain::{
        Action, Actor, Error, Event, Result, Topic,
        channel::PER_MINUTE,
        command::{SetChannelModeration, SetModeration},
        moderation::{LINK_DAYS, LinkRule, LinksFrom, ModerationSettings},
        query::ReadModeration,
    },
    store::{Conn, Shard, channel_settings, moderation},
};

impl Command for SetModeration {
    type Prepared = ModerationSettings;
    type Scope = CommunityScope;
    type Output = ();
    const ACTION: Action = Action::ManageModeration;

    fn shard(&self) -> Shard {
        Shard::of(self.community.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<ModerationSettings> {
        if self.links_from == LinksFrom::Settled && !LINK_DAYS.contains(&self.link_days) {
            return Err(Error::invalid("link_days", "must be 1 to 365 days"));
        }
        Ok(ModerationSettings {
            flagged: word_list::parse("flagged", &self.flagged)?,
            held: word_list::parse("held", &self.held)?,
            refused: word_list::parse("refused", &self.refused)?,
            links: LinkRule {
                from: self.links_from,
                days: self.link_days.clamp(*LINK_DAYS.start(), *LINK_DAYS.end()),
                consequence: self.links,
                hosts: link_rule::parse_hosts(&self.hosts)?,
            },
        })
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<CommunityScope> {
        CommunityScope::load(conn, actor, self.community).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: CommunityScope, new: ModerationSettings) -> Outcome<()> {
        let community = self.community;
        work.about("community", community);
        // What is refused is no secret to those who read the log, but neither is it theirs to read.
        let digest = work.fingerprint(&serde_json::to_string(&new).unwrap_or_default());
        work.note(json!({
            "flagged": new.flagged.len(), "held": new.held.len(), "refused": new.refused.len(),
            "links_from": new.links.from, "links": new.links.consequence, "hosts": new.links.hosts.len(), "digest": digest,
        }));
        if moderation::of(work.conn, community).await? == new {
            return Ok(());
        }
        moderation::set(work.conn, work.grant, community, &new).await?;
        work.emit(Topic::Community(community), Event::ModerationChanged { community }).await.map(drop)
    }
}

impl Query for ReadModeration {
    type Scope = CommunityScope;
    type Output = ModerationSettings;

    fn action(&self) -> Action {
        Action::ManageModeration
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<ModerationSettings> {
        Ok(moderation::of(asking.conn, self.community).await?)
    }
}

impl Command for SetChannelModeration {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::ManageChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        if PER_MINUTE.contains(&self.per_minute) {
            return Ok(());
        }
        Err(Error::invalid("per_minute", "must be 1 to 60 messages, or 0 for as many as people like"))
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        ChannelScope::load(conn, actor, self.channel).await
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        let before = (scope.standing.approval, scope.standing.per_minute, scope.standing.reactions);
        let after = (self.approval, self.per_minute, self.reactions);
        work.note(json!({ "before": before, "after": after }));
        if before == after {
            return Ok(());
        }
        let (approval, per_minute, reactions) = after;
        channel_settings::set_moderation(work.conn, work.grant, self.channel, approval, per_minute, reactions).await?;
        announce(work, self.channel).await
    }
}
