//! One lane of one process. The loop itself waits for nothing but news: handlers and writes go on beside each other.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Handler, Intake, Meter, Pace, Record,
    acknowledge::{self, Ledger, Page},
    claim::{self, CLAIM, Found, Wish},
    crew::Crew,
    rescue,
    settle::{self, Finished},
    stall::Stalls,
};
use crate::{
    domain::{Clock, Lane, RecordId, Time},
    store::{
        BoxFuture, Shard, Store, StoreError,
        outbox::{Control, Hands},
    },
};

/// How many records are taken from the inbox at once.
const HANDFUL: usize = 256;

/// How many polls at most pass without a look, while all that waits waits for something before it: finding that out
/// costs more than finding nothing. A lease that has run out is found within 5 s all the same.
const PAUSE: u32 = 3;

/// What a lane stands on.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The database.
    pub store: Store,
    /// Tells the time.
    pub clock: Clock,
    /// The process, as leases name it.
    pub node: Uuid,
    /// What it counts.
    pub meter: Arc<Meter>,
}

impl Ground {
    /// The lanes' own writes stay out of the way of topics' writers.
    pub(super) fn shard(&self) -> Shard {
        Shard::of(self.node)
    }
}

/// What the loop waits for.
pub(super) enum News {
    Finished(Finished),
    Written(Page, Result<(), StoreError>),
    Looked(Result<Found, StoreError>),
    Renewed(Result<(), StoreError>),
}

/// One lane of one process.
#[expect(clippy::struct_excessive_bools, reason = "each says that one chore is under way")]
pub struct Worker {
    pub(super) lane: Lane,
    pub(super) pace: Pace,
    pub(super) ground: Ground,
    pub(super) intake: Intake,
    pub(super) crews: Vec<Crew>,
    pub(super) news: FuturesUnordered<BoxFuture<'static, News>>,
    pub(super) ledger: Ledger,
    /// Every record that this process has and that is not yet written as done, failed or given back.
    pub(super) held: HashSet<RecordId>,
    /// Held records that a claim brought once more, because their leases had run out or what became of them was just being
    /// written. They are given back when that is written: whichever came first, nothing is lost and nothing done twice.
    again: HashMap<RecordId, Record>,
    /// What comes after a record that waits in the database waits there too.
    pub(super) stalls: Stalls,
    /// How the lane is set; unknown at first.
    pub(super) control: Option<Control>,
    pub(super) at_work: usize,
    writing: bool,
    looking: bool,
    renewing: bool,
    /// Whether the database may hold more to do.
    more: bool,
    /// How many polls pass without a look, after looks that found only what waits for something before it.
    pause: u32,
    passed: u32,
    /// How many records the next claim passes over.
    skip: i64,
    /// Whether the last look left records at their last attempt, because they could not begin at once.
    left: bool,
    /// Whether it looks for nothing any more.
    pub(super) stopping: bool,
}

impl Worker {
    /// A worker of `handlers`, which are all of the intake's lane.
    pub fn new(intake: Intake, pace: Pace, ground: Ground, handlers: Vec<Arc<dyn Handler>>) -> Self {
        Self {
            lane: intake.lane,
            pace,
            ground,
            intake,
            crews: handlers.into_iter().map(Crew::new).collect(),
            news: FuturesUnordered::new(),
            ledger: Ledger::default(),
            held: HashSet::new(),
            again: HashMap::new(),
            stalls: Stalls::default(),
            control: None,
            at_work: 0,
            writing: false,
            looking: false,
            renewing: false,
            more: false,
            pause: 0,
            passed: 0,
            skip: 0,
            left: false,
            stopping: false,
        }
    }

