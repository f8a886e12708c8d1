use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode};

use crate::{context::Context, origin::text};

/// Refuses what another site makes a browser send. `SameSite=Lax` stands beside it.
///
/// As OWASP and Go's `CrossOriginProtection` have it: `Sec-Fetch-Site` decides, then `Origin` against `Host`; a request
/// with neither comes from no browser, and carries no browser's cookie.
pub(crate) async fn refuse_foreign(State(context): State<Context>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let own = match text(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => context.front().is_own(headers).unwrap_or(true),
    };
    if own {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This form was sent from another site.").into_response()
    }
}
