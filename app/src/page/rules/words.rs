//! Rules in plain words.

use thunderline::domain::{
    Action, ChannelSummary, Role,
    rule::{Effect, RuleScope},
};

/// What somebody does: "post messages".
pub(super) const fn doing(action: Action) -> &'static str {
    match action {
        Action::Post => "post messages",
        Action::RunCommand => "run slash commands",
        Action::EditMessage => "edit messages",
        Action::DeleteMessage => "delete messages",
        Action::React => "react to messages",
        Action::PinMessage => "pin messages",
        Action::FlagMessage => "report messages",
        Action::CreateChannel => "create channels",
        Action::JoinChannel => "join channels",
        Action::LeaveChannel => "leave channels",
        Action::AddToChannel => "add people to channels",
        Action::RemoveFromChannel => "remove people from channels",
        Action::SetTopic => "set topics",
        Action::ManageChannel => "change channels",
        Action::DeleteChannel => "delete channels",
        Action::ManageInviteLinks => "invite people by links",
        Action::KickMember => "remove members",
        Action::BanMember => "ban members",
        Action::TimeOutMember => "time members out",
        Action::ClearMessages => "clear a member's messages",
        Action::ManageCustomRoles => "manage the community's own roles",
        Action::ManageWebhooks => "manage webhooks",
        Action::ManageRules => "manage rules",
        Action::ExplainRules => "ask why",
        Action::ReadChannel => "read a channel",
        Action::ReadHistory => "see how a message was changed",
        Action::ApproveMessage => "approve held messages",
        Action::ManageModeration => "change what messages are judged by",
        Action::JudgeMessage => "judge reported messages",
        other => other.as_str(),
    }
}

/// Several of them: "post messages, pin messages".
pub(super) fn list(actions: &[Action]) -> String {
    actions.iter().map(|action| doing(*action)).collect::<Vec<_>>().join(", ")
}

pub(super) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

/// Those who have a role: "Guests".
pub(super) const fn those(role: Role) -> &'static str {
    match role {
        Role::Guest => "Guests",
        Role::Bot => "Bots",
        Role::Member => "Ordinary members",
        Role::Moderator => "Moderators",
        Role::Admin => "Admins",
        Role::Owner => "The owner",
    }
}

/// Whom or what a rule covers.
pub(super) fn scope(scope: RuleScope, channels: &[ChannelSummary]) -> String {
    match scope {
        RuleScope::Everything => "Every community".to_owned(),
        RuleScope::Community(_) => "Everybody here".to_owned(),
        RuleScope::Role(_, role) => those(role).to_owned(),
        RuleScope::Channel(id) => {
            let known = channels.iter().find(|channel| channel.id == id);
            known.map_or_else(|| "A channel".to_owned(), |channel| format!("#{}", channel.name))
        }
    }
}
