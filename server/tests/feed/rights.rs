//! Who hears what, and who does not any more.

use thunderline::domain::{
    ChannelId, Event, Topic,
    feed::{EndReason, ServerFrame},
};

use super::{
    client::{Browser, Server, events},
    seqs,
};

/// Posts, and waits until it was told to everybody whom it concerns: a witness has heard what was posted after it, and a
/// channel's events are told one after the other.
async fn tell_all(author: &mut Browser, channel: ChannelId, body: &str) {
    let (mut witness, _) = author.feed(&[]).await;
    witness.watch(Topic::Channel(channel), None).await;
    witness.until(|frame| matches!(frame, ServerFrame::Watching { .. }).then_some(())).await;
    author.post(channel, body).await;
    let last = author.post(channel, "and after it").await;
    witness.until(|frame| events(frame).iter().any(|e| e.event.message() == Some(last)).then_some(())).await;
}

// S08
#[tokio::test(flavor = "multi_thread")]
async fn a_private_channel_and_no_channel_have_one_answer() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let private = ana.channel(community, "hidden", true).await;
    ana.post(private, "secret").await;
    assert_eq!(ben.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    let (mut socket, _) = ben.feed(&[(Topic::Channel(private), 0)]).await;
    let end = |topic| ServerFrame::End { topic, reason: EndReason::Lost };
    assert!(socket.heard().await.contains(&end(Topic::Channel(private))));
    for topic in [Topic::Channel(private), Topic::Channel(ChannelId::fresh())] {
        for cursor in [None, Some(0)] {
            socket.watch(topic, cursor).await;
            assert_eq!(socket.heard().await, [end(topic)]);
        }
    }
    tell_all(&mut ana, private, "more").await;
    assert_eq!(socket.heard().await, [], "nothing of it is heard");
    let (mut own, _) = ana.feed(&[(Topic::Channel(private), 0)]).await;
    assert!(!seqs(own.heard().await, Topic::Channel(private)).is_empty(), "the channel is there for its participants");
    server.stopped().await;
}

// R04: who is banned loses the community, and is told why
#[tokio::test(flavor = "multi_thread")]
async fn a_ban_takes_the_community_from_an_open_socket_within_a_second() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    assert_eq!(ben.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    let (_, person) = ben.feed(&[]).await;
    let topics = [Topic::Person(person), Topic::Community(community), Topic::Channel(channel)];
    let (mut socket, _) = ben.feed(&topics.map(|topic| (topic, 0))).await;
    socket.heard().await;
    let about = [("community", &*community.to_string()), ("person", &*person.to_string()), ("reason", "junk")];
    assert_eq!(ben.call("ban_member", &about).await.status, 403, "not by himself");
    let banned = ana.call("ban_member", &about).await;
    assert_eq!(banned.status, 200, "{}", banned.body);
    let gone = async {
        let (mut why, mut left, mut ended) = (None, Vec::new(), Vec::new());
        while why.is_none() || left.len() < 2 || ended.len() < 2 {
            match socket.hear().await {
                ServerFrame::End { topic, reason: EndReason::Lost } => ended.push(topic),
                frame => {
                    for envelope in events(frame) {
                        match envelope.event {
                            Event::CommunityLeft { reason, .. } => why = Some(reason),
                            Event::ChannelLeft { channel, .. } => left.push(channel),
                            _ => {}
                        }
                    }
                }
            }
        }
        (why, ended)
    };
    let told = tokio::time::timeout(std::time::Duration::from_secs(1), gone).await;
    let (why, mut ended) = told.expect("within a second");
    assert_eq!(why.as_deref(), Some("junk"));
    ended.sort();
    assert_eq!(ended, [Topic::Community(community), Topic::Channel(channel)]);
    tell_all(&mut ana, channel, "quiet again").await;
    assert_eq!(socket.heard().await, []);
    assert_eq!(ben.get("/c/harbour").await.status, 404);
    server.stopped().await;
}

