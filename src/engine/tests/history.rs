use super::{audited, promote};
use crate::{
    converges,
    domain::{
        Error, MessageId,
        command::{DeleteMessage, EditMessage, LeaveChannel},
        history::EDITS_KEPT,
        query::{OpenChannel, ReadHistory},
    },
    each_engine,
    lab::World,
};

fn edit(message: MessageId, body: &str, reason: Option<&str>) -> EditMessage {
    EditMessage { message, body: body.to_owned(), version: None, reason: reason.map(str::to_owned) }
}

// M11, M13
each_engine! {
    async fn an_edit_keeps_what_stood_there_when_and_why_newest_first(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let message = world.post(&bo, general.id, "meet at **noon**").await.message.id;
        let first = world.engine.ask(&bo, ReadHistory { message }).await.unwrap();
        assert!(first.edits.is_empty() && first.edited_at.is_none());
        let mut seen = world.observer(&ana, &acme, &general).await;
        converges!(world, [seen], bo, edit(message, "meet at one", Some("  the room is\n taken ")));
        converges!(world, [seen], bo, edit(message, "meet at two", Some(" ")));
        let history = world.engine.ask(&bo, ReadHistory { message }).await.unwrap();
        let kept: Vec<_> = history.edits.iter().map(|edit| (edit.before.as_str(), edit.reason.as_deref())).collect();
        assert_eq!(kept, [("meet at one", None), ("meet at **noon**", Some("the room is taken"))]);
        assert_eq!((history.body.as_str(), history.channel), ("meet at two", general.id));
        assert!(history.edits[0].at > history.edits[1].at && history.edits[1].at > history.created_at);
        assert_eq!(history.edited_at, Some(history.edits[0].at));
        // The same words again are no edit.
        world.engine.execute(bo.clone(), edit(message, "meet at two", Some("again"))).await.unwrap();
        assert_eq!(world.engine.ask(&bo, ReadHistory { message }).await.unwrap(), history);
        let long = edit(message, "meet at three", Some(&"x".repeat(501)));
        assert!(world.engine.execute(bo, long).await.unwrap_err().of_field("reason").is_some());
        let entries = audited(&world, message).await;
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("room")), "an audit entry holds no text");
    }
}

// M11, S04
each_engine! {
    async fn a_history_is_its_authors_and_the_moderators(world: World) {
        let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
        let acme = world.community(&ana, "acme", true).await;
        for person in [&bo, &cy] {
            world.join(person, &acme).await;
        }
        let general = world.general(&ana, &acme).await;
        let message = world.post(&bo, general.id, "the secret plan").await.message.id;
        world.engine.execute(bo.clone(), edit(message, "the plan", None)).await.unwrap();
        let refused = world.engine.ask(&cy, ReadHistory { message }).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        let open = OpenChannel {
            community: "acme".to_owned(), channel: "general".to_owned(), at: None, before: None, after: None,
        };
        let may = world.engine.ask(&cy, open.clone()).await.unwrap().may;
        assert_eq!((may.read_history, may.read_any_history), (true, false));
        promote(&world, &acme, &cy).await;
        assert_eq!(world.engine.ask(&cy, ReadHistory { message }).await.unwrap().edits.len(), 1);
        assert!(world.engine.ask(&cy, open).await.unwrap().may.read_any_history);
        world.engine.execute(cy.clone(), LeaveChannel { channel: general.id }).await.unwrap();
        assert!(world.engine.ask(&cy, ReadHistory { message }).await.is_err());
    }
}

// M11, M21
each_engine! {
    async fn so_many_edits_are_kept_and_none_of_a_deleted_message(world: World) {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let (message, other) =
            (world.post(&ana, general.id, "0").await.message.id, world.post(&ana, general.id, "other").await.message.id);
        world.engine.execute(ana.clone(), edit(other, "another", None)).await.unwrap();
        for n in 1..=EDITS_KEPT + 2 {
            world.engine.execute(ana.clone(), edit(message, &n.to_string(), None)).await.unwrap();
        }
        let history = world.engine.ask(&ana, ReadHistory { message }).await.unwrap();
        let kept: Vec<String> = history.edits.iter().map(|edit| edit.before.clone()).collect();
        assert_eq!(kept, (2..=EDITS_KEPT + 1).rev().map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(world.engine.ask(&ana, ReadHistory { message: other }).await.unwrap().edits.len(), 1);
        world.engine.execute(ana.clone(), DeleteMessage { message }).await.unwrap();
        let gone = world.engine.ask(&ana, ReadHistory { message }).await.unwrap_err();
        assert!(matches!(gone, Error::Conflict { .. }), "{gone}");
    }
}
