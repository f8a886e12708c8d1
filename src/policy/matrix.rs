//! The golden table of action × role: who may do what under the built-in rules. A change here is a change of policy.

use super::{PolicySet, Target};
use crate::domain::{
    Action, Actor, ChannelId, ChannelKind, ChannelStatus, CommunityId, Identity, PersonId, PersonSummary, Role,
    Surface, Time, Visibility, person::PersonKind,
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
.......++. rule.manage
......+++. rule.explain
.......++. role.manage
.......++. custom_role.manage
........+. community.hand_over
......+++. member.kick
......+++. member.ban
......+++. member.time_out
......+++. member.clear_messages
.......++. moderation.manage
.......++. invite_link.manage
.......... community.join_by_link
.......+++ community.import
...++++++. channel.create
..+++++++. conversation.open
....+++++. channel.read
....+++++. channel.join
....+++++. channel.leave
....+++++. channel.add
......+++. channel.remove
....+++++. channel.set_topic
.......++. channel.manage
.......++. channel.delete
....+++++. channel.mark_read
....+++++. channel.set_notifications
....+++++. channel.save_draft
....+++++. channel.post
....+++++. command.run
.....+.... message.edit
.....++++. message.read_history
.....++++. message.delete
.........+ message.expire
....+++++. message.react
....+++++. thread.follow
....+++++. message.pin
....+.+++. message.flag
......+++. message.judge
......+++. message.approve
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
        .replace("....+++++. channel.join", "..+++++++. channel.join")
        .replace("....+++++. channel.leave", "..+++++++. channel.leave")
        .replace("....+.+++. message.flag", "..+++.+++. message.flag");
    assert_eq!(table(&place(false, Visibility::Public)), expected);
}

// S03
#[test]
fn a_public_channel_of_a_public_community_is_read_by_anybody_signed_in() {
    let expected = PRIVATE
        .replace("....+++++. channel.read", ".++++++++. channel.read")
        .replace("....+++++. channel.join", "..+++++++. channel.join")
        .replace("....+++++. channel.leave", ".++++++++. channel.leave")
        .replace("....+.+++. message.flag", "..+++.+++. message.flag")
        .replace("..++++++++ community.read", ".+++++++++ community.read")
        .replace("..+++++++. community.join", ".++++++++. community.join")
        .replace("..+++++++. community.leave", ".++++++++. community.leave");
    assert_eq!(table(&place(true, Visibility::Public)), expected);
}

// C07
#[test]
fn an_archived_channel_is_read_only_for_everybody() {
    let archived = Target { status: Some(ChannelStatus::Archived), ..place(false, Visibility::Public) };
    let expected: String = PRIVATE
        .replace("....+++++. channel.read", "..+++++++. channel.read")
        .replace("....+++++. channel.leave", "..+++++++. channel.leave")
        .replace("....+.+++. message.flag", "..+++.+++. message.flag")
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
                "message.pin",
            ];
            let (_, action) = line.split_once(' ').unwrap();
            if changes.contains(&action) { format!(".......... {action}") } else { line.to_owned() }
        })
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(table(&archived), expected);
}

// C12
#[test]
fn a_conversation_is_its_peoples_whatever_else_they_are_and_stays_as_it_is() {
    let direct = Target { kind: Some(ChannelKind::Direct), ..place(false, Visibility::Private) };
    let nobodys = [
        "channel.join",
        "channel.leave",
        "channel.add",
        "channel.remove",
        "channel.set_topic",
        "channel.manage",
        "channel.delete",
        "message.flag",
        "message.judge",
    ];
    let line = |line: &str| match line.split_once(' ').unwrap().1 {
        action if nobodys.contains(&action) => format!(".......... {action}"),
        action @ ("message.delete" | "message.read_history") => format!(".....+.... {action}"),
        _ => line.to_owned(),
    };
    assert_eq!(table(&direct), PRIVATE.lines().map(line).collect::<Vec<_>>().join("\n"));
}

// C08
#[test]
fn a_locked_channel_takes_no_messages_but_keeps_the_rest() {
    let locked = Target { status: Some(ChannelStatus::Locked), ..place(false, Visibility::Private) };
    assert_eq!(table(&locked), PRIVATE.replace("....+++++. channel.post", ".......... channel.post"));
}

// C05
#[test]
fn announcements_are_posted_and_pinned_by_moderators_and_above() {
    let news = Target { kind: Some(ChannelKind::Announcement), ..place(false, Visibility::Private) };
    let expected = PRIVATE
        .replace("....+++++. channel.post", "......+++. channel.post")
        .replace("....+++++. message.pin", "......+++. message.pin");
    assert_eq!(table(&news), expected);
}

/// Who may do `action` about whom, under the built-in rules: a row for each role of the actor, a column for each of the
/// person, both from guest to owner; the last column is somebody who is no member.
fn about(action: Action, given: Option<Role>) -> String {
    let (set, actor) = (PolicySet::default(), person());
    let people = || Role::ALL.iter().copied().map(Some).chain([None]);
    let row = |mine: &Role| {
        let at = |person_role| Target { role: Some(*mine), person_role, given, ..place(true, Visibility::Public) };
        let marks: String =
            people().map(|theirs| if set.allows(&actor, action, &at(theirs)) { '+' } else { '.' }).collect();
        format!("{marks} {mine}")
    };
    Role::ALL.iter().map(row).collect::<Vec<_>>().join("\n")
}

