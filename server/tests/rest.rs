//! JSON under `/api/v1` (Q14, Q15, L06, A01).

mod client;

use client::{Browser, Server};
use serde_json::{Value, json};
use thunderline::domain::foreign::ForeignMode;

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

async fn get(browser: &mut Browser, path: &str) -> (u16, Value) {
    let answer = browser.send("GET", path, &JSON, "").await;
    (answer.status, answer.json())
}

fn lane<'v>(lanes: &'v Value, name: &str) -> &'v Value {
    lanes.as_array().unwrap().iter().find(|lane| lane["lane"] == name).unwrap()
}

// Q07, Q15
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_sees_and_sets_the_lanes_by_json() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let (status, lanes) = get(&mut ana, "/api/v1/admin/lanes").await;
    assert_eq!((status, lane(&lanes, "general")["paused"].as_bool()), (200, Some(false)));
    assert_eq!(ana.send("POST", "/api/v1/admin/lanes/general/pause", &JSON, "").await.status, 204);
    assert_eq!(ana.send("PUT", "/api/v1/admin/lanes/general/width", &JSON, r#"{"width":7}"#).await.status, 204);
    let (_, lanes) = get(&mut ana, "/api/v1/admin/lanes").await;
    let general = lane(&lanes, "general");
    assert_eq!((general["paused"].as_bool(), general["width"].as_i64()), (Some(true), Some(7)));
    assert_eq!(ana.send("POST", "/api/v1/admin/lanes/general/resume", &JSON, "").await.status, 204);
    assert_eq!(get(&mut ana, "/api/v1/admin/dead-letters?lane=general").await.1["letters"], json!([]));
    assert_eq!(ana.send("POST", "/api/v1/admin/dead-letters/replay", &JSON, "").await.body, "0");
    assert_eq!(ana.send("DELETE", "/api/v1/admin/dead-letters", &JSON, "").await.body, "0");
    server.stopped().await;
}

// E01, E03, E06
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_publishes_events_from_outside() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut bo = server.person("bo").await;
    let event = |name: &str| json!({ "name": name, "version": 1, "payload": { "to": "x" } });
    let correlation = thunderline::domain::CorrelationId::fresh().to_string();
    let good = json!({ "correlation": correlation, "events": [event("agent.moved")] }).to_string();
    let answer = ana.send("POST", "/api/v1/events", &JSON, &good).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "published": 1, "dropped": 0 })));
    let bad = json!({ "correlation": correlation, "events": [event("agent.moved"), event("moved")] }).to_string();
    let answer = ana.send("POST", "/api/v1/events", &JSON, &bad).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("events.1.name"), "{}", answer.body);
    assert_eq!(bo.send("POST", "/api/v1/events", &JSON, &good).await.status, 403);
    server.stopped().await;
}

// E03, M03: what is wrong is named, by the field as far as it is known, in the one shape of errors.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_cannot_be_taken_says_why() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let correlation = thunderline::domain::CorrelationId::fresh().to_string();
    let event = |version: Value| json!({ "name": "agent.moved", "version": version, "payload": {} });
    let mixed = json!({ "correlation": correlation, "events": [event(json!(1)), event(json!("1")), 7] }).to_string();
    for (body, fields) in [
        (mixed.as_str(), vec!["events.1.version", "events.2"]),
        (r#"{"correlation": 7, "events": []}"#, vec!["correlation"]),
        (r#"{"events": []}"#, vec!["correlation"]),
        (r#"{"correlation": "x", "events": 7}"#, vec!["events"]),
        ("no JSON", vec!["body"]),
    ] {
        let answer = ana.send("POST", "/api/v1/events", &JSON, body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        let said = answer.json();
        let named: Vec<&str> =
            said["fields"].as_array().unwrap().iter().filter_map(|one| one["field"].as_str()).collect();
        assert_eq!(named, fields, "{body}: {said}");
    }
    server.stopped().await;
    let server = Server::with(|settings| settings.foreign_events = ForeignMode::Drop);
    let mut ana = server.person("ana").await;
    let answer = ana.send("POST", "/api/v1/events", &JSON, &mixed).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "published": 1, "dropped": 2 })));
    assert_eq!(ana.send("POST", "/api/v1/events", &JSON, "{").await.status, 422, "what is no JSON has no events");
    server.stopped().await;
}

