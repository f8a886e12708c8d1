use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    domain::{
        Actor, ChannelId, ChannelSummary, CommunitySummary, Error, MessageId, Time,
        command::{
            BanMember, DeleteMessage, EditMessage, FlagMessage, IndexMessages, LeaveChannel, PinMessage, PostMessage,
            UnpinMessage,
        },
        query::SearchMessages,
        search::{Found, SEARCH_PAGE},
        thread::Reply,
    },
    each_engine,
    lab::World,
    lane::indexing::index_once,
    store::{Shard, Sql, StoreError},
};

/// What is posted, and for each query which of it is found, in this order. The same file for both engines: they answer
/// alike.
#[derive(Deserialize)]
struct Labelled {
    posts: Vec<(String, String, String)>,
    queries: BTreeMap<String, Vec<usize>>,
}

async fn ask(world: &World, actor: &Actor, q: &str) -> Result<Found, Error> {
    let query = SearchMessages { community: "acme".to_owned(), q: q.to_owned(), after: None };
    world.engine.ask(actor, query).await
}

async fn found(world: &World, actor: &Actor, q: &str) -> Vec<MessageId> {
    let found = ask(world, actor, q).await.unwrap_or_else(|error| panic!("{q}: {error:?}"));
    found.hits.iter().map(|hit| hit.message).collect()
}

/// Ana's community with Bo in it, #general and a second channel.
async fn house(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let general = world.general(&ana, &acme).await;
    (ana, bo, acme, general)
}

async fn post(world: &World, author: &Actor, channel: ChannelId, body: &str) -> MessageId {
    world.post(author, channel, body).await.message.id
}

/// Everything that `labelled` holds.
async fn say(world: &World, labelled: &Labelled) -> (Actor, Vec<MessageId>) {
    let (ana, bo, acme, general) = house(world).await;
    let plans = world.channel(&ana, acme.id, "plans", false).await;
    world.add(&ana, plans.id, &bo).await;
    let mut posted = Vec::new();
    for (author, channel, body) in &labelled.posts {
        let author = if author == "ana" { &ana } else { &bo };
        let channel = if channel == "general" { general.id } else { plans.id };
        posted.push(post(world, author, channel, body).await);
    }
    (ana, posted)
}

async fn answers(
    world: &World,
    actor: &Actor,
    labelled: &Labelled,
    posted: &[MessageId],
) -> BTreeMap<String, Vec<usize>> {
    let mut answers = BTreeMap::new();
    for q in labelled.queries.keys() {
        let ids = found(world, actor, q).await;
        let places = ids.iter().map(|id| posted.iter().position(|known| known == id).unwrap());
        answers.insert(q.clone(), places.collect());
    }
    answers
}

fn labelled() -> Labelled {
    serde_json::from_str(include_str!("search.json")).unwrap()
}

// M23
each_engine! {
    async fn what_is_looked_for_is_found_newest_first(world: World) {
        let labelled = labelled();
        let (ana, posted) = say(&world, &labelled).await;
        assert_eq!(answers(&world, &ana, &labelled, &posted).await, labelled.queries);
    }

    async fn messages_of_before_are_found_once_they_are_indexed(world: World) {
        let labelled = labelled();
        let (ana, posted) = say(&world, &labelled).await;
        forget_words(&world).await;
        assert_eq!(found(&world, &ana, "hello").await, [], "the premise: nothing is indexed");
        world.engine.execute(ana.clone(), IndexMessages {}).await.expect_err("only the server does that");
        assert_eq!(index_once(&world.engine).await, Ok(posted.len()));
        assert_eq!(index_once(&world.engine).await, Ok(0));
        assert_eq!(answers(&world, &ana, &labelled, &posted).await, labelled.queries);
    }

    async fn a_word_that_is_said_often_is_found_from_the_newest_on(world: World) {
        let (ana, _, _, general) = house(&world).await;
        let mut posted = Vec::new();
        for n in 0..2_100_i64 {
            posted.push(post(&world, &ana, general.id, if n % 700 == 3 { "often rare" } else { "often" }).await);
            world.clock.advance(if n % 10 == 0 { Time::DAY / 4 } else { Time::SECOND });
        }
        posted.reverse();
        let mut after = None;
        for page in posted.chunks(SEARCH_PAGE).take(3) {
            let query = SearchMessages { community: "acme".to_owned(), q: "often".to_owned(), after };
            let found = world.engine.ask(&ana, query).await.unwrap();
            assert_eq!(found.hits.iter().map(|hit| hit.message).collect::<Vec<_>>(), page);
            assert!(found.more);
            after = found.hits.last().map(|hit| hit.message);
        }
        assert_eq!(found(&world, &ana, "often rare").await, [posted[696], posted[1396], posted[2096]]);
        let days = found(&world, &ana, "often before:2026-01-02").await;
        assert_eq!(days.first(), posted.get(2_100 - 31), "the last of the first day");
        let late = found(&world, &ana, "often after:2026-02-20 before:2026-02-22").await;
        assert_eq!(late.len(), SEARCH_PAGE);
        let last = SearchMessages { community: "acme".to_owned(), q: "rare".to_owned(), after: Some(posted[1396]) };
        let last = world.engine.ask(&ana, last).await.unwrap();
        assert_eq!((last.hits.len(), last.more), (1, false));
    }
}

