//! The operator's console as a browser without JavaScript gets it (Q14, L02, L06, L07).

mod client;

use client::{Browser, Server};
use server::config::Switch;
use thunderline::domain::RecordId;

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// The text of a page, without the marks that hydration needs.
async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let mut text = answer.body;
    while let Some((before, after)) = text.split_once("<!--") {
        text = format!("{before}{}", after.split_once("-->").map_or("", |(_, rest)| rest));
    }
    text.replace("<!>", "").replace("&quot;", "\"")
}

// L02: a filter that asks for nothing there is says so, and keeps what was typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_filter_names_each_field_and_keeps_what_was_typed() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let all = page(&mut ana, "/admin/audit").await;
    assert!(all.contains("account.sign_up") && !all.contains("field-error"), "the premise: {all}");
    for (field, typed, said) in [
        ("action", "nothing.done", "Action: there is no action \"nothing.done\"."),
        ("outcome", "maybe", "Outcome: there is no outcome \"maybe\"."),
        ("surface", "moon", "Surface: there is no surface \"moon\"."),
        ("target", "x7", "Target (id): must be an id."),
        ("correlation", "x7", "Correlation (id): must be an id."),
        ("actor", "nobody.here", "Actor (handle or id): nobody has this handle."),
    ] {
        let text = page(&mut ana, &format!("/admin/audit?{field}={typed}")).await;
        assert!(text.contains(said), "{field}: {text}");
        assert!(text.contains(&format!("value=\"{typed}\"")), "{field} keeps {typed}: {text}");
        assert!(text.contains(&format!("aria-describedby=\"filter-{field}-error\"")), "{field}: {text}");
        assert!(!text.contains("No entry is like this."), "{field}: {text}");
    }
    let both = page(&mut ana, "/admin/audit?action=nothing.done&surface=moon").await;
    assert!(both.contains("there is no action") && both.contains("there is no surface"), "all at once: {both}");
    let id = thunderline::domain::AuditId::fresh();
    for (place, said) in [
        ("at=x&id=y".to_owned(), "at: must be a time in microseconds since 1970."),
        ("at=5&id=y".to_owned(), "id: must be an id."),
        ("at=5".to_owned(), "id: must be given together with at."),
        (format!("id={id}"), "at: must be given together with id."),
    ] {
        let text = page(&mut ana, &format!("/admin/audit?outcome=done&{place}")).await;
        assert!(text.contains(said) && text.contains("href=\"/admin/audit?outcome=done\""), "{place}: {text}");
    }
    server.stopped().await;
}

// Q14
#[tokio::test(flavor = "multi_thread")]
async fn a_lane_that_is_none_and_a_letter_that_is_gone_are_told() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    assert!(page(&mut ana, "/admin/lanes?lane=general").await.contains("Nothing was given up here."), "the premise");
    for (asked, said) in [
        ("lane=zzz", "lane: there is no lane \"zzz\"."),
        ("died=5", "letter: must be given together with died."),
        ("died=x&letter=y", "died: must be a time in microseconds since 1970."),
        ("record=y", "record: must be an id."),
    ] {
        let text = page(&mut ana, &format!("/admin/lanes?{asked}")).await;
        assert!(text.contains(said) && !text.contains("Nothing was given up here."), "{asked}: {text}");
    }
    let gone = "This dead letter is gone: it was replayed or purged meanwhile.";
    let record = RecordId::fresh().to_string();
    assert!(page(&mut ana, &format!("/admin/lanes?record={record}")).await.contains(gone));
    // Somebody else was quicker than this form.
    for form in ["replay_dead_letter", "purge_dead_letter"] {
        let refused = ana.submit("/admin/lanes?lane=general", form, &[("record", &record)]).await;
        assert_eq!((refused.status, refused.header("location")), (303, Some("/admin/lanes?lane=general")));
        assert!(page(&mut ana, "/admin/lanes?lane=general").await.contains(gone), "{form}");
        assert!(!page(&mut ana, "/admin/lanes?lane=general").await.contains(gone), "{form}: once");
    }
    server.stopped().await;
}

/// What the log says was refused of an action, to the owner.
async fn refused(owner: &mut Browser, action: &str) -> Vec<serde_json::Value> {
    let path = format!("/api/v1/admin/audit?outcome=refused&action={action}");
    let log = owner.send("GET", &path, &JSON, "").await.json();
    log["entries"].as_array().unwrap().clone()
}

// L07, S08: to a plain member the page is not there, and that they asked is in the log.
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_a_page_that_is_not_theirs_is_in_the_log() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut bo = server.person("bo").await;
    let community = ana.community("harbour").await;
    assert_eq!(bo.call("join_community", &[("community", &community.to_string())]).await.status, 200);
    assert_eq!(ana.get("/c/harbour/webhooks").await.status, 200, "the premise: it is there");
    assert_eq!(refused(&mut ana, "webhook.manage").await.len(), 0);
    assert_eq!(bo.get("/c/harbour/webhooks").await.status, 404);
    let entries = refused(&mut ana, "webhook.manage").await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(
        (entries[0]["actor_kind"].as_str(), entries[0]["target"].as_str()),
        (Some("person"), Some(&*community.to_string()))
    );
    // Together with what belongs to it, by its correlation.
    let path = format!("/api/v1/admin/audit?correlation={}", entries[0]["correlation"].as_str().unwrap());
    let together = ana.send("GET", &path, &JSON, "").await.json();
    let found = together["entries"].as_array().unwrap();
    assert!(!found.is_empty() && found.iter().all(|one| one["correlation"] == entries[0]["correlation"]), "{together}");
    server.stopped().await;
}

// L07: what another site sends is in the log, and cannot fill it.
#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_another_site_is_in_the_log_once() {
    let server = Server::with(|settings| settings.rate_limits = Switch::Off);
    let mut ana = server.person("ana").await;
    let foreign = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    for _ in 0..20 {
        assert_eq!(ana.send("POST", "/api/post_message", &foreign, "body=x").await.status, 403);
    }
    let entries = refused(&mut ana, "request.send").await;
    let rules: Vec<_> = entries.iter().filter_map(|entry| entry["rule"].as_str()).collect();
    assert_eq!(rules, ["no form of another site"], "the first of many");
    assert_eq!((entries[0]["surface"].as_str(), entries[0]["address"].as_str()), (Some("page"), Some("127.0.0.1")));
    let answer = ana.send("POST", "/api/v1/admin/lanes/general/pause", &foreign, "").await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (403, Some("forbidden")), "JSON to a program");
    server.stopped().await;
}
