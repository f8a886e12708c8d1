use std::fmt;

use thunderline::domain::Time;

/// How far an import has come. Told after every batch, thirty times a second or so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Messages read and settled: stored, found there already, or dropped.
    pub messages: u64,
    /// Messages stored by this run.
    pub stored: u64,
    /// Files of messages read.
    pub files: usize,
    /// Files of messages there are.
    pub of: usize,
    /// Microseconds since the import began.
    pub elapsed: i64,
}

impl Progress {
    /// Messages a second, on average.
    pub fn rate(&self) -> u64 {
        let elapsed = u64::try_from(self.elapsed).unwrap_or_default().max(1);
        self.messages.saturating_mul(1_000_000) / elapsed
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed / Time::SECOND;
        let share = self.files * 100 / self.of.max(1);
        write!(
            f,
            "{share:3} %  {} of {} files  {} messages, {} new  {}/s  {seconds} s",
            self.files,
            self.of,
            self.messages,
            self.stored,
            self.rate(),
        )
    }
}
