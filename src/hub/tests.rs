use std::{
    collections::BTreeSet,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        ChannelSummary, CommunitySummary, Envelope, Event, Message, MessageId, PersonSummary, Seq, Time,
        channel::{NotificationLevel, Participation},
        feed::TOPICS_PER_CONNECTION,
        member::Departure,
        message::{MessageKind, MessageStatus},
        person::PersonKind,
    },
    view::{Cursors, Step},
};

fn person(name: &str) -> PersonSummary {
    PersonSummary { id: PersonId::fresh(), handle: name.to_owned(), name: name.to_owned(), kind: PersonKind::Person }
}

fn posted(channel: ChannelId, seq: Seq, html: String) -> Envelope {
    let message = Message {
        id: MessageId::fresh(),
        channel,
        position: Some(seq),
        place: None,
        author: person("ana"),
        kind: MessageKind::Text,
        status: MessageStatus::Active,
        html,
        reply_to: None,
        root: None,
        quote: None,
        thread: None,
        created_at: Time::default(),
        edited_at: None,
        expires_at: None,
        pinned: false,
        reactions: Vec::new(),
    };
    Envelope {
        topic: Topic::Channel(channel),
        seq,
        event: Event::MessagePosted { message: Box::new(message), mentioned: Vec::new() },
    }
}

fn hello(channel: ChannelId, seq: Seq) -> Envelope {
    posted(channel, seq, "hello".to_owned())
}

fn of_person(person: PersonId, seq: Seq, event: Event) -> Envelope {
    Envelope { topic: Topic::Person(person), seq, event }
}

fn channel_left(channel: ChannelId) -> Event {
    Event::ChannelLeft { channel, community: CommunityId::fresh() }
}

fn turn(connection: &Connection) -> Option<Turn> {
    match connection.poll_turn(&Context::from_waker(Waker::noop())) {
        Poll::Ready(turn) => Some(turn),
        Poll::Pending => None,
    }
}

fn parcel(connection: &Connection) -> Parcel {
    match turn(connection) {
        Some(Turn::Write(parcel)) => parcel,
        None => Parcel::default(),
        Some(other) => panic!("expected something to write, not {other:?}"),
    }
}

fn frames(connection: &Connection) -> Vec<ServerFrame> {
    parcel(connection).frames.iter().map(|frame| decode(frame)).collect()
}

fn decode(frame: &Frame) -> ServerFrame {
    serde_json::from_slice(frame.text()).unwrap()
}

fn seqs(connection: &Connection) -> Vec<Seq> {
    let seq = |frame: ServerFrame| match frame {
        ServerFrame::Event(envelope) => envelope.seq,
        other => panic!("expected an event, not {other:?}"),
    };
    frames(connection).into_iter().map(seq).collect()
}

fn presences(connection: &Connection) -> Vec<(PersonId, Presence)> {
    let told = |frame: ServerFrame| match frame {
        ServerFrame::Now { now: Ephemeral::Presence { person, state } } => Some((person, state)),
        _ => None,
    };
    frames(connection).into_iter().filter_map(told).collect()
}

fn member(hub: &Hub, community: CommunityId) -> Attendance {
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    assert!(hub.place(&connection, hub.mark(&connection), &BTreeSet::from([community]), &BTreeSet::new()));
    connection
}

/// A client that follows one channel of a log, step by step, so that anything may happen between two steps.
struct Follower {
    connection: Attendance,
    topic: Topic,
    cursors: Cursors,
    applied: Vec<Seq>,
    step: u8,
    read: Vec<Seq>,
    /// What the socket has written and the client not yet read.
    line: Vec<ServerFrame>,
}

impl Follower {
    fn new(hub: &Hub, channel: ChannelId) -> Self {
        let connection = hub.connect(PersonId::fresh(), None).unwrap();
        let topic = Topic::Channel(channel);
        let mut cursors = Cursors::default();
        cursors.set(topic, 0);
        Self { connection, topic, cursors, applied: Vec::new(), step: 0, read: Vec::new(), line: Vec::new() }
    }

