//! What those hear who do not watch.

use super::*;

// M06
#[tokio::test]
async fn a_head_tells_whom_a_message_names_and_nobody_else_so() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let (named, other) = (hub.connect(PersonId::fresh(), None).unwrap(), hub.connect(PersonId::fresh(), None).unwrap());
    for connection in [&named, &other] {
        assert!(hub.place(connection, hub.mark(connection), &BTreeSet::new(), &BTreeSet::from([channel])));
    }
    let mut envelope = hello(channel, 1);
    if let Event::MessagePosted { mentioned, .. } = &mut envelope.event {
        mentioned.push(named.person());
    }
    hub.publish(envelope).await;
    for (connection, mentioned) in [(&named, true), (&other, false)] {
        assert_eq!(frames(connection), [ServerFrame::Head { channel, seq: 1, count: 1, mentioned, read: None }]);
    }
}

#[tokio::test]
async fn who_takes_part_without_watching_hears_the_latest_head() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    assert!(hub.place(&connection, hub.mark(&connection), &BTreeSet::new(), &BTreeSet::from([channel])));
    for seq in 1..=3 {
        hub.publish(hello(channel, seq)).await;
    }
    assert_eq!(frames(&connection), [ServerFrame::Head { channel, seq: 3, count: 3, mentioned: false, read: None }]);
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    hub.publish(hello(channel, 4)).await;
    assert_eq!(seqs(&connection), [4]);
    hub.unwatch(&connection, Topic::Channel(channel));
    hub.publish(hello(channel, 5)).await;
    assert_eq!(frames(&connection).len(), 1, "the head again");
    hub.check_invariants();
}

// C13, U12
#[tokio::test]
async fn whoever_writes_has_read_it_in_every_tab_whatever_others_write_meanwhile() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let tab = hub.connect(PersonId::fresh(), None).unwrap();
    assert!(hub.place(&tab, hub.mark(&tab), &BTreeSet::new(), &BTreeSet::from([channel])));
    for seq in 1..=3 {
        let mut envelope = hello(channel, seq);
        if let Event::MessagePosted { message, mentioned, .. } = &mut envelope.event
            && seq == 2
        {
            message.author.id = tab.person();
            mentioned.push(tab.person());
        }
        hub.publish(envelope).await;
    }
    let head = |seq, read| ServerFrame::Head { channel, seq, count: seq, mentioned: false, read };
    assert_eq!(frames(&tab), [head(3, None), head(2, Some(2))]);
}
