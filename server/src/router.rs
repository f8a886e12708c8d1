use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::{any, get, post},
};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{LeptosRoutes, generate_route_list};
use thunderline::domain::Error;
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
};

use crate::{
    address,
    context::{self, Context},
    csrf, error, files, forms, headers, limits, pages, rest, session, socket, watch,
};

/// The largest request: a message of 4,000 characters, each percent-encoded to 12 bytes, and room.
pub(crate) const REQUEST_BYTES: usize = 128 * 1_024;
/// Answers smaller than this are not worth compressing.
const COMPRESS_ABOVE: u16 = 1_024;

/// Everything the server answers.
pub(crate) fn router(context: &Context) -> Router {
    // Not `leptos_routes`: it would also route the server functions, past the layers they need.
    let pages = Router::new().leptos_routes_with_handler(generate_route_list(app::App), pages::page);
    let pages = files::with_files(pages, context, pages::not_found)
        .layer(from_fn_with_state(context.clone(), context::give_flash))
        .layer(from_fn_with_state(context.clone(), session::identify));
    let calls = server_fn_paths()
        .fold(Router::new(), |calls, (path, _)| calls.route(path, post(pages::call)))
        .nest("/api/v1", rest::router())
        .route("/api/{*name}", any(async || error::response(Error::NotFound)))
        .layer(from_fn_with_state(context.clone(), limits::bound))
        .layer(from_fn_with_state(context.clone(), session::identify))
        .layer(RequestBodyLimitLayer::new(REQUEST_BYTES))
        .layer(map_response(error::name_limit))
        .layer(from_fn_with_state(context.clone(), forms::lead))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES));
    let smaller =
        CompressionLayer::new().quality(CompressionLevel::Precise(3)).compress_when(SizeAbove::new(COMPRESS_ABOVE));
    let compressed = pages.merge(calls).layer(smaller);
    Router::new()
        .route("/feed", any(socket::feed))
        .route("/health", get(async || "ok"))
        .route("/ready", get(watch::ready))
        .route("/metrics", get(watch::metrics))
        .merge(compressed)
        .layer(from_fn_with_state(context.clone(), csrf::refuse_foreign))
        .layer(from_fn(address::tidy))
        .layer(from_fn_with_state(context.clone(), headers::secure))
        .layer(from_fn_with_state(context.clone(), watch::observe))
        .with_state(context.clone())
}
