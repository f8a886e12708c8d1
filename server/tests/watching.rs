//! What the server tells whoever watches it (O03).

mod client;

use client::{Answer, Browser, Server};
use server::config::Switch;

/// The value of a figure, named with its labels as the text has it.
fn figure(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.split(' ').next().unwrap().parse().unwrap())
}

async fn scrape(visitor: &mut Browser) -> String {
    let answer = visitor.send("GET", "/metrics", &[], "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_alive_and_ready() {
    let server = Server::start();
    let mut visitor = server.visitor();
    assert_eq!(visitor.get("/health").await.body, "ok");
    let ready = visitor.get("/ready").await;
    assert_eq!((ready.status, ready.json()), (200, serde_json::json!({ "ready": true, "not_ready": [] })));
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_post_moves_each_figure_by_exactly_one() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    let mut visitor = server.visitor();
    let before = scrape(&mut visitor).await;
    ana.post(channel, "a secret plan").await;
    // The lane goes on by itself after the answer.
    let worked = "thunderline_lane_work_seconds_count{lane=\"realtime\"}";
    let mut after = scrape(&mut visitor).await;
    let mut scrapes = 1.0;
    while figure(&after, worked) <= figure(&before, worked) && scrapes < 500.0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        after = scrape(&mut visitor).await;
        scrapes += 1.0;
    }
    for name in [
        "thunderline_posts_total",
        "thunderline_commands_total{action=\"channel.post\",outcome=\"done\"}",
        "thunderline_command_seconds_count",
        "thunderline_http_requests_total{route=\"call\",status=\"200\"}",
        "thunderline_http_seconds_count{route=\"call\"}",
    ] {
        let (then, now) = (figure(&before, name), figure(&after, name));
        assert!((now - then - 1.0).abs() < f64::EPSILON, "{name}: {then} then {now}\n{after}");
    }
    let watched = "thunderline_http_requests_total{route=\"watch\",status=\"200\"}";
    let moved = figure(&after, watched) - figure(&before, watched);
    assert!((moved - scrapes).abs() < f64::EPSILON, "{moved} of {scrapes} scrapes\n{after}");
    for name in [
        "thunderline_events_published_total",
        "thunderline_events_enqueued_total",
        "thunderline_store_job_seconds_count{kind=\"read\"}",
        "thunderline_store_job_seconds_count{kind=\"write\"}",
        "thunderline_store_wait_seconds_count",
        "thunderline_store_commit_seconds_count",
        "thunderline_store_group_writes_sum",
        "thunderline_lane_enqueued_total{lane=\"realtime\"}",
        "thunderline_lane_wait_seconds_count{lane=\"realtime\"}",
        "thunderline_lane_work_seconds_count{lane=\"realtime\"}",
    ] {
        assert!(figure(&after, name) > figure(&before, name), "{name}\n{after}");
    }
    assert!(after.contains("thunderline_events_dropped_total 0"), "{after}");
    assert!(after.contains("\nthunderline_audit_unsealed "), "{after}");
    assert!(figure(&after, "thunderline_audit_unsealed_oldest_seconds") < 60.0, "{after}");
    assert!(
        after.contains("# TYPE thunderline_store_commit_seconds histogram") && after.ends_with("# EOF\n"),
        "{after}"
    );
    assert!(!after.contains("secret plan") && !after.contains("harbour"), "figures name nobody and nothing");
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_connections_and_their_frames_are_counted() {
    let server = Server::start();
    let ana = server.person("ana").await;
    let mut visitor = server.visitor();
    let before = scrape(&mut visitor).await;
    let (mut socket, _) = ana.feed(&[]).await;
    socket.heard().await;
    let during = scrape(&mut visitor).await;
    assert_eq!(
        (figure(&before, "thunderline_feed_connections"), figure(&during, "thunderline_feed_connections")),
        (0.0, 1.0)
    );
    assert!(figure(&during, "thunderline_feed_frames_written_total") >= 1.0, "{during}");
    assert!(figure(&during, "thunderline_http_requests_total{route=\"feed\",status=\"101\"}") > 0.0, "{during}");
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_not_for_the_world() {
    let refused = |answer: &Answer| answer.status == 401 && !answer.body.contains("thunderline_posts");
    let server = Server::start();
    let forwarded = server.visitor().send("GET", "/metrics", &[("x-forwarded-for", "1.2.3.4")], "").await;
    assert!(refused(&forwarded), "{forwarded:?}");
    server.stopped().await;

    let server = Server::with(|settings| settings.trust_proxy = Switch::On);
    assert!(refused(&server.visitor().send("GET", "/metrics", &[], "").await), "everybody is local behind a proxy");
    server.stopped().await;

    let server = Server::with(|settings| settings.metrics_token = Some("a-token-of-some-length".parse().unwrap()));
    let mut visitor = server.visitor();
    assert!(refused(&visitor.send("GET", "/metrics", &[], "").await));
    assert!(refused(
        &visitor.send("GET", "/metrics", &[("authorization", "Bearer another-token-than-that")], "").await
    ));
    let named = [("authorization", "Bearer a-token-of-some-length"), ("x-forwarded-for", "1.2.3.4")];
    let answer = visitor.send("GET", "/metrics", &named, "").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    server.stopped().await;
}
