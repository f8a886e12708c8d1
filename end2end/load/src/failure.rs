use std::error::Error;

/// What stops a run: a sentence, or whatever went wrong beneath.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Shorthand for a result with a [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;
