//! What is kept: one body of SQL on SQLite (through `rusqlite`) or PostgreSQL (through `sqlx`).
//!
//! No statement crosses a thread; a transaction does, once. Writes queue for a writer that commits them in
//! groups; reads borrow a connection and see one snapshot.

pub mod activity;
pub mod audits;
pub mod bans;
pub mod channel_settings;
pub mod channels;
pub mod commands;
pub mod communities;
#[cfg(feature = "lab")]
pub mod conformance;
pub mod conversations;
pub mod custom_roles;
pub mod deliveries;
pub mod departures;
mod dialect;
pub mod drafts;
pub mod edits;
mod error;
pub mod events;
pub mod flags;
mod health;
pub mod held;
pub mod invite_links;
pub mod invites;
mod job;
pub mod members;
pub mod mentions;
pub mod messages;
mod migrate;
pub mod moderation;
pub mod notifications;
mod options;
pub mod outbox;
pub mod participations;
pub mod people;
pub mod pins;
mod portable;
mod portables;
pub mod publications;
pub mod reactions;
mod reader;
pub mod retention;
mod row;
pub mod rules;
pub mod search;
pub mod secrets;
pub mod sessions;
mod sql;
mod stats;
pub mod threads;
mod value;
pub mod webhooks;
mod writer;

use std::{sync::Arc, thread};

use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::task::TaskTracker;

pub use self::{
    dialect::Conn,
    error::{Broken, StoreError},
    job::BoxFuture,
    migrate::{MIGRATIONS, Migration},
    options::{DatabaseUrl, Durability, Handover, Options, Shard, Sink},
    row::{FromRow, Row},
    sql::Sql,
    stats::Figures,
    value::{Bind, Binds, Cell, Column, Kind, List, Listed, Many, Own, Value, refused, text},
};
use self::{
    dialect::{Connector, Role},
    health::Health,
    reader::Readers,
    stats::Stats,
    writer::{Order, Writer},
};

