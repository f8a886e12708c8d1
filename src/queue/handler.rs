use crate::{domain::Envelope, store::outbox::Claimed};

/// What a lane does with an event. Idempotent by event: after a crash it may come twice.
pub trait Handler: Send + Sync + 'static {
    /// An event that this process has just committed.
    fn deliver(&self, envelope: Envelope) -> impl Future<Output = ()> + Send;

    /// An event that some process left behind. An error counts as an attempt.
    fn recover(&self, record: &Claimed) -> impl Future<Output = Result<(), String>> + Send;
}
