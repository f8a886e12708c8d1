//! What becomes of what was not carried out: what the actor is told, and the entry it leaves.

use serde_json::{Value as Json, json};
use tokio::task::JoinError;
use tracing::Instrument as _;
use uuid::Uuid;

use super::Engine;
use crate::{
    domain::{Action, Actor, CorrelationId, Error, Identity, Time},
    policy::{Decision, Judge, Target},
    service::Failure,
    store::{Shard, StoreError, audits},
};

/// What was not carried out.
pub(super) struct Refusal {
    pub action: Action,
    /// The command or query that was asked for.
    pub asked: &'static str,
    /// What it was aimed at, as far as it said.
    pub aim: Option<(&'static str, Uuid)>,
    pub failure: Failure,
}

/// What the entry of a refusal says beside its actor.
#[derive(Clone)]
struct Note {
    action: Action,
    aim: Option<(&'static str, Uuid)>,
    rule: Option<String>,
    changes: Json,
}

/// Somebody who was turned away at the door.
#[derive(Clone, Debug)]
pub struct TurnedAway {
    /// Who.
    pub actor: Actor,
    /// What they wanted.
    pub action: Action,
    /// The limit or rule they met, in words.
    pub rule: String,
    /// How often they were refused.
    pub refused: u64,
    /// Since when.
    pub since: Time,
}

impl Engine {
    /// What the actor is told of a failure. A refusal is audited in a transaction of its own.
    pub(super) async fn refused(&self, actor: &Actor, shard: Shard, refusal: Refusal) -> Error {
        let Refusal { action, asked, aim, failure } = refusal;
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
        self.note_refusal(actor, shard, Note { action, aim, rule, changes: json!({ "asked": asked }) }).await;
        answer
    }

    /// Notes that somebody was turned away before the policy was asked: by the rate limits, or with the form of another
    /// site. Whoever calls this bounds how often: what anybody can do for nothing must not fill the log.
    pub async fn turn_away(&self, turned: TurnedAway) {
        let TurnedAway { actor, action, rule, refused, since } = turned;
        let changes = json!({ "refused": refused, "since": since });
        let engine = self.clone();
        let note = async move {
            engine.note_refusal(&actor, Shard(0), Note { action, aim: None, rule: Some(rule), changes }).await;
        };
        if let Err(cut) = self.0.tasks.spawn(note.in_current_span()).await {
            tracing::error!(%cut, %action, "a refusal could not be audited");
        }
    }

    async fn note_refusal(&self, actor: &Actor, shard: Shard, note: Note) {
        let (actor, now, action) = (actor.clone(), self.0.tools.clock.now(), note.action);
        let noted = self.0.store.write::<_, StoreError, _>(shard, move |conn| {
            Box::pin(async move {
                let Note { action, aim, rule, changes } = note;
                let (target_kind, target) = aim.map_or(("", None), |(kind, id)| (kind, Some(id)));
                let rule = rule.as_deref();
                let entry = audits::Entry { action, target_kind, target, done: false, rule, changes: &changes };
                audits::insert(conn, &actor, &entry, now).await
            })
        });
        if let Err(cause) = noted.await {
            tracing::error!(%cause, %action, "a refusal could not be audited");
        }
    }
}

/// The name of a command or query.
pub(super) fn name_of<T>() -> &'static str {
    let path = std::any::type_name::<T>();
    path.rsplit("::").next().unwrap_or(path)
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
pub(super) fn refusal(policy: Judge<'_>, actor: &Actor, target: &Target, decision: Decision) -> Failure {
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
