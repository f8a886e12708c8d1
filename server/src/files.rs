use axum::{
    Router,
    handler::Handler,
    middleware::{self, Next},
    response::Response,
};
use http::{HeaderValue, header};
use tower_http::services::ServeDir;

use crate::context::Context;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The built files, compressed beforehand; whatever is none of them goes to `otherwise`.
pub(crate) fn with_files<H, T>(router: Router<Context>, context: &Context, otherwise: H) -> Router<Context>
where
    H: Handler<T, Context>,
    T: 'static,
{
    let options = context.leptos();
    let root = std::path::Path::new(options.site_root.as_ref());
    let package = folder(root.join(options.site_pkg_dir.as_ref()));
    // A hashed name never means other bytes; an unhashed one may after the next build.
    let keep = if options.hash_files { FOR_EVER } else { ASK_AGAIN };
    let package = Router::new().fallback_service(package).layer(middleware::from_fn(move |request, next: Next| {
        let keep = keep.clone();
        async move { keeping(next.run(request).await, keep) }
    }));
    let others = folder(root.to_path_buf()).fallback(otherwise.with_state(context.clone()));
    let others = Router::new()
        .fallback_service(others)
        .layer(middleware::from_fn(|request, next: Next| async move { keeping(next.run(request).await, FOR_AN_HOUR) }));
    router.nest_service(&format!("/{}", options.site_pkg_dir), package).fallback_service(others)
}

fn folder(path: std::path::PathBuf) -> ServeDir {
    ServeDir::new(path).precompressed_br().precompressed_gzip().append_index_html_on_directories(false)
}

/// Says how long a file may be kept; what was not found, or is a page, says so itself.
fn keeping(mut response: Response, keep: HeaderValue) -> Response {
    let headers = response.headers();
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if (response.status().is_success() && !is_page) || response.status() == http::StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, keep);
    }
    response
}
