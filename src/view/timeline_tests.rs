use super::{
    super::sample::{message, page, person},
    *,
};

fn posted(message: &Message) -> Event {
    Event::MessagePosted { message: Box::new(message.clone()), mentioned: Vec::new(), approved: false }
}

fn positions(timeline: &Timeline) -> Vec<i64> {
    timeline.messages().filter_map(|message| message.position).collect()
}

fn many(from: i64, to: i64) -> Vec<Message> {
    let ana = person("ana");
    (from..=to).map(|position| message(&ana, position)).collect()
}

fn span(from: i64, to: i64, older: bool, newer: bool) -> Page {
    Page { older, newer, ..page(many(from, to)) }
}

// M27, U06
#[test]
fn a_pending_row_becomes_the_stored_one_in_place() {
    let mine = message(&person("ana"), 3);
    let mut timeline = Timeline::new(PersonId::SYSTEM, page(many(1, 2)));
    let written = timeline.write(mine.id, "hi".to_owned(), mine.author.clone(), mine.created_at);
    assert_eq!(written, Change { order: true, row: Some(mine.id) });
    let before: Vec<MessageId> = timeline.order().collect();
    timeline.answer(mine.clone());
    assert_eq!(timeline.order().collect::<Vec<_>>(), before);
    assert_eq!(timeline.apply(&posted(&mine)), Change::default());
    assert_eq!(timeline.waiting().count(), 0);
    assert_eq!(positions(&timeline), [1, 2, 3]);
}

// U06
#[test]
fn what_waits_stands_below_what_is_stored() {
    let ana = person("ana");
    let (mine, theirs) = (message(&ana, 4), message(&ana, 3));
    let mut timeline = Timeline::new(PersonId::SYSTEM, page(many(1, 2)));
    timeline.write(mine.id, "hi".to_owned(), ana, mine.created_at);
    timeline.apply(&posted(&theirs));
    assert_eq!(timeline.order().last(), Some(mine.id));
    timeline.apply(&posted(&mine));
    assert_eq!(positions(&timeline), [1, 2, 3, 4]);
}

// U06
#[test]
fn a_refused_row_is_kept_until_it_is_retried_or_discarded() {
    let mine = message(&person("ana"), 1);
    let mut timeline = Timeline::new(PersonId::SYSTEM, Page::default());
    timeline.write(mine.id, "hi".to_owned(), mine.author.clone(), mine.created_at);
    timeline.fail(mine.id, "no".to_owned());
    assert!(matches!(&timeline.row(mine.id).unwrap().state, RowState::Failed { reason, .. } if reason == "no"));
    timeline.retry(mine.id);
    assert!(matches!(timeline.row(mine.id).unwrap().state, RowState::Pending { .. }));
    assert!(timeline.discard(mine.id).order);
    assert_eq!(timeline.order().count(), 0);
    timeline.apply(&posted(&mine));
    assert_eq!(timeline.discard(mine.id), Change::default());
}

// M13, M21
#[test]
fn an_edit_or_a_deletion_touches_its_row_alone() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, page(many(1, 3)));
    let mut edited = timeline.messages().next().unwrap().clone();
    edited.html = "<p>new</p>".to_owned();
    let change = Change { order: false, row: Some(edited.id) };
    assert_eq!(
        timeline.apply(&Event::MessageEdited { message: Box::new(edited.clone()), mentioned: Vec::new() }),
        change
    );
    let mut deleted = edited;
    deleted.bury();
    assert_eq!(timeline.apply(&Event::MessageDeleted { message: Box::new(deleted.clone()) }), change);
    assert!(timeline.row(deleted.id).unwrap().message().unwrap().is_deleted());
    let elsewhere = message(&person("ines"), 9);
    assert_eq!(
        timeline.apply(&Event::MessageEdited { message: Box::new(elsewhere), mentioned: Vec::new() }),
        Change::default()
    );
}

// U05
#[test]
fn a_late_answer_never_undoes_what_the_feed_told() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, Page::default());
    let first = message(&person("ana"), 1);
    let edited = Message { edited_at: Some(Time::from_micros(9)), html: "<p>b</p>".to_owned(), ..first.clone() };
    timeline.apply(&posted(&edited));
    assert_eq!(timeline.answer(first.clone()), Change::default());
    let older = Message { edited_at: Some(Time::from_micros(5)), ..first.clone() };
    assert_eq!(timeline.revise(older), Change::default());
    let mut buried = edited;
    buried.bury();
    timeline.apply(&Event::MessageDeleted { message: Box::new(buried) });
    let late = Message { edited_at: Some(Time::from_micros(11)), ..first };
    assert_eq!(timeline.revise(late), Change::default());
}

