use std::future::Future;

use super::Engine;
use crate::{
    domain::Action,
    policy::PolicySet,
    service::Moderation,
    store::{StoreError, moderation, rules},
};

impl Engine {
    /// The answer of a command, when what it changed of the rules, or of what messages are judged by, holds.
    pub(super) async fn ruled_after<T>(&self, action: Action, output: T) -> T {
        match action {
            Action::ManageRules | Action::ManageCustomRoles => self.rule_anew().await,
            Action::ManageModeration => self.judge_anew().await,
            _ => {}
        }
        output
    }

    /// Reads the rules anew: from here on everything is decided by them. A change is answered only after it holds. What a
    /// connection may watch is asked of no rule that a community writes, so none has to ask again.
    pub(super) async fn rule_anew(&self) {
        let inner = &self.0;
        // One after the other: who reads last, reads what is newest.
        let _alone = inner.ruling.lock().await;
        let read = || inner.store.read::<_, StoreError, _>(|conn| Box::pin(rules::in_force(conn)));
        if let Some(own) = self.read_anew(read).await {
            inner.policy.store(PolicySet::new(own).into());
        }
    }

    /// Reads anew what messages are judged by.
    pub(super) async fn judge_anew(&self) {
        let inner = &self.0;
        let _alone = inner.ruling.lock().await;
        let read = || inner.store.read::<_, StoreError, _>(|conn| Box::pin(moderation::all(conn)));
        if let Some(own) = self.read_anew(read).await {
            inner.moderation.store(Moderation::new(own).into());
        }
    }

    /// It does not give up: a denial that was acknowledged must not wait for the next start.
    async fn read_anew<T, F: Future<Output = Result<T, StoreError>>>(&self, read: impl Fn() -> F) -> Option<T> {
        loop {
            match read().await {
                Ok(own) => return Some(own),
                Err(cause) if self.0.stop.is_cancelled() => {
                    tracing::warn!(%cause, "changed rules hold from the next start on");
                    return None;
                }
                Err(cause) => {
                    tracing::error!(%cause, "changed rules cannot be read; they are read again");
                    tokio::time::sleep(super::PAUSE).await;
                }
            }
        }
    }
}
