use futures_util::future::join_all;

use super::audited;
use crate::{
    converges,
    domain::{
        Actor, Error, MessageId, Reaction,
        command::{AddReaction, DeleteMessage, EditMessage, RemoveReaction},
        query::{ListMessages, ListReactions, Span},
        reaction::EMOJI_PER_MESSAGE,
    },
    each_engine,
    lab::World,
};

fn add(message: MessageId, emoji: &str) -> AddReaction {
    AddReaction { message, emoji: emoji.to_owned() }
}

fn remove(message: MessageId, emoji: &str) -> RemoveReaction {
    RemoveReaction { message, emoji: emoji.to_owned() }
}

/// The reactions of the channel's latest message, as `actor` sees them.
async fn latest(world: &World, actor: &Actor, channel: crate::domain::ChannelId) -> Vec<Reaction> {
    let page = world.engine.ask(actor, ListMessages { channel, span: Span::Latest }).await.unwrap();
    page.messages.last().unwrap().reactions.clone()
}

fn told(reactions: &[Reaction]) -> Vec<(&str, i64, bool)> {
    reactions.iter().map(|reaction| (reaction.emoji.as_str(), reaction.count, reaction.mine)).collect()
}

// M14, M15
each_engine! {
    async fn reactions_are_a_set_that_everybody_sees_alike(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "shipped").await.message.id;
        let mut of_ana = world.observer(&ana, &acme, &general).await;
        let mut of_bo = world.observer(&bo, &acme, &general).await;
        converges!(world, [of_ana, of_bo], bo, add(message, "🎉"));
        converges!(world, [of_ana, of_bo], ana, add(message, ":thumbsup:"));
        converges!(world, [of_ana, of_bo], bo, add(message, "👍"));
        assert_eq!(told(&latest(&world, &ana, general.id).await), [("🎉", 1, false), ("👍", 2, true)]);
        assert_eq!(told(&latest(&world, &bo, general.id).await), [("🎉", 1, true), ("👍", 2, true)]);
        // Twice is once, and nobody is told again.
        world.engine.execute(bo.clone(), add(message, "👍")).await.unwrap();
        assert_eq!(of_ana.catch_up().await, 0);
        let who = world.engine.ask(&ana, ListReactions { message }).await.unwrap();
        let names: Vec<Vec<&str>> =
            who.iter().map(|emoji| emoji.people.iter().map(|one| one.person.handle.as_str()).collect()).collect();
        assert_eq!(names, [vec!["bo"], vec!["ana", "bo"]], "in the order they came");
        // An edit leaves them where they are.
        let edit = EditMessage { message, body: "shipped at last".to_owned(), version: None, reason: None };
        converges!(world, [of_ana, of_bo], ana, edit);
        converges!(world, [of_ana, of_bo], bo, remove(message, "🎉"));
        assert_eq!(told(&latest(&world, &bo, general.id).await), [("👍", 2, true)], "the last one takes its emoji away");
        world.engine.execute(bo.clone(), remove(message, "🎉")).await.unwrap();
        assert_eq!(of_ana.catch_up().await, 0);
        // It comes back behind the others.
        converges!(world, [of_ana, of_bo], bo, add(message, "🎉"));
        converges!(world, [of_ana, of_bo], ana, remove(message, "👍"));
        assert_eq!(told(&latest(&world, &ana, general.id).await), [("👍", 1, false), ("🎉", 1, false)]);
        let entry = &audited(&world, message).await[0];
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("message.react", "done"));
        assert_eq!(entry.changes["emoji"], "👍");
    }
}

// M16
each_engine! {
    async fn reactions_at_once_all_survive(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "vote").await.message.id;
        let mut voters = Vec::new();
        for n in 0..12 {
            let voter = world.person(&format!("voter{n}")).await;
            world.join(&voter, &acme).await;
            voters.push(voter);
        }
        let all = voters.iter().flat_map(|voter| {
            ["👍", "🎉"].map(|emoji| world.engine.execute(voter.clone(), add(message, emoji)))
        });
        assert!(join_all(all).await.iter().all(Result::is_ok));
        let counts: Vec<i64> = latest(&world, &ana, general.id).await.iter().map(|reaction| reaction.count).collect();
        assert_eq!(counts, [12, 12]);
        let takings = voters.iter().take(5).map(|voter| world.engine.execute(voter.clone(), remove(message, "👍")));
        assert!(join_all(takings).await.iter().all(Result::is_ok));
        let mut counts: Vec<i64> = latest(&world, &ana, general.id).await.iter().map(|reaction| reaction.count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [7, 12]);
    }
}

// M14, M21
each_engine! {
    async fn a_bad_reaction_names_its_field_and_a_deleted_message_bears_none(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "hello").await.message.id;
        let mut seen = world.observer(&ana, &acme, &general).await;
        for wrong in ["", "word", "👍👍", "<script>", ":nothing at all:"] {
            let refusal = world.engine.execute(ana.clone(), add(message, wrong)).await.unwrap_err();
            assert!(refusal.of_field("emoji").is_some(), "{wrong}: {refusal}");
        }
        let many: Vec<&str> = emojis::iter().map(emojis::Emoji::as_str).take(21).collect();
        let (last, fitting) = many.split_last().unwrap();
        assert_eq!(i64::try_from(fitting.len()).unwrap(), EMOJI_PER_MESSAGE);
        for emoji in fitting {
            world.engine.execute(ana.clone(), add(message, emoji)).await.unwrap();
        }
        let full = world.engine.execute(ana.clone(), add(message, last)).await.unwrap_err();
        assert!(full.of_field("emoji").is_some(), "{full}");
        converges!(world, [seen], ana, DeleteMessage { message });
        assert!(latest(&world, &ana, general.id).await.is_empty());
        let late = world.engine.execute(ana.clone(), add(message, "👍")).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        assert!(world.engine.ask(&ana, ListReactions { message }).await.unwrap().is_empty());
        let nowhere = world.engine.execute(ana.clone(), add(MessageId::fresh(), "👍")).await.unwrap_err();
        assert_eq!(nowhere, Error::NotFound);
    }
}

// M14, S08: who only looks on reacts to nothing.
each_engine! {
    async fn only_who_takes_part_reacts(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&ana, general.id, "hello").await.message.id;
        let refusal = world.engine.execute(bo, add(message, "👍")).await.unwrap_err();
        assert!(matches!(refusal, Error::Forbidden { .. }), "{refusal}");
        assert!(latest(&world, &ana, general.id).await.is_empty());
    }
}
