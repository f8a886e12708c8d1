//! Last attempts are taken only by who begins them at once: a process that dies costs the records it had begun their
//! last attempt, and no others (Q05).

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{ATTEMPTS, Claim};
use crate::{domain::RecordId, row};

/// Failed or abandoned so often, a record has one attempt left.
pub(super) const LAST: i64 = ATTEMPTS - 1;

/// What a window shows of a record.
#[derive(Debug)]
pub(super) struct Seen {
    pub id: RecordId,
    pub attempts: i64,
    pub topic: Uuid,
    pub handler: String,
    pub seq: i64,
    /// Whether nothing before it in its topic is left out.
    pub whole: bool,
}

row! { Seen { id, attempts, topic, handler, seq, whole } }

/// How many more records at their last attempt may be taken.
pub(super) struct Budget {
    last: i64,
    hands: HashMap<String, i64>,
}

impl Budget {
    pub fn of(claim: &Claim) -> Self {
        let hands = claim.handlers.iter().map(|hands| (hands.handler.clone(), hands.free)).collect();
        Self { last: claim.last, hands }
    }

    /// Takes one for a handler, if there is one.
    fn take(&mut self, handler: &str) -> bool {
        let Some(free) = self.hands.get_mut(handler).filter(|free| **free > 0 && self.last > 0) else { return false };
        *free -= 1;
        self.last -= 1;
        true
    }

    /// Those of a window to be taken, and whether any was left: then what comes after it in its topic is left as well.
    pub fn choose(&mut self, mut seen: Vec<Seen>) -> (Vec<RecordId>, bool) {
        seen.retain(|record| record.whole);
        seen.sort_by_key(|record| record.seq);
        let (mut chosen, mut left) = (Vec::with_capacity(seen.len()), HashSet::new());
        for record in seen {
            let place = (record.topic, record.handler);
            if left.contains(&place) || record.attempts >= LAST && !self.take(&place.1) {
                left.insert(place);
            } else {
                chosen.push(record.id);
            }
        }
        (chosen, !left.is_empty())
    }
}