// R02
#[test]
fn nobody_manages_whoever_is_at_or_above_them() {
    let admins = "....... guest\n....... bot\n....... member\n....... moderator\n++++..+ admin\n+++++.+ owner";
    assert_eq!(about(Action::ManageRoles, None), admins);
    assert_eq!(about(Action::ManageRoles, Some(Role::Moderator)), admins);
}

// R02
#[test]
fn nobody_gives_a_role_at_or_above_their_own() {
    let owners = "....... guest\n....... bot\n....... member\n....... moderator\n....... admin\n+++++.+ owner";
    assert_eq!(about(Action::ManageRoles, Some(Role::Admin)), owners);
    assert_eq!(about(Action::HandOver, None), owners);
    let nobody = owners.replace('+', ".");
    assert_eq!(about(Action::ManageRoles, Some(Role::Owner)), nobody);
}

// R04
#[test]
fn moderators_act_on_whoever_is_below_them() {
    let expected = "....... guest\n....... bot\n....... member\n+++...+ moderator\n++++..+ admin\n+++++.+ owner";
    for action in [Action::KickMember, Action::BanMember, Action::TimeOutMember, Action::ClearMessages] {
        assert_eq!(about(action, None), expected, "{action}");
    }
    let nobody = expected.replace('+', ".");
    assert_eq!(about(Action::RemoveFromChannel, None), nobody, "not from a channel one takes no part in");
}

/// The table with the actions of `refused` refused to everybody who may be in that state.
fn without(refused: impl Fn(&str, &str) -> Option<String>) -> String {
    let line = |line: &str| {
        let (marks, action) = line.split_once(' ').unwrap();
        refused(marks, action).map_or_else(|| line.to_owned(), |marks| format!("{marks} {action}"))
    };
    table(&place(true, Visibility::Public)).lines().map(line).collect::<Vec<_>>().join("\n")
}

// R03
#[test]
fn who_holds_an_invitation_joins_a_closed_community_unless_they_are_banned() {
    let (set, closed) = (PolicySet::default(), place(false, Visibility::Private));
    let invited = Target { invited: true, ..closed.clone() };
    assert_eq!(row(&set, Action::JoinByLink, &invited), ".++++++++. community.join_by_link");
    let banned = Target { banned: true, ..invited };
    assert_eq!(row(&set, Action::JoinByLink, &banned), ".......... community.join_by_link");
}

// R04
#[test]
fn who_is_banned_sees_and_does_nothing_of_a_public_community_but_leave() {
    let banned = Target { banned: true, ..place(true, Visibility::Public) };
    let kept = ["account.", "session.", "notification.", "request.", "community.list", "community.create", ".leave"];
    // What only some role does is nothing a banned person has.
    let roles = [
        "person.",
        "role.",
        "member.",
        "invite_link.",
        "webhook.",
        "lane.",
        "event.",
        "audit.",
        "server.",
        "community.import",
        "community.hand_over",
        "message.expire",
    ];
    let expected = without(|marks, action| {
        if action.starts_with("rule.") {
            // Nobody bans an owner.
            return Some("........+.".to_owned());
        }
        let stays = kept.iter().chain(&roles).any(|part| action.contains(part));
        (!stays).then(|| ".".repeat(marks.len()))
    });
    assert_eq!(table(&banned), expected);
}

// R02
#[test]
fn during_a_time_out_one_reads_and_leaves_and_when_it_is_over_everything_is_as_before() {
    let until = Some(Time::from_micros(100));
    let silenced =
        |now| Target { silenced_until: until, now: Time::from_micros(now), ..place(true, Visibility::Public) };
    let refused = [
        "person.invite",
        "role.manage",
        "custom_role.manage",
        "member.kick",
        "member.ban",
        "member.time_out",
        "member.clear_messages",
        "invite_link.manage",
        "channel.create",
        "conversation.open",
        "channel.add",
        "channel.remove",
        "channel.set_topic",
        "channel.manage",
        "channel.delete",
        "channel.post",
        "command.run",
        "message.edit",
        "message.react",
        "message.pin",
        "message.flag",
        "message.judge",
        "message.approve",
        "moderation.manage",
        "webhook.manage",
    ];
    let expected = without(|marks, action| match action {
        // One's own words can still be taken back.
        "message.delete" => Some(".....+....".to_owned()),
        // Nobody times an owner out.
        "rule.manage" | "rule.explain" => Some("........+.".to_owned()),
        _ => refused.contains(&action).then(|| ".".repeat(marks.len())),
    });
    assert_eq!(table(&silenced(99)), expected);
    assert_eq!(table(&silenced(100)), table(&place(true, Visibility::Public)), "it ends by itself");
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