// E06
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_with_the_limit() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    // Told by its head, and found out while it is read: nothing of it is sent before the answer.
    for length in ["content-length: 200000", "transfer-encoding: chunked"] {
        let head = [
            "POST /api/v1/events HTTP/1.1".to_owned(),
            format!("host: {}", server.address),
            format!("cookie: {}", ana.cookie_line()),
            "content-type: application/json".to_owned(),
            length.to_owned(),
        ]
        .join("\r\n");
        let chunk =
            if length.starts_with("content") { String::new() } else { format!("30d40\r\n{}\r\n", " ".repeat(200_000)) };
        let answer = ana.raw(&format!("{head}\r\n\r\n{chunk}")).await;
        assert_eq!(answer.status, 413, "{length}: {}", answer.body);
        assert_eq!(answer.json(), json!({ "error": "too_large", "limit": 131_072 }), "{length}");
    }
    server.stopped().await;
}

// L02, L06
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_looks_through_the_audit_log_by_json() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    ana.community("harbour").await;
    let (status, page) = get(&mut ana, "/api/v1/admin/audit?action=community.create&outcome=done").await;
    assert_eq!((status, page["entries"].as_array().unwrap().len()), (200, 1), "{page}");
    assert_eq!(page["entries"][0]["surface"], "page");
    let (status, chain) = get(&mut ana, "/api/v1/admin/audit/chain").await;
    assert_eq!((status, chain["head"]["hash"].as_str().unwrap().len()), (200, 64));
    assert_eq!(ana.send("POST", "/api/v1/admin/lanes/general/pause", &JSON, "").await.status, 204);
    let (_, page) = get(&mut ana, "/api/v1/admin/audit?surface=api").await;
    assert_eq!(page["entries"][0]["action"], "lane.manage", "{page}");
    server.stopped().await;
}

// Q14, L06, L07, M03
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it_and_what_is_wrong_is_named() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut bo = server.person("bo").await;
    let mut visitor = server.visitor();
    for path in ["lanes", "dead-letters", "audit", "audit/chain"] {
        let path = format!("/api/v1/admin/{path}");
        assert_eq!(bo.send("GET", &path, &JSON, "").await.status, 404, "{path}");
        assert_eq!(visitor.send("GET", &path, &JSON, "").await.status, 401, "{path}");
    }
    assert_eq!(bo.send("POST", "/api/v1/admin/lanes/general/pause", &JSON, "").await.status, 403);
    let foreign = [("content-type", "application/json"), ("sec-fetch-site", "cross-site")];
    assert_eq!(ana.send("POST", "/api/v1/admin/lanes/general/pause", &foreign, "").await.status, 403);
    for (method, path, body, part) in [
        ("POST", "lanes/slow/pause", "", "lane"),
        ("PUT", "lanes/general/width", "{", "body"),
        ("PUT", "lanes/general/width", r#"{"width":"#, "body"),
        ("PUT", "lanes/general/width", "{}", "width"),
        ("PUT", "lanes/general/width", r#"{"width":"wide"}"#, "width"),
        ("PUT", "lanes/general/width", r#"{"width":0}"#, "width"),
        ("GET", "audit?action=nothing.done", "", "action"),
        ("GET", "audit?outcome=maybe", "", "outcome"),
        ("GET", "audit?surface=moon", "", "surface"),
        ("GET", "audit?correlation=x", "", "correlation"),
        ("GET", "audit?since=yesterday", "", "since"),
        ("GET", "audit?at=5", "", "id"),
        ("GET", "audit?at=x", "", "at"),
        ("GET", "dead-letters?lane=slow", "", "lane"),
        ("GET", "dead-letters?died_at=5", "", "id"),
        ("POST", "dead-letters/7/replay", "", "record"),
    ] {
        let answer = ana.send(method, &format!("/api/v1/admin/{path}"), &JSON, body).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.body);
        assert_eq!(answer.json()["fields"][0]["field"], part, "{path}: {}", answer.body);
    }
    assert_eq!(get(&mut ana, "/api/v1/nothing").await.0, 404);
    server.stopped().await;
}
