//! Two fields that name a place in a list together.

use super::error::{Error, Result};

/// Both fields, or neither. One without the other names no place: an error that names the missing one.
///
/// ```
/// use thunderline::domain::cursor::both;
///
/// assert_eq!(both(("at", Some(7)), ("id", Some("a"))), Ok(Some((7, "a"))));
/// assert_eq!(both::<i64, &str>(("at", None), ("id", None)), Ok(None));
/// let wrong = both::<i64, &str>(("at", Some(7)), ("id", None)).unwrap_err();
/// assert_eq!(wrong.of_field("id"), Some("must be given together with at"));
/// ```
pub fn both<A, B>(one: (&str, Option<A>), other: (&str, Option<B>)) -> Result<Option<(A, B)>> {
    let missing = |field: &str, given: &str| Err(Error::invalid(field, format!("must be given together with {given}")));
    match (one, other) {
        ((_, Some(first)), (_, Some(second))) => Ok(Some((first, second))),
        ((_, None), (_, None)) => Ok(None),
        ((given, Some(_)), (field, None)) | ((field, None), (given, Some(_))) => missing(field, given),
    }
}
