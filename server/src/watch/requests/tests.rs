use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{Extension, Router, body::Body, middleware::from_fn_with_state, routing::get};
use serde_json::{Value, json};
use thunderline::engine::{Engine, Settings};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;
use crate::{config::Format, context::Sockets, logging::lines, origin::Front, site, watch::Admission};

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Lines about requests.
    fn requests(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let all = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        all.filter(|line| line["message"].as_str().is_some_and(|message| message.starts_with("a request"))).collect()
    }
}

async fn told(Extension(visit): Extension<Visit>) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{} {}", visit.correlation, visit.trace))
}

// O03. On one thread, which the subscriber belongs to.
#[tokio::test]
async fn each_request_is_a_line_and_a_failure_is_a_warning_that_names_its_correlation() {
    let written = Lines::default();
    let copy = written.clone();
    let subscriber = tracing_subscriber::registry().with(lines(Format::Json, move || copy.clone(), false));
    let _guard = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("test.db").display());
    let engine = Engine::open(Settings::new(database)).await.unwrap();
    let front = Front { public_host: None, https: false, trust_proxy: false };
    let runtime = tokio::runtime::Handle::current();
    let sockets = Sockets { runtime, tasks: TaskTracker::new(), stats: Arc::default() };
    let context = Context::new(engine.clone(), site::options(), front, None, sockets, Admission::Nobody);
    let router: Router = Router::new()
        .route("/invite/{code}", get(told))
        .route("/well", get(async || "well"))
        .layer(from_fn_with_state(context.clone(), observe));
    let ask = |path: &str| Request::get(path).header("traceparent", PARENT).body(Body::empty()).unwrap();

    let failed = router.clone().oneshot(ask("/invite/a-secret-code?and=more")).await.unwrap();
    let body = axum::body::to_bytes(failed.into_body(), 4_096).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let (correlation, trace) = body.split_once(' ').unwrap();
    assert_eq!(trace, PARENT, "without a collector the caller's place is handed on");
    assert!(router.oneshot(ask("/well")).await.unwrap().status().is_success());

    let lines = written.requests();
    let fields = |line: &Value| (line["level"].clone(), line["route"].clone(), line["status"].clone());
    let expected = [(json!("WARN"), json!("/invite/{code}"), json!(500)), (json!("DEBUG"), json!("/well"), json!(200))];
    assert_eq!(lines.iter().map(fields).collect::<Vec<_>>(), expected);
    assert_eq!((&lines[0]["correlation"], &lines[0]["trace"]), (&json!(correlation), &json!(PARENT)));
    assert!(lines.iter().all(|line| !line.to_string().contains("a-secret-code")), "{lines:?}");
    let counted: Vec<_> = context.requests().answers().collect();
    assert_eq!(counted, [(Route::Page, 200, 1), (Route::Page, 500, 1)]);
    engine.close().await;
}

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
