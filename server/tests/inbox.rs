//! The inbox and the webhooks of a community, as a browser without JavaScript sees them.

mod client;

use client::Server;
use thunderline::{
    domain::WebhookId,
    store::{Options, Shard, Sql, Store, StoreError},
};

// U11
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_inbox_says_what_will_come_and_is_one_click_away() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    ana.community("harbour").await;
    let page = ana.get("/inbox").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Nobody has called you yet"), "the empty state");
    assert!(ana.get("/c/harbour/general").await.body.contains("href=\"/inbox\""), "the rail leads there");
    let beyond = format!("/inbox?before={}", thunderline::domain::NotificationId::fresh());
    assert!(ana.get(&beyond).await.body.contains("Nothing older"));
    let led = ana.submit("/inbox", "mark_all_notifications_read", &[]).await;
    assert_eq!((led.status, led.header("location")), (303, Some("/inbox#main")));
    let visitor = server.visitor().get("/inbox").await;
    assert_eq!(visitor.header("location"), Some("/sign-in?next=/inbox"));
    server.stopped().await;
}

// A03, U11
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_made_changed_tested_and_removed_by_plain_forms() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await.to_string();
    let page = "/c/harbour/webhooks";
    let empty = ana.get(page).await;
    assert_eq!(empty.status, 200);
    assert!(empty.body.contains("There is no webhook yet"));
    assert!(ana.get("/c/harbour").await.body.contains("href=\"/c/harbour/webhooks\""));
    let id = WebhookId::fresh().to_string();
    let typed = |url| {
        [
            ("id", id.clone()),
            ("community", community.clone()),
            ("url", String::from(url)),
            ("posted", "true".to_owned()),
        ]
    };
    let refused = typed("ftp://hooks.example/x");
    let refused: Vec<(&str, &str)> = refused.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = ana.submit(page, "create_webhook", &refused).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(page)));
    let shown = ana.get(page).await;
    assert!(shown.body.contains("The webhook was not added") && shown.body.contains("ftp://hooks.example/x"));
    let good = typed("https://hooks.example/x");
    let good: Vec<(&str, &str)> = good.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = ana.submit(page, "create_webhook", &good).await;
    assert_eq!((made.status, made.header("location")), (303, Some(format!("{page}#webhook-{id}").as_str())));
    let shown = ana.get(page).await;
    assert!(shown.body.contains("https://hooks.example/x") && shown.body.contains("Nothing has been sent yet"));
    assert!(shown.body.contains("No event waits."));
    let nothing = ana.submit(page, "edit_webhook", &[("webhook", &id), ("url", "https://hooks.example/y")]).await;
    assert_eq!(nothing.status, 303);
    let told = ana.get(page).await.body.to_lowercase();
    assert!(told.contains("choose at least one"), "a webhook is told of something: {told}");
    let changed = [("webhook", id.as_str()), ("url", "https://hooks.example/y"), ("changed", "true")];
    ana.submit(page, "edit_webhook", &changed).await;
    let shown = ana.get(page).await;
    assert!(shown.body.contains("https://hooks.example/y") && shown.body.contains(">off<"), "it was switched off");
    let tested = ana.submit(page, "test_webhook", &[("webhook", &id)]).await;
    assert_eq!(tested.header("location"), Some(format!("{page}?done=tested#webhook-{id}").as_str()));
    assert!(ana.get(&format!("{page}?done=tested")).await.body.contains("The test is on its way"));
    ana.submit(page, "delete_webhook", &[("webhook", &id)]).await;
    assert!(ana.get(page).await.body.contains("There is no webhook yet"));
    server.stopped().await;
}

// A03, U11
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_the_server_switched_off_says_so_and_is_one_click_from_being_on() {
    const STOP: Sql = Sql::both("UPDATE webhooks SET active = FALSE, stopped_at = 1767225600000000");
    let mut database = String::new();
    let server = Server::with(|settings| database = settings.database().unwrap());
    let mut ana = server.person("ana").await;
    let community = ana.community("harbour").await.to_string();
    let (page, id) = ("/c/harbour/webhooks", WebhookId::fresh().to_string());
    let url = "https://hooks.example/x";
    let new = [("id", id.as_str()), ("community", &community), ("url", url), ("posted", "true"), ("members", "true")];
    ana.submit(page, "create_webhook", &new).await;
    let switched_off = "Switched off by the server";
    let shown = ana.get(page).await.body;
    assert!(shown.contains("No event waits.") && !shown.contains(switched_off));
    let store = Store::open(&database.parse().unwrap(), Options::default()).await.unwrap();
    let stop = store.write::<_, StoreError, _>(Shard(0), |conn| Box::pin(conn.run(STOP, ())));
    assert_eq!(stop.await.unwrap(), 1);
    store.close().await;
    let shown = ana.get(page).await.body;
    let (_, notice) = shown.split_once(switched_off).expect("it says so");
    let (form, _) = notice.split_once("</form>").unwrap();
    assert!(form.contains("Switch on again"));
    let field = |name: &str| form.contains(&format!("name=\"{name}\""));
    assert!(["webhook", "url", "posted", "members", "active"].into_iter().all(field), "{form}");
    assert!(!field("changed") && !field("channels"), "it is told of what it was told of before");
    let on = [("webhook", id.as_str()), ("url", url), ("posted", "true"), ("members", "true"), ("active", "true")];
    ana.submit(page, "edit_webhook", &on).await;
    let shown = ana.get(page).await.body;
    assert!(!shown.contains(switched_off) && !shown.contains(">off<"));
    server.stopped().await;
}

// A03, S08
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_manage_a_community_finds_no_webhooks() {
    let server = Server::start();
    let (mut ana, mut bo) = (server.person("ana").await, server.person("bo").await);
    let community = ana.community("harbour").await.to_string();
    bo.call("join_community", &[("community", &community)]).await;
    let page = bo.get("/c/harbour/webhooks").await;
    assert!(page.body.contains("Nothing here") && !page.body.contains("Add a webhook"));
    assert!(!bo.get("/c/harbour").await.body.contains("/c/harbour/webhooks"));
    assert_eq!(bo.call("list_webhooks", &[("community", &community)]).await.status, 403);
    assert_eq!(ana.call("list_webhooks", &[("community", &community)]).await.status, 200, "the premise");
    server.stopped().await;
}
