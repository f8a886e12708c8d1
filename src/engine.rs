//! Floor 7: puts it together. Everything anybody does goes through [`Engine::execute`] or [`Engine::ask`].

mod door;
#[cfg(all(test, feature = "lab"))]
mod tests;

use std::sync::Arc;

use arc_swap::ArcSwap;
use serde_json::{Value as Json, json};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    domain::{
        Action, Actor, Clock, CorrelationId, Error, Identity, PersonSummary, Result, Surface, Time,
        account::SessionToken, command::KeepSession,
    },
    hub::Hub,
    lane::{
        general,
        realtime::{self, Realtime},
    },
    policy::{Decision, PolicySet, Scoped, Target},
    queue::{self, Worker},
    service::{self, Asking, Failure, Outcome, Passwords, Tools, Work},
    store::{Durability, Options, Shard, Store, StoreError, audits, outbox::Committed, rules, sessions},
};

pub use crate::service::{Command, Cost, Query};

/// How often a write is tried again when two writes waited for each other.
const TRIES: usize = 4;
/// After how long the use of a session is noted again, in microseconds.
const SEEN_EVERY: i64 = 5 * Time::MINUTE;

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:<path>` or `postgres://…`.
    pub database: String,
    /// Tells the time.
    pub clock: Clock,
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// What an acknowledged write survives.
    pub durability: Durability,
    /// Whether webhooks may be sent to private, loopback and other closed addresses.
    pub private_webhooks: bool,
}

impl Settings {
    /// As a server runs: the system's clock, full durability.
    pub fn new(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            clock: system_clock(),
            password_cost: Cost::Owasp,
            durability: Durability::Full,
            private_webhooks: false,
        }
    }
}

/// The clock of the machine.
#[expect(clippy::disallowed_methods, reason = "the one place the machine's clock is read")]
pub fn system_clock() -> Clock {
    Clock::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Time::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    })
}

