//! What I am in a community, when somebody changes it while I look.

use leptos::prelude::*;
use thunderline::domain::{CommunitySummary, Role};

use super::Client;
use crate::part::toast::ToastKind;

/// What one is told of a new role.
const fn told(role: Role) -> &'static str {
    match role {
        Role::Guest => "a guest",
        Role::Bot => "a bot",
        Role::Member => "a member",
        Role::Moderator => "a moderator",
        Role::Admin => "an admin",
        Role::Owner => "the owner",
    }
}

impl Client {
    /// I am something else in a community now, or may do other things there. Before the shell hears of it.
    pub(super) fn stand(self, now: &CommunitySummary) {
        let (before, here) = self.shell.with_untracked(|shell| {
            let shell = shell.as_ref();
            let before = shell.and_then(|shell| shell.communities.iter().find(|known| known.id == now.id)?.role);
            let here = shell.and_then(|shell| shell.open.as_ref()).is_some_and(|open| open.community.id == now.id);
            (before, here)
        });
        if let Some(role) = now.role.filter(|role| before != Some(*role)) {
            self.toasts.show(ToastKind::Info, format!("You are {} of {} now.", told(role), now.name));
        }
        if here {
            self.standing.update(|times| *times += 1);
        }
    }
}
