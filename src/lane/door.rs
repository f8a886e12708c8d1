//! The door, as floors below the engine know it.

use crate::{
    domain::{Actor, Result},
    service::{Command, Query},
};

/// The one door, as the lanes see it from below: what a handler changes or reads passes it like everybody else's.
pub trait Door: Send + Sync + 'static {
    /// Runs a command; see `Engine::execute`.
    fn execute<C: Command>(&self, actor: Actor, command: C) -> impl Future<Output = Result<C::Output>> + Send;

    /// Answers a query; see `Engine::ask`.
    fn ask<Q: Query>(&self, actor: &Actor, query: Q) -> impl Future<Output = Result<Q::Output>> + Send;

    /// Decides by the rules as they are stored now, when this is done.
    fn rule_anew(&self) -> impl Future<Output = ()> + Send;
}
