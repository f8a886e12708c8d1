//! Floor 1: who may do what. Rules are data, decisions are pure, and only this floor can make a [`Grant`].

mod decide;
mod defaults;
mod grant;
#[cfg(test)]
mod matrix;
mod rule;
mod target;

pub use decide::{Decision, Judge, PolicySet, Step};
pub use grant::Grant;
pub use rule::{Condition, Effect, Fact, Rule, RuleScope};
pub use target::{Scoped, Target};