/// As a database is that was made before there was an index of words.
async fn forget_words(world: &World) {
    const FORGET: Sql =
        Sql::split("search: FTS5 against tsvector", "DELETE FROM message_words", "UPDATE messages SET words = NULL");
    const BEFORE: Sql = Sql::both("INSERT INTO unindexed (message) SELECT id FROM messages");
    let forgotten = world.engine.store().write::<_, StoreError, _>(Shard(0), |conn| {
        Box::pin(async move {
            conn.run(FORGET, ()).await?;
            conn.run(BEFORE, ()).await
        })
    });
    forgotten.await.unwrap();
}

// M23, M11, M21, M22
each_engine! {
    async fn the_index_follows_what_becomes_of_a_message(world: World) {
        let (ana, bo, _, general) = house(&world).await;
        let message = post(&world, &ana, general.id, "the first words").await;
        let other = post(&world, &bo, general.id, "the other words").await;
        assert_eq!(found(&world, &bo, "is:edited").await, []);
        let edit = EditMessage { message, body: "quite `another` thing".to_owned(), version: None, reason: None };
        world.engine.execute(ana.clone(), edit).await.unwrap();
        assert_eq!(found(&world, &bo, "first").await, []);
        assert_eq!(found(&world, &bo, "another").await, [message]);
        assert_eq!(found(&world, &bo, "is:edited").await, [message]);
        assert_eq!(found(&world, &bo, "-is:edited in:general").await, [other]);
        assert_eq!(found(&world, &bo, "has:code from:ana").await, [message]);

        world.engine.execute(ana.clone(), PinMessage { message: other }).await.unwrap();
        assert_eq!(found(&world, &ana, "is:pinned").await, [other]);
        assert_eq!(found(&world, &ana, "is:pinned another").await, []);
        assert_eq!(found(&world, &ana, "is:pinned word").await, [other]);
        world.engine.execute(ana.clone(), UnpinMessage { message: other }).await.unwrap();
        assert_eq!(found(&world, &ana, "is:pinned").await, []);

        let id = MessageId::fresh();
        let reply = PostMessage {
            id,
            channel: general.id,
            body: "an answer in words".to_owned(),
            reply_to: Some(Reply::to(message)),
            expires_in: None,
        };
        world.engine.execute(bo.clone(), reply).await.unwrap();
        assert_eq!(found(&world, &ana, "is:thread").await, [id]);
        assert_eq!(found(&world, &ana, "words").await, [id, other]);
        let hit = ask(&world, &ana, "answ").await.unwrap().hits.remove(0);
        assert!(hit.in_thread && hit.channel == "general" && hit.author.handle == "bo");
        let told: Vec<_> = hit.snippet.iter().map(|piece| (piece.text.as_str(), piece.hit)).collect();
        assert_eq!(told, [("an ", false), ("answer", true), (" in words", false)]);

        // A flag changes nothing for everybody else; what is deleted is found by nobody.
        world.engine.execute(ana.clone(), FlagMessage { message: other, reason: "rude".to_owned() }).await.unwrap();
        assert_eq!(found(&world, &ana, "other").await, [other]);
        world.engine.execute(bo.clone(), DeleteMessage { message: other }).await.unwrap();
        assert_eq!(found(&world, &ana, "other").await, []);
        assert_eq!(found(&world, &ana, "from:bo").await, [id]);
    }

    async fn what_is_held_back_is_not_found(world: World) {
        const HOLD: Sql = Sql::both("UPDATE messages SET status = 'held' WHERE id = $1");
        let (ana, _, _, general) = house(&world).await;
        let message = post(&world, &ana, general.id, "wait a moment").await;
        assert_eq!(found(&world, &ana, "moment").await, [message], "the premise");
        let held = world.engine.store().write::<_, StoreError, _>(Shard(0), move |conn| {
            Box::pin(async move { conn.run(HOLD, (message,)).await })
        });
        assert_eq!(held.await.unwrap(), 1);
        assert_eq!(found(&world, &ana, "moment").await, []);
    }
}

