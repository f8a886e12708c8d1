use std::time::Duration;

use serde::Serialize;
use tokio::task::AbortHandle;

use super::Engine;
use crate::{
    lane::Started,
    store::{StoreError, people},
};

/// How long the database may take to answer the smallest question.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// A part without which the server should be sent nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It cannot be read.
    Database,
    /// It cannot be written.
    Writing,
    /// What follows from writes is left lying.
    Lane,
    /// What comes now and again is left undone: sealing, tidying up.
    Schedule,
}

/// A part that is not ready, and why: for anybody's eyes, so without paths, addresses or causes. Those are logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unready {
    /// Which.
    pub part: Part,
    /// In a few words.
    pub reason: String,
}

impl Engine {
    /// What is not ready. Empty when all is.
    pub async fn unready(&self) -> Vec<Unready> {
        let mut unready = Vec::new();
        let mut add = |part, reason: &str| unready.push(Unready { part, reason: reason.to_owned() });
        let read = self.0.store.read_long::<_, StoreError, _>(|conn| Box::pin(people::anybody(conn)));
        match tokio::time::timeout(ANSWERED_WITHIN, read).await {
            Ok(Ok(_)) => {}
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "not ready: the database cannot be read");
                add(Part::Database, "it does not answer");
            }
            Err(_) => {
                tracing::warn!("not ready: the database does not answer in time");
                add(Part::Database, "it does not answer in time");
            }
        }
        if let Some(cause) = self.0.store.failed() {
            tracing::warn!(cause, "not ready: nothing may be written");
            add(Part::Writing, "the disk failed; the server must be started again");
        } else if let Some(cause) = self.refuses_writes().await {
            tracing::warn!(cause, "not ready: the database takes no writes");
            add(Part::Writing, "it takes no writes: its disk is full, or it may only be read");
        }
        // A server that stops takes nobody new.
        let at_rest = |task: &AbortHandle| task.is_finished() || self.0.stop.is_cancelled();
        if let Some(Started { lanes, schedule }) = self.0.lanes.get() {
            for (lane, _) in lanes.iter().filter(|(_, task)| at_rest(task)) {
                add(Part::Lane, &format!("{lane} does not run"));
            }
            if at_rest(schedule) {
                add(Part::Schedule, "it does not run");
            }
        }
        unready
    }

    async fn refuses_writes(&self) -> Option<String> {
        let asked = tokio::time::timeout(ANSWERED_WITHIN, self.0.store.refuses_writes()).await;
        asked.unwrap_or_else(|_| Some("no write came to its end in time".to_owned()))
    }
}
