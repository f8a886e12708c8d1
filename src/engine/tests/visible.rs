//! Lists are read by the database, decisions are made by rules: in any world both must come to the same (S08).

use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelStatus, CommunityId, Role, RuleId,
        command::{AddRule, BanMember, ChangeRole, JoinByLink, JoinChannel, MakeInviteLink, SetChannelStatus},
        query::{ListMessages, OpenCommunity, Span},
        rule::{Effect, ONLY_DENIED, RULED, RuleDraft, RuleScope},
    },
    each_engine,
    lab::World,
    policy::PolicySet,
    store::{StoreError, channels, rules},
};

/// Chance from a seed (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % most as u64).unwrap()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const CONDITIONS: [&str; 5] = [
    "",
    "actor.role == 'member'",
    "!channel.participant",
    "community.public && now.hour < 12",
    "now.year + 9223372036854775807 > 0",
];

fn rule(dice: &mut Dice, number: usize, community: CommunityId, channels: &[ChannelId]) -> RuleDraft {
    let effect = dice.pick(Effect::ALL);
    let allowed: Vec<Action> =
        RULED.into_iter().filter(|action| effect == Effect::Deny || !ONLY_DENIED.contains(action)).collect();
    let actions = (0..=dice.below(6)).map(|_| dice.pick(&allowed));
    // Owners keep their right to write them.
    let actions: Vec<Action> = actions.filter(|action| *action != Action::ManageRules).chain([Action::React]).collect();
    let scope = match dice.below(3) {
        0 => RuleScope::Community(community),
        1 => RuleScope::Role(community, dice.pick(Role::ALL)),
        _ => RuleScope::Channel(dice.pick(channels)),
    };
    let (condition, priority) = (dice.pick(&CONDITIONS).to_owned(), dice.pick(&[1, 50, 100, 200, 1_000]));
    RuleDraft { name: format!("rule {number}"), effect, scope, actions, condition, priority, active: !dice.one_in(5) }
}

struct Town {
    slug: String,
    channels: Vec<ChannelId>,
    people: Vec<Actor>,
}

/// A community as chance wants it.
async fn town(world: &World, dice: &mut Dice, seed: u64) -> Town {
    let owner = world.person(&format!("owner{seed}")).await;
    let (slug, public) = (format!("town{seed}"), dice.one_in(2));
    let community = world.community(&owner, &slug, public).await;
    let make = MakeInviteLink { community: community.id, expires_in: None, max_uses: None };
    let code = world.engine.execute(owner.clone(), make).await.unwrap();
    let mut people = vec![world.person(&format!("outsider{seed}")).await];
    let (mut channels, mut joined) = (Vec::new(), Vec::new());
    for number in 0..4 {
        let person = world.person(&format!("p{number}of{seed}")).await;
        world.engine.execute(person.clone(), JoinByLink { code: code.clone() }).await.unwrap();
        joined.push(person);
    }
    for number in 0..5 {
        let private = dice.one_in(2);
        let channel = world.channel(&owner, community.id, &format!("c{number}"), private).await;
        world.post(&owner, channel.id, "hello").await;
        for person in &joined {
            if dice.one_in(3) && private {
                world.add(&owner, channel.id, person).await;
            } else if dice.one_in(3) && !private {
                world.engine.execute(person.clone(), JoinChannel { channel: channel.id }).await.unwrap();
            }
        }
        if dice.one_in(4) {
            let status = dice.pick(&[ChannelStatus::Archived, ChannelStatus::Locked]);
            world.engine.execute(owner.clone(), SetChannelStatus { channel: channel.id, status }).await.unwrap();
        }
        channels.push(channel.id);
    }
    for person in &joined {
        let id = person.id().unwrap();
        let role = dice.pick(&[Role::Guest, Role::Member, Role::Moderator, Role::Admin]);
        world.engine.execute(owner.clone(), ChangeRole { community: community.id, person: id, role }).await.unwrap();
        if dice.one_in(4) {
            let ban = BanMember { community: community.id, person: id, reason: String::new() };
            world.engine.execute(owner.clone(), ban).await.unwrap();
        }
    }
    for number in 0..8 {
        let draft = rule(dice, number, community.id, &channels);
        let add = AddRule { id: RuleId::fresh(), community: community.id, draft };
        world.engine.execute(owner.clone(), add).await.unwrap();
    }
    people.extend(joined);
    people.push(owner);
    Town { slug, channels, people }
}

// S06, S08
each_engine! {
    async fn in_any_world_lists_show_what_the_decision_allows_and_nothing_else(world: World) {
        let (mut shown, mut hidden) = (0, 0);
        for seed in 1..=5 {
            let mut dice = Dice(seed);
            let town = town(&world, &mut dice, seed).await;
            for person in &town.people {
                let listed = world.engine.ask(person, OpenCommunity { slug: town.slug.clone() }).await;
                let listed: Vec<ChannelId> =
                    listed.map(|view| view.channels.iter().map(|channel| channel.id).collect()).unwrap_or_default();
                for channel in &town.channels {
                    let (id, who, reader) = (*channel, person.id().unwrap(), person.clone());
                    let now = world.engine.clock().now();
                    let decided = world.engine.store().read::<_, StoreError, _>(move |conn| Box::pin(async move {
                        let set = PolicySet::new(rules::in_force(conn).await?);
                        let target = channels::standing(conn, id, who).await?.unwrap().target();
                        Ok(set.at(now).allows(&reader, Action::ReadChannel, &target))
                    })).await.unwrap();
                    assert_eq!(listed.contains(channel), decided, "seed {seed}: the list of {:?}", person.id());
                    let messages = world.engine.ask(person, ListMessages { channel: *channel, span: Span::Latest }).await;
                    assert_eq!(messages.is_ok(), decided, "seed {seed}: the messages");
                    assert!(messages.map_or(true, |page| !page.messages.is_empty()));
                    if decided { shown += 1 } else { hidden += 1 }
                }
            }
        }
        assert!(shown > 20 && hidden > 20, "the premise: both happen, not {shown} and {hidden}");
    }
}
