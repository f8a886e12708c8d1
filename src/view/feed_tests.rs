use super::*;
use crate::domain::{Error, Event};

fn left(topic: Topic, seq: Seq) -> Envelope {
    Envelope { topic, seq, event: Event::ParticipantLeft { person: PersonId::fresh(), participants: 1 } }
}

fn event(topic: Topic, seq: Seq) -> ServerFrame {
    ServerFrame::Event(left(topic, seq))
}

/// The sequence numbers that were applied.
fn applied(acts: &[Act]) -> Vec<Seq> {
    acts.iter().filter_map(|act| if let Act::Apply(envelope) = act { Some(envelope.seq) } else { None }).collect()
}

fn watching(cursor: Seq) -> (Feed, Topic) {
    let topic = Topic::Channel(ChannelId::fresh());
    let mut feed = Feed::default();
    feed.opened();
    let watch = feed.watch(topic, cursor);
    assert_eq!(watch.say, Some(ClientFrame::Watch { topic, cursor: Some(cursor) }));
    (feed, topic)
}

// U05
#[test]
fn a_gap_asks_once_for_the_topic_again_and_goes_on_from_the_cursor() {
    let (mut feed, topic) = watching(4);
    assert_eq!(applied(&feed.hear(event(topic, 5))), [5]);
    assert_eq!(feed.hear(event(topic, 8)), [Act::Send(ClientFrame::Watch { topic, cursor: Some(5) })]);
    assert_eq!(feed.hear(event(topic, 9)), []);
    feed.hear(ServerFrame::Watching { topic, head: 9 });
    let batch = ServerFrame::Batch { events: (6..=9).map(|seq| left(topic, seq)).collect() };
    assert_eq!(applied(&feed.hear(batch)), [6, 7, 8, 9]);
    assert_eq!(feed.hear(event(topic, 11)), [Act::Send(ClientFrame::Watch { topic, cursor: Some(9) })]);
}

// U05
#[test]
fn a_new_line_says_hello_with_every_cursor() {
    let (mut feed, topic) = watching(4);
    feed.hear(event(topic, 5));
    feed.closed();
    assert_eq!(feed.watch(topic, 5).say, None);
    assert_eq!(feed.opened(), ClientFrame::Hello { cursors: [(topic, 5)].into() });
    let me = PersonId::fresh();
    assert_eq!(feed.hear(ServerFrame::Ready { person: me, heads: [(topic, 5)].into() }), [Act::Ready]);
    assert_eq!(applied(&feed.hear(event(topic, 6))), [6]);
}

// U05, P02
#[test]
fn a_stale_topic_is_read_afresh_and_nothing_is_applied_until_then() {
    let (mut feed, topic) = watching(4);
    assert_eq!(feed.hear(ServerFrame::Stale { topic }), [Act::Reread(topic)]);
    assert_eq!(feed.hear(event(topic, 5)), []);
    assert_eq!(feed.watch(topic, 2_000).say, Some(ClientFrame::Watch { topic, cursor: Some(2_000) }));
    assert_eq!(feed.hear(event(topic, 2_000)), []);
    assert_eq!(applied(&feed.hear(event(topic, 2_001))), [2_001]);
    assert_eq!(feed.hear(ServerFrame::Stale { topic: Topic::Channel(ChannelId::fresh()) }), []);
}

// U05
#[test]
fn a_fresh_read_that_never_came_is_asked_for_again_on_the_next_line() {
    let (mut feed, topic) = watching(4);
    feed.hear(ServerFrame::Stale { topic });
    feed.closed();
    assert_eq!(feed.opened(), ClientFrame::Hello { cursors: [(topic, 4)].into() });
    assert_eq!(feed.hear(ServerFrame::Stale { topic }), [Act::Reread(topic)]);
}

// U05
#[test]
fn a_server_put_back_to_an_older_state_is_read_afresh() {
    let (mut feed, topic) = watching(40);
    feed.closed();
    feed.opened();
    let ready = ServerFrame::Ready { person: PersonId::fresh(), heads: [(topic, 7)].into() };
    assert_eq!(feed.hear(ready), [Act::Ready, Act::Reread(topic)]);
}

// U05
#[test]
fn a_page_read_before_the_latest_events_gets_them_put_over_it() {
    let (mut feed, topic) = watching(4);
    for seq in 5..=8 {
        feed.hear(event(topic, seq));
    }
    let again = feed.watch(topic, 6);
    assert_eq!(again.replay.iter().map(|envelope| envelope.seq).collect::<Vec<_>>(), [7, 8]);
    assert_eq!(again.say, None);
    assert_eq!(feed.since(topic, 8), Some(vec![]));
    assert_eq!(feed.since(topic, 1), None);
    // So old that the server has to tell the rest again.
    assert_eq!(feed.watch(topic, 1).say, Some(ClientFrame::Watch { topic, cursor: Some(1) }));
    assert_eq!(applied(&feed.hear(event(topic, 2))), [2]);
}

// U05
#[test]
fn a_read_newer_than_the_feed_moves_the_cursor_and_leaves_no_hole() {
    let (mut feed, topic) = watching(4);
    feed.hear(event(topic, 5));
    assert_eq!(feed.watch(topic, 8), Watch::default());
    assert_eq!(feed.hear(event(topic, 6)), []);
    assert_eq!(applied(&feed.hear(event(topic, 9))), [9]);
    assert_eq!(feed.since(topic, 4), None);
    assert_eq!(feed.since(topic, 8).map(|events| events.len()), Some(1));
}

// U09
#[test]
fn a_lost_right_ends_the_topic() {
    let (mut feed, topic) = watching(4);
    assert_eq!(feed.hear(ServerFrame::End { topic, reason: EndReason::Lost }), [Act::Lost(topic)]);
    assert!(!feed.watches(topic));
    assert_eq!(feed.hear(event(topic, 5)), []);
}

// U08, S01
#[test]
fn an_ended_session_or_somebody_elses_leads_to_the_sign_in_page() {
    let (mut feed, topic) = watching(4);
    feed.belongs_to(PersonId::fresh());
    assert_eq!(feed.hear(ServerFrame::Ready { person: PersonId::fresh(), heads: [].into() }), [Act::SignedOut]);
    assert_eq!(feed.hear(ServerFrame::End { topic, reason: EndReason::SignedOut }), [Act::SignedOut]);
    assert_eq!(feed.hear(ServerFrame::Error { error: Error::SignedOut }), [Act::SignedOut]);
}

// U09
#[test]
fn what_is_no_longer_on_the_screen_is_not_watched() {
    let (mut feed, topic) = watching(4);
    let other = Topic::Channel(ChannelId::fresh());
    feed.watch(other, 0);
    assert_eq!(feed.keep_only(&[other]), [ClientFrame::Unwatch { topic }]);
    assert!(!feed.watches(topic) && feed.watches(other));
}
