//! What waits for one handler, by topic: a topic is at work once at a time, the others go on (Q11, Q13).

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use tokio::time::Instant;
use uuid::Uuid;

use super::{Handler, Record};
use crate::store::outbox::ATTEMPTS;

/// Records that wait for one handler in memory at most; the rest waits in the database.
pub(super) const ROOM: usize = 1_024;

/// Priority, then arrival.
type Turn = (i64, u64);
/// Before every priority: what is at its last attempt was taken because it can begin at once.
const AT_ONCE: i64 = i64::MIN;

#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<(Turn, Record)>,
    at_work: bool,
}

/// A handler, and what waits for it.
pub(super) struct Crew {
    pub handler: Arc<dyn Handler>,
    lines: HashMap<Uuid, Line>,
    /// The topics that are not at work and have something waiting, by the turn of their first.
    ready: BTreeSet<(Turn, Uuid)>,
    waiting: usize,
    /// How many of them are at their last attempt.
    last: usize,
    arrivals: u64,
    at_work: usize,
    /// When the batch that is being gathered began.
    gathering: Option<Instant>,
}

impl Crew {
    pub fn new(handler: Arc<dyn Handler>) -> Self {
        Self {
            handler,
            lines: HashMap::new(),
            ready: BTreeSet::new(),
            waiting: 0,
            last: 0,
            arrivals: 0,
            at_work: 0,
            gathering: None,
        }
    }

    pub fn room(&self) -> usize {
        ROOM.saturating_sub(self.waiting)
    }

    /// How many more records at their last attempt could begin at once in a lane of such a width.
    pub fn hands(&self, lane: usize) -> usize {
        self.handler.width().min(self.most(lane)).saturating_sub(self.at_work + self.last)
    }

    /// How many records at their last attempt wait.
    pub const fn last(&self) -> usize {
        self.last
    }

    pub fn is_idle(&self) -> bool {
        self.waiting == 0 && self.at_work == 0
    }

    /// Takes a record in, behind what waits of its topic.
    pub fn admit(&mut self, record: Record) {
        self.arrivals += 1;
        let is_last = record.attempts >= ATTEMPTS;
        let turn = (if is_last { AT_ONCE } else { record.priority }, self.arrivals);
        let topic = record.topic;
        let line = self.lines.entry(topic).or_default();
        if line.waiting.is_empty() && !line.at_work {
            self.ready.insert((turn, topic));
        }
        line.waiting.push_back((turn, record));
        self.waiting += 1;
        self.last += usize::from(is_last);
        self.gathering.get_or_insert_with(Instant::now);
    }

    /// When a batch that waits for company is begun at last.
    pub fn patience(&self) -> Option<Instant> {
        let batch = self.handler.batch();
        let can_begin = !self.ready.is_empty() && self.at_work < self.handler.width();
        self.gathering.filter(|_| can_begin && !batch.wait.is_zero()).map(|since| since + batch.wait)
    }

    /// Whether its handler may be at work once more in a lane of such a width.
    pub fn may_begin(&self, lane: usize) -> bool {
        self.at_work < self.most(lane)
    }

    /// How often it may be at work at once, so that it leaves hands to the others.
    fn most(&self, lane: usize) -> usize {
        lane.saturating_sub(self.handler.leaves()).max(1)
    }

    /// The next batch, if one may begin: the first of each topic that is not at work, in their turns; then what follows
    /// in those topics. What failed before comes alone.
    pub fn next(&mut self, hurry: bool) -> Option<Vec<Record>> {
        let batch = self.handler.batch();
        if self.ready.is_empty() || self.at_work >= self.handler.width() {
            return None;
        }
        let patient = !hurry && self.waiting < batch.size;
        if patient && self.patience().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let mut taken: Vec<Record> = Vec::new();
        while taken.len() < batch.size.max(1) {
            let Some(&(turn, topic)) = self.ready.first() else { break };
            let Some(line) = self.lines.get_mut(&topic) else { break };
            let again = line.waiting.front().is_some_and(|(_, record)| record.attempts > 1);
            if again && !taken.is_empty() {
                break;
            }
            self.ready.remove(&(turn, topic));
            if let Some((_, record)) = line.waiting.pop_front() {
                self.waiting -= 1;
                self.last -= usize::from(record.attempts >= ATTEMPTS);
                taken.push(record);
            }
            if let Some((next, _)) = line.waiting.front() {
                self.ready.insert((*next, topic));
            }
            if again {
                break;
            }
        }
        for record in &taken {
            if let Some(line) = self.lines.get_mut(&record.topic) {
                line.at_work = true;
                if let Some((turn, _)) = line.waiting.front() {
                    self.ready.remove(&(*turn, record.topic));
                }
            }
        }
        self.gathering = (self.waiting > 0).then(Instant::now);
        self.at_work += 1;
        Some(taken)
    }

    /// A batch has ended: its topics may go on.
    pub fn ended(&mut self, topics: impl Iterator<Item = Uuid>) {
        self.at_work -= 1;
        for topic in topics {
            let Some(line) = self.lines.get_mut(&topic) else { continue };
            line.at_work = false;
            match line.waiting.front() {
                Some((turn, _)) => {
                    self.ready.insert((*turn, topic));
                }
                None => {
                    self.lines.remove(&topic);
                }
            }
        }
    }

    /// Lets go of what waits in a topic: something before it has to be tried again.
    pub fn withdraw(&mut self, topic: Uuid) -> Vec<Record> {
        let Some(line) = self.lines.get_mut(&topic) else { return Vec::new() };
        let gone: Vec<(Turn, Record)> = line.waiting.drain(..).collect();
        if let Some((turn, _)) = gone.first() {
            self.ready.remove(&(*turn, topic));
        }
        if !line.at_work {
            self.lines.remove(&topic);
        }
        self.waiting -= gone.len();
        self.last -= gone.iter().filter(|(_, record)| record.attempts >= ATTEMPTS).count();
        gone.into_iter().map(|(_, record)| record).collect()
    }

    /// Lets go of all that waits.
    pub fn withdraw_all(&mut self) -> Vec<Record> {
        let topics: Vec<Uuid> = self.lines.keys().copied().collect();
        topics.into_iter().flat_map(|topic| self.withdraw(topic)).collect()
    }
}
