use serde::{Serialize, de::DeserializeOwned};

use super::{Outcome, Tools, Work};
use crate::{
    domain::{Action, Actor, Result},
    policy::Scoped,
    store::{Conn, Shard},
};

/// A write: the only way anything changes. Run by `Engine::execute` in one transaction with its audit entry and events.
pub trait Command: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What [`prepare`](Self::prepare) made.
    type Prepared: Clone + Send + Sync + 'static;
    /// The target as the actor stands to it.
    type Scope: Scoped + Send;
    /// What the actor is answered.
    type Output: Send + 'static;
    /// What the policy is asked for.
    const ACTION: Action;

    /// Writes of one shard run one after the other: mostly the topic's.
    fn shard(&self) -> Shard;

    /// The same, where it takes a look to know it: two writers that lock the same rows in another order wait for each
    /// other.
    fn shard_after(&self, prepared: &Self::Prepared) -> Shard {
        let _ = prepared;
        self.shard()
    }

    /// Everything that needs no transaction: checking fields, rendering, hashing.
    fn prepare(&self, actor: &Actor, tools: &Tools) -> impl Future<Output = Result<Self::Prepared>> + Send;

    /// Loads the target. What does not exist is [`NotFound`](crate::domain::Error::NotFound).
    fn scope(&self, actor: &Actor, conn: &mut Conn<'_>) -> impl Future<Output = Outcome<Self::Scope>> + Send;

    /// Makes the change, with a grant in `work`.
    fn run(
        self,
        work: &mut Work<'_, '_, Self>,
        scope: Self::Scope,
        prepared: Self::Prepared,
    ) -> impl Future<Output = Outcome<Self::Output>> + Send;
}
