use std::task::{Context, Poll, Waker};

use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, CommunityId, Error, Event, MessageId, PersonId, Role, RuleId, Topic,
        command::{AddRule, CreateChannel, EditRule, OrderRule, PostMessage, RemoveRule, SwitchRule},
        feed::ServerFrame,
        query::{ListRules, TryRule},
        rule::{Effect, RuleDraft, RuleScope},
    },
    each_engine,
    engine::Command,
    hub::{Frame, Turn},
    lab::World,
};

use super::{audited, give, promote};

mod explaining;
mod trying;

/// A rule that denies `action` in a whole community.
fn denial(community: CommunityId, action: Action) -> RuleDraft {
    RuleDraft {
        name: format!("nobody does {action}"),
        effect: Effect::Deny,
        scope: RuleScope::Community(community),
        actions: vec![action],
        condition: String::new(),
        priority: 100,
        active: true,
    }
}

async fn add(world: &World, actor: &Actor, community: CommunityId, draft: RuleDraft) -> RuleId {
    let id = RuleId::fresh();
    world.engine.execute(actor.clone(), AddRule { id, community, draft }).await.expect("the rule is added");
    id
}

async fn refused<C: Command>(world: &World, actor: &Actor, command: C) -> Error
where
    C::Output: std::fmt::Debug,
{
    world.engine.execute(actor.clone(), command).await.expect_err("it is refused")
}

fn make(community: CommunityId) -> CreateChannel {
    let name = format!("c{}", ChannelId::fresh());
    CreateChannel { id: ChannelId::fresh(), community, name, topic: String::new(), private: false }
}

fn say(channel: ChannelId) -> PostMessage {
    let id = MessageId::fresh();
    PostMessage { id, channel, body: "hello".to_owned(), reply_to: None, expires_in: None }
}

fn tells_of_rules(frame: &Frame) -> bool {
    let told = serde_json::from_slice(frame.text()).unwrap();
    matches!(told, ServerFrame::Event(envelope) if matches!(envelope.event, Event::RulesChanged { .. }))
}

/// The name of the rule that refuses.
fn rule_of(error: &Error) -> &str {
    let Error::Forbidden { rule } = error else { panic!("expected to be forbidden: {error}") };
    rule
}

// S01, S02
each_engine! {
    async fn a_rule_holds_from_its_answer_on_until_it_is_switched_off_or_removed(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        assert!(of_bo.shell.open.as_ref().unwrap().may.create_channel, "the premise");
        let (id, community) = (RuleId::fresh(), acme.id);
        let draft = RuleDraft {
            scope: RuleScope::Role(community, Role::Member), ..denial(community, Action::CreateChannel)
        };
        converges!(world, [of_ana, of_bo], ana, AddRule { id, community, draft: draft.clone() });
        assert!(!of_bo.shell.open.as_ref().unwrap().may.create_channel, "buttons follow");
        assert!(of_ana.shell.open.as_ref().unwrap().may.create_channel, "the owner is no member by role");
        assert_eq!(rule_of(&refused(&world, &bo, make(community)).await), "nobody does channel.create");
        world.engine.execute(ana.clone(), make(community)).await.unwrap();
        // The same form sent twice adds one, and tells nobody anything.
        of_bo.catch_up().await;
        world.engine.execute(ana.clone(), AddRule { id, community, draft: draft.clone() }).await.unwrap();
        assert_eq!(of_bo.catch_up().await, 0);
        converges!(world, [of_ana, of_bo], ana, SwitchRule { community, rule: id, active: false });
        world.engine.execute(bo.clone(), make(community)).await.unwrap();
        converges!(world, [of_ana, of_bo], ana, SwitchRule { community, rule: id, active: true });
        refused(&world, &bo, make(community)).await;
        let edited = RuleDraft { actions: vec![Action::PinMessage], ..draft.clone() };
        converges!(world, [of_ana, of_bo], ana, EditRule { community, rule: id, draft: edited });
        world.engine.execute(bo.clone(), make(community)).await.unwrap();
        converges!(world, [of_ana, of_bo], ana, EditRule { community, rule: id, draft });
        converges!(world, [of_ana, of_bo], ana, RemoveRule { community, rule: id });
        world.engine.execute(bo.clone(), make(community)).await.unwrap();
        // Once more is nothing.
        world.engine.execute(ana.clone(), RemoveRule { community, rule: id }).await.unwrap();
        let entries = audited(&world, id).await;
        assert!(entries.iter().all(|entry| entry.action == "rule.manage" && entry.outcome == "done"));
        assert_eq!(entries.len(), 8, "each of them is in the audit log");
        assert!(!entries[1].changes.to_string().contains("nobody does"), "not the words");
    }
}

