//! What a connection is sent, and what it holds.

use super::*;

#[tokio::test]
async fn what_is_published_twice_is_sent_once() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    for seq in [1, 2, 1, 2, 3] {
        hub.publish(hello(channel, seq)).await;
    }
    assert_eq!(seqs(&connection), [1, 2, 3]);
    hub.publish(hello(ChannelId::fresh(), 1)).await;
    assert!(turn(&connection).is_none(), "another channel's event is not sent");
}

#[tokio::test]
async fn one_encoding_is_shared_by_all() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let [a, b] = [(); 2].map(|()| hub.connect(PersonId::fresh(), None).unwrap());
    hub.watch(&a, Topic::Channel(channel)).unwrap();
    hub.watch(&b, Topic::Channel(channel)).unwrap();
    hub.publish(hello(channel, 1)).await;
    assert!(Arc::ptr_eq(&parcel(&a).frames[0], &parcel(&b).frames[0]));
}

// P02
#[tokio::test]
async fn a_reader_who_stopped_is_told_what_went_stale_and_costs_no_more() {
    let (hub, channel, other) = (Hub::default(), ChannelId::fresh(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    hub.watch(&connection, Topic::Channel(other)).unwrap();
    hub.publish(hello(other, 1)).await;
    for seq in 1..=200 {
        hub.publish(posted(channel, seq, "x".repeat(1_000))).await;
        hub.check_invariants();
    }
    assert_eq!(hub.figures().overflowed, 1, "once is enough: after it nothing more waits");
    let told: BTreeSet<Topic> = frames(&connection)
        .into_iter()
        .map(|frame| match frame {
            ServerFrame::Stale { topic } => topic,
            frame => panic!("expected stale, not {frame:?}"),
        })
        .collect();
    assert_eq!(told, BTreeSet::from([Topic::Channel(channel), Topic::Channel(other)]));
    hub.publish(hello(channel, 201)).await;
    assert!(turn(&connection).is_none(), "nothing is sent until the client asks again");
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    connection.caught_up(Topic::Channel(channel), 201);
    hub.publish(hello(channel, 202)).await;
    assert_eq!(seqs(&connection), [202]);
}

#[tokio::test]
async fn many_small_frames_are_bounded_by_their_number() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    let topic = Topic::Channel(channel);
    hub.watch(&connection, topic).unwrap();
    let gone = Event::ParticipantLeft { person: PersonId::fresh(), participants: 1 };
    for seq in 1..=i64::try_from(QUEUE_FRAMES).unwrap() + 1 {
        hub.publish(Envelope { topic, seq, event: gone.clone() }).await;
        hub.check_invariants();
    }
    assert_eq!(frames(&connection), [ServerFrame::Stale { topic }]);
}

#[test]
fn a_connection_watches_only_so_many_topics() {
    let hub = Hub::default();
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    let first = Topic::Channel(ChannelId::fresh());
    hub.watch(&connection, first).unwrap();
    for _ in 1..TOPICS_PER_CONNECTION {
        hub.watch(&connection, Topic::Channel(ChannelId::fresh())).unwrap();
    }
    let more = Topic::Channel(ChannelId::fresh());
    assert_eq!(hub.watch(&connection, more), Err(TooManyTopics));
    assert_eq!(hub.watch(&connection, first), Ok(()), "what is watched can be asked for again");
    hub.unwatch(&connection, first);
    assert_eq!(hub.watch(&connection, more), Ok(()));
    hub.check_invariants();
}

#[test]
fn a_silent_line_is_tested_and_then_let_go() {
    let hub = Hub::default();
    let (silent, heard) =
        (hub.connect(PersonId::fresh(), None).unwrap(), hub.connect(PersonId::fresh(), None).unwrap());
    let mut pings = 0;
    for _ in 0..SILENCE - 1 {
        hub.tick();
        hub.heard(&heard);
        pings += usize::from(parcel(&silent).ping);
    }
    assert_eq!(pings, 2);
    hub.tick();
    assert!(matches!(turn(&silent), Some(Turn::Leave(Farewell::Silent))));
    assert!(turn(&heard).is_none());
}

#[test]
fn a_stopping_hub_sends_everybody_away_and_takes_nobody() {
    let hub = Hub::default();
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    hub.close();
    assert!(matches!(turn(&connection), Some(Turn::Leave(Farewell::GoingAway))));
    assert!(hub.connect(PersonId::fresh(), None).is_none());
}

#[tokio::test]
async fn what_is_offered_wakes_the_task() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    let waiting = async {
        let Turn::Write(parcel) = connection.turn(true).await else { panic!("expected something to write") };
        parcel.frames.len()
    };
    let (written, ()) = tokio::join!(waiting, hub.publish(hello(channel, 1)));
    assert_eq!(written, 1);
}
