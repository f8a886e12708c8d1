//! A write on its way to the writer and back.

use std::{panic::AssertUnwindSafe, pin::Pin};

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tracing::{Span, debug_span};

use super::{Conn, Handover, StoreError, dialect::Session};

/// A future that is sent.
pub type BoxFuture<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;

/// A write, whatever it answers.
pub(super) trait Job: Send {
    /// Runs it; keeps its answer. It may be run again after all that it did was undone.
    fn run<'t>(&'t mut self, session: &'t mut Session) -> BoxFuture<'t, Ran>;
    /// Gives the caller the answer, now that the group is durable, or why it is not.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

/// What became of a write.
pub(super) enum Ran {
    /// It succeeded, and wants this handed over.
    Kept(Vec<Handover>),
    /// It failed before it changed anything.
    Nothing,
    /// It failed, and what it did must be undone. Perhaps for what a statement of its met.
    Undo(Option<StoreError>),
}

pub(super) struct Write<T, E, F> {
    job: F,
    answer: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
    /// Where it is: waiting, running, or done and waiting for its group's commit.
    phase: Span,
    /// All of it.
    whole: Span,
}

impl<T, E, F> Write<T, E, F> {
    pub fn new(job: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        // Housekeeping of its own accord would be a trace of one span: only what follows from something is traced.
        let whole = if Span::current().is_none() { Span::none() } else { debug_span!("store.write") };
        let phase = within(&whole, || debug_span!(parent: &whole, "store.wait"));
        (Self { job, answer: None, caller, phase, whole }, answer)
    }
}

fn within(whole: &Span, phase: impl FnOnce() -> Span) -> Span {
    if whole.is_disabled() { Span::none() } else { phase() }
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>> + Clone + Send,
{
    fn run<'t>(&'t mut self, session: &'t mut Session) -> BoxFuture<'t, Ran> {
        Box::pin(async move {
            self.phase = within(&self.whole, || debug_span!(parent: &self.whole, "store.run"));
            let (answer, ran) = match session.conn() {
                Ok(mut conn) => match attempt(&mut conn, self.job.clone()).await {
                    Ok((value, handovers)) => (Ok(value), Ran::Kept(handovers)),
                    Err(error) if conn.is_untouched() => (Err(error), Ran::Nothing),
                    Err(error) => (Err(error), Ran::Undo(conn.met().cloned())),
                },
                Err(error) => (Err(error.clone().into()), Ran::Undo(Some(error))),
            };
            self.answer = Some(answer);
            self.phase = within(&self.whole, || debug_span!(parent: &self.whole, "store.commit"));
            ran
        })
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let never = || Err(StoreError::other("the write was never run").into());
        let answer = match durable {
            Ok(()) => self.answer.unwrap_or_else(never),
            Err(error) => Err(error.into()),
        };
        drop((self.phase, self.whole));
        // Whoever no longer waits does not mind.
        let _ = self.caller.send(answer);
    }
}

/// Runs a job's closure against a panic and against forgetting that a statement failed.
pub(super) async fn attempt<T, E, F>(conn: &mut Conn<'_>, job: F) -> Result<(T, Vec<Handover>), E>
where
    E: From<StoreError>,
    F: for<'t> FnOnce(&'t mut Conn<'_>) -> BoxFuture<'t, Result<T, E>>,
{
    let value = AssertUnwindSafe(async { job(conn).await }).catch_unwind().await.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        tracing::error!(said, "a job of the store panicked");
        Err(StoreError::other(format!("the job panicked: {said}")).into())
    })?;
    Ok((value, conn.finish().await?))
}
