//! What a call brings. What cannot be read names its field, or the part of the request where no field is known.

use std::iter::successors;

use app::api::fault::missing_field;
use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, rejection::JsonRejection},
    response::Response,
};
use http::{StatusCode, request::Parts};
use serde::de::{DeserializeOwned, value};
use serde_path_to_error::Segment;
use thunderline::domain::Error;

use crate::{context::Context, error, router::REQUEST_BYTES};

/// The JSON of the body.
pub(super) struct Body<T>(pub T);

/// The part of the address that varies.
pub(super) struct Path<T>(pub T);

/// What stands behind the question mark.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Context> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Response> {
        let read = axum::Json::from_request(request, context).await;
        read.map(|axum::Json(value)| Self(value)).map_err(|wrong| {
            if wrong.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return error::response(Error::TooLarge { limit: REQUEST_BYTES as u64 });
            }
            // What is no JSON at all has no fields.
            let field = match &wrong {
                JsonRejection::JsonDataError(wrong) => field::<serde_json::Error>(wrong),
                _ => None,
            };
            refuse(field, "body", wrong.body_text())
        })
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Context> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Response> {
        let wrong = match axum::extract::Path::from_request_parts(parts, context).await {
            Ok(axum::extract::Path(value)) => return Ok(Self(value)),
            Err(wrong) => wrong,
        };
        // Every address here varies in one part.
        let params = RawPathParams::from_request_parts(parts, context).await.ok();
        let name = params.as_ref().and_then(|params| params.iter().next()).map_or("path", |(name, _)| name);
        Err(refuse(None, name, wrong.body_text()))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Context> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Response> {
        let read = axum::extract::Query::from_request_parts(parts, context).await;
        read.map(|axum::extract::Query(value)| Self(value))
            .map_err(|wrong| refuse(field::<value::Error>(&wrong), "query", wrong.body_text()))
    }
}

/// Which field is wrong, and what is wrong with it, as far as the cause of a rejection tells.
fn field<E: std::error::Error + 'static>(wrong: &(dyn std::error::Error + 'static)) -> Option<(String, String)> {
    let mut causes = successors(Some(wrong), |cause| cause.source());
    let cause = causes.find_map(|cause| cause.downcast_ref::<serde_path_to_error::Error<E>>())?;
    let message = cause.inner().to_string();
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    let mut path: Vec<String> = cause.path().iter().filter_map(step).collect();
    let missing = missing_field(&message).map(ToOwned::to_owned);
    let message = if missing.is_some() { "is missing".to_owned() } else { message };
    path.extend(missing);
    (!path.is_empty()).then(|| (path.join("."), message))
}

fn refuse(field: Option<(String, String)>, part: &str, what: String) -> Response {
    let (field, message) = field.unwrap_or_else(|| (part.to_owned(), what));
    error::response(Error::invalid(field, message))
}
