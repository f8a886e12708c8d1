//! Who takes part in a channel (C06), and who no longer does (C01).

use std::collections::HashMap;

use serde_json::json;

use super::{
    Asking, Command, Outcome, Query, Tools, Work,
    channel::{ChannelScope, dismiss},
    ranks::Ranks,
};
use crate::{
    domain::{
        Action, Actor, Error, PersonSummary, Presence, Result, Role, Visibility,
        command::RemoveFromChannel,
        person::MemberSummary,
        query::{FindNameable, ListParticipants, MemberPage, channel::NAMEABLE, community::MEMBERS_PAGE},
    },
    policy::Target,
    store::{Conn, Shard, channels, custom_roles, members, mentions},
};

/// The most letters of a name that is being typed.
const LETTERS: usize = 40;

impl Query for ListParticipants {
    type Scope = ChannelScope;
    type Output = MemberPage;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<MemberPage> {
        let rows = channels::participants(asking.conn, self.channel, MEMBERS_PAGE + 1, self.offset.max(0)).await?;
        let member = |row: channels::Participant| MemberSummary {
            person: PersonSummary { id: row.id, handle: row.handle, name: row.name, kind: row.kind },
            role: row.role.unwrap_or(Role::Guest),
            joined_at: row.joined_at,
            presence: Presence::Offline,
        };
        let mut members: Vec<MemberSummary> = rows.into_iter().map(member).collect();
        let more = cut(&mut members, MEMBERS_PAGE);
        // Only who has some of the community's own roles can stand above others by them.
        let (mine, community) = (scope.standing.custom_roles, scope.standing.community);
        let ranks = Ranks::of(asking.conn, community, &[mine]).await?;
        let people = members.iter().map(|member| member.person.id).collect();
        let held =
            if mine.is_empty() { HashMap::new() } else { custom_roles::held(asking.conn, community, people).await? };
        let removes = |member: &&MemberSummary| {
            let theirs = held.get(&member.person.id).copied().unwrap_or_default();
            let about = Target {
                person_role: Some(member.role),
                standing: ranks.highest(mine),
                person_standing: ranks.highest(theirs),
                ..scope.target.clone()
            };
            asking.policy.allows(asking.actor, Action::RemoveFromChannel, &about)
        };
        Ok(MemberPage {
            manageable: members.iter().filter(removes).map(|member| member.person.id).collect(),
            more,
            members,
            may_invite: asking.policy.allows(asking.actor, Action::InvitePerson, &scope.target),
            ..MemberPage::default()
        })
    }
}

impl Command for RemoveFromChannel {
    type Prepared = ();
    type Scope = ChannelScope;
    type Output = ();
    const ACTION: Action = Action::RemoveFromChannel;

    fn shard(&self) -> Shard {
        Shard::of(self.channel.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> Outcome<ChannelScope> {
        let mut scope = ChannelScope::load(conn, actor, self.channel).await?;
        let member = members::standing(conn, scope.standing.community, self.person).await?;
        let member = member.ok_or(Error::NotFound)?;
        let mine = scope.standing.custom_roles;
        let ranks = Ranks::of(conn, scope.standing.community, &[mine, member.custom_roles]).await?;
        scope.target.person_role = member.role;
        scope.target.standing = ranks.highest(mine);
        scope.target.person_standing = ranks.highest(member.custom_roles);
        Ok(scope)
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, scope: ChannelScope, (): ()) -> Outcome<()> {
        work.about("channel", self.channel);
        work.note(json!({ "person": self.person }));
        dismiss(work, scope.standing.community, self.channel, self.person).await
    }
}

impl Query for FindNameable {
    type Scope = ChannelScope;
    type Output = Vec<PersonSummary>;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: ChannelScope) -> Outcome<Vec<PersonSummary>> {
        if self.letters.chars().count() > LETTERS {
            return Err(Error::invalid("letters", format!("must be at most {LETTERS} characters")).into());
        }
        let (letters, everybody) = (self.letters.to_lowercase(), scope.standing.visibility == Visibility::Public);
        let found = mentions::beginning(asking.conn, self.channel, everybody, &letters, NAMEABLE).await?;
        Ok(found.into_iter().map(mentions::Person::summary).collect())
    }
}

/// Cuts a list that was read one longer than a page; whether there was more.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}
