//! The feed over a real socket.

#![expect(
    clippy::disallowed_methods,
    reason = "a test waits for its tasks itself, and its limit of a second is a real one"
)]

mod client;

use std::io::Cursor;

use client::{Server, events};
use futures_util::{SinkExt, StreamExt};
use thunderline::domain::{
    ChannelId, Event, MessageId, Presence, Seq, Topic,
    event::Ephemeral,
    feed::{ClientFrame, EndReason, ServerFrame},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, WebSocket, protocol::Role},
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
    ana.post(private, "more").await;
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
        let (mut why, mut ended) = (None, Vec::new());
        while why.is_none() || ended.len() < 2 {
            match socket.hear().await {
                ServerFrame::End { topic, reason: EndReason::Lost } => ended.push(topic),
                frame => {
                    let told = events(frame).into_iter().find_map(|envelope| match envelope.event {
                        Event::CommunityLeft { reason, .. } => Some(reason),
                        _ => None,
                    });
                    why = told.or(why);
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
    ana.post(channel, "quiet again").await;
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
    ana.post(private, "after").await;
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
    ana.post(private, "after").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_named_and_too_much_of_it_ends_the_line() {
    let server = Server::start();
    let ana = server.person("ana").await;
    let mut socket = ana.open(None).await;
    socket.say(&ClientFrame::Ping).await;
    let ServerFrame::Error { error } = socket.hear().await else { panic!("expected an error") };
    assert_eq!(error.of_field("type"), Some("the first frame must be hello"));
    socket.say(&ClientFrame::Hello { cursors: std::collections::BTreeMap::new() }).await;
    socket.until(|frame| matches!(frame, ServerFrame::Ready { .. }).then_some(())).await;
    for nonsense in ["{", "[]", r#"{"type":"dance"}"#, r#"{"type":"watch","topic":"planet:1"}"#] {
        socket.0.send(Message::text(nonsense)).await.unwrap();
        let ServerFrame::Error { error } = socket.hear().await else { panic!("expected an error") };
        assert!(error.of_field("frame").is_some(), "{error}");
    }
    for _ in 0..5 {
        socket.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
        socket.hear().await;
    }
    assert_eq!(socket.hear_or_end().await, Err(Some(1008)));
    let mut socket = ana.open(None).await;
    socket.0.send(Message::text("x".repeat(20_000))).await.unwrap();
    assert_eq!(socket.hear_or_end().await, Err(Some(1009)), "a frame that is too large ends the line, and is told why");
    server.stopped().await;
}

// P02
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_stops_is_told_what_went_stale() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let topic = Topic::Channel(channel);
    let mut slow = ana.open(Some(4_096)).await;
    slow.say(&ClientFrame::Hello { cursors: [(topic, 0)].into() }).await;
    slow.until(|frame| matches!(frame, ServerFrame::Ready { .. }).then_some(())).await;
    let (mut quick, _) = ana.feed(&[(topic, 0)]).await;
    let last = MessageId::fresh();
    // Others hear everything while one does not read.
    let reading = tokio::spawn(async move {
        quick.until(|frame| events(frame).iter().any(|e| e.event.message() == Some(last)).then_some(())).await;
    });
    let text = "all work and no play ".repeat(180);
    for _ in 0..400 {
        ana.post(channel, &text).await;
    }
    ana.post_as(last, channel, &text).await;
    reading.await.unwrap();
    slow.until(|frame| (frame == ServerFrame::Stale { topic }).then_some(())).await;
    slow.watch(topic, None).await;
    slow.until(|frame| matches!(frame, ServerFrame::Watching { .. }).then_some(())).await;
    let next = ana.post(channel, "hello again").await;
    let heard = slow.until(|frame| events(frame).pop()).await;
    assert_eq!(heard.event.message(), Some(next));
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ping_is_answered_between_frames_however_full_the_line_is() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let topic = Topic::Channel(channel);
    let mut slow = ana.open(Some(4_096)).await;
    slow.say(&ClientFrame::Hello { cursors: [(topic, 0)].into() }).await;
    slow.until(|frame| matches!(frame, ServerFrame::Ready { .. }).then_some(())).await;
    let text = "all work and no play ".repeat(180);
    for round in 0..3_u8 {
        // What did not fit in the round before was dropped, and the topic went stale.
        slow.say(&ClientFrame::Watch { topic, cursor: None }).await;
        slow.until(|frame| matches!(frame, ServerFrame::Watching { .. }).then_some(())).await;
        // More than the machine holds for a reader who stops, so that a frame is written in part.
        for _ in 0..100 {
            ana.post(channel, &text).await;
        }
        let question = Message::Ping(vec![round].into());
        slow.0.send(question).await.unwrap();
        let mut frames = 0;
        loop {
            match slow.0.next().await.unwrap().unwrap() {
                Message::Text(text) => {
                    serde_json::from_str::<ServerFrame>(&text).unwrap();
                    frames += 1;
                }
                Message::Pong(answer) => break assert_eq!(answer[..], [round]),
                other => panic!("unexpected: {other:?}"),
            }
        }
        assert!(frames > 0, "nothing waited");
    }
    server.stopped().await;
}

// One thread may serve every connection: a line on which a ping was answered must leave it to the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_ping_on_a_quiet_line_is_answered_and_holds_up_nobody() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let topic = Topic::Channel(channel);
    let mut quiet = Vec::new();
    for _ in 0..8_u8 {
        let (mut one, _) = ana.feed(&[]).await;
        one.0.send(Message::Ping(vec![7].into())).await.unwrap();
        while one.0.next().await.unwrap().unwrap() != Message::Pong(vec![7].into()) {}
        quiet.push(one);
    }
    let (mut watching, _) = ana.feed(&[(topic, 0)]).await;
    let heard = async {
        let posted = ana.post(channel, "hello").await;
        watching.until(|frame| events(frame).iter().any(|e| e.event.message() == Some(posted)).then_some(())).await;
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), heard).await.expect("the others are served");
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_speaks_before_it_is_answered_is_heard() {
    let server = Server::start();
    let ana = server.person("ana").await;
    let request = ana.upgrade();
    let mut bytes = format!("GET {} HTTP/1.1\r\n", request.uri().path()).into_bytes();
    for (name, value) in request.headers().iter().filter(|(name, _)| *name != "sec-websocket-key") {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    // The key of RFC 6455, section 1.3, and its answer.
    bytes.extend(b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    let mut hello = WebSocket::from_raw_socket(Cursor::new(bytes.clone()), Role::Client, None);
    hello.get_mut().set_position(bytes.len() as u64);
    let first = ClientFrame::Hello { cursors: std::collections::BTreeMap::new() };
    hello.send(Message::text(serde_json::to_string(&first).unwrap())).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", request.uri().port_u16().unwrap())).await.unwrap();
    stream.write_all(hello.get_ref().get_ref()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{answer}");
    let mut socket = client::Socket(WebSocketStream::from_raw_socket(stream, Role::Client, None).await);
    assert!(matches!(socket.hear().await, ServerFrame::Ready { .. }));
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

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_sends_its_clients_away_to_come_back() {
    let server = Server::start();
    let ana = server.person("ana").await;
    let (mut socket, _) = ana.feed(&[]).await;
    server.begin_to_stop();
    assert_eq!(socket.hear_or_end().await, Err(Some(1001)));
    server.stopped().await;
}
