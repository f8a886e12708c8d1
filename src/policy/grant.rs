use std::marker::PhantomData;

use crate::domain::Action;

/// Proof that the policy allowed command `C`. Store functions that write take one; only the policy makes one.
#[derive(Debug)]
pub struct Grant<C> {
    action: Action,
    rule: Option<String>,
    command: PhantomData<fn() -> C>,
}

impl<C> Grant<C> {
    pub(super) const fn new(action: Action, rule: Option<String>) -> Self {
        Self { action, rule, command: PhantomData }
    }

    /// What was allowed.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The rule that allowed it.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }
}
