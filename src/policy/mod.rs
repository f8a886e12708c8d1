//! Floor 1: who may do what. Rules are data, decisions are pure, and only this floor can make a [`Grant`].
//!
//! The rules that cover an action and its target are asked one after the other; the first that applies decides, and where
//! none applies it is refused. They are asked in this order:
//!
//! 1. **Safety**, built in: bans, time-outs, ranks, archived and locked channels refuse; that one can always leave, and
//!    that an owner manages the rules, is allowed. Nothing that a community writes is asked before them (S05).
//! 2. **All others**, built in or a community's own, by priority (1–1000, the lower first), then from narrow to wide
//!    (channel, role, community, everything), then denials before allowances.
//!
//! What a role of a community's own allows is asked at priority 100, for the whole community: before what is built in and no
//! safety, and after the denials that the community itself writes at that priority. Built-in allowances have priority 200 and a community's own rules 100 unless they say otherwise, so what a community
//! writes is asked before what it would be without. A rule with a condition applies when the condition is true; one that
//! cannot be evaluated refuses. A community's own rules allow only those who are in already, and speak only of what is in
//! [`RULED`](crate::domain::rule::RULED): never of reading, so that lists, which the database filters, need not know them.

mod decide;
mod defaults;
#[cfg(feature = "engine")]
mod expression;
mod fact;
mod grant;
#[cfg(test)]
mod matrix;
mod role;
mod rule;
mod target;

pub use decide::{Decision, Judge, PolicySet};
#[cfg(feature = "engine")]
pub use expression::Expression;
pub use fact::Fact;
pub use grant::Grant;
pub use role::{has_permission, of_role};
pub use rule::{Condition, Effect, Origin, Rule, RuleScope, Unanswered};
pub use target::{Scoped, Target};
