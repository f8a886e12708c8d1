use app::api::Fault;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use thunderline::domain::Error;

use crate::router::REQUEST_BYTES;

/// The header by which server functions tell an error from an answer.
pub(crate) const FAULT: HeaderName = HeaderName::from_static("serverfnerror");

/// A body that is too large is refused as anything else is, and the limit named.
pub(crate) async fn name_limit(refused: Response) -> Response {
    if refused.status() == StatusCode::PAYLOAD_TOO_LARGE && !refused.headers().contains_key(FAULT) {
        return response(Error::TooLarge { limit: REQUEST_BYTES as u64 });
    }
    refused
}

/// The one error as a response: JSON, as a server function answers with it.
pub(crate) fn response(error: Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = match error {
        Error::TooMany { retry_after } => Some(retry_after),
        Error::Unavailable => Some(1),
        _ => None,
    };
    let mut response = (status, axum::Json(Fault(error))).into_response();
    response.headers_mut().insert(FAULT, HeaderValue::from_static("1"));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
