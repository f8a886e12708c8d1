use super::{audited, give, mentions::inbox};
use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, ChannelSummary, CommunityId, CommunitySummary, Error, Event, Message, MessageId,
        Role, RuleId, Topic,
        command::{
            AddRule, ApproveMessage, BanMember, ClearMessages, DeclineMessage, DeleteChannel, DeleteMessage,
            DiscardHeld, EditHeld, EditMessage, MarkRead, PostMessage, SetChannelModeration, SetChannelStatus,
        },
        held::{Held, HeldStatus, WAITING_PER_CHANNEL},
        message::MessageStatus,
        query::{
            Admit, CatchUp, FindMessages, ListFlagged, ListMessages, ListReactions, Missed, OpenChannel, OpenCommunity,
            ReadHistory, ReadMessageSource, ReadThread, Span,
        },
        rule::{Effect, RuleDraft, RuleScope},
        thread::Reply,
    },
    each_engine,
    lab::World,
};

pub(super) const fn approve(message: MessageId) -> ApproveMessage {
    ApproveMessage { message, version: None }
}

pub(super) fn decline(message: MessageId, note: &str) -> DeclineMessage {
    DeclineMessage { message, note: note.to_owned(), seconds: None }
}

pub(super) fn post(channel: ChannelId, body: &str, reply_to: Option<Reply>) -> PostMessage {
    PostMessage { id: MessageId::fresh(), channel, body: body.to_owned(), reply_to, expires_in: None }
}

/// Ana's community, in whose #general the messages of Bo and Cy are held; Mo moderates.
pub(super) struct House {
    pub(super) ana: Actor,
    pub(super) bo: Actor,
    pub(super) cy: Actor,
    pub(super) mo: Actor,
    pub(super) acme: CommunitySummary,
    pub(super) general: ChannelSummary,
}

impl House {
    pub(super) async fn build(world: &World) -> Self {
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let (bo, cy, mo) = (world.person("bo").await, world.person("cy").await, world.person("mo").await);
        for person in [&bo, &cy, &mo] {
            world.join(person, &acme).await;
        }
        give(world, &acme, &mo, Role::Moderator).await;
        let general = world.general(&ana, &acme).await;
        let house = Self { ana, bo, cy, mo, acme, general };
        house.require(world, true).await;
        house
    }

    async fn require(&self, world: &World, approval: bool) {
        let set = SetChannelModeration { channel: self.general.id, approval, per_minute: 0, reactions: true };
        world.engine.execute(self.ana.clone(), set).await.unwrap();
    }

    async fn page(&self, world: &World, actor: &Actor) -> Vec<Message> {
        let list = ListMessages { channel: self.general.id, span: Span::Latest };
        world.engine.ask(actor, list).await.unwrap().messages
    }

    async fn held(&self, world: &World, actor: &Actor) -> Vec<Held> {
        let (community, channel) = ("acme".to_owned(), "general".to_owned());
        let open = OpenChannel { community, channel, at: None, before: None, after: None };
        world.engine.ask(actor, open).await.unwrap().held
    }

    pub(super) async fn open(&self, world: &World) -> i64 {
        world.engine.ask(&self.mo, ListFlagged { community: self.acme.id }).await.unwrap().open
    }
}

