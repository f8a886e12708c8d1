//! The feed over a real socket: what is heard live, after a break, and of who is there.

#![expect(
    clippy::disallowed_methods,
    reason = "a test waits for its tasks itself, and its limit of a second is a real one"
)]

#[path = "../client/mod.rs"]
mod client;
mod lines;
mod rights;

use client::{Server, events};
use thunderline::domain::{
    Event, Presence, Seq, Topic,
    event::Ephemeral,
    feed::{ClientFrame, ServerFrame},
};

fn seqs(frames: Vec<ServerFrame>, topic: Topic) -> Vec<Seq> {
    frames
        .into_iter()
        .flat_map(events)
        .filter(|envelope| envelope.topic == topic)
        .map(|envelope| envelope.seq)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_posted_is_heard_live_and_after_a_break() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let topic = Topic::Channel(channel);
    let (mut socket, person) = ana.feed(&[(topic, 0)]).await;
    let before = seqs(socket.heard().await, topic).last().copied().unwrap_or(0);
    ana.post(channel, "one").await;
    let live = socket.until(|frame| events(frame).pop()).await;
    assert_eq!((live.topic, live.seq), (topic, before + 1));
    let Event::MessagePosted { message, .. } = &live.event else { panic!("not posted: {live:?}") };
    assert_eq!((message.author.id, message.html.contains("one")), (person, true));
    drop(socket);
    ana.post(channel, "two").await;
    ana.post(channel, "three").await;
    let (mut socket, _) = ana.feed(&[(topic, live.seq)]).await;
    assert_eq!(seqs(socket.heard().await, topic), [live.seq + 1, live.seq + 2]);
    let (mut socket, _) = ana.feed(&[(topic, live.seq + 100)]).await;
    assert!(socket.heard().await.contains(&ServerFrame::Stale { topic }), "a cursor nobody gave is stale");
    server.stopped().await;
}

// U05: the gap between catch-up and live
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_missing_or_doubled_for_whoever_comes_while_others_post() {
    const POSTS: usize = 60;
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let topic = Topic::Channel(channel);
    let (mut first, _) = ana.feed(&[]).await;
    first.watch(topic, None).await;
    let watching = |frame| if let ServerFrame::Watching { head, .. } = frame { Some(head) } else { None };
    let start = first.until(watching).await;
    let mut writer = ana.clone();
    let posting = tokio::spawn(async move {
        for n in 0..POSTS {
            writer.post(channel, &format!("post {n}")).await;
        }
    });
    let last = start + Seq::try_from(POSTS).unwrap();
    let comers = (0..12).map(|_| {
        let ana = ana.clone();
        tokio::spawn(async move {
            let (mut socket, _) = ana.feed(&[(topic, start)]).await;
            let mut heard = Vec::new();
            while heard.last() != Some(&last) {
                heard.extend(seqs(vec![socket.hear().await], topic));
            }
            heard
        })
    });
    let comers: Vec<_> = comers.collect();
    for comer in comers {
        assert_eq!(comer.await.unwrap(), (start + 1..=last).collect::<Vec<_>>());
    }
    posting.await.unwrap();
    server.stopped().await;
}

// U02, U03, C13
#[tokio::test(flavor = "multi_thread")]
async fn presence_typing_and_heads_reach_who_they_concern() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    assert_eq!(ben.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    assert_eq!(ben.call("join_channel", &[("channel", &channel.to_string())]).await.status, 200);
    let (topic, place) = (Topic::Channel(channel), Topic::Community(community));
    let (mut anas, ana_id) = ana.feed(&[]).await;
    anas.watch(place, None).await;
    anas.watch(topic, None).await;
    let roster = anas.until(|frame| if let ServerFrame::Roster { people, .. } = frame { Some(people) } else { None });
    assert_eq!(roster.await, [(ana_id, Presence::Online)]);
    let (mut bens, ben_id) = ben.feed(&[]).await;
    let arrived = ServerFrame::Now { now: Ephemeral::Presence { person: ben_id, state: Presence::Online } };
    anas.until(|frame| (frame == arrived).then_some(())).await;
    ana.post(channel, "hello").await;
    let head = bens.until(|frame| match frame {
        ServerFrame::Head { channel: of, count: 1, .. } if of == channel => Some(()),
        _ => None,
    });
    head.await;
    bens.watch(topic, None).await;
    bens.say(&ClientFrame::Typing { channel }).await;
    let typing = ServerFrame::Now { now: Ephemeral::Typing { channel, person: ben_id, name: "ben".into() } };
    anas.until(|frame| (frame == typing).then_some(())).await;
    bens.say(&ClientFrame::Presence { state: Presence::Away }).await;
    let away = ServerFrame::Now { now: Ephemeral::Presence { person: ben_id, state: Presence::Away } };
    anas.until(|frame| (frame == away).then_some(())).await;
    server.stopped().await;
}