/// The whole of it. Cloning is cheap and means the same engine.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    policy: ArcSwap<PolicySet>,
    hub: Hub,
    tools: Tools,
    /// This process, among those that share a database.
    node: Uuid,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Engine {
    /// Opens the database, brings it up to date, and starts the lanes. Must be called within a runtime.
    pub async fn open(settings: Settings) -> std::result::Result<Self, StoreError> {
        let (inbox, handed) = queue::lane();
        let sink = Arc::new(move |handovers: Vec<crate::store::Handover>| {
            for handover in handovers {
                if let Ok(committed) = handover.downcast::<Committed>() {
                    inbox.hand_over(*committed);
                }
            }
        });
        let options = Options { sink: Some(sink), durability: settings.durability, ..Options::default() };
        let store = Store::open(&settings.database.parse()?, options).await?;
        let own = store.read::<_, StoreError, _>(|conn| Box::pin(rules::all(conn))).await?;
        let passwords = Passwords::new(settings.password_cost).map_err(StoreError::other)?;
        let (hub, node) = (Hub::default(), CorrelationId::fresh().into());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let handler = Realtime::new(hub.clone(), store.clone());
        let clock = settings.clock;
        let worker = Worker::new(realtime::LANE, handed, store.clone(), clock.clone(), node, handler);
        tasks.spawn(worker.run(stop.clone()));
        tasks.spawn(general::tidy(store.clone(), clock.clone(), stop.clone()));
        let tools = Tools { clock, passwords, store: store.clone() };
        let policy = ArcSwap::from_pointee(PolicySet::new(own));
        Ok(Self(Arc::new(Inner { store, policy, hub, tools, node, tasks, stop })))
    }

    /// Runs a command: decides, changes, audits and sends events in one transaction. Answers when it is durable.
    pub async fn execute<C: Command>(&self, actor: Actor, command: C) -> Result<C::Output> {
        let prepared = command.prepare(&actor, &self.0.tools).await?;
        for tried in 1.. {
            let failure = match self.attempt(&actor, command.clone(), prepared.clone()).await {
                Ok(output) => return Ok(output),
                Err(Failure::Store(cause)) if cause.is_retryable() && tried < TRIES => continue,
                Err(failure) => failure,
            };
            return Err(self.refused(&actor, C::ACTION, command.shard(), failure).await);
        }
        Err(Error::Unavailable)
    }

    async fn attempt<C: Command>(&self, actor: &Actor, command: C, prepared: C::Prepared) -> Outcome<C::Output> {
        let (actor, policy) = (actor.clone(), self.0.policy.load_full());
        let (now, node) = (self.0.tools.clock.now(), self.0.node);
        let shard = command.shard();
        let work = self.0.store.write(shard, move |conn| {
            Box::pin(async move {
                let scope = command.scope(&actor, conn).await?;
                let grant = policy
                    .grant::<C>(&actor, C::ACTION, scope.target())
                    .map_err(|decision| refusal(&policy, &actor, scope.target(), decision))?;
                let mut work = Work::begin(conn, &grant, &actor, now, node);
                let output = command.run(&mut work, scope, prepared).await?;
                let (target_kind, target, changes, committed) = work.finish();
                let rule = grant.rule();
                let entry =
                    audits::Entry { action: C::ACTION, target_kind, target, done: true, rule, changes: &changes };
                audits::insert(conn, &actor, &entry, now).await?;
                if !committed.records.is_empty() {
                    conn.after_commit(committed);
                }
                Ok(output)
            })
        });
        work.await
    }

    /// Answers a query from one snapshot, after the policy allowed it.
    pub async fn ask<Q: Query>(&self, actor: &Actor, query: Q) -> Result<Q::Output> {
        let action = query.action();
        let (policy, now) = (self.0.policy.load_full(), self.0.tools.clock.now());
        let asker = actor.clone();
        let answer = self.0.store.read::<_, Failure, _>(move |conn| {
            Box::pin(async move {
                let mut asking = Asking { conn, actor: &asker, policy: &policy, now };
                let scope = query.scope(&mut asking).await?;
                let decision = policy.decide(&asker, action, scope.target());
                if !decision.allowed {
                    return Err(refusal(&policy, &asker, scope.target(), decision));
                }
                query.answer(&mut asking, scope).await
            })
        });
        match answer.await {
            Ok(output) => Ok(output),
            Err(failure) => Err(self.refused(actor, action, Shard(0), failure).await),
        }
    }

    /// Who holds a session's token, if anybody does. Notes now and then that the session is in use.
    pub async fn identify(&self, token: &SessionToken) -> Result<Option<Identity>> {
        let digest = service::token_digest(token);
        let holder = self
            .0
            .store
            .read::<_, StoreError, _>(move |conn| Box::pin(async move { sessions::holder(conn, &digest).await }));
        let now = self.0.tools.clock.now();
        let holder = match holder.await {
            Ok(holder) => holder.filter(|holder| holder.expires_at > now),
            Err(cause) => {
                tracing::error!(%cause, "a session could not be looked up");
                return Err(Error::Unavailable);
            }
        };
        let Some(holder) = holder else { return Ok(None) };
        let person = PersonSummary { id: holder.id, handle: holder.handle, name: holder.name, kind: holder.kind };
        let session = Some(holder.session);
        let identity = Identity::Person { person, session, server_owner: holder.server_owner };
        if now.since(holder.seen_at) > SEEN_EVERY {
            let actor = Actor::with(identity.clone(), Surface::Worker);
            if let Err(cause) = self.execute(actor, KeepSession {}).await {
                tracing::warn!(%cause, "the use of a session could not be noted");
            }
        }
        Ok(Some(identity))
    }

    /// Whether nobody has signed up yet.
    pub async fn is_new(&self) -> Result<bool> {
        let anybody = self.0.store.read::<_, StoreError, _>(|conn| Box::pin(crate::store::people::anybody(conn))).await;
        anybody.map(|anybody| !anybody).map_err(|cause| {
            tracing::error!(%cause, "cannot tell whether anybody has signed up");
            Error::Unavailable
        })
    }

    /// Live connections.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Tells the time.
    pub fn clock(&self) -> &Clock {
        &self.0.tools.clock
    }

    /// The database, for the harness and the command line.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Finishes what was begun, hands back what is left, and lets the database go.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.store.close().await;
    }

    /// What the actor is told of a failure. A refusal is audited in a transaction of its own.
    async fn refused(&self, actor: &Actor, action: Action, shard: Shard, failure: Failure) -> Error {
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
                let changes: Json = json!({});
                let rule = rule.as_deref();
                let entry =
                    audits::Entry { action, target_kind: "", target: None, done: false, rule, changes: &changes };
                audits::insert(conn, &actor, &entry, now).await
            })
        });
        if let Err(cause) = noted.await {
            tracing::error!(%cause, %action, "a refusal could not be audited");
        }
        answer
    }
}

/// Nobody signed in is told to sign in, whether the thing exists or not.
fn absent(actor: &Actor) -> Error {
    if actor.identity == Identity::Visitor { Error::SignedOut } else { Error::NotFound }
}

/// What a refused actor is told: why, if they can see the target; else that it is not there (S08).
fn refusal(policy: &PolicySet, actor: &Actor, target: &Target, decision: Decision) -> Failure {
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
