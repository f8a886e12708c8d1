//! Rights that are lost, and sessions that end.

use super::*;

#[tokio::test]
async fn memberships_read_before_a_change_are_not_believed_after() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    let mark = hub.mark(&connection);
    hub.publish(of_person(connection.person(), 1, channel_left(channel))).await;
    assert!(!hub.place(&connection, mark, &BTreeSet::new(), &BTreeSet::from([channel])));
    hub.publish(hello(channel, 1)).await;
    assert!(matches!(turn(&connection), Some(Turn::Readmit(_))));
    assert!(turn(&connection).is_none(), "no head of a channel one has left");
}

// S08: a lost right
#[tokio::test]
async fn a_lost_right_is_asked_about_before_anything_more_is_written() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let [one, two, other] = {
        let leaver = PersonId::fresh();
        [leaver, leaver, PersonId::fresh()].map(|person| hub.connect(person, None).unwrap())
    };
    for connection in [&one, &two, &other] {
        hub.watch(connection, Topic::Channel(channel)).unwrap();
        hub.watch(connection, Topic::Person(connection.person())).unwrap();
    }
    hub.publish(hello(channel, 1)).await;
    hub.publish(of_person(one.person(), 1, channel_left(channel))).await;
    hub.publish(hello(channel, 2)).await;
    for connection in [&one, &two] {
        let Some(Turn::Readmit(topics)) = turn(connection) else { panic!("expected to be asked") };
        assert!(topics.contains(&Topic::Channel(channel)));
        hub.unwatch(connection, Topic::Channel(channel));
        let left = frames(connection);
        assert_eq!(left.len(), 1, "only the event of one's own topic is left");
        assert!(matches!(&left[0], ServerFrame::Event(envelope) if envelope.topic == Topic::Person(one.person())));
    }
    assert_eq!(seqs(&other), [1, 2], "others hear on");
    hub.check_invariants();
}

#[tokio::test]
async fn an_ended_session_is_dismissed_and_no_other() {
    let hub = Hub::default();
    let (person, ended, kept) = (PersonId::fresh(), SessionId::fresh(), SessionId::fresh());
    let one = hub.connect(person, Some(ended)).unwrap();
    let two = hub.connect(person, Some(kept)).unwrap();
    hub.publish(of_person(person, 1, Event::SessionEnded { session: ended })).await;
    assert!(matches!(turn(&one), Some(Turn::Leave(Farewell::SignedOut))));
    assert!(turn(&two).is_none());
    hub.end_session(kept);
    assert!(matches!(turn(&two), Some(Turn::Leave(Farewell::SignedOut))));
}

// C01
#[tokio::test]
async fn a_deleted_channel_has_no_audience_and_its_watchers_ask_again() {
    let (hub, channel, community) = (Hub::default(), ChannelId::fresh(), CommunityId::fresh());
    let topic = Topic::Channel(channel);
    let watcher = hub.connect(PersonId::fresh(), None).unwrap();
    let part = hub.connect(PersonId::fresh(), None).unwrap();
    hub.watch(&watcher, topic).unwrap();
    assert!(hub.place(&part, hub.mark(&part), &BTreeSet::new(), &BTreeSet::from([channel])));
    assert_eq!(part.parts(), [topic]);
    let deleted = Event::ChannelDeleted { channel, community };
    hub.publish(Envelope { topic, seq: 1, event: deleted }).await;
    assert!(matches!(turn(&watcher), Some(Turn::Readmit(_))), "before anything more is written");
    assert_eq!(part.parts(), []);
    hub.check_invariants();
}
