//! What a plain form brought back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thunderline::domain::Error;

/// A form that was refused, with what was written in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The form's name: the last part of its action.
    pub form: String,
    /// Why.
    pub error: Error,
    /// What was written, except passwords.
    pub fields: BTreeMap<String, String>,
}