// M07, C05, law 5
each_engine! {
    async fn a_held_message_is_its_authors_and_the_moderators_until_it_is_approved(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, cy, mo, acme, general } = &house;
        let mut all = [
            world.observer(bo, acme, general).await,
            world.observer(cy, acme, general).await,
            world.observer(mo, acme, general).await,
        ];
        let [his, hers, theirs] = &mut all;
        let first = converges!(world, [his, hers, theirs], bo, post(general.id, "the **first** @cy", None));
        assert_eq!((first.message.status, first.message.position), (MessageStatus::Held, None));
        let first = first.message.id;
        let second = converges!(world, [his, hers, theirs], cy, post(general.id, "the second", None)).message.id;
        // Those who moderate are not held, and what waits takes no place of theirs.
        let theirs_at = world.post(mo, general.id, "open").await.message.position;
        assert_eq!(theirs_at, Some(1));
        assert_eq!((his.held.all().len(), hers.held.all().len(), theirs.held.all().len()), (1, 1, 0));
        assert_eq!((his.held.all()[0].message, his.held.all()[0].status), (first, HeldStatus::Waiting));
        let queue = world.engine.ask(mo, ListFlagged { community: acme.id }).await.unwrap();
        assert_eq!((queue.open, queue.held.len(), queue.held[0].rule.as_str()), (2, 2, "approval required"));
        assert_eq!((queue.held[0].author.handle.as_str(), queue.held[0].channel.as_str()), ("bo", "general"));
        assert_eq!(theirs.shell.open.as_ref().unwrap().flagged, Some(2));
        // In the order of approval.
        converges!(world, [his, hers, theirs], mo, approve(second));
        converges!(world, [his, hers, theirs], ana, approve(first));
        let page = house.page(&world, cy).await;
        let order: Vec<_> = page.iter().map(|message| (message.id, message.position)).collect();
        assert_eq!(order[1..], [(second, Some(2)), (first, Some(3))]);
        assert!(page[2].html.contains("<strong>first</strong>"), "{}", page[2].html);
        assert_eq!((house.held(&world, bo).await, house.held(&world, cy).await, house.open(&world).await), (vec![], vec![], 0));
        // Once.
        let late = world.engine.execute(mo.clone(), approve(first)).await.unwrap_err();
        assert_eq!(late, Error::NotFound, "what is posted is held no more");
        // A repeat answers what it became (M27).
        let again = PostMessage { id: first, ..post(general.id, "whatever", None) };
        assert_eq!(world.engine.execute(bo.clone(), again).await.unwrap().message.position, Some(3));
        for target in [first, second] {
            let entries = audited(&world, target).await;
            let approved = entries.iter().find(|entry| entry.action == "message.approve" && entry.outcome == "done").unwrap();
            assert_eq!(approved.changes["rule"], "approval required");
            assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("the ")), "never its words");
        }
    }
}

