use futures_util::future::join_all;

use super::{latest, places, reply, thread, told};
use crate::{
    converges,
    domain::{Actor, MessageId, command::DeleteMessage, query::Span},
    each_engine,
    lab::World,
};

/// So many people in #general.
async fn crowd(world: &World, many: usize) -> (Vec<Actor>, crate::domain::CommunitySummary) {
    let ana = world.person("ana").await;
    let acme = world.community(&ana, "acme", true).await;
    let mut people = vec![ana];
    for n in 1..many {
        let person = world.person(&format!("person{n:02}")).await;
        world.join(&person, &acme).await;
        people.push(person);
    }
    (people, acme)
}

// M05, M16: the count is what a thread holds, whoever came first.
each_engine! {
    async fn twelve_people_who_reply_at_once_are_all_counted(world: World) {
        let (people, acme) = crowd(&world, 12).await;
        let general = world.general(&people[0], &acme).await;
        let root = world.post(&people[0], general.id, "who is in?").await.message.id;
        let mut seen = world.observer(&people[0], &acme, &general).await;
        seen.open_thread(root).await;
        let posts = people.iter().flat_map(|person| {
            (0..3).map(|n| world.engine.execute(person.clone(), reply(general.id, &format!("me {n}"), root)))
        });
        let posted: Vec<_> = join_all(posts).await.into_iter().collect::<Result<_, _>>().unwrap();
        seen.converges().await;
        let root_now = &latest(&world, &people[0], general.id).await[0];
        assert_eq!(told(root_now).map(|(replies, people, faces)| (replies, people, faces.len())), Some((36, 12, 5)));
        assert_eq!(places(&thread(&world, &people[0], root, Span::Latest).await), (1..=36).collect::<Vec<_>>());

        // Deleting at once, the same one twice, while others reply.
        let mut dice = 7_u64;
        let mut chance = move || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            dice >> 63 == 1
        };
        let doomed: Vec<(Actor, MessageId)> = posted
            .iter()
            .filter(|_| chance())
            .map(|posted| {
                let author = people.iter().find(|person| person.id() == Some(posted.message.author.id)).unwrap();
                (author.clone(), posted.message.id)
            })
            .collect();
        let deletions = doomed.iter().chain(&doomed).map(|(author, message)| {
            world.engine.execute(author.clone(), DeleteMessage { message: *message })
        });
        let more = people.iter().map(|person| world.engine.execute(person.clone(), reply(general.id, "more", root)));
        let (deleted, more) = futures_util::future::join(join_all(deletions), join_all(more)).await;
        assert!(deleted.iter().all(Result::is_ok) && more.iter().all(Result::is_ok));
        seen.converges().await;
        let view = thread(&world, &people[0], root, Span::Latest).await;
        assert_eq!(places(&view), (1..=48).collect::<Vec<_>>());
        let alive: Vec<_> = view.page.messages.iter().filter(|message| !message.is_deleted()).collect();
        let mut authors: Vec<_> = alive.iter().map(|message| message.author.id).collect();
        authors.sort_unstable();
        authors.dedup();
        let counted = view.root.thread.as_ref().unwrap();
        assert_eq!((counted.replies, counted.people), (i64::try_from(alive.len()).unwrap(), i64::try_from(authors.len()).unwrap()), "counted afresh");
        assert_eq!(Some(counted.last_reply_at), alive.iter().map(|message| message.created_at).max());
        // One less whoever it is: the last of all of them is none.
        for message in alive {
            let author = people.iter().find(|person| person.id() == Some(message.author.id)).unwrap();
            world.engine.execute(author.clone(), DeleteMessage { message: message.id }).await.unwrap();
        }
        seen.converges().await;
        assert_eq!(told(&latest(&world, &people[0], general.id).await[0]), None);
        converges!(world, [seen], people[3], reply(general.id, "one more", root));
    }
}
