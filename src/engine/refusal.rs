//! What becomes of what was not carried out: what the actor is told, and the entry it leaves.

use serde_json::json;
use tokio::task::JoinError;
use uuid::Uuid;

use super::Engine;
use crate::{
    domain::{Action, Actor, CorrelationId, Error, Identity},
    policy::{Decision, PolicySet, Target},
    service::Failure,
    store::{Shard, StoreError, audits},
};

/// What was not carried out.
pub(super) struct Refusal {
    pub action: Action,
    /// What it was aimed at, as far as it said.
    pub aim: Option<(&'static str, Uuid)>,
    pub failure: Failure,
}

impl Engine {
    /// What the actor is told of a failure. A refusal is audited in a transaction of its own.
    pub(super) async fn refused(&self, actor: &Actor, shard: Shard, refusal: Refusal) -> Error {
        let Refusal { action, aim, failure } = refusal;
        let (answer, rule) = match failure {
            Failure::Refused { answer, rule } => (answer, rule),
            Failure::Answer(Error::NotFound | Error::SignedOut) => (absent(actor), None),
            Failure::Answer(answer) => return answer,
            Failure::Store(StoreError::Busy(_) | StoreError::Unavailable(_)) => return Error::Unavailable,
            Failure::Store(cause) => {
                let reference = actor.correlation.to_string();
                tracing::error!(%cause, %action, %reference, "a fault");
                return Error::Internal { reference };
            }
        };
        let (actor, now) = (actor.clone(), self.0.tools.clock.now());
        let noted = self.0.store.write::<_, StoreError, _>(shard, move |conn| {
            Box::pin(async move {
                let changes = json!({});
                let rule = rule.as_deref();
                let (target_kind, target) = aim.map_or(("", None), |(kind, id)| (kind, Some(id)));
                let entry = audits::Entry { action, target_kind, target, done: false, rule, changes: &changes };
                audits::insert(conn, &actor, &entry, now).await
            })
        });
        if let Err(cause) = noted.await {
            tracing::error!(%cause, %action, "a refusal could not be audited");
        }
        answer
    }
}

/// What is answered for work that panicked, or whose runtime ended under it.
pub(super) fn cut_off(action: Action, reference: CorrelationId, cut: &JoinError) -> Error {
    if cut.is_cancelled() {
        return Error::Unavailable;
    }
    let reference = reference.to_string();
    tracing::error!(%cut, %action, %reference, "a fault");
    Error::Internal { reference }
}

/// Nobody signed in is told to sign in, whether the thing exists or not.
fn absent(actor: &Actor) -> Error {
    if actor.identity == Identity::Visitor { Error::SignedOut } else { Error::NotFound }
}

/// What a refused actor is told: why, if they can see the target; else that it is not there (S08).
pub(super) fn refusal(policy: &PolicySet, actor: &Actor, target: &Target, decision: Decision) -> Failure {
    let visible = if target.channel.is_some() {
        policy.allows(actor, Action::ReadChannel, target)
    } else if target.community.is_some() {
        policy.allows(actor, Action::ReadCommunity, target)
    } else {
        true
    };
    let answer = if actor.identity == Identity::Visitor || !visible {
        absent(actor)
    } else {
        Error::Forbidden { rule: decision.refusal() }
    };
    Failure::Refused { answer, rule: decision.rule }
}
