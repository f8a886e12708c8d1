//! The built-in rules (S03, S04): ordinary rules that an owner can read, and outrank with a lower priority number.

use super::rule::{Condition, Effect, Fact, Rule, RuleScope};
use crate::domain::{
    Action::{
        AddToChannel, ArchiveAudit, CreateChannel, CreateCommunity, DeleteChannel, DeleteMessage, DeliverWebhooks,
        EditMessage, ExpireMessage, Import, InvitePerson, JoinChannel, JoinCommunity, KeepSession, LeaveChannel,
        LeaveCommunity, ListCommunities, ManageChannel, ManageLanes, ManageWebhooks, MarkNotifications, MarkRead,
        Notify, Post, PublishEvents, React, ReadAccount, ReadAudit, ReadChannel, ReadCommunity, ReadNotifications,
        Request, RevokeSession, RunCommand, SetNotifications, SetTopic, SignIn, SignOut, SignUp, StopWebhook, Tidy,
        UpdateAccount,
    },
    ChannelKind, ChannelStatus, Role,
};

/// States of a channel, which no right outranks.
const STATE: u16 = 100;
/// Ordinary allowances.
const ORDINARY: u16 = 200;

#[expect(clippy::too_many_lines, reason = "a list to be read from top to bottom")]
pub(super) fn rules() -> Vec<Rule> {
    use Effect::{Allow, Deny};
    use Fact::{
        AtLeast, Author, Below, Kind, Member, Own, Participant, PublicChannel, PublicCommunity, ServerOwner, SignedIn,
        Status, System,
    };
    vec![
        rule("anybody may sign up and sign in", Allow, ORDINARY, &[SignUp, SignIn], &[]),
        rule("anybody may ask, as often as the rate limits allow", Allow, ORDINARY, &[Request], &[]),
        rule(
            "everybody manages their own account",
            Allow,
            ORDINARY,
            &[SignOut, ReadAccount, UpdateAccount, KeepSession, RevokeSession, ReadNotifications, MarkNotifications],
            &[SignedIn, Own],
        ),
        rule(
            "the server tells people and webhooks",
            Allow,
            ORDINARY,
            &[Notify, DeliverWebhooks, StopWebhook],
            &[System],
        ),
        rule("the server deletes what was to be kept only so long", Allow, ORDINARY, &[ExpireMessage], &[System]),
        rule("the server tidies up", Allow, ORDINARY, &[Tidy], &[System]),
        rule(
            "admins manage channels they take part in",
            Allow,
            ORDINARY,
            &[ManageChannel, DeleteChannel],
            &[SignedIn, AtLeast(Role::Admin), Participant],
        ),
        rule("admins manage webhooks", Allow, ORDINARY, &[ManageWebhooks], &[SignedIn, AtLeast(Role::Admin)]),
        rule("everybody may found communities", Allow, ORDINARY, &[ListCommunities, CreateCommunity], &[SignedIn]),
        rule(
            "public communities are open",
            Allow,
            ORDINARY,
            &[ReadCommunity, JoinCommunity],
            &[SignedIn, PublicCommunity],
        ),
        rule("members see their community", Allow, ORDINARY, &[ReadCommunity, JoinCommunity], &[SignedIn, Member]),
        rule("leaving always works", Allow, 1, &[LeaveCommunity], &[SignedIn, Member]),
        rule("leaving always works", Allow, 1, &[LeaveChannel], &[SignedIn, Participant]),
        rule("members may make channels", Allow, ORDINARY, &[CreateChannel], &[SignedIn, AtLeast(Role::Member)]),
        rule(
            "admins bring in people and history",
            Allow,
            ORDINARY,
            &[InvitePerson, Import],
            &[SignedIn, AtLeast(Role::Admin)],
        ),
        rule("the server's owner may import on the command line", Allow, ORDINARY, &[Import, ReadCommunity], &[System]),
        rule(
            "an archived channel is read-only",
            Deny,
            STATE,
            &[Post, EditMessage, DeleteMessage, React, JoinChannel, AddToChannel, SetTopic],
            &[Status(ChannelStatus::Archived)],
        ),
        rule("a locked channel takes no messages", Deny, STATE, &[Post], &[Status(ChannelStatus::Locked)]),
        rule(
            "announcements are posted by moderators",
            Deny,
            STATE,
            &[Post],
            &[Kind(ChannelKind::Announcement), Below(Role::Moderator)],
        ),
        rule(
            "members read and join public channels",
            Allow,
            ORDINARY,
            &[ReadChannel, JoinChannel],
            &[SignedIn, Member, PublicChannel],
        ),
        rule(
            "public channels of public communities can be read",
            Allow,
            ORDINARY,
            &[ReadChannel],
            &[SignedIn, PublicCommunity, PublicChannel],
        ),
        rule(
            "participants read, post and react",
            Allow,
            ORDINARY,
            &[ReadChannel, JoinChannel, Post, RunCommand, React, MarkRead, SetNotifications, AddToChannel, SetTopic],
            &[SignedIn, Participant],
        ),
        rule(
            "authors change their own messages",
            Allow,
            ORDINARY,
            &[EditMessage, DeleteMessage],
            &[SignedIn, Author, Participant],
        ),
        rule(
            "moderators delete messages",
            Allow,
            ORDINARY,
            &[DeleteMessage],
            &[SignedIn, AtLeast(Role::Moderator), Participant],
        ),
        rule(
            "the server's owner may invite and import",
            Allow,
            ORDINARY,
            &[InvitePerson, Import],
            &[ServerOwner, AtLeast(Role::Member)],
        ),
        rule("the server's owner reads the audit log", Allow, ORDINARY, &[ReadAudit], &[ServerOwner]),
        rule("the audit log is archived on the command line", Allow, ORDINARY, &[ReadAudit, ArchiveAudit], &[System]),
        rule("the server's owner runs the lanes", Allow, ORDINARY, &[ManageLanes, PublishEvents], &[ServerOwner]),
        rule("the operator at the machine runs the lanes", Allow, ORDINARY, &[ManageLanes, PublishEvents], &[System]),
    ]
}

fn rule(name: &str, effect: Effect, priority: u16, actions: &[crate::domain::Action], facts: &[Fact]) -> Rule {
    Rule {
        name: name.to_owned(),
        effect,
        scope: RuleScope::Everything,
        actions: actions.to_vec(),
        condition: Condition(facts.to_vec()),
        priority,
        active: true,
    }
}