    /// One step of the socket: watch, admit, read the log, write the catch-up, and from then on what waits.
    fn advance(&mut self, hub: &Hub, log: Seq) {
        let cursor = self.cursors.get(self.topic).unwrap();
        match self.step {
            0 => hub.watch(&self.connection, self.topic).unwrap(),
            1 => self.read = (cursor + 1..=log).collect(),
            2 => {
                let upto = self.read.last().copied().unwrap_or(cursor);
                for seq in std::mem::take(&mut self.read) {
                    self.apply(seq);
                }
                self.connection.caught_up(self.topic, upto);
            }
            _ => {
                self.line = frames(&self.connection);
                for frame in std::mem::take(&mut self.line) {
                    match frame {
                        ServerFrame::Event(envelope) => self.apply(envelope.seq),
                        ServerFrame::Stale { topic } => {
                            assert_eq!(topic, self.topic);
                            // The client reads afresh: it has everything of the log without having applied it.
                            self.applied.extend(self.cursors.get(topic).unwrap() + 1..=log);
                            self.cursors.set(topic, log);
                            self.step = 0;
                            return;
                        }
                        other => panic!("unexpected {other:?}"),
                    }
                }
                return;
            }
        }
        self.step += 1;
    }

    fn apply(&mut self, seq: Seq) {
        match self.cursors.step(self.topic, seq) {
            Step::Apply => self.applied.push(seq),
            Step::Drop => panic!("{seq} was sent twice"),
            Step::Gap => panic!("something is missing before {seq}"),
        }
    }
}

proptest! {
    // U05, P02: whatever is committed, published and read in between, nothing is missing, doubled or out of order,
    // also when the queue overflows.
    #[test]
    fn nothing_falls_between_the_catch_up_and_what_is_live(
        steps in prop::collection::vec(0_u8..4, 1..400),
        bytes in prop::sample::select(vec![10_usize, 9_000]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let hub = Hub::default();
        let channel = ChannelId::fresh();
        let mut followers = [Follower::new(&hub, channel), Follower::new(&hub, channel)];
        let (mut committed, mut published) = (0, 0);
        for step in steps {
            match step {
                0 => committed += 1,
                1 if published < committed => {
                    published += 1;
                    runtime.block_on(hub.publish(posted(channel, published, "x".repeat(bytes))));
                }
                1 => {}
                other => followers[usize::from(other) - 2].advance(&hub, committed),
            }
            hub.check_invariants();
        }
        while published < committed {
            published += 1;
            runtime.block_on(hub.publish(posted(channel, published, "x".repeat(bytes))));
        }
        for follower in &mut followers {
            for _ in 0..12 {
                follower.advance(&hub, committed);
            }
            prop_assert_eq!(&follower.applied, &(1..=committed).collect::<Vec<_>>());
        }
        hub.check_invariants();
    }
}

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
        assert_eq!(frames(connection), [ServerFrame::Head { channel, seq: 1, count: 1, mentioned }]);
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
    assert_eq!(frames(&connection), [ServerFrame::Head { channel, seq: 3, count: 3, mentioned: false }]);
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    hub.publish(hello(channel, 4)).await;
    assert_eq!(seqs(&connection), [4]);
    hub.unwatch(&connection, Topic::Channel(channel));
    hub.publish(hello(channel, 5)).await;
    assert_eq!(frames(&connection).len(), 1, "the head again");
    hub.check_invariants();
}

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

