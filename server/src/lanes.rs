//! `thunderline lanes …` on the command line (Q14, Q15): the operator at the machine, as the server itself.
//!
//! It works on the database alone: a server that runs on it sees what was set with its next look.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use thunderline::{
    domain::{
        Actor, Error, Lane, RecordId, Surface,
        command::{
            PauseLane, PurgeDeadLetter, PurgeDeadLetters, ReplayDeadLetter, ReplayDeadLetters, ResumeLane, SetLaneWidth,
        },
        lane::{DeadLetter, LaneStatus},
        query::{ListDeadLetters, ReadDeadLetter, ReadLanes},
    },
    engine::Engine,
};

/// What `lanes` takes.
#[derive(Clone, Debug, Args)]
pub struct Lanes {
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
    /// Prints JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

/// What can be done.
#[derive(Clone, Debug, Subcommand)]
pub enum Task {
    /// How each lane stands.
    Status,
    /// The dead letters, or one of them with all it carries.
    Dead {
        /// Which one.
        record: Option<RecordId>,
        /// Only this lane's: realtime, `cross_domain` or general.
        #[arg(long)]
        lane: Option<Lane>,
    },
    /// Try a dead letter again, or all.
    Replay(Which),
    /// Remove a dead letter for good, or all.
    Purge(Which),
    /// Begin nothing more in a lane.
    Pause {
        /// realtime, `cross_domain` or general.
        lane: Lane,
    },
    /// Go on with a lane.
    Resume {
        /// realtime, `cross_domain` or general.
        lane: Lane,
    },
    /// Set how many handlers of a lane may be at work at once in one process.
    Width {
        /// realtime, `cross_domain` or general.
        lane: Lane,
        /// 1–64.
        width: i64,
    },
}

/// One dead letter, or all.
#[derive(Clone, Debug, Args)]
pub struct Which {
    /// Which one.
    #[arg(required_unless_present = "all")]
    pub record: Option<RecordId>,
    /// All of them.
    #[arg(long, conflicts_with = "record")]
    pub all: bool,
    /// With --all: only this lane's.
    #[arg(long, requires = "all")]
    pub lane: Option<Lane>,
}

impl Lanes {
    /// Does it. Answers what is to be printed.
    pub async fn run(self, engine: &Engine) -> Result<String, Error> {
        let operator = Actor::system(Surface::Cli);
        match self.task {
            Task::Status => {
                let lanes = engine.ask(&operator, ReadLanes {}).await?;
                Ok(if self.json { json(&lanes) } else { table(&lanes) })
            }
            Task::Dead { record: Some(record), .. } => {
                let letter = engine.ask(&operator, ReadDeadLetter { record }).await?;
                Ok(if self.json { json(&letter) } else { whole(&letter) })
            }
            Task::Dead { record: None, lane } => {
                let letters = all(engine, &operator, lane).await?;
                Ok(if self.json { json(&letters) } else { list(&letters) })
            }
            Task::Replay(which) => {
                let replayed = match which.record {
                    Some(record) => engine.execute(operator, ReplayDeadLetter { record }).await.map(|()| 1)?,
                    None => engine.execute(operator, ReplayDeadLetters { lane: which.lane }).await?,
                };
                Ok(format!("{replayed} replayed"))
            }
            Task::Purge(which) => {
                let purged = match which.record {
                    Some(record) => engine.execute(operator, PurgeDeadLetter { record }).await.map(|()| 1)?,
                    None => engine.execute(operator, PurgeDeadLetters { lane: which.lane }).await?,
                };
                Ok(format!("{purged} purged"))
            }
            Task::Pause { lane } => {
                engine.execute(operator, PauseLane { lane }).await.map(|()| format!("{lane} is paused"))
            }
            Task::Resume { lane } => {
                engine.execute(operator, ResumeLane { lane }).await.map(|()| format!("{lane} goes on"))
            }
            Task::Width { lane, width } => {
                engine.execute(operator, SetLaneWidth { lane, width }).await?;
                Ok(format!("{lane} is {width} wide"))
            }
        }
    }
}

async fn all(engine: &Engine, operator: &Actor, lane: Option<Lane>) -> Result<Vec<DeadLetter>, Error> {
    let (mut letters, mut after) = (Vec::new(), None);
    loop {
        let page = engine.ask(operator, ListDeadLetters { lane, after }).await?;
        letters.extend(page.letters);
        after = page.next;
        if after.is_none() {
            return Ok(letters);
        }
    }
}

fn table(lanes: &[LaneStatus]) -> String {
    let mut text =
        String::from("lane          state    width  pending  planned  processing  retrying     dead  done/min  oldest");
    for lane in lanes {
        let state = if lane.paused { "paused" } else { "running" };
        let oldest = lane.oldest.map_or_else(|| "-".to_owned(), |age| format!("{} s", age / 1_000_000));
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\n{:<12}  {state:<7}  {:>5}  {:>7}  {:>7}  {:>10}  {:>8}  {:>7}  {:>8}  {oldest}",
            lane.lane.as_str(),
            lane.width,
            lane.pending,
            lane.planned,
            lane.processing,
            lane.retrying,
            lane.dead,
            lane.done_per_minute,
        );
    }
    text
}

fn list(letters: &[DeadLetter]) -> String {
    if letters.is_empty() {
        return "There are no dead letters.".to_owned();
    }
    let line = |letter: &DeadLetter| {
        let error = letter.error.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
        let to = letter.address.as_deref().map(|address| format!(" to {address}")).unwrap_or_default();
        format!("{}  {}  {}  {}{to}  {}", letter.id, letter.died_at.rfc3339(), letter.lane, letter.name, error)
    };
    letters.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn whole(letter: &DeadLetter) -> String {
    let none = || "-".to_owned();
    [
        ("record", letter.id.to_string()),
        ("lane", letter.lane.to_string()),
        ("handler", letter.handler.clone()),
        ("event", format!("{} {}", letter.name, letter.event)),
        ("topic", format!("{}:{} {}", letter.topic_kind, letter.topic, letter.seq)),
        ("address", letter.address.clone().unwrap_or_else(none)),
        ("came", letter.created_at.rfc3339()),
        ("given up", letter.died_at.rfc3339()),
        ("attempts", letter.attempts.to_string()),
        ("error", letter.error.clone().unwrap_or_else(none)),
        ("trace", letter.trace.clone().unwrap_or_else(none)),
        ("payload", letter.payload.to_string()),
    ]
    .map(|(what, is)| format!("{what:<9} {is}"))
    .join("\n")
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
