//! What I am in a community, when somebody changes it while I look.

use std::time::Duration;

use leptos::prelude::*;
use thunderline::{
    domain::{CommunityId, CommunitySummary, Role, Time, member::Departure},
    view::Shell,
};

use super::Client;
use crate::{dom::page, part::toast::ToastKind};

/// How long is waited at most before it is looked again whether a time-out is over.
const LOOK: Duration = Duration::from_mins(10);
/// How soon it is looked again when it should be over: the server's clock decides.
const SOON: Duration = Duration::from_secs(3);

/// That one was removed from the community that was open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its name.
    pub community: String,
    /// How.
    pub departure: Departure,
    /// Why; may be empty.
    pub reason: String,
}

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

/// What became of me in the open community while I looked.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// How often what I may do there has changed.
    times: u32,
    removal: Option<Removal>,
}

impl Client {
    /// Another number whenever what I may do in the open community has changed.
    pub fn standing(&self) -> Memo<u32> {
        let standing = self.standing;
        Memo::new(move |_| standing.with(|standing| standing.times))
    }

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
            self.standing.update(|standing| standing.times += 1);
        }
    }

    /// The rules of a community changed: what I may do there is asked again.
    pub(super) fn ruled_anew(self, community: CommunityId) {
        let open = |shell: &Option<Shell>| shell.as_ref()?.open.as_ref().map(|open| open.community.id);
        if self.shell.with_untracked(open) == Some(community) {
            self.standing.update(|standing| standing.times += 1);
        }
    }

    /// I am in a community no longer. Before the shell hears of it.
    pub(super) fn left(self, community: CommunityId, departure: Departure, reason: &str) {
        let (name, here) = self.shell.with_untracked(|shell| {
            let Some(shell) = shell else { return (None, false) };
            let open = shell.open.as_ref().map(|open| &open.community).filter(|open| open.id == community);
            let known = shell.communities.iter().find(|known| known.id == community);
            (open.or(known).map(|known| known.name.clone()), open.is_some())
        });
        let Some(name) = name.filter(|_| departure != Departure::Left) else { return };
        if here {
            let removal = Removal { community: name, departure, reason: reason.to_owned() };
            self.standing.update(|standing| standing.removal = Some(removal));
        } else {
            let how = if departure == Departure::Banned { "banned" } else { "removed" };
            self.toasts.show(ToastKind::Bad, format!("You were {how} from {name}."));
        }
    }

    /// That I was removed from the community that was open.
    pub fn removed(&self) -> Memo<Option<Removal>> {
        let standing = self.standing;
        Memo::new(move |_| standing.with(|standing| standing.removal.clone()))
    }

    /// Until when I only read in the open community.
    pub fn silenced_until(&self) -> Memo<Option<Time>> {
        let shell = self.shell;
        Memo::new(move |_| shell.with(|shell| shell.as_ref()?.open.as_ref()?.silenced_until))
    }

    /// Reads the page afresh when a time-out is over, for as long as it is the one I am in.
    pub fn wait_out(self, until: Time) {
        let left = until.since(page::now());
        let wait = if left <= 0 {
            self.standing.update(|standing| standing.times += 1);
            SOON
        } else {
            Duration::from_micros(left.unsigned_abs()).min(LOOK)
        };
        set_timeout(
            move || {
                let still = self.shell.try_with_untracked(|shell| shell.as_ref()?.open.as_ref()?.silenced_until);
                if still == Some(Some(until)) {
                    self.wait_out(until);
                }
            },
            wait,
        );
    }
}
