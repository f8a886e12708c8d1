//! Floor 7: puts it together. Everything anybody does goes through [`Engine::execute`] or [`Engine::ask`].

mod door;
mod figures;
mod identities;
mod readiness;
mod refusal;
mod rules;
mod settings;
mod stats;
#[cfg(all(test, feature = "lab"))]
mod tests;

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument as _, debug_span, field};
use uuid::Uuid;

use crate::{
    domain::{
        Actor, Clock, CorrelationId, Error, Identity, Result, Surface, Time, account::SessionToken,
        command::KeepSession, query::ReadSession,
    },
    hub::Hub,
    lane::{
        self, Registry, Started,
        outgoing::{Limits, Outgoing},
        sealer,
    },
    policy::{PolicySet, Scoped},
    queue::{self, Dispatch, Ground, Meter},
    service::{self, Asking, Failure, Fingerprints, Means, Moderation, Noted, Outcome, Passwords, Tools, Work},
    store::{
        Conn, Handover, Options, Shard, Sink, Store, StoreError, audits, moderation as stored_moderation,
        outbox::{self, Committed, Origin},
        rules as stored_rules,
    },
    watching::span,
};

use self::{
    door::Gate,
    identities::Identities,
    refusal::{Refusal, cut_off, refusal},
    stats::{Ending, Sent, Stats},
};
pub use self::{
    figures::{Figures, Unsealed},
    readiness::{Part, Unready},
    refusal::TurnedAway,
    settings::{Settings, system_clock},
};
pub use crate::service::{Command, Cost, Query};

/// How often a write is tried again when two writes waited for each other.
const TRIES: u32 = 6;
/// How long the first pause between two tries is; each is that much longer than the one before.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
/// After how long the use of a session is noted again, in microseconds.
const SEEN_EVERY: i64 = 5 * Time::MINUTE;

/// How often it is looked whether the lanes are alive.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// The whole of it. Cloning is cheap and means the same engine.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    policy: ArcSwap<PolicySet>,
    moderation: ArcSwap<Moderation>,
    /// Held while the rules are read anew.
    ruling: tokio::sync::Mutex<()>,
    identities: Identities,
    hub: Hub,
    tools: Tools,
    /// This process, among those that share a database.
    origin: Arc<Origin>,
    meter: Arc<Meter>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// The tasks of the lanes and the schedule, by which they are seen to be alive.
    lanes: OnceLock<Started>,
    stats: Stats,
}

impl Engine {
    /// Opens the database, brings it up to date, and starts the lanes. Must be called within a runtime.
    pub async fn open(settings: Settings) -> std::result::Result<Self, StoreError> {
        Self::open_with(settings, |_| {}).await
    }

    /// The same with more handlers and duties than the product's own.
    pub async fn open_with(
        settings: Settings,
        more: impl FnOnce(&mut Registry) + Send,
    ) -> std::result::Result<Self, StoreError> {
        let meter = Arc::new(Meter::default());
        let (dispatch, intakes) = queue::dispatch(meter.clone());
        let options = Options { sink: Some(sink(dispatch)), durability: settings.durability, ..Options::default() };
        let store = Store::open(&settings.database.parse()?, options).await?;
        let own = store.read::<_, StoreError, _>(|conn| Box::pin(stored_rules::in_force(conn))).await?;
        let judged = store.read::<_, StoreError, _>(|conn| Box::pin(stored_moderation::all(conn))).await?;
        let moderation = ArcSwap::from_pointee(Moderation::new(judged));
        let passwords = Passwords::new(settings.password_cost).map_err(StoreError::other)?;
        let hub = settings.feed.map_or_else(Hub::default, Hub::on);
        let node = Uuid::from(CorrelationId::fresh());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock = settings.clock;
        let gate = Gate::default();
        let outgoing = Outgoing::new(Limits {
            private: settings.private_webhooks,
            whole: settings.webhook_wait,
            ..Limits::default()
        });
        let mut registry = lane::registry(&hub, &store, &clock, &gate, outgoing);
        more(&mut registry);
        let origin = Arc::new(Origin { node, subscriptions: registry.subscriptions() });
        let ground = Ground { store: store.clone(), clock: clock.clone(), node, meter: meter.clone() };
        let tools = Tools {
            clock,
            passwords,
            fingerprints: Fingerprints::open(&store).await?,
            store: store.clone(),
            foreign: settings.foreign,
            private_webhooks: settings.private_webhooks,
        };
        let (policy, stats) = (ArcSwap::from_pointee(PolicySet::new(own)), Stats::default());
        let (lanes, identities) = (OnceLock::new(), Identities::default());
        let ruling = tokio::sync::Mutex::default();
        let inner = Inner {
            store,
            policy,
            moderation,
            ruling,
            identities,
            hub,
            tools,
            origin,
            meter,
            tasks,
            stop,
            lanes,
            stats,
        };
        let engine = Self(Arc::new(inner));
        gate.open(&engine);
        if let Some(pace) = settings.lanes {
            let lanes = registry.start(intakes, &ground, pace, &engine.0.tasks, &engine.0.stop);
            // Set once, here.
            let _ = engine.0.lanes.set(lanes);
        }
        Ok(engine)
    }

