use super::{latest, post, reply, thread, told, unread};
use crate::{
    converges,
    domain::{
        command::{ChangeProfile, DeleteMessage, EditMessage},
        query::Span,
        thread::ReplyIn,
    },
    each_engine,
    lab::World,
};

// M01, M31, C13, law 5
each_engine! {
    async fn a_reply_sent_to_the_channel_as_well_stands_in_both_under_a_quote(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let root = world.post(&ana, general.id, "the **old** plan").await.message.id;
        let (mut of_ana, mut of_bo) =
            (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        of_ana.open_thread(root).await;
        let both = converges!(world, [of_ana, of_bo], ana, post(general.id, "decided", root, ReplyIn::Both)).message;
        assert_eq!((both.position, both.place, both.root), (Some(2), Some(1), Some(root)));
        let quote = both.quote.clone().unwrap();
        assert_eq!((quote.author.handle.as_str(), quote.words.as_deref()), ("ana", Some("the old plan")));
        assert_eq!(unread(&world, &bo, general.id).await, 2, "it is the channel's, too");
        assert_eq!(thread(&world, &bo, root, Span::Latest).await.page.messages, vec![both.clone()]);
        let edit = EditMessage { message: root, body: "the new plan".to_owned(), version: None, reason: None };
        converges!(world, [of_ana, of_bo], ana, edit);
        let page = latest(&world, &bo, general.id).await;
        assert_eq!(page[1].quote.as_ref().unwrap().words.as_deref(), Some("the new plan"));
        converges!(world, [of_ana, of_bo], ana, DeleteMessage { message: root });
        let page = latest(&world, &bo, general.id).await;
        assert_eq!(page[1].quote.as_ref().unwrap().words, None, "what was deleted is quoted nowhere");
        assert_eq!(told(&page[0]), Some((1, 1, vec!["ana"])));
    }
}

// M31, law 5
each_engine! {
    async fn a_quote_begins_no_thread(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let quoted = world.post(&ana, general.id, "first").await.message.id;
        let mut seen = world.observer(&bo, &acme, &general).await;
        let quote = converges!(world, [seen], bo, post(general.id, "second", quoted, ReplyIn::Channel)).message;
        assert_eq!((quote.position, quote.place, quote.root, quote.reply_to), (Some(2), None, None, Some(quoted)));
        assert_eq!(told(&latest(&world, &bo, general.id).await[0]), None);
        // A quote is a message like any other: it has a thread of its own.
        converges!(world, [seen], ana, reply(general.id, "third", quote.id));
        let page = latest(&world, &bo, general.id).await;
        assert_eq!(told(&page[1]), Some((1, 1, vec!["ana"])));
        // A new name is everywhere where the old one was.
        converges!(world, [seen], ana, ChangeProfile { name: "Ana the Great".to_owned() });
        let page = latest(&world, &bo, general.id).await;
        assert_eq!(page[1].quote.as_ref().unwrap().author.name, "Ana the Great");
        assert_eq!(page[1].thread.as_ref().unwrap().faces[0].name, "Ana the Great");
    }
}
