//! A process that posts, and now and then half-way fails, until it is killed.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use load::{
    chance::Chance,
    failure::{Failure, Result},
};
use thunderline::{
    domain::{Action, Actor, ChannelId, Error, MessageId, Role, account::SessionToken, command::PostMessage},
    engine::Engine,
    policy::{PolicySet, Target},
    queue::Pace,
    store::{Shard, StoreError, audits, channels, messages},
};
use tokio::task::JoinSet;

use crate::{engine, options::Poster, town::whoever};

/// Of so many posts one is undone half-way.
const UNDONE: usize = 10;

/// Says `posting` once it begins, `ack <id>` of each post that is acknowledged, and `end` when that is enough.
pub async fn post(options: &Poster) -> Result<()> {
    // Its disasters are meant.
    std::panic::set_hook(Box::new(|_| {}));
    let engine = engine::open(&options.at, Some(Pace::of), |_| {}).await?;
    let mut people = Vec::new();
    for token in &options.tokens {
        people.push(whoever(&engine, &SessionToken::new(token)).await?);
    }
    println!("posting");
    let (left, chance) = (Arc::new(AtomicU64::new(options.posts)), Arc::new(Mutex::new(Chance::new(options.seed))));
    let mut senders = JoinSet::new();
    for number in 0..options.senders {
        let (engine, left, chance) = (engine.clone(), left.clone(), chance.clone());
        let author = people[number % people.len()].clone();
        let channel = options.channels[number % options.channels.len()];
        senders.spawn(async move {
            while left.try_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
                let throw = || chance.lock().unwrap_or_else(PoisonError::into_inner).below(2 * UNDONE);
                match throw() {
                    0 => half_a_post(&engine, &author, channel, true).await,
                    1 => half_a_post(&engine, &author, channel, false).await,
                    _ => {}
                }
                one(&engine, &author, channel).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    engine.close().await;
    println!("end");
    Ok(())
}

/// Posts, with the same id until it is acknowledged.
async fn one(engine: &Engine, author: &Actor, channel: ChannelId) -> Result<()> {
    let post = PostMessage {
        id: MessageId::fresh(),
        channel,
        body: "still here?".to_owned(),
        reply_to: None,
        expires_in: None,
    };
    loop {
        match engine.execute(author.clone(), post.clone()).await {
            Ok(_) => break,
            Err(Error::Unavailable) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    println!("ack {}", post.id);
    Ok(())
}

/// Half a post, and then a failure: all of it is undone.
async fn half_a_post(engine: &Engine, author: &Actor, channel: ChannelId, panics: bool) {
    let (actor, now) = (author.clone(), engine.clock().now());
    let failed = engine.store().write::<(), StoreError, _>(Shard::of(channel.into()), move |conn| {
        Box::pin(async move {
            let target = Target { role: Some(Role::Member), participant: true, ..Target::default() };
            let grant = PolicySet::default().grant::<PostMessage>(&actor, Action::Post, &target);
            let (grant, author) = (grant.map_err(|_| other("participants may post"))?, actor.id());
            let author = author.ok_or_else(|| other("somebody signed in"))?;
            let ground = messages::posting(conn, channel, author, MessageId::fresh()).await?;
            let ground = ground.ok_or_else(|| other("a channel"))?;
            channels::take_next(conn, &grant, &ground.standing, now).await?;
            let entry = audits::Entry {
                action: Action::Post,
                target_kind: "message",
                target: Some(MessageId::fresh().into()),
                done: true,
                rule: None,
                changes: &serde_json::Value::Null,
            };
            audits::insert(conn, &actor, &entry, now).await?;
            assert!(!panics, "a disaster");
            Err(other("a failure"))
        })
    });
    assert!(failed.await.is_err(), "half a post was kept");
}

fn other(cause: &'static str) -> StoreError {
    StoreError::other(cause)
}