// M23, S03, S08
each_engine! {
    async fn everybody_finds_what_they_may_read_and_nothing_else(world: World) {
        let (ana, bo, acme, general) = house(&world).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let hidden = post(&world, &ana, secret.id, "the plan is hidden").await;
        let open = post(&world, &ana, general.id, "the plan is open").await;
        assert_eq!(found(&world, &ana, "plan").await, [open, hidden]);
        assert_eq!(found(&world, &bo, "plan").await, [open]);
        let unseen = ask(&world, &bo, "in:secret plan").await.unwrap_err();
        let nowhere = ask(&world, &bo, "in:nowhere plan").await.unwrap_err();
        assert_eq!(unseen.of_field("q").unwrap().replace("secret", "nowhere"), nowhere.of_field("q").unwrap());
        let after = SearchMessages { community: "acme".to_owned(), q: "plan".to_owned(), after: Some(hidden) };
        assert!(world.engine.ask(&bo, after).await.unwrap_err().of_field("after").is_some());
        // In as long as they take part.
        world.add(&ana, secret.id, &bo).await;
        assert_eq!(found(&world, &bo, "plan").await, [open, hidden]);
        world.engine.execute(bo.clone(), LeaveChannel { channel: secret.id }).await.unwrap();
        assert_eq!(found(&world, &bo, "plan").await, [open]);

        // Another community has its own.
        let other = world.community(&bo, "other", false).await;
        let elsewhere = world.general(&bo, &other).await;
        post(&world, &bo, elsewhere.id, "the plan of others").await;
        assert_eq!(found(&world, &bo, "plan").await, [open]);
        let theirs = SearchMessages { community: "other".to_owned(), q: "plan".to_owned(), after: None };
        assert_eq!(world.engine.ask(&ana, theirs).await, Err(Error::NotFound));

        // Who is banned finds nothing, and not even that there is something.
        let cy = world.person("cy").await;
        assert_eq!(found(&world, &cy, "plan").await, [open], "a public community can be read");
        let ban = BanMember { community: acme.id, person: cy.id().unwrap(), reason: String::new() };
        world.engine.execute(ana.clone(), ban).await.unwrap();
        assert_eq!(ask(&world, &cy, "plan").await, Err(Error::NotFound));
    }

    async fn what_cannot_be_looked_for_is_named(world: World) {
        let (ana, ..) = house(&world).await;
        for (q, told) in [
            ("from:nobody", "from:nobody is nobody here"),
            ("in:nowhere", "in:nowhere is no channel here that you can see"),
            ("colour:red", "colour: is no filter"),
            ("", "must say what to look for"),
        ] {
            let error = ask(&world, &ana, q).await.unwrap_err();
            assert!(error.of_field("q").is_some_and(|text| text.starts_with(told)), "{q}: {error:?}");
        }
        assert_eq!(found(&world, &ana, "from:me").await, []);
    }

    // Whatever is typed is a word to the engines, never their own language.
    async fn no_query_is_more_than_words(world: World) {
        let (ana, _, _, general) = house(&world).await;
        let message = post(&world, &ana, general.id, "AND OR NOT NEAR(x y) it's a \\ 'test' & | ! <-> :* =link ~ * ^").await;
        for q in [
            "AND", "OR NOT", "near", "NEAR(x y)", "it's", "'test'", "\\ test", "test & | !", "test <-> :*", "x\u{0}y test",
            "test*", "^test", "test )(", "\"test\"\"", "'; DROP TABLE messages; -- test", "words: test", "{test}", "-test",
        ] {
            if let Err(error) = ask(&world, &ana, q).await {
                assert!(error.of_field("q").is_some(), "{q}: {error:?}");
            }
        }
        assert_eq!(found(&world, &ana, "test").await, [message]);
        assert_eq!(found(&world, &ana, "=link").await, [message], "a word, not the mark of a link");
        assert_eq!(found(&world, &ana, "has:link").await, []);
    }
}
