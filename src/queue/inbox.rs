//! The way from a commit to the lanes, in memory.

use std::sync::Arc;

use tokio::sync::{
    Notify,
    mpsc::{self, error::TrySendError},
};

use super::{Meter, Record};
use crate::{domain::Lane, store::outbox::Committed};

/// How many records may wait in memory for a lane; beyond it the poll delivers them when their lease runs out.
const INBOX: usize = 16_384;

/// Where commits are handed over, in their order.
#[derive(Clone, Debug)]
pub struct Dispatch {
    doors: [Door; Lane::ALL.len()],
    meter: Arc<Meter>,
}

#[derive(Clone, Debug)]
struct Door {
    records: mpsc::Sender<Record>,
    bell: Arc<Notify>,
}

/// A lane's end of it.
#[derive(Debug)]
pub struct Intake {
    /// Which lane.
    pub lane: Lane,
    /// What this process has just committed, in commit order.
    pub records: mpsc::Receiver<Record>,
    /// Rings when there is something to look for in the database. It keeps one ring that nobody waited for, so what is
    /// committed during a look is looked for after it.
    pub bell: Arc<Notify>,
}

/// The way to the lanes, and each lane's end of it.
pub fn dispatch(meter: Arc<Meter>) -> (Dispatch, [Intake; Lane::ALL.len()]) {
    let ends = [Lane::Realtime, Lane::CrossDomain, Lane::General].map(|lane| {
        let (records, received) = mpsc::channel(INBOX);
        let bell = Arc::new(Notify::new());
        (Door { records, bell: bell.clone() }, Intake { lane, records: received, bell })
    });
    let doors = ends.each_ref().map(|(door, _)| door.clone());
    (Dispatch { doors, meter }, ends.map(|(_, intake)| intake))
}

impl Dispatch {
    /// Hands over without waiting. A full inbox refuses: the record is in the database and its lease will run out.
    pub fn hand_over(&self, committed: Committed) {
        self.meter.committed(committed.published, committed.dropped);
        for handed in committed.records {
            let lane = handed.record.lane;
            let sent = self.door(lane).records.try_send(handed.into());
            self.meter.enqueued(lane, sent.is_ok());
            if let Err(TrySendError::Full(_)) = sent {
                tracing::warn!(%lane, "a lane's inbox is full; the poll will deliver");
            }
        }
        for lane in committed.wake {
            self.door(lane).bell.notify_one();
        }
    }

    const fn door(&self, lane: Lane) -> &Door {
        &self.doors[lane as usize]
    }
}
