//! Who is typing (U02).

use super::*;

/// As a socket's task does for somebody who may post.
fn type_in(hub: &Hub, connection: &Attendance, channel: ChannelId, name: &str) {
    if hub.takes_typing(connection, channel) {
        hub.typing(connection, channel, name);
    }
}

// U02
#[tokio::test]
async fn typing_reaches_others_who_watch_and_not_too_often() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let topic = Topic::Channel(channel);
    let writer = hub.connect(PersonId::fresh(), None).unwrap();
    let own = hub.connect(writer.person(), None).unwrap();
    let reader = hub.connect(PersonId::fresh(), None).unwrap();
    for connection in [&writer, &own, &reader] {
        hub.watch(connection, topic).unwrap();
    }
    type_in(&hub, &writer, channel, "Ana");
    assert_eq!(frames(&reader), [], "only those who take part");
    let channel_joined = ChannelSummary {
        id: channel,
        community: CommunityId::fresh(),
        slug: "general".into(),
        name: "general".into(),
        kind: crate::domain::ChannelKind::Text,
        visibility: crate::domain::Visibility::Public,
        status: crate::domain::ChannelStatus::Active,
        topic: String::new(),
        count: 0,
        last_message_at: None,
        retention_days: None,
        slow_mode: 0,
        message_chars: 4_000,
        approval: false,
        per_minute: 0,
        reactions: true,
        participants: 1,
        participation: Some(Participation { read: 0, muted: false, level: NotificationLevel::All }),
        people: Vec::new(),
    };
    hub.publish(of_person(writer.person(), 1, Event::ChannelJoined { channel: Box::new(channel_joined) })).await;
    type_in(&hub, &writer, channel, "Ana");
    type_in(&hub, &own, channel, "Ana");
    let typing = ServerFrame::Now { now: Ephemeral::Typing { channel, person: writer.person(), name: "Ana".into() } };
    assert_eq!(frames(&reader), std::slice::from_ref(&typing));
    assert_eq!(frames(&own), [], "one's own other windows are not told");
    for _ in 0..TYPING_EVERY {
        hub.tick();
    }
    type_in(&hub, &writer, channel, "Ana");
    assert_eq!(frames(&reader), [typing]);
}
