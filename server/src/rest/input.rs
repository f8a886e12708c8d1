//! What a call brings. What cannot be read names the part of the request that is wrong.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::Response,
};
use http::request::Parts;
use serde::de::DeserializeOwned;
use thunderline::domain::Error;

use crate::{context::Context, error};

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
        read.map(|axum::Json(value)| Self(value)).map_err(|wrong| refuse("body", wrong.body_text()))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Context> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Response> {
        let read = axum::extract::Path::from_request_parts(parts, context).await;
        read.map(|axum::extract::Path(value)| Self(value)).map_err(|wrong| refuse("path", wrong.body_text()))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Context> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Response> {
        let read = axum::extract::Query::from_request_parts(parts, context).await;
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|wrong| refuse("query", wrong.body_text()))
    }
}

fn refuse(part: &str, what: String) -> Response {
    error::response(Error::invalid(part, what))
}
