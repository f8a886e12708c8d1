use crate::{domain::Error, store::StoreError};

/// What a use case answers.
pub type Outcome<T> = Result<T, Failure>;

/// Why a use case did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// The person is told, and nothing else happens.
    Answer(Error),
    /// The policy refused: the person is told, and it is audited.
    Refused {
        /// What the person is told.
        answer: Error,
        /// The rule that refused.
        rule: Option<String>,
    },
    /// The store could not.
    Store(StoreError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Answer(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
