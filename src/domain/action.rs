//! What can be done. Every command and query has one action; rules allow or deny actions.

use super::named::named;

named! {
    /// An action, named `<noun>.<verb>`.
    Action {
        /// Make an account.
        SignUp = "account.sign_up",
        /// Begin a session.
        SignIn = "account.sign_in",
        /// End one's session.
        SignOut = "account.sign_out",
        /// See oneself and one's sessions.
        ReadAccount = "account.read",
        /// Change one's own profile.
        UpdateAccount = "account.update",
        /// Note that one's session is in use.
        KeepSession = "session.keep",
        /// End a session of one's own.
        RevokeSession = "session.revoke",
        /// Invite somebody to claim an imported person.
        InvitePerson = "person.invite",
        /// Find communities.
        ListCommunities = "community.list",
        /// Make a community.
        CreateCommunity = "community.create",
        /// See a community, its channels and members.
        ReadCommunity = "community.read",
        /// Become a member.
        JoinCommunity = "community.join",
        /// Stop being a member.
        LeaveCommunity = "community.leave",
        /// Add, change, order, switch off and remove the rules of a community (S02).
        ManageRules = "rule.manage",
        /// See why somebody may or may not do something in a community (S07).
        ExplainRules = "rule.explain",
        /// Give a member of a community another role.
        ManageRoles = "role.manage",
        /// Make, change, order and delete the roles of a community's own, and give them.
        ManageCustomRoles = "custom_role.manage",
        /// Make another member the owner of one's community.
        HandOver = "community.hand_over",
        /// Remove a member from a community; they may come back.
        KickMember = "member.kick",
        /// Keep somebody out of a community, or let them in again.
        BanMember = "member.ban",
        /// Have a member only read for a while.
        TimeOutMember = "member.time_out",
        /// Delete what somebody wrote in a community lately.
        ClearMessages = "member.clear_messages",
        /// See and change what a community has its messages judged by.
        ManageModeration = "moderation.manage",
        /// Make, see and revoke the links by which people join a community.
        ManageInviteLinks = "invite_link.manage",
        /// Become a member by such a link.
        JoinByLink = "community.join_by_link",
        /// Bring in history from elsewhere.
        Import = "community.import",
        /// Make a channel.
        CreateChannel = "channel.create",
        /// Begin to talk to somebody of a community alone, or go on.
        OpenConversation = "conversation.open",
        /// See a channel and its messages.
        ReadChannel = "channel.read",
        /// Take part in a channel.
        JoinChannel = "channel.join",
        /// Stop taking part.
        LeaveChannel = "channel.leave",
        /// Bring somebody in.
        AddToChannel = "channel.add",
        /// Have somebody take part no longer.
        RemoveFromChannel = "channel.remove",
        /// Say what the channel is about.
        SetTopic = "channel.set_topic",
        /// Change a channel's settings.
        ManageChannel = "channel.manage",
        /// Remove a channel with all that was said in it.
        DeleteChannel = "channel.delete",
        /// Move one's read mark.
        MarkRead = "channel.mark_read",
        /// Say how much one wants to hear of a channel.
        SetNotifications = "channel.set_notifications",
        /// Keep what one has begun to write.
        SaveDraft = "channel.save_draft",
        /// Post, and show that one is typing.
        Post = "channel.post",
        /// Have a slash command carried out.
        RunCommand = "command.run",
        /// Change a message.
        EditMessage = "message.edit",
        /// See what a message said before it was edited.
        ReadHistory = "message.read_history",
        /// Delete a message.
        DeleteMessage = "message.delete",
        /// Delete a message that was to be kept only so long.
        ExpireMessage = "message.expire",
        /// Put an emoji on a message, or take it away.
        React = "message.react",
        /// Follow a thread, or no longer.
        FollowThread = "thread.follow",
        /// Pin a message, or take the pin away.
        PinMessage = "message.pin",
        /// Report a message to the moderators.
        FlagMessage = "message.flag",
        /// See what was flagged by whom, and say what becomes of it.
        JudgeMessage = "message.judge",
        /// Say whether a held message is posted.
        ApproveMessage = "message.approve",
        /// See the audit log.
        ReadAudit = "audit.read",
        /// Move the oldest entries of the audit log to a file.
        ArchiveAudit = "audit.archive",
        /// Publish events from outside.
        PublishEvents = "event.publish",
        /// See the lanes and their dead letters, and set them.
        ManageLanes = "lane.manage",
        /// Tell somebody of something.
        Notify = "notification.add",
        /// See what one was told of.
        ReadNotifications = "notification.list",
        /// Say that one has read what one was told of.
        MarkNotifications = "notification.mark_read",
        /// Make, see, change, test and remove a community's webhooks.
        ManageWebhooks = "webhook.manage",
        /// Send events to webhooks, and note what came of it.
        DeliverWebhooks = "webhook.deliver",
        /// Switch off a webhook that nothing reaches any more.
        StopWebhook = "webhook.stop",
        /// Remove what has run out, and count what was said. Only the server itself does.
        Tidy = "server.tidy",
        /// Send the server a request of any kind; refused by the rate limits alone.
        Request = "request.send",
    }
}

impl Action {
    /// Whether it may change who somebody is, or whether they are signed in: by its noun, so that a new one is not
    /// forgotten.
    pub fn is_about_accounts(self) -> bool {
        let (noun, _) = self.as_str().split_once('.').unwrap_or_default();
        matches!(noun, "account" | "session" | "person") || self == Self::Import
    }
}
