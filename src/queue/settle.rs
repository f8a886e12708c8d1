//! What became of records: done, to be tried again, dead, or given back (Q05).

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::{
    Done, Handler, Record, Undone,
    worker::{News, Worker},
};
use crate::{
    domain::{Lane, RecordId},
    store::{BoxFuture, outbox::Failed},
    watching::span,
};

/// What a handler has answered, for whom it was.
pub(super) struct Finished {
    pub crew: usize,
    pub records: Vec<Ticket>,
    pub answers: Result<Vec<Done>, String>,
    /// How long the handler was at it.
    pub took: Duration,
}

/// What is remembered of a record while a handler has it.
pub(super) struct Ticket {
    pub id: RecordId,
    pub topic: Uuid,
    pub seq: i64,
    pub attempts: i64,
    /// How long it waits if this attempt fails, in microseconds.
    pub wait: i64,
}

/// Runs a handler against its panics.
pub(super) fn run(handler: Arc<dyn Handler>, crew: usize, records: Vec<Record>) -> BoxFuture<'static, News> {
    let ticket = |record: &Record| Ticket {
        id: record.id,
        topic: record.topic,
        seq: record.seq,
        attempts: record.attempts,
        wait: handler.backoff(record).after(record.attempts, record.id),
    };
    // A handler of many at once makes a span for each itself.
    let span = match records.as_slice() {
        [one] if handler.batch().size == 1 => span::handling(one.lane.as_str(), &one.name, one.traced()),
        _ => Span::none(),
    };
    let tickets = records.iter().map(ticket).collect();
    Box::pin(async move {
        let began = Instant::now();
        // The call itself may panic, not only what it returns.
        let answers = AssertUnwindSafe(async { handler.handle(records).await }.instrument(span)).catch_unwind().await;
        let said = |panic: Box<dyn std::any::Any + Send>| {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
        };
        News::Finished(Finished { crew, records: tickets, answers: answers.map_err(said), took: began.elapsed() })
    })
}

impl Worker {
    /// What a handler has answered: done, or to be tried again, or dead.
    pub(super) fn settle(&mut self, finished: Finished) {
        self.at_work -= 1;
        self.ground.meter.worked(self.lane, finished.took);
        let now = self.ground.clock.now();
        let (answers, panic) = match finished.answers {
            Ok(answers) => (answers, None),
            Err(said) => (Vec::new(), Some(format!("the handler panicked: {said}"))),
        };
        let silence = Undone::from(panic.unwrap_or_else(|| "the handler gave no answer".to_owned()));
        let mut answers = answers.into_iter();
        for ticket in &finished.records {
            let Err(undone) = answers.next().unwrap_or_else(|| Err(silence.clone())) else {
                self.ledger.done(ticket.id);
                continue;
            };
            let Undone { cause, hopeless } = undone;
            let (id, attempts, again) = (ticket.id, ticket.attempts, now.plus(ticket.wait));
            let failed = Failed { id, attempts, cause, again, hopeless };
            tracing::warn!(lane = %self.lane, record.id = %failed.id, failed.attempts, cause = failed.cause, "a record failed");
            self.ground.meter.failed(self.lane, failed.is_last());
            if self.lane != Lane::Realtime {
                self.stall(finished.crew, ticket, &failed);
            }
            self.ledger.failed(failed);
        }
        if let Some(crew) = self.crews.get_mut(finished.crew) {
            crew.ended(finished.records.iter().map(|ticket| ticket.topic));
        }
    }

    /// What comes after a failed record in its topic waits in the database, which knows when it may go on.
    fn stall(&mut self, place: usize, ticket: &Ticket, failed: &Failed) {
        if failed.is_last() {
            return;
        }
        self.stalls.add(place, ticket.topic, ticket.id, ticket.seq, failed.again.plus(self.pace.lease));
        if let Some(crew) = self.crews.get_mut(place) {
            let behind = crew.withdraw(ticket.topic);
            self.give_back(place, &behind);
        }
    }

    /// Lets go of records that were not begun: what comes after them in their topics waits in the database as well.
    pub(super) fn give_back(&mut self, place: usize, records: &[Record]) {
        self.ground.meter.returned(self.lane, records.len());
        let until = self.ground.clock.now().plus(self.pace.lease);
        for record in records {
            self.stalls.add(place, record.topic, record.id, record.seq, until);
            self.ledger.returned(record.id);
        }
    }

    /// Gives back all that waits.
    pub(super) fn let_go(&mut self) {
        for place in 0..self.crews.len() {
            let waiting = self.crews[place].withdraw_all();
            self.give_back(place, &waiting);
        }
    }
}
