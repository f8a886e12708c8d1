use std::time::Duration;

use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, sleep_until},
};

/// The most posts that may wait for a free sender.
const WAITING: usize = 65_536;
/// tokio's timer counts in milliseconds; nearer than this the pace is kept by yielding.
const NEAR: Duration = Duration::from_millis(3);

/// Hands out the moments at which something is meant to happen, at a steady rate. Latency counted from these moments
/// includes the wait for a free sender, so a server that stalls cannot hide it (coordinated omission).
#[derive(Debug)]
pub struct Pace(Mutex<mpsc::Receiver<Instant>>);

/// Keeps a [`Pace`] going.
#[derive(Debug)]
pub struct Metronome {
    beats: mpsc::Sender<Instant>,
    interval: Duration,
    count: u32,
}

impl Pace {
    /// `count` moments, `rate` a second.
    pub fn new(rate: f64, count: u32) -> (Self, Metronome) {
        let (beats, receiver) = mpsc::channel(WAITING);
        (Self(Mutex::new(receiver)), Metronome { beats, interval: Duration::from_secs_f64(1.0 / rate), count })
    }

    /// The next moment, once it has come; `None` after the last.
    pub async fn next(&self) -> Option<Instant> {
        self.0.lock().await.recv().await
    }
}

impl Metronome {
    /// Runs until the last moment has come or nobody listens.
    pub async fn run(self) {
        let start = Instant::now();
        for beat in 0..self.count {
            let due = start + self.interval * beat;
            if let Some(early) = due.checked_sub(NEAR) {
                sleep_until(early).await;
            }
            while Instant::now() < due {
                tokio::task::yield_now().await;
            }
            if self.beats.send(due).await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_late_sender_gets_the_moment_that_was_meant() {
        let (pace, metronome) = Pace::new(1_000_000.0, 5);
        metronome.run().await;
        let mut moments = Vec::new();
        while let Some(moment) = pace.next().await {
            moments.push(moment);
        }
        assert_eq!(moments.len(), 5);
        assert!(moments.windows(2).all(|pair| pair[1] - pair[0] == Duration::from_micros(1)));
    }
}
