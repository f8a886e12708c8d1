//! Roles of a community's own as a browser without JavaScript gets them (R02, U11).

mod client;

use client::{Browser, Server, events};
use thunderline::domain::{CustomRoleId, Event, Topic};

/// The text of a page, without the marks that hydration needs.
async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let mut text = answer.body;
    while let Some((before, after)) = text.split_once("<!--") {
        text = format!("{before}{}", after.split_once("-->").map_or("", |(_, rest)| rest));
    }
    text.replace("<!>", "")
}

const ROLES: &str = "/c/harbour/settings/roles";

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_made_given_and_deleted_by_plain_forms_and_an_open_socket_hears_of_it() {
    let server = Server::start();
    let mut ana = server.person("ana").await;
    let mut ben = server.person("ben").await;
    let community = ana.community("harbour").await;
    let whole = community.to_string();
    assert_eq!(ben.call("join_community", &[("community", &whole)]).await.status, 200);
    assert!(page(&mut ana, ROLES).await.contains("There is no role of your own yet."));
    assert_eq!(ben.get(ROLES).await.status, 404, "it is not there for who may not");
    let (mut socket, person) = ben.feed(&[(Topic::Community(community), 0)]).await;
    socket.heard().await;

    let (role, person) = (CustomRoleId::fresh().to_string(), person.to_string());
    let fields = [
        ("id", &*role),
        ("community", &whole),
        ("name", "Pilots"),
        ("colour", "teal"),
        ("permissions[1]", "invite_people"),
    ];
    let made = ana.submit(ROLES, "create_custom_role", &fields).await;
    assert_eq!((made.status, made.header("location")), (303, Some("/c/harbour/settings/roles?done=made#main")));
    let list = page(&mut ana, &format!("{ROLES}?done=made")).await;
    assert!(list.contains("The role was made.") && list.contains("data-colour=\"teal\""), "{list}");
    assert!(list.contains("0 members · invite people by links"), "{list}");
    let again = CustomRoleId::fresh().to_string();
    let fields = [("id", &*again), ("community", &whole), ("name", "pilots"), ("colour", "blue")];
    let refused = ana.submit(ROLES, "create_custom_role", &fields).await;
    assert_eq!((refused.status, refused.header("location")), (303, Some(ROLES)));
    let typed = page(&mut ana, ROLES).await;
    assert!(typed.contains("value=\"pilots\"") && typed.contains("Is the name of another role"), "{typed}");

    let theirs = format!("/c/harbour/members/{person}");
    let fields = [("community", &*whole), ("person", &*person), ("custom_role", &*role)];
    assert!(page(&mut ana, &theirs).await.contains("/api/give_custom_role"));
    let given = ana.submit(&theirs, "give_custom_role", &fields).await;
    assert_eq!(given.header("location"), Some(&*format!("{theirs}?done=given#roles")));
    let heard = socket
        .until(|frame| {
            events(frame).into_iter().find_map(|envelope| match envelope.event {
                Event::RolesChanged { person: Some(person), .. } => Some(person.to_string()),
                _ => None,
            })
        })
        .await;
    assert_eq!(heard, person);
    let members = page(&mut ben, "/c/harbour/members").await;
    assert!(members.contains("Pilots") && members.contains("Invite people"), "{members}");
    assert!(page(&mut ana, &theirs).await.contains("/api/take_custom_role"));

    let edit = format!("{ROLES}?role={role}");
    let form = page(&mut ana, &edit).await;
    assert!(form.contains("Edit a role of") && form.contains("value=\"Pilots\""), "{form}");
    let fields =
        [("community", &*whole), ("custom_role", &*role), ("address", "harbour"), ("name", "Mates"), ("colour", "red")];
    let saved = ana.submit(&edit, "edit_custom_role", &fields).await;
    assert_eq!(saved.header("location"), Some("/c/harbour/settings/roles?done=saved"));
    assert!(page(&mut ana, ROLES).await.contains("1 member · a badge only"));
    assert!(!page(&mut ben, "/c/harbour/members").await.contains("Invite people"));
    let gone = ana.submit(ROLES, "delete_custom_role", &fields[..2]).await;
    assert_eq!(gone.header("location"), Some("/c/harbour/settings/roles?done=deleted#main"));
    assert!(!page(&mut ben, "/c/harbour/members").await.contains("Mates"));
    server.stopped().await;
}
