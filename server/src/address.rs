use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{Method, StatusCode};

/// The longest path, in bytes. The longest there is holds two slugs of 50.
const PATH_BYTES: usize = 1_024;

/// Refuses a path that can be none, and leads one that ends with a slash to the same without.
pub(crate) async fn tidy(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.len() > PATH_BYTES {
        return (StatusCode::URI_TOO_LONG, "This address is too long.").into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && path.len() > 1 && path.ends_with('/') {
        return Redirect::permanent(&without_slash(path, request.uri().query())).into_response();
    }
    next.run(request).await
}

/// Never begins with two slashes: a browser would take what follows for another site.
fn without_slash(path: &str, query: Option<&str>) -> String {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{}{query}", path.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::without_slash;

    #[test]
    fn the_way_without_a_slash_stays_on_this_site() {
        assert_eq!(without_slash("/c/harbour/", None), "/c/harbour");
        assert_eq!(without_slash("/c/harbour//", Some("at=1")), "/c/harbour?at=1");
        assert_eq!(without_slash("//evil.example/", None), "/evil.example");
        assert_eq!(without_slash("//", None), "/");
    }
}
