use std::{collections::HashMap, sync::Arc, time::Duration};

use thunderline::domain::{Seq, Topic};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{board::Board, failure::Result, findings::Findings, watcher::Watcher};

/// How many watchers shake hands at the same time.
const DOORS: usize = 64;
/// How long all watchers together may take to be admitted.
const ADMISSION: Duration = Duration::from_mins(2);
/// How long watchers may take to hear what was acknowledged, after the last post.
const SETTLING: Duration = Duration::from_secs(20);
/// How often progress is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// Watchers, all running. Dropping it hangs them up.
#[derive(Debug)]
pub struct Gallery {
    watchers: Vec<Arc<Watcher>>,
    _tasks: JoinSet<()>,
}

impl Gallery {
    /// Seats all of them and waits until each is admitted.
    pub async fn seat(board: &Arc<Board>, watchers: Vec<Watcher>) -> Result<Self> {
        let doors = Arc::new(Semaphore::new(DOORS));
        let watchers: Vec<Arc<Watcher>> = watchers.into_iter().map(Arc::new).collect();
        let mut tasks = JoinSet::new();
        for watcher in &watchers {
            tasks.spawn(watcher.clone().watch(board.clone(), doors.clone()));
        }
        let gallery = Self { watchers, _tasks: tasks };
        let deadline = Instant::now() + ADMISSION;
        loop {
            let waiting: Vec<_> = gallery.watchers.iter().filter(|watcher| !watcher.state().ready).collect();
            let Some(first) = waiting.first() else { return Ok(gallery) };
            if Instant::now() > deadline {
                let why = first.state().broken.clone().unwrap_or_else(|| "no answer".into());
                return Err(format!("{} watchers were not admitted: {why}", waiting.len()).into());
            }
            sleep(GLANCE).await;
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.watchers.len()
    }

    /// Waits until every watcher heard everything up to the head of its topic, or it takes too long.
    pub async fn settle(&self, heads: &HashMap<Topic, Seq>) {
        let deadline = Instant::now() + SETTLING;
        while Instant::now() < deadline && self.watchers.iter().any(|watcher| behind(watcher, heads)) {
            sleep(GLANCE).await;
        }
        // What comes now comes too often.
        sleep(Duration::from_millis(100)).await;
    }

    /// Holds what each watcher heard against the heads of the topics.
    pub fn audit(&self, heads: &HashMap<Topic, Seq>, findings: &mut Findings) {
        for (number, watcher) in self.watchers.iter().enumerate() {
            let state = watcher.state();
            let head = heads.get(&watcher.topic()).copied().unwrap_or_default();
            let name = || format!("watcher {number} of {}", watcher.topic());
            findings.add("missing at a watcher", state.follower.missing(head), name);
            findings.add("doubled at a watcher", state.follower.doubled(), name);
            findings.add("reordered at a watcher", state.follower.reordered(), name);
        }
    }

    /// How often the server had too much for a watcher, and how often one came back.
    pub fn troubles(&self) -> (u64, u64) {
        let states = self.watchers.iter().map(|watcher| watcher.state());
        states.fold((0, 0), |(stale, back), state| (stale + state.stale, back + state.admissions.saturating_sub(1)))
    }
}

fn behind(watcher: &Watcher, heads: &HashMap<Topic, Seq>) -> bool {
    heads.get(&watcher.topic()).is_some_and(|head| watcher.state().follower.cursor() < *head)
}
