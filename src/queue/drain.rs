//! Stopping (Q10): what was handed over is done if there is time for it, the rest is handed back.

use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::{Record, Worker, crew::Crew, worker::News};

impl Worker {
    /// Does what it holds for as long as the lane's pace allows, and gives back what is left.
    pub(super) async fn drain(mut self, handful: &mut Vec<Record>) {
        self.stopping = true;
        let end = Instant::now() + self.pace.drain;
        while let Ok(record) = self.intake.records.try_recv() {
            handful.push(record);
        }
        self.take_in(handful);
        while !self.is_idle() && Instant::now() < end {
            self.begin(true);
            match timeout_at(end, self.news.next()).await {
                Ok(Some(news)) => self.hear(news),
                Ok(None) | Err(_) => break,
            }
        }
        self.let_go();
        // What is still at work began its attempt: it is freed when the process lets go of all its leases.
        self.write();
        let end = Instant::now() + self.pace.drain;
        while !self.is_written() {
            let Ok(Some(news)) = timeout_at(end, self.news.next()).await else { return };
            if let News::Written(_, Err(cause)) = &news {
                tracing::warn!(lane = %self.lane, %cause, "what was done is not written; it may be done once more");
                return;
            }
            self.hear(news);
            self.write();
        }
    }

    fn is_idle(&self) -> bool {
        // A paused lane does not do what waits in it.
        let paused = self.control.is_none_or(|control| control.paused);
        self.at_work == 0 && (paused || self.crews.iter().all(Crew::is_idle))
    }
}
