use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode};
use thunderline::domain::{Actor, Error, Identity, Surface};

use crate::{context::Context, error, limits, origin::text, session};

/// As the audit log says it.
const RULE: &str = "no form of another site";

/// Refuses what another site makes a browser send. `SameSite=Lax` stands beside it.
///
/// As OWASP and Go's `CrossOriginProtection` have it: `Sec-Fetch-Site` decides, then `Origin` against `Host`; a request
/// with neither comes from no browser, and carries no browser's cookie. Who is refused is noted by address: whose browser
/// it is was not asked for, and their cookie did not come along.
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
        return next.run(request).await;
    }
    let name = request.uri().path().trim_start_matches("/api/");
    let actor = Actor { surface: limits::surface(name), ..session::asking(&context, &request, Identity::Visitor) };
    let (key, action) = ((RULE.to_owned(), limits::network(&actor.address)), limits::action(name));
    let program = actor.surface == Surface::Api;
    context.turn_away(key, action, actor).await;
    if program {
        return error::response(Error::Forbidden { rule: RULE.to_owned() });
    }
    (StatusCode::FORBIDDEN, "This form was sent from another site.").into_response()
}
