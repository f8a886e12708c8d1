//! The golden table of action × role: who may do what under the built-in rules. A change here is a change of policy.

use super::{PolicySet, Target};
use crate::domain::{
    Action, Actor, ChannelId, ChannelKind, ChannelStatus, CommunityId, Identity, PersonId, PersonSummary, Role,
    Surface, Visibility, person::PersonKind,
};

fn person() -> Actor {
    let person = PersonSummary {
        id: PersonId::fresh(),
        handle: "bo".to_owned(),
        name: "Bo".to_owned(),
        kind: PersonKind::Person,
    };
    Actor::person(person, Surface::Page)
}

/// The columns: visitor · outsider · guest · member · participant · author · moderator · admin · owner, then S(ystem).
fn row(set: &PolicySet, action: Action, place: &Target) -> String {
    let outside = Target { role: None, participant: false, ..place.clone() };
    let standing = |role| Target { role: Some(role), participant: false, ..place.clone() };
    let part = Target { role: Some(Role::Member), participant: true, ..place.clone() };
    let author = Target { author: true, ..part.clone() };
    let within = |role| Target { role: Some(role), ..part.clone() };
    let cases = [
        (Actor::visitor(Surface::Page), outside.clone()),
        (person(), outside.clone()),
        (person(), standing(Role::Guest)),
        (person(), standing(Role::Member)),
        (person(), part.clone()),
        (person(), author),
        (person(), within(Role::Moderator)),
        (person(), within(Role::Admin)),
        (person(), within(Role::Owner)),
        (Actor::system(Surface::Worker), outside),
    ];
    let marks: String = cases.iter().map(|(actor, at)| if set.allows(actor, action, at) { '+' } else { '.' }).collect();
    format!("{marks} {action}")
}

fn table(place: &Target) -> String {
    let set = PolicySet::default();
    Action::ALL.iter().map(|action| row(&set, *action, place)).collect::<Vec<_>>().join("\n")
}

fn place(public: bool, visibility: Visibility) -> Target {
    Target {
        community: Some(CommunityId::fresh()),
        public_community: public,
        channel: Some(ChannelId::fresh()),
        visibility: Some(visibility),
        kind: Some(ChannelKind::Text),
        status: Some(ChannelStatus::Active),
        own: true,
        ..Target::default()
    }
}

const PRIVATE: &str = "\
++++++++++ account.sign_up
++++++++++ account.sign_in
.++++++++. account.sign_out
.++++++++. account.read
.++++++++. account.update
.++++++++. session.keep
.++++++++. session.revoke
.......++. person.invite
.++++++++. community.list
.++++++++. community.create
..++++++++ community.read
..+++++++. community.join
..+++++++. community.leave
.......+++ community.import
...++++++. channel.create
....+++++. channel.read
....+++++. channel.join
....+++++. channel.leave
....+++++. channel.add
....+++++. channel.set_topic
.......++. channel.manage
.......++. channel.delete
....+++++. channel.mark_read
....+++++. channel.set_notifications
....+++++. channel.post
....+++++. command.run
.....+.... message.edit
.....++++. message.delete
.........+ message.expire
....+++++. message.react
.........+ audit.read
.........+ audit.archive
.........+ event.publish
.........+ lane.manage
.........+ notification.add
.++++++++. notification.list
.++++++++. notification.mark_read
.......++. webhook.manage
.........+ webhook.deliver
.........+ webhook.stop
.........+ server.tidy
++++++++++ request.send";

// S03, S04
#[test]
fn a_private_channel_of_a_closed_community_is_its_participants() {
    assert_eq!(table(&place(false, Visibility::Private)), PRIVATE);
}

// S03
#[test]
fn a_public_channel_of_a_closed_community_is_its_members() {
    let expected = PRIVATE
        .replace("....+++++. channel.read", "..+++++++. channel.read")
        .replace("....+++++. channel.join", "..+++++++. channel.join");
    assert_eq!(table(&place(false, Visibility::Public)), expected);
}

// S03
#[test]
fn a_public_channel_of_a_public_community_is_read_by_anybody_signed_in() {
    let expected = PRIVATE
        .replace("....+++++. channel.read", ".++++++++. channel.read")
        .replace("....+++++. channel.join", "..+++++++. channel.join")
        .replace("..++++++++ community.read", ".+++++++++ community.read")
        .replace("..+++++++. community.join", ".++++++++. community.join");
    assert_eq!(table(&place(true, Visibility::Public)), expected);
}

// C07
#[test]
fn an_archived_channel_is_read_only_for_everybody() {
    let archived = Target { status: Some(ChannelStatus::Archived), ..place(false, Visibility::Public) };
    let expected: String = PRIVATE
        .replace("....+++++. channel.read", "..+++++++. channel.read")
        .lines()
        .map(|line| {
            let changes = [
                "channel.join",
                "channel.add",
                "channel.set_topic",
                "channel.post",
                "message.edit",
                "message.delete",
                "message.react",
            ];
            let (_, action) = line.split_once(' ').unwrap();
            if changes.contains(&action) { format!(".......... {action}") } else { line.to_owned() }
        })
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(table(&archived), expected);
}

// C08
#[test]
fn a_locked_channel_takes_no_messages_but_keeps_the_rest() {
    let locked = Target { status: Some(ChannelStatus::Locked), ..place(false, Visibility::Private) };
    assert_eq!(table(&locked), PRIVATE.replace("....+++++. channel.post", ".......... channel.post"));
}

// C05
#[test]
fn announcements_are_posted_by_moderators_and_above() {
    let news = Target { kind: Some(ChannelKind::Announcement), ..place(false, Visibility::Private) };
    assert_eq!(table(&news), PRIVATE.replace("....+++++. channel.post", "......+++. channel.post"));
}

// Q14, Q15
#[test]
fn only_the_servers_owner_runs_the_lanes() {
    let set = PolicySet::default();
    let mut owner = person();
    let Identity::Person { server_owner, .. } = &mut owner.identity else { unreachable!() };
    *server_owner = true;
    for action in [Action::ManageLanes, Action::PublishEvents] {
        assert!(set.allows(&owner, action, &Target::default()));
        assert!(!set.allows(&person(), action, &Target::default()));
        assert!(!set.allows(&Actor::visitor(Surface::Page), action, &Target::default()));
    }
}