// C13: who wrote what is approved later has not read what was said meanwhile.
each_engine! {
    async fn an_approved_message_leaves_every_unread_count_exact(world: World) {
        let house = House::build(&world).await;
        let House { bo, mo, acme, general, .. } = &house;
        let mut his = world.observer(bo, acme, general).await;
        let waiting = converges!(world, [his], bo, post(general.id, "early", None)).message.id;
        let last = world.post(mo, general.id, "while it waits").await.message.position.unwrap();
        converges!(world, [his], mo, approve(waiting));
        assert_eq!(his.shell.channel(general.id).unwrap().unread(), 2, "what he has not read, and what stands behind it");
        converges!(world, [his], bo, MarkRead { channel: general.id, position: last + 1 });
        let next = converges!(world, [his], bo, post(general.id, "next", None)).message.id;
        converges!(world, [his], mo, approve(next));
        assert_eq!(his.shell.channel(general.id).unwrap().unread(), 0, "one's own is no news to who has read all");
        let view = world.engine.ask(bo, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        assert_eq!(view.channels.iter().find(|channel| channel.id == general.id).unwrap().unread(), 0);
    }
}

// M07: on no surface.
each_engine! {
    async fn a_held_message_reaches_nobody_else_in_any_way(world: World) {
        let house = House::build(&world).await;
        let House { bo, cy, mo, acme, general, .. } = &house;
        let root = world.post(mo, general.id, "root @bo").await.message.id;
        let heads = [Topic::Channel(general.id), Topic::Community(acme.id), Topic::Person(cy.id().unwrap())];
        let mut before = Vec::new();
        for topic in heads {
            before.push(world.engine.ask(cy, Admit { topic }).await.unwrap().head);
        }
        let count = world.general(cy, acme).await.count;
        let held = world.engine.execute(bo.clone(), post(general.id, "hidden @cy @mo", Some(Reply::to(root)))).await.unwrap();
        let id = held.message.id;
        for (topic, cursor) in heads.into_iter().zip(before) {
            assert_eq!(world.engine.ask(cy, CatchUp { topic, cursor }).await.unwrap(), Missed::Events(vec![]), "{topic}");
        }
        assert_eq!(world.general(cy, acme).await.count, count);
        for other in [cy, mo] {
            let engine = &world.engine;
            let (community, channel) = ("acme".to_owned(), "general".to_owned());
            let open = OpenChannel { community, channel, at: Some(id), before: None, after: None };
            let whole = OpenChannel { at: None, ..open.clone() };
            assert_eq!(engine.ask(other, open).await.unwrap_err(), Error::NotFound, "no permalink");
            assert_eq!(engine.ask(other, whole).await.unwrap().held, []);
            assert_eq!(engine.ask(other, ReadMessageSource { message: id }).await.unwrap_err(), Error::NotFound);
            assert_eq!(engine.ask(other, ReadHistory { message: id }).await.unwrap_err(), Error::NotFound);
            assert_eq!(engine.ask(other, ListReactions { message: id }).await.unwrap_err(), Error::NotFound);
            let thread = engine.ask(other, ReadThread { message: root, span: Span::Latest }).await.unwrap();
            assert_eq!((thread.page.messages, thread.root.thread), (vec![], None), "no thread counts it");
            let found = engine.ask(other, FindMessages { channel: general.id, words: "hidden".to_owned() }).await.unwrap();
            assert_eq!(found, []);
            let reply = engine.execute(other.clone(), post(general.id, "to it", Some(Reply::to(id)))).await.unwrap_err();
            assert!(reply.of_field("reply_to").is_some(), "{reply}");
            assert!(inbox(&world, other).await.notifications.is_empty(), "nobody is told");
            let taken = PostMessage { id, ..post(general.id, "mine now", None) };
            let taken = engine.execute(other.clone(), taken).await.unwrap_err();
            assert!(taken.of_field("id").is_some(), "{taken}");
        }
        for refused in [
            world.engine.execute(cy.clone(), approve(id)).await,
            world.engine.execute(cy.clone(), decline(id, "")).await,
            world.engine.execute(cy.clone(), EditHeld { message: id, body: "x".to_owned() }).await,
            world.engine.execute(cy.clone(), DiscardHeld { message: id }).await,
        ] {
            assert_eq!(refused, Err(Error::NotFound), "for anybody else it is not there");
        }
        let own = world.engine.execute(bo.clone(), approve(id)).await.unwrap_err();
        assert!(matches!(own, Error::Forbidden { .. }), "{own}");
        let his = world.engine.execute(mo.clone(), EditHeld { message: id, body: "x".to_owned() }).await.unwrap_err();
        assert!(matches!(his, Error::Forbidden { .. }), "a moderator puts no words into others' mouths: {his}");
        // Approved it reaches everybody.
        world.engine.execute(mo.clone(), approve(id)).await.unwrap();
        let thread = world.engine.ask(cy, ReadThread { message: root, span: Span::Latest }).await.unwrap();
        assert_eq!((thread.page.messages.len(), thread.root.thread.unwrap().replies), (1, 1));
        let found = world.engine.ask(cy, FindMessages { channel: general.id, words: "hidden".to_owned() }).await.unwrap();
        assert_eq!(found.len(), 1);
    }
}

// M07
each_engine! {
    async fn a_declined_message_is_a_tombstone_for_its_author_alone(world: World) {
        let house = House::build(&world).await;
        let House { bo, cy, mo, acme, general, .. } = &house;
        let mut his = world.observer(bo, acme, general).await;
        let mut hers = world.observer(cy, acme, general).await;
        let mut theirs = world.observer(mo, acme, general).await;
        let id = converges!(world, [his, hers, theirs], bo, post(general.id, "a secret plan", None)).message.id;
        converges!(world, [his, hers, theirs], mo, decline(id, "Not here, please."));
        let left = &his.held.all()[0];
        assert_eq!((left.status, left.body.as_str(), left.html.as_str()), (HeldStatus::Declined, "", ""));
        assert_eq!(left.note, "Not here, please.");
        assert_eq!((hers.held.all().len(), house.open(&world).await), (0, 0));
        let late = world.engine.execute(mo.clone(), decline(id, "")).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        let late = world.engine.execute(mo.clone(), approve(id)).await.unwrap_err();
        assert!(matches!(late, Error::Conflict { .. }), "{late}");
        let entries = audited(&world, id).await;
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("secret")), "{entries:?}");
        // He says it otherwise, and then puts it away.
        converges!(world, [his, theirs], bo, EditHeld { message: id, body: "a plan".to_owned() });
        assert_eq!((his.held.all()[0].status, his.held.all()[0].note.as_str()), (HeldStatus::Waiting, ""));
        assert_eq!(house.open(&world).await, 1);
        converges!(world, [his, hers, theirs], bo, DiscardHeld { message: id });
        assert_eq!((his.held.all().len(), house.open(&world).await), (0, 0));
        assert_eq!(house.page(&world, cy).await, []);
    }
}