// U03
#[test]
fn a_reload_does_not_blink() {
    let (hub, community) = (Hub::default(), CommunityId::fresh());
    let watcher = member(&hub, community);
    hub.watch(&watcher, Topic::Community(community)).unwrap();
    assert_eq!(parcel(&watcher).rosters, [community]);
    let guest = member(&hub, community);
    let person = guest.person();
    assert_eq!(presences(&watcher), [(person, Presence::Online)]);
    drop(guest);
    hub.tick();
    let back = hub.connect(person, None).unwrap();
    for _ in 0..=GRACE {
        hub.tick();
    }
    assert_eq!(presences(&watcher), [], "came back in time");
    drop(back);
    for _ in 0..GRACE - 1 {
        hub.tick();
    }
    assert_eq!(presences(&watcher), []);
    hub.tick();
    assert_eq!(presences(&watcher), [(person, Presence::Offline)]);
    assert_eq!(hub.presence(person), Presence::Offline);
    hub.check_invariants();
}

// U03
#[test]
fn a_person_is_as_available_as_their_most_available_connection() {
    let (hub, community) = (Hub::default(), CommunityId::fresh());
    let watcher = member(&hub, community);
    hub.watch(&watcher, Topic::Community(community)).unwrap();
    let one = member(&hub, community);
    let two = hub.connect(one.person(), None).unwrap();
    parcel(&watcher);
    hub.set_presence(&one, Presence::Away);
    assert_eq!(presences(&watcher), []);
    hub.set_presence(&two, Presence::DoNotDisturb);
    assert_eq!(presences(&watcher), [(one.person(), Presence::Away)]);
    hub.set_presence(&one, Presence::Offline);
    assert_eq!(presences(&watcher), [], "nobody says of themselves that they are offline");
    let roster: ServerFrame = decode(&hub.roster(community));
    let ServerFrame::Roster { people, .. } = roster else { panic!("expected a roster") };
    assert!(people.contains(&(one.person(), Presence::Away)) && people.len() == 2);
    hub.check_invariants();
}

#[test]
fn a_crowd_is_not_told_one_by_one() {
    let (hub, community) = (Hub::default(), CommunityId::fresh());
    let watcher = member(&hub, community);
    hub.watch(&watcher, Topic::Community(community)).unwrap();
    parcel(&watcher);
    let mut crowd: Vec<Attendance> = (0..CROWD + 100).map(|_| member(&hub, community)).collect();
    assert_eq!(presences(&watcher).len(), CROWD - 1);
    hub.check_invariants();
    crowd.truncate(3);
    for _ in 0..GRACE {
        hub.tick();
    }
    let left = parcel(&watcher);
    assert_eq!(left.rosters, [community], "who is there is told afresh when the crowd is over");
    hub.check_invariants();
}

#[tokio::test]
async fn joining_and_leaving_a_community_shows_and_hides_its_people() {
    let (hub, community) = (Hub::default(), CommunityId::fresh());
    let watcher = member(&hub, community);
    hub.watch(&watcher, Topic::Community(community)).unwrap();
    let guest = hub.connect(PersonId::fresh(), None).unwrap();
    parcel(&watcher);
    let joined = CommunitySummary {
        id: community,
        slug: "c".into(),
        name: "C".into(),
        description: String::new(),
        public: true,
        members: 2,
        role: None,
    };
    hub.publish(of_person(guest.person(), 1, Event::CommunityJoined { community: Box::new(joined) })).await;
    assert_eq!(presences(&watcher), [(guest.person(), Presence::Online)]);
    hub.publish(of_person(
        guest.person(),
        2,
        Event::CommunityLeft { community, departure: Departure::Left, reason: String::new() },
    ))
    .await;
    assert_eq!(presences(&watcher), [(guest.person(), Presence::Offline)]);
    assert!(matches!(turn(&guest), Some(Turn::Readmit(_))));
    hub.check_invariants();
}

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
        participants: 1,
        participation: Some(Participation { read: 0, muted: false, level: NotificationLevel::All }),
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
        let Turn::Write(parcel) = connection.turn().await else { panic!("expected something to write") };
        parcel.frames.len()
    };
    let (written, ()) = tokio::join!(waiting, hub.publish(hello(channel, 1)));
    assert_eq!(written, 1);
}
