//! Forms, cookies and headers over a real connection.

mod client;

use client::Server;
use server::config::Switch;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_held_by_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let server = Server::start();
    let mut browser = server.visitor();
    let fields = [("name", "Ana"), ("handle", "ana"), ("password", "correct horse battery")];
    let answer = browser.call("sign_up", &fields).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("thunderline="), "{cookie}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "a plain line could not keep it");
    server.stopped().await;
    let server = Server::with(|settings| settings.public_url = Some("https://chat.example".into()));
    let answer = server.visitor().call("sign_up", &fields).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-thunderline=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").is_some());
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_into_a_refused_form_is_shown_again_once() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    ana.call("sign_out", &[]).await;
    let page = "/sign-in?next=/c";
    let refused = ana.submit(page, "sign_in", &[("handle", "ana-typed-this"), ("password", "wrong password")]).await;
    assert_eq!((refused.status, refused.header("location")), (303, Some(page)));
    let cookie = refused.header("set-cookie").unwrap();
    assert!(cookie.starts_with("flash=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let mut other = server.visitor();
    assert!(!other.get(page).await.body.contains("ana-typed-this"), "another browser sees nothing of it");
    let shown = ana.get(page).await;
    assert!(shown.body.contains("ana-typed-this"), "the handle is there again");
    assert!(!shown.body.contains("wrong password"), "the password is not");
    assert!(!ana.get(page).await.body.contains("ana-typed-this"), "only once");
    let led =
        ana.submit(page, "sign_in", &[("handle", "ana"), ("password", "correct horse battery"), ("next", "/c")]).await;
    assert_eq!((led.status, led.header("location")), (303, Some("/c")));
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_survive_a_session_that_ended_meanwhile() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await;
    let channel = ana.channel(community, "boats", false).await;
    ana.cookies.clear();
    let fields = [
        ("id", &*thunderline::domain::MessageId::fresh().to_string()),
        ("channel", &*channel.to_string()),
        ("body", "a long thought"),
    ];
    let refused = ana.submit("/c/harbour/boats", "post_message", &fields).await;
    assert_eq!((refused.status, refused.header("location")), (303, Some("/sign-in?next=/c/harbour/boats")));
    ana.submit("/sign-in", "sign_in", &[("handle", "ana"), ("password", "correct horse battery")]).await;
    let page = ana.get("/c/harbour/boats").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("a long thought"));
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_make_a_browser_act() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let kind = ("content-type", "application/x-www-form-urlencoded");
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let answer = ana.send("POST", "/api/sign_out", &[kind, foreign], "").await;
        assert_eq!(answer.status, 403, "{foreign:?}");
    }
    assert!(ana.call("open_settings", &[]).await.status == 200, "she is still signed in");
    let own = format!("http://{}", server.address);
    assert!(ana.send("POST", "/api/sign_out", &[kind, ("origin", &own)], "").await.status < 400);
    assert_eq!(ana.call("open_settings", &[]).await.status, 401);
    server.stopped().await;
}

// Wherever a form says it stood, it is led to a page of this server.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_led_nowhere_else() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let own = format!("http://{}/settings/profile?x=1", server.address);
    for (referer, led) in [
        (own.as_str(), "/settings/profile?x=1"),
        ("javascript:alert(1)", "/"),
        ("https://evil.example", "/"),
        ("https://evil.example//elsewhere.example/", "/"),
        ("data:text/html,x", "/"),
    ] {
        let headers = [kind, ("accept", "text/html"), ("referer", referer)];
        // One that leads nowhere by itself.
        let answer = ana.send("POST", "/api/pause_lane", &headers, "lane=general").await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(led)), "{referer}");
    }
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let server = Server::with(|settings| settings.rate_limits = Switch::On);
    let mut visitor = server.visitor();
    let mut refused = None;
    for _ in 0..25 {
        let answer = visitor.call("sign_in", &[("handle", "nobody"), ("password", "guess")]).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("at some point it is enough");
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(refused.json()["error"], "too_many");
    server.stopped().await;
}

// L07
#[tokio::test(flavor = "multi_thread")]
async fn who_tries_too_often_is_in_the_audit_log_once() {
    let server = Server::with(|settings| settings.rate_limits = Switch::On);
    let mut ana = server.person("ana").await;
    let mut visitor = server.visitor();
    let mut too_many = 0;
    for _ in 0..15 {
        let answer = visitor.call("sign_in", &[("handle", "nobody"), ("password", "guess")]).await;
        too_many += u32::from(answer.status == 429);
    }
    assert!(too_many > 1, "the premise: it was refused again and again");
    let path = "/api/v1/admin/audit?outcome=refused&action=account.sign_in";
    let log = ana.send("GET", path, &[("content-type", "application/json")], "").await.json();
    let rules: Vec<&str> = log["entries"].as_array().unwrap().iter().filter_map(|one| one["rule"].as_str()).collect();
    let limit = "at most 10 sign-ins and sign-ups a minute with one name";
    assert_eq!(rules.iter().filter(|rule| **rule == limit).count(), 1, "{rules:?}");
    server.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let server = Server::start();
    let mut visitor = server.visitor();
    for path in ["/sign-in", "/nowhere", "/health", "/favicon.svg", "/pkg/none.js"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
    }
    let page = visitor.get("/sign-in").await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("private, no-cache")));
    let policy = page.header("content-security-policy").unwrap();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "the page's scripts carry the nonce of its policy");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let again = visitor.get("/sign-in").await;
    assert_ne!(again.header("content-security-policy"), Some(policy), "a nonce is used once");
    assert_eq!(visitor.get("/nowhere").await.status, 404);
    assert_eq!(visitor.get("/health").await.body, "ok");
    server.stopped().await;
}

// M03: what cannot be read is the request's fault, and is told as such.
#[tokio::test(flavor = "multi_thread")]
async fn odd_addresses_and_bodies_are_the_senders_fault() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let json = [("content-type", "application/json"), ("accept", "application/json")];
    for (body, field) in [("{", "form"), ("[]", "form"), ("{}", "channel"), (r#"{"channel": 7}"#, "form")] {
        let answer = ana.send("POST", "/api/list_messages", &json, body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert_eq!(answer.json()["fields"][0]["field"], field, "{body}: {}", answer.body);
    }
    let unknown = ana.send("POST", "/api/nothing", &json, "{}").await;
    assert_eq!(unknown.status, 404);
    assert!(!unknown.body.contains("register"), "{}", unknown.body);
    assert_eq!(ana.get(&format!("/c/{}", "a".repeat(9_000))).await.status, 414);
    let slash = ana.get("/sign-in/?next=%2Fc").await;
    assert_eq!((slash.status, slash.header("location")), (308, Some("/sign-in?next=%2Fc")));
    let elsewhere = ana.get("//evil.example/").await;
    assert_eq!(elsewhere.header("location"), Some("/evil.example"));
    server.stopped().await;
}