    /// Runs a command: decides, changes, audits and sends events in one transaction. Answers when it is durable.
    ///
    /// It is carried out to its end whether or not anybody waits for the answer: who hangs up changes nothing, and
    /// [`Engine::close`] waits for it.
    pub async fn execute<C: Command>(&self, mut actor: Actor, command: C) -> Result<C::Output> {
        let span = debug_span!("command", action = %C::ACTION, outcome = field::Empty);
        span::follow(&span, actor.trace);
        actor.trace = span::place(&span).or(actor.trace);
        let (engine, began, reference) = (self.clone(), Instant::now(), actor.correlation);
        let inside = span.clone();
        let carried = async move {
            let answer = engine.carry_out(actor, command).await;
            let ending = Ending::of(&answer);
            inside.record("outcome", ending.as_str());
            engine.0.stats.ended(C::ACTION, ending, began.elapsed());
            answer
        };
        self.0
            .tasks
            .spawn(carried.instrument(span))
            .await
            .unwrap_or_else(|cut| Err(cut_off(C::ACTION, reference, &cut)))
    }

    async fn carry_out<C: Command>(&self, actor: Actor, command: C) -> Result<C::Output> {
        let _forget = self.0.identities.after(C::ACTION);
        let prepared = match command.prepare(&actor, &self.0.tools).await {
            Ok(prepared) => prepared,
            Err(error) => {
                let (action, aim) = (C::ACTION, service::aim(&command));
                let failure = Failure::Answer(error);
                let refusal = Refusal { action, asked: refusal::name_of::<C>(), aim, failure };
                return Err(self.refused(&actor, command.shard(), refusal).await);
            }
        };
        for tried in 1.. {
            let failure = match self.attempt(&actor, command.clone(), prepared.clone()).await {
                Ok(output) => return Ok(self.ruled_after(C::ACTION, output).await),
                Err(Failure::Store(cause))
                    if (cause.is_retryable() || cause.is_taken("messages.id")) && tried < TRIES =>
                {
                    tokio::time::sleep(PAUSE * tried).await;
                    continue;
                }
                Err(failure) => failure,
            };
            let (action, aim) = (C::ACTION, service::aim(&command));
            let refusal = Refusal { action, asked: refusal::name_of::<C>(), aim, failure };
            return Err(self.refused(&actor, command.shard(), refusal).await);
        }
        Err(Error::Unavailable)
    }

    async fn attempt<C: Command>(&self, actor: &Actor, command: C, prepared: C::Prepared) -> Outcome<C::Output> {
        let (actor, policy) = (actor.clone(), self.0.policy.load_full());
        let (now, origin) = (self.0.tools.clock.now(), self.0.origin.clone());
        let (fingerprints, moderation) = (self.0.tools.fingerprints.clone(), self.0.moderation.load_full());
        let shard = command.shard_after(&prepared);
        let work = self.0.store.write::<_, Failure, _>(shard, move |conn| {
            Box::pin(async move {
                let scope = command.scope(&actor, conn).await?;
                let policy = policy.at(now);
                let grant = policy
                    .grant::<C>(&actor, C::ACTION, scope.target())
                    .map_err(|decision| refusal(policy, &actor, scope.target(), decision))?;
                let means = Means { fingerprints: &fingerprints, moderation: &moderation, origin: &origin };
                let mut work = Work::begin(conn, &grant, &actor, policy, now, means);
                let output = command.run(&mut work, scope, prepared).await?;
                let (noted, committed) = work.finish();
                if let Some(Noted { target_kind, target, changes }) = noted {
                    let (action, rule) = (C::ACTION, grant.rule());
                    let entry = audits::Entry { action, target_kind, target, done: true, rule, changes: &changes };
                    audits::insert(conn, &actor, &entry, now).await?;
                }
                let sent = Sent::of(&committed);
                if !committed.is_empty() {
                    conn.after_commit(committed);
                }
                Ok((output, sent))
            })
        });
        let (output, sent) = work.await?;
        // Only now: what was rolled back was never sent.
        self.0.stats.sent(&sent);
        Ok(output)
    }

