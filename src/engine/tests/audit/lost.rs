use futures_util::future::join_all;

use super::{seal_world, verdict};
use crate::{
    domain::{
        Action, Actor, ChannelId, MessageId, Role,
        command::{DeleteMessage, EditMessage, PostMessage},
        thread::Reply,
    },
    each_engine,
    lab::World,
    policy::{PolicySet, Target},
    store::{Shard, Sql, StoreError, audits, channels, messages},
};

/// Each counts what one of the three has and another lacks.
const LOST: [(&str, &str); 4] = [
    (
        "messages without their event",
        "SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.topic = m.channel \
            AND e.seq = m.seq AND e.subject = m.id AND e.name = 'message.posted')",
    ),
    (
        "events without their message",
        "SELECT count(*) FROM events e WHERE e.name = 'message.posted' \
            AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = e.subject AND m.channel = e.topic AND m.seq = e.seq)",
    ),
    (
        "messages without their audit entry",
        "SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.target = m.id \
            AND a.action = 'channel.post' AND a.outcome = 'done' AND a.actor = m.author AND a.at = m.created_at)",
    ),
    (
        "audit entries without their message",
        "SELECT count(*) FROM audit_entries a WHERE a.action = 'channel.post' AND a.outcome = 'done' \
            AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = a.target)",
    ),
];

/// Half a post, and then a failure: all of it is undone.
async fn half_a_post(world: &World, author: &Actor, channel: ChannelId, panics: bool) {
    let (actor, now) = (author.clone(), world.engine.clock().now());
    let failed = world.engine.store().write::<(), StoreError, _>(Shard::of(channel.into()), move |conn| {
        Box::pin(async move {
            let target = Target { role: Some(Role::Member), participant: true, ..Target::default() };
            let grant = PolicySet::default().grant::<PostMessage>(&actor, Action::Post, &target);
            let author = actor.id().expect("somebody signed in");
            let ground = messages::posting(conn, channel, author, MessageId::fresh()).await?.expect("a channel");
            channels::take_next(conn, &grant.expect("participants may post"), &ground.standing, now).await?;
            let entry = audits::Entry {
                action: Action::Post,
                target_kind: "message",
                target: Some(MessageId::fresh().into()),
                done: true,
                rule: None,
                changes: &serde_json::Value::Null,
            };
            audits::insert(conn, &actor, &entry, now).await?;
            assert!(!panics, "the lab's disaster");
            Err(StoreError::other("the lab's failure"))
        })
    });
    assert!(failed.await.is_err());
}

async fn disturb(world: &World, author: &Actor, channel: ChannelId, n: usize) {
    let id = MessageId::fresh();
    let post = PostMessage { id, channel, body: format!("message {n}"), reply_to: None, expires_in: None };
    match n % 10 {
        0 => half_a_post(world, author, channel, n.is_multiple_of(20)).await,
        1 => {
            let lost = PostMessage { reply_to: Some(Reply::to(MessageId::fresh())), ..post };
            assert!(world.engine.execute(author.clone(), lost).await.is_err());
        }
        2 => assert!(world.try_post(&Actor::visitor(author.surface), channel, "x").await.is_err()),
        3 => {
            let first = world.engine.execute(author.clone(), post.clone()).await.unwrap();
            assert_eq!(world.engine.execute(author.clone(), post).await.unwrap(), first);
        }
        4 => {
            world.engine.execute(author.clone(), post).await.unwrap();
            world
                .engine
                .execute(
                    author.clone(),
                    EditMessage { message: id, body: "other".to_owned(), version: None, reason: None },
                )
                .await
                .unwrap();
        }
        5 => {
            world.engine.execute(author.clone(), post).await.unwrap();
            world.engine.execute(author.clone(), DeleteMessage { message: id }).await.unwrap();
        }
        _ => drop(world.engine.execute(author.clone(), post).await.unwrap()),
    }
}

each_engine! {
    // "Nothing lost" 8, L07
    async fn messages_events_and_audit_entries_are_the_same_whatever_fails(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let lounge = world.channel(&bo, acme.id, "lounge", false).await;
        let turns = (0..400).map(|n: usize| {
            let (author, channel) = if n.is_multiple_of(3) { (&bo, lounge.id) } else if n % 3 == 1 { (&ana, general.id) } else { (&bo, general.id) };
            disturb(&world, author, channel, n)
        });
        join_all(turns).await;
        let counts = world.engine.store().read::<_, StoreError, _>(|conn| Box::pin(async move {
            let mut lost = Vec::new();
            for (what, sql) in LOST {
                lost.push((what, conn.one::<i64>(Sql::both(sql), ()).await?));
            }
            Ok((lost, conn.one::<i64>(Sql::both("SELECT count(*) FROM messages"), ()).await?))
        }));
        let (lost, messages) = counts.await.unwrap();
        assert_eq!(messages, 400 - 3 * 40, "the premise: three of ten post nothing");
        assert_eq!(lost, LOST.map(|(what, _)| (what, 0)));
        seal_world(&world).await;
        verdict(world.engine.store(), world.engine.clock().now()).await.unwrap();
    }
}
