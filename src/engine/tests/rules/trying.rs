use super::{add, denial, promote, refused, say};
use crate::{
    domain::{
        Action, Actor, CommunityId, Time,
        command::LeaveChannel,
        query::TryRule,
        rule::{EXAMPLES, Effect, RuleDraft, RuleScope, Trial},
    },
    each_engine,
    lab::World,
};

async fn tried(world: &World, asker: &Actor, community: CommunityId, draft: RuleDraft) -> Trial {
    world.engine.ask(asker, TryRule { community, rule: None, draft, after: None }).await.expect("it is tried")
}

// S07
each_engine! {
    async fn a_trial_counts_and_shows_what_a_rule_would_have_changed(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let community = acme.id;
        world.engine.execute(bo.clone(), say(general.id)).await.unwrap();
        world.clock.advance(31 * Time::DAY);
        for _ in 0..3 {
            world.engine.execute(bo.clone(), say(general.id)).await.unwrap();
        }
        world.engine.execute(ana.clone(), say(general.id)).await.unwrap();
        let only_bo = RuleDraft { condition: "actor.handle == 'bo'".to_owned(), ..denial(community, Action::Post) };
        let trial = tried(&world, &ana, community, only_bo.clone()).await;
        assert_eq!((trial.judged, trial.refused, trial.allowed, trial.unknown), (4, 3, 0, 0), "not what is too old");
        let example = &trial.examples[0];
        assert_eq!((example.person.handle.as_str(), example.action), ("bo", Action::Post));
        assert_eq!((example.channel.as_deref(), example.was_allowed), (Some("general"), true));
        assert!(trial.examples.is_sorted_by_key(|example| std::cmp::Reverse(example.at)));
        // Tried is not kept.
        world.engine.execute(bo.clone(), say(general.id)).await.unwrap();
        // In the place of the one that is: what it refused would be allowed.
        let rule = add(&world, &ana, community, only_bo.clone()).await;
        refused(&world, &bo, say(general.id)).await;
        let off = TryRule { community, rule: Some(rule), draft: RuleDraft { active: false, ..only_bo }, after: None };
        let trial = world.engine.ask(&ana, off).await.unwrap();
        assert_eq!((trial.judged, trial.allowed, trial.refused), (2, 1, 0), "{trial:?}");
        assert_eq!(trial.unknown, 4, "what today's rules would have refused was not decided by them");
    }
}

// S07
each_engine! {
    async fn a_trial_says_what_it_cannot_judge_and_goes_on_where_it_stopped(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let community = acme.id;
        world.engine.execute(bo.clone(), say(general.id)).await.unwrap();
        world.engine.execute(bo.clone(), LeaveChannel { channel: general.id }).await.unwrap();
        let gone = tried(&world, &ana, community, denial(community, Action::Post)).await;
        assert_eq!((gone.judged, gone.unknown), (0, 1), "who left could not post today either");
        for _ in 0..450 {
            world.engine.execute(ana.clone(), say(general.id)).await.unwrap();
        }
        let first = tried(&world, &ana, community, denial(community, Action::Post)).await;
        assert_eq!((first.refused, first.examples.len()), (400, EXAMPLES));
        let after = first.next;
        assert!(after.is_some());
        let rest = TryRule { community, rule: None, draft: denial(community, Action::Post), after };
        let rest = world.engine.ask(&ana, rest).await.unwrap();
        assert_eq!((rest.refused, rest.unknown, rest.next), (50, 1, None));
    }
}

// S07, S08
each_engine! {
    async fn a_trial_tells_nothing_of_other_communities_and_of_channels_one_cannot_see(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let other = world.community(&ana, "other", false).await;
        world.join(&bo, &acme).await;
        promote(&world, &acme, &bo).await;
        let community = acme.id;
        let secret = world.channel(&ana, community, "secret", true).await;
        let elsewhere = world.general(&ana, &other).await;
        for channel in [secret.id, elsewhere.id] {
            world.engine.execute(ana.clone(), say(channel)).await.unwrap();
        }
        let draft = denial(community, Action::Post);
        let by_bo = tried(&world, &bo, community, draft.clone()).await;
        assert_eq!(by_bo, Trial::default());
        assert_eq!(tried(&world, &ana, community, draft.clone()).await.refused, 1, "the premise");
        let scope = RuleScope::Channel(secret.id);
        let hidden = TryRule { community, rule: None, draft: RuleDraft { scope, ..draft }, after: None };
        assert!(world.engine.ask(&bo, hidden).await.unwrap_err().of_field("scope").is_some());
        let allow = RuleDraft { effect: Effect::Allow, ..denial(community, Action::CreateChannel) };
        let made = tried(&world, &ana, community, allow).await;
        assert_eq!((made.refused, made.allowed), (0, 0));
    }
}
