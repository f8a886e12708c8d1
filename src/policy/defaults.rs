//! The built-in rules (S03, S04): ordinary rules that an owner can read, and outrank with a lower priority number.

use super::rule::{Condition, Effect, Fact, Rule, RuleScope};
use crate::domain::{
    Action::{
        AddToChannel, ArchiveAudit, BanMember, ClearMessages, CreateChannel, CreateCommunity, DeleteMessage,
        DeliverWebhooks, EditMessage, ExpireMessage, HandOver, Import, InvitePerson, JoinByLink, JoinChannel,
        JoinCommunity, KeepSession, KickMember, LeaveChannel, LeaveCommunity, ListCommunities, ManageChannel,
        ManageInviteLinks, ManageLanes, ManageRoles, ManageWebhooks, MarkNotifications, MarkRead, Notify, Post,
        PublishEvents, React, ReadAccount, ReadAudit, ReadChannel, ReadCommunity, ReadNotifications, Request,
        RevokeSession, RunCommand, SetTopic, SignIn, SignOut, SignUp, StopWebhook, Tidy, TimeOutMember, UpdateAccount,
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
        AtLeast, Author, Banned, Below, GivesOwnRole, Invited, Kind, Member, Outranked, Own, Participant,
        PublicChannel, PublicCommunity, ServerOwner, SignedIn, Status, System, TimedOut,
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
            &[ManageChannel],
            &[SignedIn, AtLeast(Role::Admin), Participant],
        ),
        rule("admins give roles", Allow, ORDINARY, &[ManageRoles], &[SignedIn, AtLeast(Role::Admin)]),
        rule("owners hand their community over", Allow, ORDINARY, &[HandOver], &[SignedIn, AtLeast(Role::Owner)]),
        rule(
            "people manage those below them, never themselves or the owner",
            Deny,
            STATE,
            &[ManageRoles, HandOver, KickMember, BanMember, TimeOutMember, ClearMessages],
            &[Outranked],
        ),
        rule(
            "moderators remove, ban and time out",
            Allow,
            ORDINARY,
            &[KickMember, BanMember, TimeOutMember, ClearMessages],
            &[SignedIn, AtLeast(Role::Moderator)],
        ),
        rule(
            "who is banned stays out",
            Deny,
            STATE,
            &[
                ReadCommunity,
                JoinCommunity,
                JoinByLink,
                CreateChannel,
                ReadChannel,
                JoinChannel,
                AddToChannel,
                SetTopic,
                MarkRead,
                Post,
                RunCommand,
                EditMessage,
                DeleteMessage,
                React,
            ],
            &[Banned],
        ),
        rule(
            "during a time-out one only reads",
            Deny,
            STATE,
            &[
                CreateChannel,
                AddToChannel,
                SetTopic,
                ManageChannel,
                Post,
                RunCommand,
                EditMessage,
                React,
                InvitePerson,
                ManageInviteLinks,
                ManageWebhooks,
                ManageRoles,
                KickMember,
                BanMember,
                TimeOutMember,
                ClearMessages,
            ],
            &[TimedOut],
        ),
        rule(
            "during a time-out one does not moderate",
            Deny,
            STATE,
            &[DeleteMessage],
            &[TimedOut, AtLeast(Role::Moderator)],
        ),
        rule("nobody gives a role as high as their own", Deny, STATE, &[ManageRoles], &[GivesOwnRole]),
        rule("admins invite people by links", Allow, ORDINARY, &[ManageInviteLinks], &[SignedIn, AtLeast(Role::Admin)]),
        rule("who holds an invitation may join", Allow, ORDINARY, &[JoinByLink], &[SignedIn, Invited]),
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
            &[ReadChannel, JoinChannel, Post, RunCommand, React, MarkRead, AddToChannel, SetTopic],
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
