use super::{Fingerprints, Passwords};
use crate::{
    domain::{Clock, foreign::ForeignMode},
    store::Store,
};

/// What a use case may need before its transaction begins.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Tells the time.
    pub clock: Clock,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// What audit entries keep of texts.
    pub fingerprints: Fingerprints,
    /// For reading only: whatever is written is written in the transaction.
    pub store: Store,
    /// What becomes of foreign events with faults (E03).
    pub foreign: ForeignMode,
    /// Whether webhooks may be sent to private, loopback and other closed addresses.
    pub private_webhooks: bool,
}
