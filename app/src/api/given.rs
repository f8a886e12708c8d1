//! Fields of an address or a form, which are text whatever they stand for: what does not matter is empty.

use std::str::FromStr;

use thunderline::domain::{Error, FieldError, Result, Time};

/// What `read` makes of a field, unless it is empty.
pub(super) fn given<T>(text: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

/// One of the words that are known; the error names the field and what stands in it.
pub(super) fn word<T: FromStr>(field: &str, text: &str) -> Result<Option<T>> {
    given(text, |text| text.parse().map_err(|_| Error::invalid(field, format!("there is no {field} \"{text}\""))))
}

/// An id.
pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<Option<T>> {
    given(text, |text| text.parse().map_err(|_| Error::invalid(field, "must be an id")))
}

/// A moment, in microseconds since 1970.
pub(super) fn micros(field: &str, text: &str) -> Result<Option<Time>> {
    let wrong = || Error::invalid(field, "must be a time in microseconds since 1970");
    given(text, |text| text.parse().map(Time::from_micros).map_err(|_| wrong()))
}

/// What is wrong with the fields of one form, all of it.
#[derive(Debug, Default)]
pub(super) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// Notes what is wrong with a field, which then counts as empty. Any other error ends the reading.
    pub fn note<T: Default>(&mut self, read: Result<T>) -> Result<T> {
        match read {
            Err(Error::Invalid { fields }) => {
                self.0.extend(fields);
                Ok(T::default())
            }
            other => other,
        }
    }

    /// `read`, if nothing was wrong.
    pub fn or<T>(self, read: T) -> Result<T> {
        if self.0.is_empty() { Ok(read) } else { Err(Error::Invalid { fields: self.0 }) }
    }
}