// S08: a lost right
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_right_silences_an_open_socket_within_a_second() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let private = ana.channel(community, "hidden", true).await;
    let topic = Topic::Channel(private);
    assert_eq!(ben.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    let fields = [("channel", &*private.to_string()), ("handle", "ben")];
    let added = ana.call("add_to_channel", &fields).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let (mut socket, _) = ben.feed(&[(topic, 0)]).await;
    assert!(!seqs(socket.heard().await, topic).is_empty(), "ben hears the channel he is in");
    assert_eq!(ben.call("leave_channel", &[("channel", &private.to_string())]).await.status, 200);
    let left = std::time::Instant::now();
    let end = ServerFrame::End { topic, reason: EndReason::Lost };
    socket.until(|frame| (frame == end).then_some(())).await;
    assert!(left.elapsed().as_millis() < 1_000, "it took {:?}", left.elapsed());
    tell_all(&mut ana, private, "after").await;
    assert_eq!(socket.heard().await, [], "neither events nor heads");
    server.stopped().await;
}

// C01, S08, U11: by the plain form of the page about the channel.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_from_a_private_channel_hears_no_more_of_it_on_an_open_socket() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let private = ana.channel(community, "hidden", true).await;
    let (topic, channel) = (Topic::Channel(private), private.to_string());
    assert_eq!(ben.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    assert_eq!(ana.call("add_to_channel", &[("channel", &channel), ("handle", "ben")]).await.status, 200);
    let (mut socket, person) = ben.feed(&[(topic, 0)]).await;
    assert!(!seqs(socket.heard().await, topic).is_empty(), "ben hears the channel he is in");
    let about = "/c/harbour/hidden/about";
    let page = ana.get(about).await.body;
    assert!(page.contains("/api/remove_from_channel") && page.contains("ben from the channel"), "{page}");
    assert!(!ben.get(about).await.body.contains("remove_from_channel"), "ben removes nobody");
    let fields = [("channel", &*channel), ("person", &*person.to_string())];
    let removed = ana.submit(about, "remove_from_channel", &fields).await;
    let led = "/c/harbour/hidden/about?done=removed#people";
    assert_eq!((removed.status, removed.header("location")), (303, Some(led)));
    let end = ServerFrame::End { topic, reason: EndReason::Lost };
    socket.until(|frame| (frame == end).then_some(())).await;
    tell_all(&mut ana, private, "after").await;
    assert_eq!(socket.heard().await, [], "neither events nor heads");
    assert_eq!(ben.get("/c/harbour/hidden").await.status, 404);
    let page = ana.get(led).await.body;
    assert!(page.contains("Removed from the channel.") && !page.contains("remove_from_channel"), "{page}");
    server.stopped().await;
}

// S09
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_sessions_sockets() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let (mut socket, person) = ana.feed(&[]).await;
    let mut other = server.visitor();
    let signed_in = other.call("sign_in", &[("handle", "ana"), ("password", "correct horse battery")]).await;
    assert!(signed_in.status < 400, "{}", signed_in.body);
    let (mut kept, _) = other.feed(&[]).await;
    let stale = ana.clone();
    assert!(ana.call("sign_out", &[]).await.status < 400);
    let end = ServerFrame::End { topic: Topic::Person(person), reason: EndReason::SignedOut };
    socket.until(|frame| (frame == end).then_some(())).await;
    assert_eq!(socket.hear_or_end().await, Err(Some(1008)));
    assert_eq!(stale.refused(stale.upgrade()).await, 401, "the token is worth nothing any more");
    kept.heard().await;
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_pages_signed_in_and_of_this_version_open_the_feed() {
    let server = Server::start();
    let ana = server.person("ana").await;
    assert_eq!(ana.refused(ana.upgrade()).await, 101, "the premise");
    let mut foreign = ana.upgrade();
    foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(ana.refused(foreign).await, 403);
    let mut signed_out = ana.upgrade();
    signed_out.headers_mut().remove("cookie");
    assert_eq!(ana.refused(signed_out).await, 401);
    let mut forged = ana.upgrade();
    forged.headers_mut().insert("cookie", format!("thunderline={}", "0".repeat(64)).parse().unwrap());
    assert_eq!(ana.refused(forged).await, 401);
    let mut old = ana.upgrade();
    old.headers_mut().insert("sec-websocket-protocol", "thunderline.v0".parse().unwrap());
    assert_eq!(ana.refused(old).await, 400);
    server.stopped().await;
}