// U04, M25
#[test]
fn a_window_holds_a_bounded_stretch_without_gaps() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, span(1_001, 1_050, true, false));
    let mut first = 1_001;
    for _ in 0..12 {
        timeline.prepend(span(first - 50, first - 1, true, true));
        first -= 50;
        assert!(timeline.order().count() <= WINDOW + LEEWAY);
        assert_eq!(timeline.first_position(), Some(first));
    }
    assert!(timeline.newer);
    let last = timeline.last_position().unwrap();
    assert_eq!(positions(&timeline), (first..=last).collect::<Vec<_>>());
    timeline.append(span(last + 1, last + 50, true, true));
    assert_eq!(timeline.last_position(), Some(last + 50));
    assert!(timeline.older && timeline.order().count() <= WINDOW + LEEWAY);
}

// U04
#[test]
fn a_long_stay_lets_go_of_the_oldest_rows() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, span(1, 50, false, false));
    for message in many(51, 1_000) {
        timeline.apply(&posted(&message));
    }
    assert!(timeline.order().count() <= WINDOW + LEEWAY);
    assert!(timeline.older);
    assert_eq!(timeline.last_position(), Some(1_000));
}

// U05
#[test]
fn what_is_posted_while_the_reader_is_in_the_past_is_paged_in_later() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, span(1, 50, false, true));
    let news = message(&person("ines"), 101);
    assert_eq!(timeline.apply(&posted(&news)), Change::default());
    // Read before the news was posted: it says that nothing follows, and the timeline knows better.
    timeline.append(span(51, 100, true, false));
    assert!(timeline.newer);
    timeline.append(page(vec![news]));
    assert!(!timeline.newer);
    assert_eq!(positions(&timeline), (1..=101).collect::<Vec<_>>());
}

// U05, U06
#[test]
fn a_fresh_page_keeps_what_waits() {
    let ana = person("ana");
    let (sent, waits) = (message(&ana, 60), message(&ana, 61));
    let mut timeline = Timeline::new(PersonId::SYSTEM, span(1, 50, false, false));
    timeline.write(sent.id, "a".to_owned(), ana.clone(), sent.created_at);
    timeline.write(waits.id, "b".to_owned(), ana, waits.created_at);
    timeline.refresh(page(vec![sent.clone()]));
    assert_eq!(timeline.order().collect::<Vec<_>>(), [sent.id, waits.id]);
    assert_eq!(timeline.waiting().count(), 1);
    assert_eq!(positions(&timeline), [60]);
}

// M22
#[test]
fn a_pin_marks_its_row_and_goes_with_the_message() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, page(many(1, 2)));
    let id = timeline.order().next().unwrap();
    let person = PersonId::SYSTEM;
    let pinned = |timeline: &Timeline| timeline.row(id).unwrap().message().unwrap().pinned;
    assert_eq!(timeline.apply(&Event::MessagePinned { message: id, person }), Change { order: false, row: Some(id) });
    assert!(pinned(&timeline));
    timeline.apply(&Event::MessageUnpinned { message: id, person });
    assert!(!pinned(&timeline));
    let mut tombstone = timeline.row(id).unwrap().message().unwrap().clone();
    tombstone.bury();
    timeline.apply(&Event::MessageDeleted { message: Box::new(tombstone) });
    timeline.apply(&Event::MessagePinned { message: id, person });
    assert!(!pinned(&timeline), "a tombstone bears no mark");
    assert_eq!(timeline.apply(&Event::MessagePinned { message: MessageId::fresh(), person }), Change::default());
}

// M20: what everybody is sent never says that a message waits; moderators know it from their own topic.
#[test]
fn a_flag_stays_on_its_row_through_an_edit_until_it_is_judged() {
    let mut timeline = Timeline::new(PersonId::SYSTEM, page(many(1, 1)));
    let message = timeline.messages().next().unwrap().clone();
    let community = crate::domain::CommunityId::fresh();
    let status = |timeline: &Timeline| timeline.messages().next().unwrap().status;
    timeline.apply(&Event::MessageFlagged { message: message.id, community, by: PersonId::SYSTEM, open: 1 });
    assert_eq!(status(&timeline), MessageStatus::Flagged);
    let edited = Message {
        status: MessageStatus::Edited,
        edited_at: Some(message.created_at.plus(1)),
        html: "<p>other</p>".to_owned(),
        ..message.clone()
    };
    timeline.apply(&Event::MessageEdited { message: Box::new(edited), mentioned: Vec::new() });
    assert_eq!(status(&timeline), MessageStatus::Flagged);
    let verdict = crate::domain::flag::Verdict::Keep;
    timeline.apply(&Event::MessageJudged { message: message.id, community, verdict, open: 0 });
    assert_eq!(status(&timeline), MessageStatus::Edited);
}
