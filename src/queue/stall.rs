//! Topics whose order lies in the database: something of theirs waits there, and nothing may pass it in memory.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::{RecordId, Time};

/// By handler and topic, what of it this process has let go of: its place, and until when it is remembered. Another
/// process may take it and never say so.
#[derive(Debug, Default)]
pub(super) struct Stalls(HashMap<(usize, Uuid), HashMap<RecordId, (i64, Time)>>);

impl Stalls {
    /// Whether something of the topic that is not behind this place waits in the database.
    pub fn holds(&mut self, crew: usize, topic: Uuid, seq: i64, now: Time) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let Some(waiting) = self.0.get_mut(&(crew, topic)) else { return false };
        waiting.retain(|_, (_, until)| *until > now);
        let holds = waiting.values().any(|(place, _)| *place <= seq);
        if waiting.is_empty() {
            self.0.remove(&(crew, topic));
        }
        holds
    }

    /// This waits in the database now. It is remembered for as long as what it waits behind.
    pub fn add(&mut self, crew: usize, topic: Uuid, record: RecordId, seq: i64, until: Time) {
        let waiting = self.0.entry((crew, topic)).or_default();
        let last = waiting.values().map(|(_, until)| *until).max().unwrap_or(until);
        waiting.insert(record, (seq, until.max(last)));
    }

    /// This has come back, in the order in which the database gives out.
    pub fn remove(&mut self, crew: usize, topic: Uuid, record: RecordId) {
        if let Some(waiting) = self.0.get_mut(&(crew, topic)) {
            waiting.remove(&record);
            if waiting.is_empty() {
                self.0.remove(&(crew, topic));
            }
        }
    }

    /// Forgets what nobody asks for any more.
    pub fn sweep(&mut self, now: Time) {
        self.0.retain(|_, waiting| waiting.values().any(|(_, until)| *until > now));
    }
}
