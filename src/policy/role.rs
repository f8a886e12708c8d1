//! What roles of a community's own come to, as rules.

use super::{
    fact::Fact,
    rule::{Condition, Effect, Origin, Rule, RuleScope},
};
use crate::domain::{
    Action, ChannelKind, CommunityId, Role,
    custom_role::{Permission, RoleBit},
};

/// As a community's own rules have it: a denial of theirs at the same priority is asked before.
const PRIORITY: u16 = 100;

/// The rules by which those who have a role may do what it permits: each names the role, so that whoever asks why is told.
pub fn of_role(community: CommunityId, bit: RoleBit, name: &str, permissions: &[Permission]) -> Vec<Rule> {
    let grants = permissions.iter().flat_map(|permission| grants(*permission));
    let rule = |(actions, facts): (Vec<Action>, &'static [Fact])| {
        let facts = [Fact::SignedIn, Fact::Member, Fact::CustomRole(bit)].into_iter().chain(facts.iter().copied());
        Rule {
            id: None,
            origin: Origin::Role,
            name: format!("the role {name} allows it"),
            effect: Effect::Allow,
            scope: RuleScope::Community(community),
            actions,
            condition: Condition::Facts(facts.collect()),
            priority: PRIORITY,
            active: true,
        }
    };
    grants.map(rule).collect()
}

/// The actions of a permission, and what has to be so beside having it.
fn grants(permission: Permission) -> Vec<(Vec<Action>, &'static [Fact])> {
    const ANYWHERE: &[Fact] = &[];
    const TAKING_PART: &[Fact] = &[Fact::Participant];
    match permission {
        Permission::ManageChannels => vec![
            (vec![Action::CreateChannel], ANYWHERE),
            (vec![Action::ManageChannel, Action::DeleteChannel, Action::RemoveFromChannel], TAKING_PART),
        ],
        Permission::InvitePeople => vec![(vec![Action::ManageInviteLinks], ANYWHERE)],
        Permission::ModerateMessages => vec![(vec![Action::DeleteMessage, Action::ReadHistory], TAKING_PART)],
        Permission::PinMessages => vec![(vec![Action::PinMessage], TAKING_PART)],
        Permission::PostAnnouncements => {
            vec![(vec![Action::Post], &[Fact::Participant, Fact::Kind(ChannelKind::Announcement)])]
        }
        Permission::TimeOutMembers => vec![(vec![Action::TimeOutMember], ANYWHERE)],
        Permission::RemoveMembers => vec![(vec![Action::KickMember], ANYWHERE)],
        Permission::ManageWebhooks => vec![(vec![Action::ManageWebhooks], ANYWHERE)],
        Permission::ManageRoles => vec![(vec![Action::ManageCustomRoles], ANYWHERE)],
    }
}

/// Whether somebody who is `role`, and whose roles of the community's own give `permissions`, has this one.
pub fn has_permission(role: Option<Role>, permissions: &[Permission], permission: Permission) -> bool {
    role.is_some_and(|role| role >= permission.built_in()) || (role.is_some() && permissions.contains(&permission))
}
