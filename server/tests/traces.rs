//! One click, traced from the request to the live connections (O03). A test binary of its own: a process has one
//! subscriber.

mod client;

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use axum::{Router, body::Bytes, extract::State, routing::post};
use client::Server;
use opentelemetry_proto::tonic::{collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span};
use prost::Message as _;
use server::{
    config::{Format, Log},
    logging,
};
use thunderline::domain::MessageId;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// Stands for a collector: keeps what it is sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Span>>>);

impl Collector {
    async fn take(State(collector): State<Self>, body: Bytes) {
        let sent = ExportTraceServiceRequest::decode(body).unwrap();
        let spans = sent.resource_spans.into_iter().flat_map(|part| part.scope_spans).flat_map(|part| part.spans);
        collector.0.lock().await.extend(spans);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_one_trace_from_the_request_to_the_live_connections() {
    let collector = Collector::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/v1/traces", post(Collector::take)).with_state(collector.clone());
    let tasks = TaskTracker::new();
    tasks.spawn(async { axum::serve(listener, router).await });
    let log = Log { filter: "off".into(), format: Format::Json, otlp_endpoint: Some(format!("http://{address}")) };
    let traces = logging::start(&log).unwrap();

    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let id = MessageId::fresh();
    let body = format!("id={id}&channel={channel}&body=a+secret+plan");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("traceparent", &*format!("00-{TRACE}-{CALLER}-01")),
    ];
    let answer = ana.send("POST", "/api/post_message", &headers, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    server.stopped().await;
    tokio::task::spawn_blocking(|| traces.finish()).await.unwrap();

    let all = collector.0.lock().await.clone();
    let spans: Vec<&Span> = all.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
    let names: HashMap<String, &str> = spans.iter().map(|span| (hex(&span.span_id), &*span.name)).collect();
    let parent = |span: &Span| names.get(&hex(&span.parent_span_id)).copied();
    let found = |name: &str| spans.iter().copied().filter(|span| span.name == name).collect::<Vec<_>>();
    let request = found("request");
    assert_eq!(request.len(), 1, "{names:?}");
    assert_eq!(hex(&request[0].parent_span_id), CALLER, "the caller's trace is continued");
    let command = found("command");
    assert_eq!(command.iter().map(|span| parent(span)).collect::<Vec<_>>(), [Some("request")], "{names:?}");
    let attributes = format!("{:?}", command[0].attributes);
    assert!(attributes.contains("channel.post") && attributes.contains("done"), "{attributes}");
    let writes = found("store.write");
    assert!(writes.iter().any(|span| parent(span) == Some("command")), "{names:?}");
    for phase in ["store.wait", "store.run", "store.commit"] {
        let phases = found(phase);
        assert_eq!(phases.len(), writes.len(), "{phase}: {names:?}");
        assert!(phases.iter().all(|span| parent(span) == Some("store.write")), "{phase}: {names:?}");
    }
    let lane = found("lane");
    assert!(lane.iter().any(|span| format!("{:?}", span.attributes).contains("message.posted")), "{names:?}");
    assert!(lane.iter().all(|span| parent(span) == Some("command")), "{names:?}");
    assert_eq!(found("hub.publish").len(), lane.len(), "{names:?}");
    assert!(found("hub.publish").iter().all(|span| parent(span) == Some("lane")), "{names:?}");
    assert!(all.len() > spans.len(), "the premise: other requests have traces of their own");
    assert!(!format!("{all:?}").contains("secret plan"), "spans never carry what somebody wrote");
}
