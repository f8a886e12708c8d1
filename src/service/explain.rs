//! Why somebody may or may not do something (S07).

use super::{Asking, Outcome, Query, community::CommunityScope, ranks::Ranks, viewer};
use crate::{
    domain::{
        Action, Actor, Error, Identity, Role, Surface,
        query::ExplainRules,
        rule::{ALSO_EXPLAINED, Explanation, RULED, Step},
        text::Handle,
    },
    policy::Target,
    store::{
        channels::{self, Standing},
        communities,
        people::{self, Person},
    },
};

/// What happens to somebody: it is explained as if done to an ordinary member.
const TO_A_MEMBER: [Action; 5] =
    [Action::KickMember, Action::BanMember, Action::TimeOutMember, Action::ClearMessages, Action::RemoveFromChannel];

/// Somebody as they would ask for something themselves, from a page.
pub(super) fn as_actor(person: Person) -> Actor {
    let server_owner = person.server_owner;
    Actor::with(Identity::Person { person: person.summary(), session: None, server_owner }, Surface::Page)
}

/// A channel by its address, if the asker can see it: of any other they learn nothing.
async fn seen(asking: &mut Asking<'_, '_>, query: &ExplainRules) -> Outcome<Option<Standing>> {
    let slug = query.channel.trim().trim_start_matches('#').to_ascii_lowercase();
    if slug.is_empty() {
        return Ok(None);
    }
    let there = channels::standing_by_slug(asking.conn, query.community, &slug, viewer(asking.actor)).await?;
    let there = there.filter(|there| asking.policy.allows(asking.actor, Action::ReadChannel, &there.target()));
    Ok(Some(there.ok_or_else(|| Error::invalid("channel", "is no channel here that you can see"))?))
}

impl Query for ExplainRules {
    type Scope = CommunityScope;
    type Output = Explanation;

    fn action(&self) -> Action {
        Action::ExplainRules
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<CommunityScope> {
        CommunityScope::load(asking.conn, asking.actor, self.community).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: CommunityScope) -> Outcome<Explanation> {
        if !RULED.contains(&self.action) && !ALSO_EXPLAINED.contains(&self.action) {
            return Err(Error::invalid("action", "must be what people do in a community").into());
        }
        let handle = Handle::parse("handle", &self.handle)?;
        let person = people::member_by_handle(asking.conn, self.community, handle.as_str()).await?;
        let person = person.ok_or_else(|| Error::invalid("handle", "is nobody in this community"))?;
        let channel = seen(asking, &self).await?;
        let target = match &channel {
            Some(channel) => channels::standing(asking.conn, channel.id, person.id).await?.map(|there| there.target()),
            None if is_in_channels(self.action) => {
                return Err(Error::invalid("channel", "must be named: this is done in a channel").into());
            }
            None => communities::standing(asking.conn, self.community, person.id).await?.map(|there| there.target()),
        };
        let target = target.ok_or(Error::NotFound)?;
        let person_role = TO_A_MEMBER.contains(&self.action).then_some(Role::Member);
        let ranks = Ranks::of(asking.conn, self.community, &[target.custom_roles]).await?;
        let standing = ranks.highest(target.custom_roles);
        let target = Target { author: self.own_message, person_role, standing, ..target };
        let actor = as_actor(person);
        let steps = asking.policy.explain(&actor, self.action, &target);
        let decision = asking.policy.decide(&actor, self.action, &target);
        debug_assert_eq!(decision.allowed, steps.last().is_some_and(|last| last.step == Step::Allows));
        Ok(Explanation {
            person: actor.signed_in()?.clone(),
            role: target.role,
            action: self.action,
            channel: channel.map(|channel| channel.name),
            allowed: decision.allowed,
            rule: decision.rule,
            steps,
        })
    }
}

/// Whether something is done in a channel: by its noun.
fn is_in_channels(action: Action) -> bool {
    let (noun, _) = action.as_str().split_once('.').unwrap_or_default();
    matches!(noun, "channel" | "message" | "command" | "thread") && action != Action::CreateChannel
}
