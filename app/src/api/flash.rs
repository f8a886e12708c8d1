//! What a plain form brought back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thunderline::domain::Error;

/// What a plain form said when it was refused: kept by the server for a few minutes and shown once, so that nothing
/// typed is lost without JavaScript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The form's name: the last part of its action, such as `sign_in`.
    pub form: String,
    /// Why it was refused.
    pub error: Error,
    /// What was typed, without passwords.
    pub fields: BTreeMap<String, String>,
}

impl Flash {
    /// This, if it is about the form `name`.
    pub fn of(this: Option<&Self>, name: &str) -> Option<Self> {
        this.filter(|flash| flash.form == name).cloned()
    }

    /// This, if the form's `field` held `value`: for a page with several forms of one name.
    pub fn about<'a>(this: Option<&'a Self>, field: &str, value: &str) -> Option<&'a Self> {
        this.filter(|flash| flash.fields.get(field).is_some_and(|held| held == value))
    }
}