// M12, M07
each_engine! {
    async fn a_held_change_leaves_the_message_as_it_was_until_it_is_approved(world: World) {
        let house = House::build(&world).await;
        let House { bo, cy, mo, acme, general, .. } = &house;
        house.require(&world, false).await;
        let message = world.post(bo, general.id, "as it was").await.message.id;
        house.require(&world, true).await;
        let mut his = world.observer(bo, acme, general).await;
        let mut hers = world.observer(cy, acme, general).await;
        let mut theirs = world.observer(mo, acme, general).await;
        let edit = |body: &str| EditMessage {
            message, body: body.to_owned(), version: None, reason: Some("a slip".to_owned()),
        };
        let answer = converges!(world, [his, hers, theirs], bo, edit("as it becomes"));
        assert_eq!((answer.html.as_str(), answer.status), ("<p>as it was</p>\n", MessageStatus::Active));
        assert!(his.held.all()[0].edits);
        assert_eq!(house.page(&world, cy).await[0].html, "<p>as it was</p>\n");
        converges!(world, [his, hers, theirs], mo, approve(message));
        let now = &house.page(&world, cy).await[0];
        assert_eq!((now.html.as_str(), now.status, now.position), ("<p>as it becomes</p>\n", MessageStatus::Edited, Some(1)));
        let history = world.engine.ask(bo, ReadHistory { message }).await.unwrap();
        assert_eq!(history.edits[0].reason.as_deref(), Some("a slip"));
        assert_eq!(house.open(&world).await, 0);
        // A change that waits goes with its message.
        converges!(world, [his, hers, theirs], bo, edit("once more"));
        converges!(world, [his, hers, theirs], mo, DeleteMessage { message });
        assert_eq!((his.held.all().len(), house.open(&world).await), (0, 0));
    }
}

// M07
each_engine! {
    async fn what_was_read_is_what_is_approved_and_a_closed_channel_takes_nothing(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, mo, acme, general, .. } = &house;
        let id = world.engine.execute(bo.clone(), post(general.id, "one", None)).await.unwrap().message.id;
        let queue = world.engine.ask(mo, ListFlagged { community: acme.id }).await.unwrap();
        let read = ApproveMessage { message: id, version: Some(queue.held[0].version) };
        world.engine.execute(bo.clone(), EditHeld { message: id, body: "another".to_owned() }).await.unwrap();
        let changed = world.engine.execute(mo.clone(), read).await.unwrap_err();
        assert!(matches!(changed, Error::Conflict { .. }), "{changed}");
        let lock = |status| SetChannelStatus { channel: general.id, status };
        world.engine.execute(ana.clone(), lock(crate::domain::ChannelStatus::Locked)).await.unwrap();
        let locked = world.engine.execute(mo.clone(), approve(id)).await.unwrap_err();
        assert!(matches!(locked, Error::Conflict { .. }), "{locked}");
        world.engine.execute(ana.clone(), lock(crate::domain::ChannelStatus::Active)).await.unwrap();
        world.engine.execute(mo.clone(), approve(id)).await.unwrap();
        // What it answers may be gone by then.
        let root = world.post(mo, general.id, "root").await.message.id;
        let reply = world.engine.execute(bo.clone(), post(general.id, "late", Some(Reply::to(root)))).await.unwrap();
        world.engine.execute(mo.clone(), DeleteMessage { message: root }).await.unwrap();
        let orphan = world.engine.execute(mo.clone(), approve(reply.message.id)).await.unwrap_err();
        assert!(orphan.of_field("reply_to").is_some(), "{orphan}");
        assert_eq!(house.open(&world).await, 1, "a refusal changes nothing");
        // Without approval his own change of it posts it at once.
        world.engine.execute(mo.clone(), decline(reply.message.id, "")).await.unwrap();
        let other = world.engine.execute(bo.clone(), post(general.id, "later", None)).await.unwrap().message.id;
        house.require(&world, false).await;
        let mut his = world.observer(bo, acme, general).await;
        converges!(world, [his], bo, EditHeld { message: other, body: "now".to_owned() });
        assert_eq!(house.page(&world, mo).await.last().unwrap().html, "<p>now</p>\n");
        assert_eq!(house.open(&world).await, 0);
    }
}

// M07, C01
each_engine! {
    async fn only_so_many_wait_in_one_channel_and_they_go_with_it(world: World) {
        let house = House::build(&world).await;
        let House { ana, bo, mo, acme, general, .. } = &house;
        let other = world.channel(ana, acme.id, "other", false).await;
        let mut theirs = world.observer(mo, acme, general).await;
        for number in 0..WAITING_PER_CHANNEL {
            world.engine.execute(bo.clone(), post(general.id, &number.to_string(), None)).await.unwrap();
        }
        let full = world.engine.execute(bo.clone(), post(general.id, "more", None)).await.unwrap_err();
        assert!(matches!(full, Error::Conflict { .. }), "{full}");
        theirs.converges().await;
        drop(theirs);
        let mut elsewhere = world.observer(ana, acme, &other).await;
        assert_eq!(elsewhere.shell.open.as_ref().unwrap().flagged, Some(WAITING_PER_CHANNEL));
        converges!(world, [elsewhere], ana, DeleteChannel { channel: general.id, name: general.name.clone() });
        assert_eq!(elsewhere.shell.open.as_ref().unwrap().flagged, Some(0));
    }
}

