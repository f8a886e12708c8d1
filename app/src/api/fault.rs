//! Errors on their way to a page.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use thunderline::domain::Error;

/// The one error, as server functions answer with it: JSON, under the error's own HTTP status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault(pub Error);

impl Fault {
    /// Whether this browser holds no session (any more).
    pub fn signed_out(&self) -> bool {
        self.0 == Error::SignedOut
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl FromServerFnError for Fault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let fault = match error {
            // The form lacked a field or held one of the wrong shape: an old page or a hand-made request.
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => Self(misread(message)),
            // On the server it was the request that could not be read, in the browser it is the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(message) => Self(misread(message)),
            ServerFnErrorErr::Request(_) => Self(Error::Unavailable),
            _ => Self(Error::Internal { reference: "the answer could not be read".into() }),
        };
        #[cfg(feature = "ssr")]
        super::context::refuse(&fault.0);
        fault
    }
}

/// What is wrong with a form that could not be read: the field, where it is known.
fn misread(message: String) -> Error {
    match missing_field(&message) {
        Some(field) => Error::invalid(field, "is missing"),
        None => Error::invalid("form", in_words(&message)),
    }
}

/// What the reader of forms could not make sense of. It tells what it met, not in which field.
fn in_words(message: &str) -> &'static str {
    if message.contains("UUID") {
        "holds something that is no id where one belongs"
    } else if message.contains("invalid digit")
        || message.contains("number too")
        || message.contains("from empty string")
    {
        "holds something that is no number where one belongs"
    } else if message.contains("unknown variant") {
        "holds a choice that there is not"
    } else {
        "cannot be read: load the page anew and try again"
    }
}

/// The field that is missing, if that is what serde says.
pub fn missing_field(message: &str) -> Option<&str> {
    message.split_once("missing field `")?.1.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_its_encoding() {
        let fault = Fault(Error::invalid("body", "must not be empty"));
        assert_eq!(Fault::de(fault.ser()), fault);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(misread("missing field `channel`".to_owned()), Error::invalid("channel", "is missing"));
    }

    // M03: what a parser says of bytes and columns helps nobody who looks at a form.
    #[test]
    fn what_cannot_be_read_is_told_in_words() {
        for (said, told) in [
            ("invalid digit found in string", "no number"),
            ("UUID parsing failed: invalid length: expected 32 bytes, found 1", "no id"),
            ("unknown variant `loud`, expected one of `all`, `mentions`", "a choice"),
            ("EOF while parsing an object at line 1 column 1", "cannot be read"),
        ] {
            let Error::Invalid { fields } = misread(said.to_owned()) else { panic!("{said}") };
            assert_eq!(fields[0].field, "form");
            assert!(fields[0].message.contains(told) && !fields[0].message.contains("column"), "{said}: {fields:?}");
        }
    }
}