// S01
each_engine! {
    async fn the_lower_priority_decides_and_is_changed_by_itself(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let community = acme.id;
        let never = add(&world, &ana, community, denial(community, Action::Post)).await;
        let always = RuleDraft {
            name: "everybody posts".to_owned(), effect: Effect::Allow, ..denial(community, Action::Post)
        };
        add(&world, &ana, community, always).await;
        refused(&world, &ana, say(general.id)).await;
        world.engine.execute(ana.clone(), OrderRule { community, rule: never, priority: 101 }).await.unwrap();
        world.engine.execute(ana.clone(), say(general.id)).await.unwrap();
        let own = world.engine.ask(&ana, ListRules { community }).await.unwrap().own;
        let order: Vec<_> = own.iter().map(|rule| (rule.draft.name.as_str(), rule.draft.priority)).collect();
        assert_eq!(order, [("everybody posts", 100), ("nobody does channel.post", 101)]);
        let out = refused(&world, &ana, OrderRule { community, rule: never, priority: 0 }).await;
        assert!(out.of_field("priority").is_some());
        let gone = OrderRule { community, rule: RuleId::fresh(), priority: 5 };
        assert_eq!(refused(&world, &ana, gone).await, Error::NotFound);
    }
}

// S01
each_engine! {
    async fn what_is_wrong_with_a_rule_is_named_by_its_field(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let other = world.community(&ana, "other", true).await;
        let elsewhere = world.general(&ana, &other).await;
        let community = acme.id;
        let good = denial(community, Action::Post);
        add(&world, &ana, community, good.clone()).await;
        let fresh = || RuleDraft { name: "another".to_owned(), ..good.clone() };
        let scoped = |scope| RuleDraft { scope, ..fresh() };
        for (field, draft) in [
            ("name", RuleDraft { name: " ".to_owned(), ..good.clone() }),
            ("name", RuleDraft { name: "x".repeat(101), ..good.clone() }),
            ("name", good.clone()),
            ("actions", RuleDraft { actions: Vec::new(), ..fresh() }),
            ("actions", RuleDraft { actions: vec![Action::ReadChannel], ..fresh() }),
            ("actions", RuleDraft { effect: Effect::Allow, actions: vec![Action::EditMessage], ..fresh() }),
            ("priority", RuleDraft { priority: 0, ..fresh() }),
            ("priority", RuleDraft { priority: 1_001, ..fresh() }),
            ("condition", RuleDraft { condition: "actor.role ==".to_owned(), ..fresh() }),
            ("condition", RuleDraft { condition: "visitor.role == 'x'".to_owned(), ..fresh() }),
            ("condition", RuleDraft { condition: "actor.handle > 3".to_owned(), ..fresh() }),
            ("scope", scoped(RuleScope::Everything)),
            ("scope", scoped(RuleScope::Community(other.id))),
            ("scope", scoped(RuleScope::Role(other.id, Role::Guest))),
            ("scope", scoped(RuleScope::Channel(elsewhere.id))),
            ("scope", scoped(RuleScope::Channel(ChannelId::fresh()))),
        ] {
            let error = refused(&world, &ana, AddRule { id: RuleId::fresh(), community, draft: draft.clone() }).await;
            assert!(error.of_field(field).is_some(), "{field}: {draft:?}: {error}");
            let tried = TryRule { community, rule: None, draft, after: None };
            let trial = world.engine.ask(&ana, tried).await;
            assert!(trial.is_err() || field == "name", "what cannot be kept cannot be tried");
        }
        // The same name for something else is another rule.
        add(&world, &ana, community, RuleDraft { scope: RuleScope::Role(community, Role::Guest), ..good }).await;
        assert_eq!(world.engine.ask(&ana, ListRules { community }).await.unwrap().own.len(), 2);
    }
}

