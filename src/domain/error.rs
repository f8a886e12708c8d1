//! The one error every surface answers with.

use serde::{Deserialize, Serialize};

use super::tagged::tagged;

/// Shorthand for a result with the one [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with one field of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as in the form and the command.
    pub field: String,
    /// A sentence for the person, beginning in lower case: "must not be empty".
    pub message: String,
}

tagged! {
    "error", "Error",
    /// Why a command or query was not carried out.
    pub enum Error {
        /// There is no such thing, or the actor may not see it: one answer for both (S08).
        NotFound,
        /// Nobody is signed in, and this needs somebody.
        SignedOut,
        /// The actor sees the target but may not do this to it.
        Forbidden {
            /// The rule that refused, by name.
            rule: String,
        },
        /// Fields are wrong; nothing was stored.
        Invalid {
            /// Each wrong field.
            fields: Vec<FieldError>,
        },
        /// The present state does not allow it.
        Conflict {
            /// A sentence for the person.
            message: String,
        },
        /// Too many attempts.
        TooMany {
            /// Seconds until the next attempt may succeed.
            retry_after: u32,
        },
        /// The request is larger than the limit.
        TooLarge {
            /// The limit in bytes.
            limit: u64,
        },
        /// The server cannot answer now; the same request may succeed later. Nothing was stored unless a
        /// retry with the same id says so.
        Unavailable,
        /// A fault of ours; the cause is in the log under this reference.
        Internal {
            /// What to quote when reporting it.
            reference: String,
        },
    }
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![FieldError { field: field.into(), message: message.into() }] }
    }

    /// A conflict with the present state.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    /// The HTTP status of this error on every surface.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::SignedOut => 401,
            Self::Forbidden { .. } => 403,
            Self::Invalid { .. } => 422,
            Self::Conflict { .. } => 409,
            Self::TooMany { .. } => 429,
            Self::TooLarge { .. } => 413,
            Self::Unavailable => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// What is wrong with `field`, if anything.
    pub fn of_field(&self, field: &str) -> Option<&str> {
        match self {
            Self::Invalid { fields } => fields.iter().find(|f| f.field == field).map(|f| f.message.as_str()),
            _ => None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("There is nothing here, or you may not see it."),
            Self::SignedOut => f.write_str("Sign in first."),
            Self::Forbidden { rule } => write!(f, "You may not do this. The rule: {rule}."),
            Self::Invalid { fields } => {
                for (n, field) in fields.iter().enumerate() {
                    let gap = if n == 0 { "" } else { " " };
                    write!(f, "{gap}{}: {}.", field.field, field.message)?;
                }
                Ok(())
            }
            Self::Conflict { message } => f.write_str(message),
            Self::TooMany { retry_after } => write!(f, "Too many attempts. Try again in {retry_after} s."),
            Self::TooLarge { limit } => write!(f, "That is too large. The limit is {limit} bytes."),
            Self::Unavailable => f.write_str("The server cannot answer right now. Try again in a moment."),
            Self::Internal { reference } => write!(f, "Something went wrong on the server. Reference: {reference}."),
        }
    }
}

impl std::error::Error for Error {}