// U05: what was missed of one's own held messages is as it is now, and the log kept none of it.
each_engine! {
    async fn what_was_missed_of_a_held_message_comes_as_it_stands_now(world: World) {
        let house = House::build(&world).await;
        let House { bo, mo, general, .. } = &house;
        let topic = Topic::Person(bo.id().unwrap());
        let cursor = world.engine.ask(bo, Admit { topic }).await.unwrap().head;
        let id = world.engine.execute(bo.clone(), post(general.id, "a secret", None)).await.unwrap().message.id;
        world.engine.execute(mo.clone(), decline(id, "no")).await.unwrap();
        let Missed::Events(events) = world.engine.ask(bo, CatchUp { topic, cursor }).await.unwrap() else {
            panic!("the log is whole")
        };
        assert_eq!(events.len(), 2);
        for envelope in events {
            let Event::HeldChanged { held: Some(held), .. } = envelope.event else { panic!("{envelope:?}") };
            assert_eq!((held.status, held.body.as_str(), held.note.as_str()), (HeldStatus::Declined, "", "no"));
        }
    }
}

// M07, R04, S06
each_engine! {
    async fn what_waits_is_cleared_with_its_authors_messages_and_nobody_posts_for_whoever_was_banned(world: World) {
        let House { ana, bo, cy, mo, acme, general } = &House::build(&world).await;
        let mut theirs = world.observer(mo, acme, general).await;
        let (community, person) = (acme.id, bo.id().unwrap());
        converges!(world, [theirs], bo, post(general.id, "junk", None));
        converges!(world, [theirs], bo, post(general.id, "more junk", None));
        let kept = converges!(world, [theirs], cy, post(general.id, "honest", None)).message.id;
        converges!(world, [theirs], mo, ClearMessages { community, person, within: 3_600 });
        let queue = world.engine.ask(mo, ListFlagged { community }).await.unwrap();
        assert_eq!(queue.held.iter().map(|one| one.held.message).collect::<Vec<_>>(), [kept]);
        let ban = BanMember { community, person: cy.id().unwrap(), reason: String::new() };
        converges!(world, [theirs], ana, ban);
        assert_eq!(world.engine.execute(mo.clone(), approve(kept)).await, Err(Error::NotFound));
        assert_eq!(theirs.shell.open.as_ref().unwrap().flagged, Some(0));
    }

    async fn a_declined_message_sent_again_is_declined_and_only_its_author_takes_one_back(world: World) {
        let House { bo, mo, general, .. } = &House::build(&world).await;
        let again = post(general.id, "junk", None);
        world.engine.execute(bo.clone(), again.clone()).await.unwrap();
        let taken = world.engine.execute(mo.clone(), DiscardHeld { message: again.id }).await;
        assert_eq!(taken, Err(Error::NotFound));
        world.engine.execute(bo.clone(), again.clone()).await.expect("it waits");
        world.engine.execute(mo.clone(), decline(again.id, "")).await.unwrap();
        let refused = world.engine.execute(bo.clone(), again.clone()).await.unwrap_err();
        assert!(matches!(&refused, Error::Conflict { message } if message.contains("declined")), "{refused}");
        world.engine.execute(bo.clone(), DiscardHeld { message: again.id }).await.unwrap();
    }

    async fn who_may_not_post_changes_no_held_message_into_a_posted_one(world: World) {
        let house = House::build(&world).await;
        let held = world.engine.execute(house.bo.clone(), post(house.general.id, "wait", None)).await.unwrap().message.id;
        house.require(&world, false).await;
        deny(&world, &house.ana, house.acme.id, Action::Post).await;
        let edit = EditHeld { message: held, body: "clean".to_owned() };
        let refused = world.engine.execute(house.bo.clone(), edit).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict { .. }), "{refused}");
        assert_eq!(house.held(&world, &house.bo).await[0].body, "wait");
    }
}

/// A rule that denies `action` in a whole community.
async fn deny(world: &World, owner: &Actor, community: CommunityId, action: Action) {
    let draft = RuleDraft {
        name: format!("nobody does {action}"),
        effect: Effect::Deny,
        scope: RuleScope::Community(community),
        actions: vec![action],
        condition: String::new(),
        priority: 1,
        active: true,
    };
    world.engine.execute(owner.clone(), AddRule { id: RuleId::fresh(), community, draft }).await.unwrap();
}
