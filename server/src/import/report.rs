use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use thunderline::domain::Time;

/// How many problems are kept word for word; the others are counted.
const PROBLEMS: usize = 1_000;

/// How many of something were in the source, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Records of the source.
    pub read: u64,
    /// Stored by this run; in a dry run, what would be stored.
    pub stored: u64,
    /// There already, from an earlier run.
    pub known: u64,
}

/// One thing that is wrong in the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file in the archive.
    pub file: String,
    /// Which record of it, counted from 1, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// What is wrong, and what was done about it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.record {
            Some(record) => write!(f, "{}, record {record}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// What was counted on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// People.
    pub people: Tried,
    /// Channels.
    pub channels: Tried,
    /// Messages. `read` + `parts` = `stored` + `known` + all that is `dropped`.
    pub messages: Tried,
    /// Pins.
    pub pins: Tried,
    /// What a message longer than the limit gave beyond its first part.
    pub parts: u64,
    /// Messages left out, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Other things left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Messages kept, but not quite as they were, by what was changed.
    pub changed: BTreeMap<String, u64>,
    /// Things found wrong, at most 1,000.
    pub problems: Vec<Problem>,
    /// How many more were found.
    pub more_problems: u64,
}

impl Tally {
    pub(super) fn drop_message(&mut self, reason: impl Into<String>) {
        *self.dropped.entry(reason.into()).or_default() += 1;
    }

    pub(super) fn leave_out(&mut self, reason: impl Into<String>, many: u64) {
        if many > 0 {
            *self.left_out.entry(reason.into()).or_default() += many;
        }
    }

    pub(super) fn change(&mut self, what: impl Into<String>) {
        *self.changed.entry(what.into()).or_default() += 1;
    }

    pub(super) fn complain(&mut self, file: &str, record: Option<u64>, what: impl Into<String>) {
        self.keep(Problem { file: file.to_owned(), record, what: what.into() });
    }

    fn keep(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        for (mine, more) in [
            (&mut self.people, other.people),
            (&mut self.channels, other.channels),
            (&mut self.messages, other.messages),
            (&mut self.pins, other.pins),
        ] {
            mine.read += more.read;
            mine.stored += more.stored;
            mine.known += more.known;
        }
        self.parts += other.parts;
        for (mine, more) in [
            (&mut self.dropped, other.dropped),
            (&mut self.left_out, other.left_out),
            (&mut self.changed, other.changed),
        ] {
            for (reason, many) in more {
                *mine.entry(reason).or_default() += many;
            }
        }
        for problem in other.problems {
            self.keep(problem);
        }
        self.more_problems += other.more_problems;
    }
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The community's address.
    pub community: String,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// How long it took, in microseconds.
    pub elapsed: i64,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = &self.tally;
        let (heading, stored) =
            if self.dry_run { ("Dry run, nothing stored", "to store") } else { ("Imported", "stored") };
        writeln!(f, "{heading}: {}", self.community)?;
        writeln!(f, "{:10} {:>10} {stored:>10} {:>14}", "", "read", "already there")?;
        for (name, tried) in
            [("people", tally.people), ("channels", tally.channels), ("messages", tally.messages), ("pins", tally.pins)]
        {
            writeln!(f, "{name:10} {:>10} {:>10} {:>14}", tried.read, tried.stored, tried.known)?;
        }
        if tally.parts > 0 {
            writeln!(f, "\nLong messages were split; that made {} more.", tally.parts)?;
        }
        let lists = [
            ("Messages left out", &tally.dropped),
            ("Other things left out", &tally.left_out),
            ("Messages changed", &tally.changed),
        ];
        for (heading, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            writeln!(f, "\n{heading}")?;
            for (reason, many) in list {
                writeln!(f, "{many:>10}  {reason}")?;
            }
        }
        if !tally.problems.is_empty() {
            writeln!(f, "\nFound wrong in the export")?;
            for problem in &tally.problems {
                writeln!(f, "  {problem}")?;
            }
            if tally.more_problems > 0 {
                writeln!(f, "  … and {} more", tally.more_problems)?;
            }
        }
        let seconds = self.elapsed / Time::SECOND;
        let tenths = self.elapsed % Time::SECOND / 100_000;
        let rate = i64::try_from(tally.messages.read).unwrap_or_default() * Time::SECOND / self.elapsed.max(1);
        write!(f, "\n{seconds}.{tenths} s, {rate} messages/s")
    }
}