    /// Answers a query from one snapshot, after the policy allowed it. A refusal is noted to its end, as with
    /// [`Engine::execute`].
    pub async fn ask<Q: Query>(&self, actor: &Actor, query: Q) -> Result<Q::Output> {
        let action = query.action();
        let (policy, now) = (self.0.policy.load_full(), self.0.tools.clock.now());
        let (store, asker, question) = (&self.0.store, actor.clone(), query.clone());
        let answer = match (Q::GLANCE, Q::LONG) {
            (true, _) => store.glance(move |conn| Box::pin(answered(conn, asker, policy, now, query))).await,
            (_, true) => store.read_long(move |conn| Box::pin(answered(conn, asker, policy, now, query))).await,
            _ => store.read(move |conn| Box::pin(answered(conn, asker, policy, now, query))).await,
        };
        match answer {
            Ok(output) => Ok(output),
            Err(failure) => {
                let refusal = Refusal { action, asked: refusal::name_of::<Q>(), aim: service::aim(&question), failure };
                let (engine, actor, reference) = (self.clone(), actor.clone(), actor.correlation);
                let told = async move { engine.refused(&actor, Shard(0), refusal).await };
                let told = self.0.tasks.spawn(told.in_current_span()).await;
                Err(told.unwrap_or_else(|cut| cut_off(action, reference, &cut)))
            }
        }
    }

    /// Who holds a session's token, if anybody does. Notes now and then that the session is in use.
    pub async fn identify(&self, token: &SessionToken) -> Result<Option<Identity>> {
        let (identities, now) = (&self.0.identities, self.0.tools.clock.now());
        if let Some(held) = identities.get(token, now) {
            return Ok(Some(held.identity));
        }
        let (nobody, asked) = (Actor::visitor(Surface::Worker), identities.moment());
        let Some(held) = self.ask(&nobody, ReadSession { token: token.clone() }).await? else { return Ok(None) };
        identities.keep(token, &held, now, asked);
        if now.since(held.seen_at) > SEEN_EVERY {
            let actor = Actor::with(held.identity.clone(), Surface::Worker);
            if let Err(cause) = self.execute(actor, KeepSession {}).await {
                tracing::warn!(%cause, "the use of a session could not be noted");
            }
        }
        Ok(Some(held.identity))
    }

    /// Waits for what this process cannot go on after: a sync that failed, or a lane or the schedule that ended. Then it should end and
    /// be started again.
    pub async fn failure(&self) -> String {
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                cause = self.0.store.failure() => return cause,
                _ = look.tick() => {
                    let ended = self.0.lanes.get().and_then(Started::ended);
                    if let Some(ended) = ended.filter(|_| !self.0.stop.is_cancelled()) {
                        return ended;
                    }
                }
            }
        }
    }

    /// Live connections.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// What the lanes of this process have done.
    pub fn lanes(&self) -> &Meter {
        &self.0.meter
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
        if self.0.lanes.get().is_some()
            && let Err(cause) = sealer::seal_once(&self.0.store, &self.0.tools.clock).await
        {
            tracing::warn!(%cause, "the last entries of the audit log wait for the next start to be sealed");
        }
        // What was committed meanwhile, and what no handler finished in time, is free at once.
        let (node, now) = (self.0.origin.node, self.0.tools.clock.now());
        let back = self
            .0
            .store
            .write::<_, StoreError, _>(Shard::of(node), move |conn| Box::pin(outbox::hand_back(conn, node, now)));
        if let Err(cause) = back.await {
            tracing::warn!(%cause, "leases could not be handed back; they will run out");
        }
        self.0.store.close().await;
    }
}

/// Decides and answers on one connection.
async fn answered<Q: Query>(
    conn: &mut Conn<'_>,
    actor: Actor,
    policy: Arc<PolicySet>,
    now: Time,
    query: Q,
) -> Outcome<Q::Output> {
    let action = query.action();
    let policy = policy.at(now);
    let mut asking = Asking { conn, actor: &actor, policy, now };
    let scope = query.scope(&mut asking).await?;
    let decision = policy.decide(&actor, action, scope.target());
    if !decision.allowed {
        return Err(refusal(policy, &actor, scope.target(), decision));
    }
    query.answer(&mut asking, scope).await
}

/// Hands what is committed to the lanes.
fn sink(dispatch: Dispatch) -> Sink {
    Arc::new(move |handovers: Vec<Handover>| {
        for handover in handovers {
            if let Ok(committed) = handover.downcast::<Committed>() {
                dispatch.hand_over(*committed);
            }
        }
    })
}
