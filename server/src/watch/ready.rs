use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Serialize;
use thunderline::engine::{Engine, Unready};

use crate::context::Context;

#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    not_ready: Vec<Unready>,
}

/// `GET /ready`: 200 when people may be sent here, else 503 with what is not ready.
pub(crate) async fn ready(State(context): State<Context>) -> Response {
    answer(context.engine()).await
}

async fn answer(engine: &Engine) -> Response {
    let not_ready = engine.unready().await;
    let status = if not_ready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready: not_ready.is_empty(), not_ready })).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use thunderline::engine::Settings;

    use super::*;

    async fn told(engine: &Engine) -> (u16, Value) {
        let response = answer(engine).await;
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 4_096).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    // O03
    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_not_ready_is_named_and_nothing_else_told() {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("test.db").display());
        let engine = Engine::open(Settings::new(&database)).await.unwrap();
        assert_eq!(told(&engine).await, (200, json!({ "ready": true, "not_ready": [] })));
        engine.store().fail(&format!("a sync failed: {database}"));
        let (status, body) = told(&engine).await;
        assert_eq!((status, &body["ready"], &body["not_ready"][0]["part"]), (503, &json!(false), &json!("writing")));
        assert!(!body.to_string().contains(&*folder.path().to_string_lossy()), "no path: {body}");
        engine.close().await;
        let (status, body) = told(&engine).await;
        let parts: Vec<_> = body["not_ready"].as_array().unwrap().iter().map(|part| part["part"].clone()).collect();
        assert_eq!(
            (status, parts),
            (503, ["database", "writing", "lane", "lane", "lane", "schedule"].map(|part| json!(part)).to_vec())
        );
    }
}
