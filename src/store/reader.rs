//! Connections for reading, each lent to one reader at a time, who sees one snapshot.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::{
    StoreError,
    dialect::{Connector, Role, Session},
};

pub(super) struct Readers {
    connector: Connector,
    role: Role,
    room: Semaphore,
    idle: Mutex<Vec<Session>>,
}

impl Readers {
    pub fn new(connector: Connector, role: Role, most: usize) -> Self {
        Self { connector, role, room: Semaphore::new(most.max(1)), idle: Mutex::default() }
    }

    /// Lends a session that has begun a snapshot. Who drops it without giving it back drops the connection: nobody
    /// knows what is still under way on it.
    pub async fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let mut lent = self.lend_as_is().await?;
        lent.session.begin().await.map_err(|trouble| trouble.error)?;
        Ok(lent)
    }

    /// Lends a session for one statement, which is a snapshot of its own.
    pub async fn lend_as_is(&self) -> Result<Lent<'_>, StoreError> {
        let room = self.room.acquire().await.map_err(|_| StoreError::Unavailable("the store is closed".to_owned()))?;
        let idle = self.idle().pop();
        let session = match idle {
            Some(session) => session,
            None => self.connector.open(self.role).await?,
        };
        Ok(Lent { session, _room: room })
    }

    /// Ends the snapshot and keeps the connection for the next reader.
    pub async fn give_back(&self, lent: Lent<'_>) {
        let Lent { mut session, _room } = lent;
        session.abandon().await;
        self.idle().push(session);
    }

    /// Keeps the connection of one statement for the next reader.
    pub fn give_back_as_is(&self, lent: Lent<'_>) {
        self.idle().push(lent.session);
    }

    /// The database was away: who lies idle has lost it, too, and would only find out by failing.
    pub fn forget_idle(&self) {
        self.idle().clear();
    }

    /// Lends nothing more.
    pub fn close(&self) {
        self.room.close();
        self.idle().clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Lent<'r> {
    pub session: Session,
    _room: tokio::sync::SemaphorePermit<'r>,
}
