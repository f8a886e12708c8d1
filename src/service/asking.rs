use serde::Serialize;

use super::Outcome;
use crate::{
    domain::{Action, Actor, Time},
    policy::{Judge, Scoped},
    store::Conn,
};

/// A read: the only way anything is read. Run by `Engine::ask` in one consistent snapshot.
pub trait Query: Clone + Serialize + Send + Sync + 'static {
    /// The target as the actor stands to it.
    type Scope: Scoped + Send;
    /// What the actor is answered.
    type Output: Send + 'static;
    /// Whether scope and answer are one statement together, which is a snapshot of its own.
    const GLANCE: bool = false;
    /// Whether it may read more than a page's worth, and so away from the threads that answer requests.
    const LONG: bool = false;

    /// What the policy is asked for.
    fn action(&self) -> Action;

    /// Loads the target. What does not exist is [`NotFound`](crate::domain::Error::NotFound).
    fn scope(&self, asking: &mut Asking<'_, '_>) -> impl Future<Output = Outcome<Self::Scope>> + Send;

    /// Reads, after the policy allowed it.
    fn answer(
        self,
        asking: &mut Asking<'_, '_>,
        scope: Self::Scope,
    ) -> impl Future<Output = Outcome<Self::Output>> + Send;
}

/// A read under way.
pub struct Asking<'a, 'c> {
    /// The snapshot.
    pub conn: &'a mut Conn<'c>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The rules now, for what the answer says one may do.
    pub policy: Judge<'a>,
    /// When.
    pub now: Time,
}
