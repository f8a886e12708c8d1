use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use leptos::config::LeptosOptions;

use crate::context::Context;

/// A page of the interface, complete when it is sent.
pub(crate) async fn page(State(context): State<Context>, request: Request<Body>) -> Response {
    let options: LeptosOptions = context.leptos().clone();
    let provide = move || context.provide();
    leptos_axum::render_app_async_with_context(provide, move || app::document(options.clone()))(request).await
}

/// A page of the interface that has no route: the same "not found" as for what may not be seen.
pub(crate) async fn not_found(State(context): State<Context>, request: Request<Body>) -> Response {
    let mut response = page(State(context), request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// A server function: one command, or what one page reads.
pub(crate) async fn call(State(context): State<Context>, request: Request<Body>) -> Response {
    leptos_axum::handle_server_fns_with_context(move || context.provide(), request).await.into_response()
}
