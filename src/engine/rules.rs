use super::Engine;
use crate::{
    domain::Action,
    policy::PolicySet,
    store::{StoreError, rules},
};

impl Engine {
    /// The answer of a command, when what it changed of the rules holds.
    pub(super) async fn ruled_after<T>(&self, action: Action, output: T) -> T {
        if action == Action::ManageRules {
            self.rule_anew().await;
        }
        output
    }

    /// Reads the rules anew: from here on everything is decided by them. A change is answered only after it holds. What a
    /// connection may watch is asked of no rule that a community writes, so none has to ask again.
    ///
    /// It does not give up: a denial that was acknowledged must not wait for the next start.
    pub(super) async fn rule_anew(&self) {
        let inner = &self.0;
        // One after the other: who reads last, reads what is newest.
        let _alone = inner.ruling.lock().await;
        loop {
            let read = inner.store.read::<_, StoreError, _>(|conn| Box::pin(rules::all(conn))).await;
            match read {
                Ok(own) => {
                    inner.policy.store(PolicySet::new(own).into());
                    return;
                }
                Err(cause) if inner.stop.is_cancelled() => {
                    tracing::warn!(%cause, "changed rules hold from the next start on");
                    return;
                }
                Err(cause) => {
                    tracing::error!(%cause, "changed rules cannot be read; they are read again");
                    tokio::time::sleep(super::PAUSE).await;
                }
            }
        }
    }
}