// S02
each_engine! {
    async fn managing_rules_is_a_permission_that_an_owner_cannot_lose(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", false).await;
        let community = acme.id;
        let outsider = refused(&world, &bo, AddRule {
            id: RuleId::fresh(), community, draft: denial(community, Action::Post),
        }).await;
        assert_eq!(outsider, Error::NotFound, "a closed community is not there for them");
        let open = world.community(&ana, "open", true).await;
        let community = open.id;
        for person in [&bo, &cy] {
            world.join(person, &open).await;
        }
        promote(&world, &open, &bo).await;
        give(&world, &open, &cy, Role::Moderator).await;
        let by_moderator = AddRule { id: RuleId::fresh(), community, draft: denial(community, Action::Post) };
        assert!(matches!(refused(&world, &cy, by_moderator).await, Error::Forbidden { .. }));
        assert!(world.engine.ask(&cy, ListRules { community }).await.is_err());
        // Whoever may, by a rule, may.
        let moderators = RuleDraft {
            name: "moderators write rules".to_owned(), effect: Effect::Allow,
            scope: RuleScope::Role(community, Role::Moderator), ..denial(community, Action::ManageRules)
        };
        let allowing = add(&world, &ana, community, moderators).await;
        add(&world, &cy, community, denial(community, Action::React)).await;
        world.engine.execute(ana.clone(), RemoveRule { community, rule: allowing }).await.unwrap();
        assert!(world.engine.ask(&cy, ListRules { community }).await.is_err());
        // Nobody shuts the owner out; a rule that would is not kept.
        let nobody = denial(community, Action::ManageRules);
        for condition in ["", "actor.role != 'guest'", "now.year + 9223372036854775807 > 0"] {
            let draft = RuleDraft { condition: condition.to_owned(), ..nobody.clone() };
            for who in [&ana, &bo] {
                let id = RuleId::fresh();
                let error = refused(&world, who, AddRule { id, community, draft: draft.clone() }).await;
                assert!(error.of_field("condition").unwrap().contains("owner"), "{error}");
            }
        }
        let sleeping = add(&world, &bo, community, RuleDraft { active: false, ..nobody.clone() }).await;
        let error = refused(&world, &bo, SwitchRule { community, rule: sleeping, active: true }).await;
        assert!(error.of_field("condition").is_some());
        let but_owners = RuleDraft {
            name: "only the owner".to_owned(), condition: "actor.role != 'owner'".to_owned(), ..nobody
        };
        let only = add(&world, &bo, community, but_owners).await;
        let shut = RemoveRule { community, rule: only };
        assert_eq!(rule_of(&refused(&world, &bo, shut).await), "only the owner");
        world.engine.execute(ana.clone(), shut).await.unwrap();
    }
}

// S01
each_engine! {
    async fn rules_hold_after_a_restart_and_one_that_cannot_be_evaluated_refuses(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let draft = RuleDraft {
            name: "the odd one".to_owned(), condition: "now.year + 9223372036854775807 > 0".to_owned(),
            ..denial(acme.id, Action::React)
        };
        add(&world, &ana, acme.id, RuleDraft { actions: vec![Action::Post], ..draft }).await;
        for _ in 0..2 {
            let error = refused(&world, &ana, say(general.id)).await;
            assert_eq!(rule_of(&error), "the odd one (its condition cannot be evaluated)");
            world.restart().await;
        }
    }
}

// S02, S06
each_engine! {
    async fn a_rule_that_changes_disturbs_no_open_connection(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        // What came of founding it is told before anybody connects.
        world.restart().await;
        let attendance = world.engine.hub().connect(ana.id().unwrap(), None).unwrap();
        world.engine.hub().watch(&attendance, Topic::Community(acme.id)).unwrap();
        add(&world, &ana, acme.id, denial(acme.id, Action::Post)).await;
        loop {
            match attendance.turn(true).await {
                Turn::Write(parcel) if parcel.frames.iter().any(|frame| tells_of_rules(frame)) => break,
                Turn::Write(_) => {}
                turn => panic!("{turn:?}"),
            }
        }
        let turn = attendance.poll_turn(&Context::from_waker(Waker::noop()), true);
        assert!(!matches!(turn, Poll::Ready(Turn::Readmit(_))), "{turn:?}");
    }
}

// S01, S08
each_engine! {
    async fn a_rule_of_a_channel_goes_with_it_and_is_nobodys_who_cannot_see_it(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        promote(&world, &acme, &bo).await;
        let community = acme.id;
        let secret = world.channel(&ana, community, "secret", true).await;
        let draft = RuleDraft { scope: RuleScope::Channel(secret.id), ..denial(community, Action::React) };
        let rule = add(&world, &ana, community, draft.clone()).await;
        assert_eq!(world.engine.ask(&ana, ListRules { community }).await.unwrap().own.len(), 1, "the premise");
        assert_eq!(world.engine.ask(&bo, ListRules { community }).await.unwrap().own, []);
        let there = refused(&world, &bo, OrderRule { community, rule, priority: 5 }).await;
        let nowhere = refused(&world, &bo, OrderRule { community, rule: RuleId::fresh(), priority: 5 }).await;
        assert_eq!((&there, &there), (&nowhere, &Error::NotFound));
        let taken = refused(&world, &bo, AddRule { id: RuleId::fresh(), community, draft: draft.clone() }).await;
        let unknown = RuleDraft { scope: RuleScope::Channel(ChannelId::fresh()), ..draft };
        assert_eq!(taken, refused(&world, &bo, AddRule { id: RuleId::fresh(), community, draft: unknown }).await);
        let delete = crate::domain::command::DeleteChannel { channel: secret.id, name: "secret".to_owned() };
        world.engine.execute(ana.clone(), delete).await.unwrap();
        assert_eq!(world.engine.ask(&ana, ListRules { community }).await.unwrap().own, []);
    }
}

fn id_of(actor: &Actor) -> PersonId {
    actor.id().unwrap()
}
