use std::sync::{Arc, OnceLock, Weak};

use super::{Engine, Inner};
use crate::{
    domain::{Actor, Error, Result},
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

    async fn rule_anew(&self) {
        Self::rule_anew(self).await;
        self.judge_anew().await;
    }
}

/// The door for those whom the engine itself holds: it opens when the engine stands, and keeps nothing alive.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Arc<OnceLock<Weak<Inner>>>);

impl Gate {
    pub(super) fn open(&self, engine: &Engine) {
        // Opened once, by whoever made it.
        let _ = self.0.set(Arc::downgrade(&engine.0));
    }

    fn engine(&self) -> Result<Engine> {
        self.0.get().and_then(Weak::upgrade).map(Engine).ok_or(Error::Unavailable)
    }
}

impl Door for Gate {
    async fn execute<C: Command>(&self, actor: Actor, command: C) -> Result<C::Output> {
        self.engine()?.execute(actor, command).await
    }

    async fn ask<Q: Query>(&self, actor: &Actor, query: Q) -> Result<Q::Output> {
        self.engine()?.ask(actor, query).await
    }

    async fn rule_anew(&self) {
        if let Ok(engine) = self.engine() {
            engine.rule_anew().await;
            engine.judge_anew().await;
        }
    }
}
