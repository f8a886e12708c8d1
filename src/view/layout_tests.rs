use super::{
    super::sample::{message, page, person},
    *,
};
use crate::domain::PersonSummary;

fn at(author: &PersonSummary, position: i64, minute: i64) -> crate::domain::Message {
    let mut message = message(author, position);
    message.created_at = Time::from_micros(minute * Time::MINUTE);
    message
}

/// The transcript as a drawing: `|` a day, `*` the divider, `H` a message with a header, `.` a grouped one.
fn drawing(timeline: &Timeline, read: Option<i64>) -> String {
    layout(timeline, read, |time| time)
        .iter()
        .map(|line| match line.item {
            Item::Day(_) => '|',
            Item::New => '*',
            Item::Replies => '-',
            Item::Message(_) if line.grouped => '.',
            Item::Message(_) => 'H',
        })
        .collect()
}

#[test]
fn one_authors_messages_within_five_minutes_stand_under_one_header() {
    let (ana, ines) = (person("ana"), person("ines"));
    let messages = vec![at(&ana, 1, 0), at(&ana, 2, 4), at(&ana, 3, 9), at(&ines, 4, 9), at(&ana, 5, 10)];
    assert_eq!(drawing(&Timeline::new(PersonId::SYSTEM, page(messages)), None), "|H.HHH");
}

// M21
#[test]
fn nothing_stands_under_the_header_of_a_tombstone() {
    let ana = person("ana");
    let mut messages = vec![at(&ana, 1, 0), at(&ana, 2, 1), at(&ana, 3, 2), at(&ana, 4, 3)];
    messages[1].bury();
    assert_eq!(drawing(&Timeline::new(PersonId::SYSTEM, page(messages)), None), "|HHH.");
}

#[test]
fn a_new_day_and_the_divider_begin_a_new_header() {
    let ana = person("ana");
    let night = 24 * 60;
    let messages = vec![at(&ana, 1, night - 1), at(&ana, 2, night), at(&ana, 3, night + 1), at(&ana, 4, night + 2)];
    let timeline = Timeline::new(PersonId::SYSTEM, page(messages));
    assert_eq!(drawing(&timeline, None), "|H|H..");
    assert_eq!(drawing(&timeline, Some(2)), "|H|H*H.");
    assert_eq!(drawing(&timeline, Some(0)), "|*H|H..");
    assert_eq!(drawing(&timeline, Some(4)), "|H|H..");
}

// C13
#[test]
fn the_divider_is_not_guessed_when_its_place_is_above_the_window() {
    let ana = person("ana");
    let mut page = page(vec![at(&ana, 51, 0), at(&ana, 52, 1)]);
    page.older = true;
    assert_eq!(drawing(&Timeline::new(PersonId::SYSTEM, page.clone()), Some(20)), "|H.");
    assert_eq!(drawing(&Timeline::new(PersonId::SYSTEM, page), Some(50)), "|*H.");
}

#[test]
fn the_persons_own_zone_decides_the_day() {
    let ana = person("ana");
    let timeline = Timeline::new(PersonId::SYSTEM, page(vec![at(&ana, 1, 23 * 60), at(&ana, 2, 25 * 60)]));
    let days = |hours: i64| {
        layout(&timeline, None, |time| time.plus(hours * 60 * Time::MINUTE))
            .iter()
            .filter(|line| matches!(line.item, Item::Day(_)))
            .count()
    };
    assert_eq!((days(0), days(2), days(-2)), (2, 1, 1));
}

#[test]
fn no_two_lines_are_equal_even_when_a_clock_was_put_back() {
    let ana = person("ana");
    let day = 24 * 60;
    let timeline = Timeline::new(
        PersonId::SYSTEM,
        page(vec![at(&ana, 1, 0), at(&ana, 2, day), at(&ana, 3, 5), at(&ana, 4, day + 1)]),
    );
    assert_eq!(drawing(&timeline, None), "|H|HHH");
}

// M18
#[test]
fn replies_stand_below_what_their_thread_began_with_whatever_page_is_shown() {
    let (ana, ines) = (person("ana"), person("ines"));
    let root = at(&ana, 1, 0);
    let reply = |place: i64| {
        let mut reply = at(if place == 3 { &ines } else { &ana }, place, place);
        (reply.position, reply.place, reply.root) = (None, Some(place), Some(root.id));
        reply
    };
    let page = page(vec![reply(2), reply(3)]);
    let page = crate::domain::query::Page { older: true, ..page };
    let view =
        crate::domain::query::ThreadView { root: root.clone(), page, following: true, unread: 0, draft: String::new() };
    let mut timeline = Timeline::of_thread(PersonId::SYSTEM, view);
    assert_eq!(drawing(&timeline, None), "|H-HH");
    assert_eq!((timeline.first_position(), timeline.last_position()), (Some(2), Some(3)));
    timeline.prepend(crate::domain::query::Page { messages: vec![reply(1)], ..Default::default() });
    assert_eq!(drawing(&timeline, None), "|H-H.H");
    // What is said in the channel, or in another thread, is none of it.
    timeline.settle(at(&ines, 2, 9));
    assert_eq!(timeline.order().count(), 4);
}