/// A database. Cloning is cheap and means the same database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    connector: Connector,
    writers: Vec<mpsc::Sender<Order>>,
    readers: Readers,
    failure: watch::Sender<Option<String>>,
    health: Arc<Health>,
    tasks: TaskTracker,
    stats: Arc<Stats>,
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the writers. Must be called within a
    /// runtime.
    pub async fn open(url: &DatabaseUrl, options: Options) -> Result<Self, StoreError> {
        let connector = Connector::new(url, &options)?;
        let mut first = connector.open(Role::Writer).await?;
        migrate::migrate(&mut first, options.migrations).await?;
        connector.learn(&mut first).await?;
        let (failure, _) = watch::channel(None);
        let (stats, health) = (Arc::new(Stats::default()), Arc::new(Health::default()));
        let tasks = TaskTracker::new();
        let mut writers = Vec::new();
        let mut first = Some(first);
        for _ in 0..connector.writers() {
            let session = match first.take() {
                Some(session) => session,
                None => connector.open(Role::Writer).await?,
            };
            let (sender, queue) = mpsc::channel(writer::QUEUE);
            let (sink, failure, stats) = (options.sink.clone(), failure.clone(), stats.clone());
            let writer = Writer { session, queue, sink, failure, health: health.clone(), stats, closing: false };
            start(&connector, &tasks, writer)?;
            writers.push(sender);
        }
        let readers = Readers::new(connector.clone(), Role::Reader, options.readers);
        Ok(Self(Arc::new(Inner { connector, writers, readers, failure, health, tasks, stats })))
    }

    /// Opens the database to look on: it is left as it is, and every write is `Unavailable`. Refuses a database whose
    /// schema is not the one this program has. Must be called within a runtime.
    pub async fn look_on(url: &DatabaseUrl, options: Options) -> Result<Self, StoreError> {
        let connector = Connector::new(url, &options)?;
        let mut first = connector.open(Role::Onlooker).await?;
        migrate::compare(&mut first, options.migrations).await?;
        let readers = Readers::new(connector.clone(), Role::Onlooker, options.readers);
        let (failure, _) = watch::channel(None);
        let (health, tasks, stats) = (Arc::default(), TaskTracker::new(), Arc::new(Stats::default()));
        Ok(Self(Arc::new(Inner { connector, writers: Vec::new(), readers, failure, health, tasks, stats })))
    }

    /// Runs a write in the next group of its shard. Answers when it is durable: an answer that is `Ok` survives
    /// what [`Options::durability`] says. A write that fails or panics is undone alone;
    /// those beside it may be run again, so a job does nothing but read and write the database.
    ///
    /// The job waits for its connection and nothing else: everybody's writes wait for it.
    pub async fn write<T, E, F>(&self, shard: Shard, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
    {
        let closed = || E::from(StoreError::Unavailable("the store is closed".to_owned()));
        let (write, answer) = job::Write::new(job);
        let writers = &self.0.writers;
        let Some(writer) = shard.0.checked_rem(writers.len() as u64) else {
            return Err(StoreError::Unavailable("the database was opened to look on".to_owned()).into());
        };
        writers[usize::try_from(writer).unwrap_or_default()]
            .send(Order::Write(Box::new(write), Instant::now()))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Reads from one snapshot. On SQLite the statements run on the calling thread, so this is for reads of
    /// a page's size; see [`Store::read_long`].
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>> + Send,
    {
        let mut lent = self.0.readers.lend().await?;
        let began = Instant::now();
        let outcome = job::attempt(&mut lent.session.conn()?, job).await;
        self.0.stats.read.took(began.elapsed());
        self.0.readers.give_back(lent).await;
        outcome.map(|(value, _)| value)
    }

    /// Reads with one statement, which needs no snapshot around it: two round trips less where the database is a server.
    /// After a lost connection the first such read may fail.
    pub async fn glance<T, E, F>(&self, job: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>> + Send,
    {
        let mut lent = self.0.readers.lend_as_is().await?;
        let outcome = job::attempt(&mut lent.session.conn()?, job).await;
        match outcome {
            Ok((value, _)) => {
                self.0.readers.give_back_as_is(lent);
                Ok(value)
            }
            Err(error) => {
                // Whatever went wrong, this connection may be the reason.
                self.0.readers.forget_idle();
                Err(error)
            }
        }
    }

    /// Reads from one snapshot, away from the threads that answer requests: exports, reports, searches. While
    /// it reads, SQLite's log cannot start anew and grows.
    pub async fn read_long<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        if !self.0.connector.blocks() {
            return self.read(job).await;
        }
        let store = self.clone();
        let runtime = tokio::runtime::Handle::current();
        let read = tokio::task::spawn_blocking(move || runtime.block_on(store.read(job)));
        read.await.map_err(|error| StoreError::other(error).into()).flatten()
    }

    /// What the store has done.
    pub fn figures(&self) -> Figures {
        self.0.stats.figures()
    }

    /// Why nothing may be written any more, if so: a sync failed or the file is corrupt. The process should
    /// end, and be started again.
    pub fn failed(&self) -> Option<String> {
        self.0.failure.borrow().clone()
    }

    /// Waits until [`Store::failed`] says something.
    pub async fn failure(&self) -> String {
        let mut failure = self.0.failure.subscribe();
        loop {
            if let Some(cause) = failure.borrow_and_update().clone() {
                return cause;
            }
            // This store holds the sender, so there is always something to wait for.
            let _ = failure.changed().await;
        }
    }

    /// As if a sync had failed: nothing is written from now on.
    #[cfg(feature = "lab")]
    pub fn fail(&self, cause: &str) {
        self.0.failure.send_replace(Some(cause.to_owned()));
    }

    /// Takes no more writes, finishes those that are queued, and lets the database go.
    pub async fn close(&self) {
        for writer in &self.0.writers {
            // One that is gone is closed.
            let _ = writer.send(Order::Close).await;
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.readers.close();
    }
}

/// Every statement there is, by file and name: a test prepares each on both engines.
#[cfg(feature = "lab")]
pub fn statements() -> Vec<(&'static str, &'static [(&'static str, Sql)])> {
    vec![
        ("activity", activity::ALL),
        ("audits", audits::ALL),
        ("audits/archive", audits::archive::ALL),
        ("audits/chain", audits::chain::ALL),
        ("audits/list", audits::list::ALL),
        ("bans", bans::ALL),
        ("channel_settings", channel_settings::ALL),
        ("channels", channels::ALL),
        ("commands", commands::ALL),
        ("communities", communities::ALL),
        ("conversations", conversations::ALL),
        ("custom_roles", custom_roles::ALL),
        ("deliveries", deliveries::ALL),
        ("departures", departures::ALL),
        ("drafts", drafts::ALL),
        ("edits", edits::ALL),
        ("events", events::ALL),
        ("flags", flags::ALL),
        ("health", health::ALL),
        ("held", held::ALL),
        ("invite_links", invite_links::ALL),
        ("invites", invites::ALL),
        ("members", members::ALL),
        ("mentions", mentions::ALL),
        ("messages", messages::ALL),
        ("moderation", moderation::ALL),
        ("notifications", notifications::ALL),
        ("outbox/claim", outbox::claim::ALL),
        ("outbox/control", outbox::control::ALL),
        ("outbox/dead", outbox::dead::ALL),
        ("outbox/lease", outbox::lease::ALL),
        ("outbox/record", outbox::record::ALL),
        ("outbox/retry", outbox::retry::ALL),
        ("outbox/schedule", outbox::schedule::ALL),
        ("outbox/stats", outbox::stats::ALL),
        ("participations", participations::ALL),
        ("people", people::ALL),
        ("pins", pins::ALL),
        ("publications", publications::ALL),
        ("reactions", reactions::ALL),
        ("retention", retention::ALL),
        ("rules", rules::ALL),
        ("search", search::ALL),
        ("secrets", secrets::ALL),
        ("sessions", sessions::ALL),
        ("threads", threads::ALL),
        ("webhooks", webhooks::ALL),
    ]
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("writers", &self.0.writers.len()).finish_non_exhaustive()
    }
}

/// Starts a writer: on a thread of its own where statements keep the thread, else as a task.
fn start(connector: &Connector, tasks: &TaskTracker, writer: Writer) -> Result<(), StoreError> {
    if !connector.blocks() {
        tasks.spawn(writer.serve());
        return Ok(());
    }
    let (token, runtime) = (tasks.token(), tokio::runtime::Handle::current());
    let serve = move || {
        runtime.block_on(writer.serve());
        drop(token);
    };
    thread::Builder::new().name("writer".to_owned()).spawn(serve).map(|_| ()).map_err(StoreError::other)
}

#[cfg(all(test, feature = "lab"))]
mod tests;
