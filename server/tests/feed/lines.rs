//! Lines that are slow, early, senseless or about to end.

use std::io::Cursor;

use futures_util::{SinkExt, StreamExt};
use thunderline::domain::{
    MessageId, Topic,
    feed::{ClientFrame, ServerFrame},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, WebSocket, protocol::Role},
};

use super::client::{Server, Socket, events};

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
    let mut socket = Socket(WebSocketStream::from_raw_socket(stream, Role::Client, None).await);
    assert!(matches!(socket.hear().await, ServerFrame::Ready { .. }));
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