    /// Works until `stop`; then finishes what it can, acknowledges, and gives back the rest (Q10).
    pub async fn run(mut self, stop: CancellationToken) {
        let (mut poll, mut write) = (every(self.pace.poll), every(self.pace.write));
        let mut renew = every(Duration::from_micros(u64::try_from(self.pace.lease / 3).unwrap_or_default()));
        let mut handful = Vec::with_capacity(HANDFUL);
        loop {
            self.begin(false);
            let patience = self.crews.iter().filter_map(Crew::patience).min();
            let (open, bell) = (self.takes(), self.intake.bell.clone());
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(news) = self.news.next(), if !self.news.is_empty() => self.hear(news),
                _ = write.tick() => self.write(),
                _ = renew.tick() => self.renew(),
                _ = poll.tick() => self.poll(),
                // Not during a look, which may have begun too early to find it: the ring is kept.
                () = bell.notified(), if !self.looking => self.look(false),
                taken = self.intake.records.recv_many(&mut handful, HANDFUL), if open => {
                    if taken == 0 {
                        break;
                    }
                    self.take_in(&mut handful);
                }
                () = until(patience), if patience.is_some() => {}
            }
        }
        self.drain(&mut handful).await;
    }

    /// Whether anything can be taken from the inbox: not while every handler has as much waiting as it may (Q13), nor
    /// before it is known whether the lane is paused.
    fn takes(&self) -> bool {
        self.control.is_some() && self.crews.iter().any(|crew| crew.room() > HANDFUL)
            || self.crews.is_empty() && self.control.is_some()
    }

    /// What this process has just committed.
    pub(super) fn take_in(&mut self, handful: &mut Vec<Record>) {
        let now = self.ground.clock.now();
        for record in handful.drain(..) {
            self.admit(record, now);
        }
    }

    /// Gives a record to its handler, or back to the database when it cannot be begun soon or in its order.
    pub(super) fn admit(&mut self, record: Record, now: Time) {
        if !self.held.insert(record.id) {
            return;
        }
        if record.handler.is_empty() {
            // It was published, and nobody here wants it.
            self.ledger.done(record.id);
            return;
        }
        let Some(place) = self.place(&record) else {
            self.ledger.returned(record.id);
            return;
        };
        // Where the lease has run out while it waited in the inbox, others may have it.
        let paused = self.control.is_none_or(|control| control.paused);
        let begins = !paused && record.lease_until > now && !self.is_stalled(place, &record, now);
        match self.crews.get_mut(place) {
            Some(crew) if begins && crew.room() > 0 => crew.admit(record),
            _ => self.give_back(place, &[record]),
        }
    }

    /// The realtime lane never waits: clients put events in order by their places.
    fn is_stalled(&mut self, place: usize, record: &Record, now: Time) -> bool {
        self.lane != Lane::Realtime && self.stalls.holds(place, record.topic, record.seq, now)
    }

    /// Begins what may begin; in a hurry nothing waits for company.
    pub(super) fn begin(&mut self, hurry: bool) {
        let Some(control) = self.control.filter(|control| !control.paused) else { return };
        let width = usize::try_from(control.width).unwrap_or(1);
        let mut begun = true;
        // One batch a handler and round: none keeps the whole width to itself.
        while begun && self.at_work < width {
            begun = false;
            for place in 0..self.crews.len() {
                if self.at_work >= width {
                    break;
                }
                let crew = self.crews.get_mut(place).filter(|crew| crew.may_begin(width));
                if let Some(records) = crew.and_then(|crew| crew.next(hurry)) {
                    self.at_work += 1;
                    begun = true;
                    let now = self.ground.clock.now();
                    self.ground.meter.begun(self.lane, records.iter().map(|record| now.since(record.created_at)));
                    self.news.push(settle::run(self.crews[place].handler.clone(), place, records));
                }
            }
        }
    }

    pub(super) fn hear(&mut self, news: News) {
        match news {
            News::Finished(finished) => self.settle(finished),
            News::Written(page, Ok(())) => {
                self.writing = false;
                self.ground.meter.done(self.lane, page.done.len() as u64);
                let failed = page.failed.iter().map(|failed| failed.id);
                for id in page.done.iter().copied().chain(failed).chain(page.returned) {
                    self.let_be(id);
                }
            }
            News::Written(page, Err(cause)) => {
                self.writing = false;
                tracing::warn!(lane = %self.lane, %cause, "what became of records could not be written; trying again");
                self.ledger.put_back(page);
                return;
            }
            News::Looked(looked) => {
                self.looking = false;
                match looked {
                    Ok(found) => self.found(found),
                    Err(cause) => tracing::warn!(lane = %self.lane, %cause, "cannot look for records to take over"),
                }
            }
            News::Renewed(renewed) => {
                self.renewing = false;
                if let Err(cause) = renewed {
                    tracing::warn!(lane = %self.lane, %cause, "leases could not be extended");
                }
            }
        }
        if self.ledger.fills_a_page() {
            self.write();
        }
        if self.more && self.room() >= CLAIM || self.left && self.hands() > 0 {
            self.look(true);
        }
    }

    /// What became of a record is written.
    fn let_be(&mut self, id: RecordId) {
        match self.again.remove(&id) {
            Some(record) => match self.place(&record) {
                Some(place) => self.give_back(place, &[record]),
                None => self.ledger.returned(id),
            },
            None => {
                self.held.remove(&id);
            }
        }
    }

    /// Which of the crews is a record's.
    fn place(&self, record: &Record) -> Option<usize> {
        self.crews.iter().position(|crew| crew.handler.name() == record.handler)
    }

    fn found(&mut self, found: Found) {
        let meter = self.ground.meter.clone();
        meter.buried(self.lane, found.buried);
        meter.taken_over(self.lane, found.taken.records.len());
        self.more = found.more && !found.taken.records.is_empty();
        let fruitless = found.more && found.taken.records.is_empty();
        self.skip = found.taken.skip;
        self.left = found.taken.left;
        // What lies beyond what was passed over is looked at with the next poll.
        self.pause = if fruitless && self.skip == 0 { (self.pause + 1).min(PAUSE) } else { 0 };
        if self.control != Some(found.control) {
            tracing::info!(lane = %self.lane, paused = found.control.paused, width = found.control.width, "a lane is set");
        }
        self.control = Some(found.control);
        if found.control.paused {
            self.let_go();
        }
        let claimed: Vec<Record> = found.taken.records.into_iter().map(Record::from).collect();
        // The database keeps the order of what it gives out: none of these waits for another of them.
        for record in &claimed {
            if let Some(place) = self.place(record) {
                self.stalls.remove(place, record.topic, record.id);
            }
        }
        let now = self.ground.clock.now();
        for record in claimed {
            if self.held.contains(&record.id) {
                self.again.insert(record.id, record);
            } else {
                self.admit(record, now);
            }
        }
    }

    /// Whether everything that was to be written is written.
    pub(super) fn is_written(&self) -> bool {
        self.ledger.is_empty() && !self.writing
    }

    pub(super) fn write(&mut self) {
        if self.writing {
            return;
        }
        if let Some(page) = self.ledger.page() {
            self.writing = true;
            let written = acknowledge::write(&self.ground, self.lane, page);
            self.news.push(Box::pin(written.map(|(page, outcome)| News::Written(page, outcome))));
        }
    }

    fn renew(&mut self) {
        let now = self.ground.clock.now();
        self.stalls.sweep(now);
        if !self.renewing && !self.held.is_empty() {
            self.renewing = true;
            let held = self.held.iter().copied().collect();
            self.news.push(Box::pin(rescue::renew(&self.ground, self.pace.lease, held).map(News::Renewed)));
        }
    }

    /// How many more records could wait here.
    fn room(&self) -> usize {
        self.crews.iter().map(Crew::room).max().unwrap_or(CLAIM)
    }

    /// How many handlers may be at work at once; none before that is known.
    fn width(&self) -> usize {
        self.control.map_or(0, |control| usize::try_from(control.width).unwrap_or(1))
    }

    /// How many more records at their last attempt could begin at once.
    fn hands(&self) -> usize {
        self.width().saturating_sub(self.at_work + self.crews.iter().map(Crew::last).sum::<usize>())
    }

    fn poll(&mut self) {
        self.passed += 1;
        if self.passed > self.pause {
            self.look(false);
        }
    }

    /// Looks for work; `goes_on` where the look before left something.
    fn look(&mut self, goes_on: bool) {
        if self.looking || self.stopping {
            return;
        }
        self.looking = true;
        self.passed = 0;
        self.more = false;
        let width = self.width();
        let with_room = self.crews.iter().filter(|crew| crew.room() >= CLAIM);
        let hands = |crew: &Crew| Hands { handler: crew.handler.name().to_owned(), free: count(crew.hands(width)) };
        let mut handlers: Vec<Hands> = with_room.map(hands).collect();
        // Those that are for nobody are nobody's to leave behind.
        handlers.push(Hands { handler: String::new(), free: i64::MAX });
        let wish = Wish { handlers, free: count(self.hands()), skip: self.skip, goes_on };
        let look = claim::look(&self.ground, self.lane, self.pace.lease, wish);
        self.news.push(Box::pin(look.map(News::Looked)));
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn every(length: Duration) -> Interval {
    let mut interval = tokio::time::interval(length);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

async fn until(moment: Option<Instant>) {
    if let Some(moment) = moment {
        tokio::time::sleep_until(moment).await;
    }
}
