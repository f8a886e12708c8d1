use std::time::Duration;

use super::{Backoff, Record};
use crate::{
    domain::{Event, Lane},
    store::BoxFuture,
};

/// What became of a record: done, or why not. An error counts as an attempt.
pub type Done = Result<(), Undone>;

/// Why a record is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// A sentence for whoever has to mend it.
    pub cause: String,
    /// Whether it is given up at once, because trying it again is of no use.
    pub hopeless: bool,
}

impl From<String> for Undone {
    fn from(cause: String) -> Self {
        Self { cause, hopeless: false }
    }
}

impl std::fmt::Display for Undone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.cause)
    }
}

/// Does records one after the other, each by itself.
pub fn one_by_one<'h, F, E>(
    records: Vec<Record>,
    mut each: impl FnMut(Record) -> F + Send + 'h,
) -> BoxFuture<'h, Vec<Done>>
where
    F: Future<Output = Result<(), E>> + Send + 'h,
    E: Into<Undone>,
{
    Box::pin(async move {
        let mut done = Vec::with_capacity(records.len());
        for record in records {
            done.push(each(record).await.map_err(Into::into));
        }
        done
    })
}

/// How many records a handler takes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// At most so many.
    pub size: usize,
    /// How long the first may wait for company.
    pub wait: Duration,
}

impl Batch {
    /// One by one.
    pub const ONE: Self = Self { size: 1, wait: Duration::ZERO };

    /// What is there, up to so many: nobody waits for company.
    pub const fn up_to(size: usize) -> Self {
        Self { size, wait: Duration::ZERO }
    }
}

/// What a lane does with records.
///
/// Idempotent by event (Q12): after a crash a record comes again. Records of one topic come in order, one after the
/// other, or in one batch in order; a handler that takes more than one at once minds the order within. What failed
/// once comes alone, so that a bad record takes no other one down with it. A panic is a failed attempt.
pub trait Handler: Send + Sync + 'static {
    /// Its name, as stored in its records: it never changes.
    fn name(&self) -> &'static str;

    /// Its lane.
    fn lane(&self) -> Lane;

    /// The events it wants, by name. Nothing is stored for it on account of any other.
    fn events(&self) -> &'static [&'static str];

    /// Which of them it wants. Quick: asked in the writing transaction.
    fn wants(&self, event: &Event) -> bool {
        let _ = event;
        true
    }

    /// How many records it takes at once (Q13).
    fn batch(&self) -> Batch {
        Batch::ONE
    }

    /// How often it may be at work at once in one process; the lane's width bounds all its handlers together.
    fn width(&self) -> usize {
        4
    }

    /// How many of the lane's hands it leaves to the others, as far as there is more than one: whoever waits for somebody
    /// else's server must not keep all of them.
    fn leaves(&self) -> usize {
        0
    }

    /// How long a failed record waits for its next attempt.
    fn backoff(&self, record: &Record) -> Backoff {
        Backoff::of(&record.name)
    }

    /// Does it: one answer a record, in their order. A record without an answer has failed.
    fn handle(&self, records: Vec<Record>) -> BoxFuture<'_, Vec<Done>>;
}
