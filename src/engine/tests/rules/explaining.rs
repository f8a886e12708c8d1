use super::{add, denial, give, id_of};
use crate::{
    domain::{
        Action, Actor, CommunityId, Error, Role, Time,
        command::{JoinChannel, LeaveChannel, TimeOutMember},
        query::ExplainRules,
        rule::{Effect, Explanation, Origin, RuleDraft, Step},
    },
    each_engine,
    lab::World,
};

fn ask(community: CommunityId, handle: &str, action: Action, channel: &str) -> ExplainRules {
    ExplainRules { community, handle: handle.to_owned(), action, channel: channel.to_owned(), own_message: false }
}

async fn explained(world: &World, asker: &Actor, question: ExplainRules) -> Explanation {
    world.engine.ask(asker, question).await.expect("it is explained")
}

// S07
each_engine! {
    async fn it_is_said_why_somebody_may_or_may_not_post(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let may = explained(&world, &ana, ask(acme.id, "bo", Action::Post, "#general")).await;
        assert!(may.allowed);
        assert_eq!(may.rule.as_deref(), Some("participants read, post, react and pin"));
        assert_eq!((may.channel.as_deref(), may.role), (Some("general"), Some(Role::Member)));
        assert_eq!(may.steps.last().unwrap().step, Step::Allows);
        assert!(may.steps.iter().any(|step| step.step == Step::Passes && step.why == "is in a time-out"), "{may:?}");
        world.engine.execute(bo.clone(), LeaveChannel { channel: general.id }).await.unwrap();
        let out = explained(&world, &ana, ask(acme.id, "bo", Action::Post, "general")).await;
        assert_eq!((out.allowed, out.rule), (false, None));
        assert!(out.steps.iter().any(|step| step.why == "takes part in the channel"), "{:?}", out.steps);
        world.engine.execute(bo.clone(), JoinChannel { channel: general.id }).await.unwrap();
        add(&world, &ana, acme.id, RuleDraft {
            condition: "actor.handle == 'bo'".to_owned(), ..denial(acme.id, Action::Post)
        }).await;
        let ruled = explained(&world, &ana, ask(acme.id, "bo", Action::Post, "general")).await;
        let last = ruled.steps.last().unwrap();
        assert_eq!((last.origin, last.step, ruled.allowed), (Origin::Own, Step::Refuses, false));
        let time_out = TimeOutMember { community: acme.id, person: id_of(&bo), seconds: Some(60) };
        world.engine.execute(ana.clone(), time_out).await.unwrap();
        let silenced = explained(&world, &ana, ask(acme.id, "bo", Action::Post, "general")).await;
        assert_eq!(silenced.steps.last().unwrap().origin, Origin::Safety);
        assert_eq!(silenced.rule.as_deref(), Some("during a time-out one only reads"));
        world.clock.advance(61 * Time::SECOND);
        let after = explained(&world, &ana, ask(acme.id, "bo", Action::Post, "general")).await;
        assert_eq!(after.steps.last().unwrap().origin, Origin::Own);
    }
}

// S07, S08
each_engine! {
    async fn an_explanation_is_a_permission_and_tells_nothing_of_what_cannot_be_seen(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        world.channel(&ana, acme.id, "secret", true).await;
        let member = world.engine.ask(&bo, ask(acme.id, "cy", Action::Post, "general")).await.unwrap_err();
        assert!(matches!(member, Error::Forbidden { .. }), "{member}");
        give(&world, &acme, &bo, Role::Moderator).await;
        explained(&world, &bo, ask(acme.id, "cy", Action::Post, "general")).await;
        let there = world.engine.ask(&bo, ask(acme.id, "ana", Action::Post, "secret")).await.unwrap_err();
        let nowhere = world.engine.ask(&bo, ask(acme.id, "ana", Action::Post, "nowhere")).await.unwrap_err();
        assert_eq!(there, nowhere);
        assert!(there.of_field("channel").is_some());
        explained(&world, &ana, ask(acme.id, "ana", Action::Post, "secret")).await;
        let stranger = world.person("di").await;
        let known = world.engine.ask(&bo, ask(acme.id, "di", Action::Post, "general")).await.unwrap_err();
        let unknown = world.engine.ask(&bo, ask(acme.id, "nobody", Action::Post, "general")).await.unwrap_err();
        assert_eq!(known, unknown, "who is no member is nobody");
        assert!(known.of_field("handle").is_some());
        assert!(world.engine.ask(&stranger, ask(acme.id, "bo", Action::Post, "general")).await.is_err());
        let nowhere = world.engine.ask(&bo, ask(acme.id, "cy", Action::Post, "")).await.unwrap_err();
        assert!(nowhere.of_field("channel").is_some(), "one posts somewhere");
        let other = world.engine.ask(&bo, ask(acme.id, "cy", Action::ReadAudit, "")).await.unwrap_err();
        assert!(other.of_field("action").is_some());
        // Permission to explain is a matter of rules as well.
        add(&world, &ana, acme.id, RuleDraft {
            name: "members ask why".to_owned(), effect: Effect::Allow, ..denial(acme.id, Action::ExplainRules)
        }).await;
        explained(&world, &cy, ask(acme.id, "bo", Action::KickMember, "")).await;
    }
}
