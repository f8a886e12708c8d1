use std::{collections::BTreeMap, fmt};

/// The most examples kept.
const EXAMPLES: usize = 10;

/// What an audit found broken.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many acknowledged posts were looked at.
    pub looked_at: u64,
    counts: BTreeMap<&'static str, u64>,
    examples: Vec<String>,
}

impl Findings {
    /// Nothing found yet, in this many acknowledged posts.
    pub fn of_posts(looked_at: usize) -> Self {
        Self { looked_at: looked_at as u64, ..Self::default() }
    }

    /// Adds `count` of a kind; `example` names one if there is any.
    pub fn add(&mut self, kind: &'static str, count: u64, example: impl FnOnce() -> String) {
        if count == 0 {
            return;
        }
        *self.counts.entry(kind).or_default() += count;
        if self.examples.len() < EXAMPLES {
            self.examples.push(format!("{kind}: {}", example()));
        }
    }

    /// Adds what another audit found.
    pub fn join(&mut self, other: Self) {
        self.looked_at += other.looked_at;
        for (kind, count) in other.counts {
            *self.counts.entry(kind).or_default() += count;
        }
        let room = EXAMPLES - self.examples.len();
        self.examples.extend(other.examples.into_iter().take(room));
    }

    /// How many of a kind.
    #[cfg(test)]
    pub fn of(&self, kind: &str) -> u64 {
        self.counts.get(kind).copied().unwrap_or_default()
    }

    /// How much is broken.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.total() == 0 {
            return write!(f, "{} acknowledged posts: none missing, doubled, reordered or changed", self.looked_at);
        }
        writeln!(f, "{} acknowledged posts, and broken promises:", self.looked_at)?;
        for (kind, count) in &self.counts {
            writeln!(f, "  {count} {kind}")?;
        }
        for example in &self.examples {
            writeln!(f, "  e.g. {example}")?;
        }
        Ok(())
    }
}
