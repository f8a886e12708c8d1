use super::Engine;
use crate::{
    domain::{Actor, Result},
    lane::door::Door,
    service::{Command, Query},
};

impl Door for Engine {
    async fn execute<C: Command>(&self, actor: Actor, command: C) -> Result<C::Output> {
        Self::execute(self, actor, command).await
    }

    async fn ask<Q: Query>(&self, actor: &Actor, query: Q) -> Result<Q::Output> {
        Self::ask(self, actor, query).await
    }
}
