//! What is written at once, past the connection's task.

use super::*;

/// The other end of a line: takes so many bytes, and keeps what it was given.
#[derive(Clone, Debug)]
struct Wire(Arc<Mutex<Taken>>);

#[derive(Debug)]
struct Taken {
    room: usize,
    bytes: Vec<u8>,
}

impl Wire {
    fn attach(connection: &Connection, room: usize) -> Self {
        let wire = Self(Arc::new(Mutex::new(Taken { room, bytes: Vec::new() })));
        connection.write_through(Box::new(wire.clone()));
        wire
    }

    fn bytes(&self) -> Vec<u8> {
        lock(&self.0).bytes.clone()
    }

    fn make_room(&self) {
        lock(&self.0).room = usize::MAX;
    }
}

impl Outlet for Wire {
    fn write(&self, frames: &[Arc<Frame>]) -> Written {
        let mut taken = lock(&self.0);
        let mut written = Written::default();
        for frame in frames {
            let part = taken.room.min(frame.len());
            taken.room -= part;
            taken.bytes.extend(&frame.wire()[..part]);
            if part < frame.len() {
                written.begun = part;
                break;
            }
            written.frames += 1;
        }
        written
    }
}

fn watching(hub: &Hub, channel: ChannelId) -> Attendance {
    let connection = hub.connect(PersonId::fresh(), None).unwrap();
    hub.watch(&connection, Topic::Channel(channel)).unwrap();
    connection
}

fn wire_of(envelope: Envelope) -> Vec<u8> {
    Frame::encode(&ServerFrame::Event(envelope)).wire().to_vec()
}

#[tokio::test]
async fn what_is_published_while_the_task_waits_is_written_at_once_and_in_order() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let wire = Wire::attach(&connection, usize::MAX);
    let events = [1, 2, 3].map(|seq| hello(channel, seq));
    let [first, ..] = events.clone();
    hub.publish(first).await;
    assert!(wire.bytes().is_empty(), "the task has not said that it waits");
    let waited = parcel(&connection);
    assert_eq!(waited.frames.len(), 1);
    assert!(turn(&connection).is_none());
    for event in events[1..].iter().cloned() {
        hub.publish(event).await;
    }
    assert_eq!(wire.bytes(), [wire_of(events[1].clone()), wire_of(events[2].clone())].concat());
    assert!(turn(&connection).is_none(), "nothing is written twice");
    hub.check_invariants();
}

#[tokio::test]
async fn nothing_is_written_past_a_task_that_writes() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let wire = Wire::attach(&connection, usize::MAX);
    assert!(turn(&connection).is_none());
    assert!(connection.hold(), "the line is whole");
    hub.publish(hello(channel, 1)).await;
    assert!(wire.bytes().is_empty());
    assert_eq!(seqs(&connection), [1]);
    assert!(connection.poll_turn(&Context::from_waker(Waker::noop()), false).is_pending());
    hub.publish(hello(channel, 2)).await;
    assert!(wire.bytes().is_empty(), "the task owes something itself");
    assert_eq!(seqs(&connection), [2]);
}

#[tokio::test]
async fn the_rest_of_a_frame_goes_before_everything_else() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let whole = wire_of(hello(channel, 1)).len();
    let wire = Wire::attach(&connection, whole + 10);
    assert!(turn(&connection).is_none());
    hub.publish(hello(channel, 1)).await;
    hub.publish(hello(channel, 2)).await;
    hub.publish(hello(channel, 3)).await;
    assert_eq!(wire.bytes().len(), whole + 10);
    assert!(!connection.hold(), "a frame is torn");
    hub.unwatch(&connection, Topic::Channel(channel));
    connection.dismiss(Farewell::Silent);
    let rest = parcel(&connection);
    assert_eq!((rest.begun, rest.frames.len()), (10, 1), "what was begun is finished, whatever happened since");
    assert_eq!(rest.frames[0].seq(), Some(2));
    assert!(matches!(turn(&connection), Some(Turn::Leave(Farewell::Silent))));
    hub.check_invariants();
}

#[tokio::test]
async fn what_does_not_fit_waits_behind_the_torn_frame() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let wire = Wire::attach(&connection, 10);
    assert!(turn(&connection).is_none());
    hub.publish_all((1..=3).map(|seq| (hello(channel, seq), tracing::Span::none())).collect()).await;
    hub.publish(hello(channel, 4)).await;
    assert_eq!(wire.bytes().len(), 10);
    wire.make_room();
    assert_eq!(parcel(&connection).frames[0].seq(), Some(1));
    assert_eq!(seqs(&connection), [2, 3, 4]);
    assert!(turn(&connection).is_none());
    let last = hello(channel, 5);
    hub.publish(last.clone()).await;
    assert_eq!(wire.bytes()[10..], wire_of(last)[..], "then it is written at once again");
}

// A right may have been lost: nothing more goes out before the engine was asked.
#[tokio::test]
async fn nothing_is_written_past_a_readmission() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let wire = Wire::attach(&connection, usize::MAX);
    assert!(turn(&connection).is_none());
    connection.ask_readmission();
    hub.publish(hello(channel, 1)).await;
    assert!(wire.bytes().is_empty());
    assert!(matches!(turn(&connection), Some(Turn::Readmit(_))));
}

#[tokio::test]
async fn a_line_is_let_go_with_its_connection() {
    let (hub, channel) = (Hub::default(), ChannelId::fresh());
    let connection = watching(&hub, channel);
    let wire = Wire::attach(&connection, usize::MAX);
    drop(connection);
    hub.publish(hello(channel, 1)).await;
    assert_eq!(Arc::strong_count(&wire.0), 1);
}
