//! Who is there (U03).

use super::*;

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
    let left = Event::CommunityLeft { community, departure: Departure::Left, reason: String::new() };
    hub.publish(of_person(guest.person(), 2, left)).await;
    assert_eq!(presences(&watcher), [(guest.person(), Presence::Offline)]);
    assert!(matches!(turn(&guest), Some(Turn::Readmit(_))));
    hub.check_invariants();
}
