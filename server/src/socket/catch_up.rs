use thunderline::domain::{
    Envelope, Error, Seq, Topic,
    feed::{EndReason, ServerFrame},
    query::{Admit, CatchUp, Missed},
};

use super::{line::Over, talk::Talk};

/// The most events one catch-up frame carries.
const BATCH: usize = 50;

/// What came of asking to watch.
pub(super) enum Admitted {
    /// Watched; its latest event.
    Yes(Seq),
    /// Not watched; what the client is told.
    No(ServerFrame),
}

impl Talk {
    /// Watches a topic, if the engine admits it. What waits of it is not written before this task writes again, so
    /// a refused topic's events never leave.
    pub(super) async fn admit(&mut self, topic: Topic) -> Admitted {
        if self.hub().watch(&self.attendance, topic).is_err() {
            return Admitted::No(ServerFrame::End { topic, reason: EndReason::TooMany });
        }
        match self.engine().ask(&self.actor, Admit { topic }).await {
            Ok(admission) => Admitted::Yes(admission.head),
            Err(error) => Admitted::No(self.refuse(topic, &error)),
        }
    }

    /// Stops watching what the engine refused. What does not exist and what may not be seen have one answer (S08);
    /// when the engine cannot tell now, the client asks again.
    pub(super) fn refuse(&self, topic: Topic, error: &Error) -> ServerFrame {
        self.hub().unwatch(&self.attendance, topic);
        match error {
            Error::Unavailable | Error::Internal { .. } => ServerFrame::Stale { topic },
            _ => ServerFrame::End { topic, reason: EndReason::Lost },
        }
    }

    /// Writes what was missed since `cursor`, and drops from the queue what that told. `head` was read after the topic
    /// was watched.
    pub(super) async fn catch_up(&mut self, topic: Topic, cursor: Option<Seq>, head: Seq) -> Result<(), Over> {
        let Some(cursor) = cursor else {
            // Only what comes from now on.
            self.attendance.caught_up(topic, head);
            return Ok(());
        };
        if cursor == head {
            self.attendance.caught_up(topic, head);
            return Ok(());
        }
        match self.engine().ask(&self.actor, CatchUp { topic, cursor }).await {
            Ok(Missed::Events(events)) => {
                let upto = events.last().map_or(cursor, |last| last.seq);
                self.tell(events).await?;
                self.attendance.caught_up(topic, upto);
                Ok(())
            }
            Ok(Missed::Stale) => {
                self.attendance.lapse(topic);
                self.line.say(&ServerFrame::Stale { topic }).await
            }
            Err(error) => {
                let answer = self.refuse(topic, &error);
                self.line.say(&answer).await
            }
        }
    }

    async fn tell(&mut self, events: Vec<Envelope>) -> Result<(), Over> {
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let events: Vec<Envelope> = events.by_ref().take(BATCH).collect();
            self.line.say(&ServerFrame::Batch { events }).await?;
        }
        Ok(())
    }
}
