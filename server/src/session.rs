use std::net::SocketAddr;

use app::api::cookie::{SESSION_PLAIN, SESSION_SECURE};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use thunderline::domain::{Actor, Identity, Surface, account::SessionToken};

use crate::{
    context::Context,
    error,
    origin::{cookie, text},
    watch::Visit,
};

/// The longest `User-Agent` that is kept.
const AGENT_CHARS: usize = 256;
/// The longest cookie that can be a token: 64 hexadecimal digits.
const TOKEN_CHARS: usize = 64;

/// Finds out who asks, for everything behind it.
pub(crate) async fn identify(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let identity = match token(&context, request.headers()) {
        None => Identity::Visitor,
        Some(token) => match context.engine().identify(&token).await {
            Ok(identity) => identity.unwrap_or(Identity::Visitor),
            Err(error) => return error::response(error),
        },
    };
    let actor = asking(&context, &request, identity);
    request.extensions_mut().insert(actor);
    next.run(request).await
}

/// Whoever sent a request, from where and with what.
pub(crate) fn asking(context: &Context, request: &Request, identity: Identity) -> Actor {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let mut actor = Actor::with(identity, Surface::Page);
    if let Some(visit) = request.extensions().get::<Visit>() {
        actor.correlation = visit.correlation;
        actor.trace = Some(visit.trace);
    }
    actor.address = peer.map(|peer| context.front().address(headers, peer)).unwrap_or_default();
    actor.agent = text(headers, "user-agent").unwrap_or_default().chars().take(AGENT_CHARS).collect();
    actor
}

/// The session's token. Over TLS only the `__Host-` cookie counts: a plain one may have been set by whoever sits on a
/// sibling domain or on the unencrypted line.
pub(crate) fn token(context: &Context, headers: &HeaderMap) -> Option<SessionToken> {
    let name = if context.front().is_secure(headers) { SESSION_SECURE } else { SESSION_PLAIN };
    let value = cookie(headers, name)?;
    let plausible = value.len() == TOKEN_CHARS && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    plausible.then(|| SessionToken::new(value))
}
