//! Importing a Slack export (O06), on every engine.

mod export;

use std::sync::atomic::{AtomicU64, Ordering};

use export::{Export, KEPT, PARTS, RECORDS, and, oddities, said};
use serde_json::json;
use server::import::{ImportError, Report, Wish, slack};
use thunderline::{
    domain::{
        Actor, ChannelStatus, CommunitySummary, Message, Visibility,
        message::MessageStatus,
        person::PersonKind,
        query::{
            ChannelView, ListMembers, ListMessages, ListPins, OpenChannel, OpenCommunity, ReadMessageSource,
            ReadThread, Span,
        },
    },
    each_engine,
    lab::World,
};

fn wish(community: &str) -> Wish {
    Wish { community: community.to_owned(), owner: None, public: false, dry_run: false }
}

async fn import(world: &World, export: &Export) -> Report {
    import_as(world, export, &wish("house")).await.unwrap()
}

async fn import_as(world: &World, export: &Export, wish: &Wish) -> Result<Report, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    slack(&world.engine, &export.write(folder.path()), wish, |_| {}).await
}

async fn house(world: &World) -> (Actor, CommunitySummary) {
    let owner = world.person("owner").await;
    let community = world.community(&owner, "house", true).await;
    (owner, community)
}

async fn open(world: &World, actor: &Actor, channel: &str) -> ChannelView {
    let query =
        OpenChannel { community: "house".to_owned(), channel: channel.to_owned(), at: None, before: None, after: None };
    world.engine.ask(actor, query).await.unwrap()
}

async fn transcript(world: &World, actor: &Actor, channel: &str) -> Vec<Message> {
    let channel = open(world, actor, channel).await.channel.id;
    let (mut all, mut span) = (Vec::new(), Span::After { position: 0 });
    loop {
        let page = world.engine.ask(actor, ListMessages { channel, span }).await.unwrap();
        let more = page.newer;
        all.extend(page.messages);
        let Some(last) = all.last().filter(|_| more) else { return all };
        span = Span::After { position: last.position.unwrap() };
    }
}

/// What stands in the channel and what stands in its threads alone, the oldest first.
async fn with_replies(world: &World, actor: &Actor, mut messages: Vec<Message>) -> Vec<Message> {
    for root in messages.clone().into_iter().filter(|message| message.thread.is_some()) {
        let read = ReadThread { message: root.id, span: Span::Latest };
        let replies = world.engine.ask(actor, read).await.unwrap().page.messages;
        messages.extend(replies.into_iter().filter(|reply| reply.position.is_none()));
    }
    messages.sort_by_key(|message| message.created_at);
    messages
}

fn text(message: &Message) -> String {
    message.html.replace("<p>", "").replace("</p>", "").trim().to_owned()
}

fn check_sum(report: &Report) {
    let tally = &report.tally;
    let dropped: u64 = tally.dropped.values().sum();
    assert_eq!(tally.messages.read + tally.parts, tally.messages.stored + tally.messages.known + dropped, "{report}");
}

each_engine! {
    // O06
    async fn every_oddity_of_an_export_is_imported_or_counted(world: World) {
        let (owner, _) = house(&world).await;
        let report = import(&world, &oddities()).await;
        let tally = &report.tally;
        check_sum(&report);
        assert_eq!((tally.messages.read, tally.messages.stored, tally.parts), (RECORDS, KEPT + PARTS, PARTS), "{report}");
        assert_eq!((tally.people.read, tally.people.stored), (4, 4 + 4), "Hook, U404, U405 and Slackbot beside the four");
        assert_eq!((tally.channels.read, tally.channels.stored, tally.channels.known), (5, 4, 1));
        let dropped: Vec<_> = tally.dropped.iter().map(|(reason, many)| (reason.as_str(), *many)).collect();
        assert_eq!(dropped, [
            ("Slack's own: channel_join", 1), ("Slack's own: channel_topic", 1), ("of type event", 1), ("twice in the export", 1),
        ]);
        assert_eq!(tally.left_out["reactions with emoji of Slack's own or the team's"], 1);
        assert_eq!(tally.left_out["reactions of people whom the export does not name"], 2);
        assert_eq!(tally.left_out["reactions that cannot be read"], 1);
        assert_eq!(tally.left_out["direct conversations: cannot be imported yet"], 1);
        assert_eq!(tally.left_out["messages of direct and group conversations"], 2);
        assert_eq!(tally.left_out["channel members who are not in users.json"], 1);
        assert_eq!((tally.pins.read, tally.pins.stored, tally.pins.known), (3, 1, 0));
        assert_eq!(tally.left_out["pins of what is no message"], 1);
        assert_eq!(tally.left_out["pins of messages that are not here, or beyond the 50 of a channel"], 1);
        assert_eq!(tally.problems.len(), 1, "the stray folder: {report}");
        assert!(report.to_string().contains("stray: is in none of the lists"), "{report}");

        let general = open(&world, &owner, "general").await;
        assert_eq!(general.channel.topic, "All about #archive & @ada.brook more");
        let messages = transcript(&world, &owner, "general").await;
        assert!(messages.windows(2).all(|two| two[0].created_at <= two[1].created_at && two[0].position < two[1].position));
        let said: Vec<String> = messages.iter().map(text).collect();
        assert_eq!(said[0], "hello @bo, 1 &lt; 2, <strong>bold</strong>");
        let borne: Vec<_> = messages[0].reactions.iter().map(|borne| (borne.emoji.as_str(), borne.count)).collect();
        assert_eq!(borne, [("👍", 1), ("👋", 2)], "a skin tone is no emoji of its own, and a person counts once");
        assert_eq!((messages[0].status, messages[0].pinned), (MessageStatus::Edited, true));
        let pins = world.engine.ask(&owner, ListPins { channel: general.channel.id }).await.unwrap();
        let told: Vec<_> = pins.iter().map(|pin| (pin.message.id, pin.person.handle.as_str(), pin.at.micros())).collect();
        assert_eq!(told, [(messages[0].id, "bo", 1_525_219_300_000_000)]);
        assert_eq!(messages[0].edited_at.unwrap().micros(), 1_525_219_300_000_000);
        assert_eq!(messages[0].created_at.micros(), 1_525_219_200_000_100);
        assert_eq!((messages[0].author.name.as_str(), messages[0].author.handle.as_str()), ("Ada", "ada.brook"));
        let messages = with_replies(&world, &owner, messages).await;
        let root = messages.iter().find(|message| text(message) == "a root").unwrap();
        let replies: Vec<_> = messages.iter().filter(|message| message.root == Some(root.id)).map(text).collect();
        assert_eq!(replies, ["a reply", "a late reply"]);
        let find = |wanted: &str| messages.iter().find(|message| message.html.contains(wanted)).unwrap();
        assert_eq!(find("to a lost root").root, None);
        assert_eq!((find("failed").author.name.as_str(), find("failed").author.kind), ("Hook", PersonKind::Bot));
        assert_eq!(find("from a block").author.id, find("failed").author.id);
        assert_eq!(find("by a stranger").author.name, "A Stranger");
        assert_eq!((find("<em>by nobody known</em>").author.name.as_str()), "unknown-U405");
        assert!(find("plan.pdf").html.contains("a file that is gone"));
        assert_eq!(find("This message was deleted").author.kind, PersonKind::Bot);
        let long: Vec<_> = messages.iter().filter(|message| message.html.contains("long words")).map(text).collect();
        assert_eq!(long.join(" "), "long words ".repeat(1_000).trim());
    }

    // O06
    async fn channels_keep_who_may_see_them_and_what_state_they_are_in(world: World) {
        let (owner, house) = house(&world).await;
        import(&world, &oddities()).await;
        assert_eq!(open(&world, &owner, "archive").await.channel.status, ChannelStatus::Archived);
        assert_eq!(transcript(&world, &owner, "c3").await.len() + transcript(&world, &owner, "members-channel").await.len(), 2);
        let view = world.engine.ask(&owner, OpenCommunity { slug: "house".to_owned() }).await.unwrap();
        assert!(view.channels.iter().all(|channel| channel.visibility == Visibility::Public && channel.slug != "secret"));
        let members = world.engine.ask(&owner, ListMembers { community: house.id, begins: String::new(), offset: 0 }).await;
        let members = members.unwrap().members;
        let of = |handle: &str| members.iter().find(|member| member.person.handle == handle).unwrap().person.clone();
        assert_eq!((of("bo").name.as_str(), of("bo").kind), ("Bo Castell", PersonKind::Placeholder));
        assert_eq!(of("hal").kind, PersonKind::Bot);
        assert_eq!(of("owner-2").name, "Another owner");
        let bo = Actor::person(of("bo"), thunderline::domain::Surface::Page);
        assert_eq!(transcript(&world, &bo, "secret").await.len(), 1);
    }

    // O06
    async fn importing_twice_is_importing_once(world: World) {
        let (owner, _) = house(&world).await;
        let first = import(&world, &oddities()).await;
        let before = transcript(&world, &owner, "general").await;
        let again = import(&world, &oddities().in_folder("export of the house")).await;
        check_sum(&again);
        assert_eq!(again.tally.messages.stored + again.tally.people.stored + again.tally.channels.stored, 0, "{again}");
        assert_eq!(again.tally.messages.known, first.tally.messages.stored);
        assert_eq!((again.tally.pins.stored, again.tally.pins.known), (0, first.tally.pins.stored));
        assert_eq!(again.tally.problems.len(), first.tally.problems.len());
        assert_eq!(transcript(&world, &owner, "general").await, before);
    }

    // O06
    async fn an_interrupted_import_goes_on_where_it_was(world: World) {
        let (owner, _) = house(&world).await;
        let days: Vec<_> = (0..6_u32).map(|day| {
            let messages: Vec<_> =
                (0..500_u32).map(|n| said("U1", &format!("15252{day}{n:04}.000100"), &format!("{day} {n}"))).collect();
            (format!("general/2018-05-0{}.json", day + 1), json!(messages))
        }).collect();
        let export = days.iter().fold(
            Export::default().with("channels.json", &json!([{ "id": "C1", "name": "general" }])),
            |export, (path, day)| export.with(path, day),
        );
        let folder = tempfile::tempdir().unwrap();
        let path = export.write(folder.path());
        let (stored, wanted) = (AtomicU64::new(0), wish("house"));
        {
            let cut = tokio::sync::Notify::new();
            let run = slack(&world.engine, &path, &wanted, |progress| {
                stored.store(progress.stored, Ordering::SeqCst);
                cut.notify_one();
            });
            tokio::select! {
                biased;
                () = cut.notified() => {}
                _ = run => panic!("it was to be interrupted"),
            }
        }
        let stored = stored.load(Ordering::SeqCst);
        assert!((1..3_000).contains(&stored), "{stored} were stored before the cut");
        let rest = slack(&world.engine, &path, &wanted, |_| {}).await.unwrap();
        assert!(rest.tally.messages.known >= stored);
        assert_eq!(rest.tally.messages.known + rest.tally.messages.stored, 3_000);
        let messages = transcript(&world, &owner, "general").await;
        assert_eq!(messages.len(), 3_000);
        assert!((1..).zip(&messages).all(|(position, message)| message.position == Some(position)));
        assert!(messages.windows(2).all(|two| two[0].created_at < two[1].created_at));
    }

    // O06
    async fn what_is_broken_is_told_and_costs_nothing_else(world: World) {
        let (owner, _) = house(&world).await;
        let export = oddities()
            .without("users.json")
            .raw("groups.json", b"{ not json")
            .raw("general/2018-05-03.json", br#"[{"type":"message","user":"U1","ts":"1525305600.000100","text":"kept"}, {"type":"mess"#)
            .with("general/2018-05-04.json", &json!([
                said("U1", "1525392000.000100", "before"),
                { "type": "message", "ts": 5, "text": "a number" },
                said("U1", "yesterday", "no time"),
                said("U1", "1525392001.000100", "after"),
            ]))
            .with("../../etc/2018-05-02.json", &json!([]))
            .with("/general/2018-05-09.json", &json!([]));
        let report = import(&world, &export).await;
        check_sum(&report);
        let problems: Vec<String> = report.tally.problems.iter().map(ToString::to_string).collect();
        for wanted in [
            "users.json: is missing",
            "groups.json: is not JSON",
            "general/2018-05-03.json: is not JSON (EOF while parsing",
            "the 1 records before that were read",
            "general/2018-05-04.json, record 2: is not as expected",
            "general/2018-05-04.json, record 3: has no time",
            "../../etc/2018-05-02.json: the name leads out of the archive",
            "/general/2018-05-09.json: the name leads out",
            "secret: is in none of the lists",
        ] {
            assert!(problems.iter().any(|problem| problem.contains(wanted)), "{wanted} is not in {problems:#?}");
        }
        let said: Vec<String> = transcript(&world, &owner, "general").await.iter().map(text).collect();
        assert_eq!(said[said.len() - 3..], ["kept", "before", "after"]);
        assert!(said.contains(&"hello @U2, 1 &lt; 2, <strong>bold</strong>".to_owned()));
    }

    // O06
    async fn private_history_is_not_poured_into_a_public_channel(world: World) {
        let (owner, house) = house(&world).await;
        world.channel(&owner, house.id, "secret", false).await;
        let report = import(&world, &oddities()).await;
        assert!(transcript(&world, &owner, "secret").await.is_empty());
        assert!(report.tally.problems.iter().any(|problem| problem.to_string().contains("another visibility")), "{report}");
        assert_eq!(report.tally.left_out["channels that were refused, with all their messages"], 1);
    }

    // O06
    async fn a_dry_run_counts_and_stores_nothing(world: World) {
        let (owner, _) = house(&world).await;
        let dry = Wish { dry_run: true, ..wish("house") };
        let counted = import_as(&world, &oddities(), &dry).await.unwrap();
        assert_eq!(transcript(&world, &owner, "general").await.len(), 0);
        let real = import(&world, &oddities()).await;
        assert_eq!((counted.tally.messages, counted.tally.people), (real.tally.messages, real.tally.people));
        assert_eq!(import_as(&world, &oddities(), &dry).await.unwrap().tally.messages.stored, 0);
    }

    // O06
    async fn the_community_must_exist_or_have_an_owner(world: World) {
        let (_, _) = house(&world).await;
        let none = import_as(&world, &oddities(), &wish("nowhere")).await.unwrap_err();
        assert!(none.to_string().contains("no community \"nowhere\"") && none.to_string().contains("--owner"), "{none}");
        let stranger = Wish { owner: Some("nobody".to_owned()), ..wish("nowhere") };
        assert!(matches!(import_as(&world, &oddities(), &stranger).await, Err(ImportError::NoOwner { .. })));
        let founded = Wish { owner: Some("@Owner".to_owned()), ..wish("nowhere") };
        assert_eq!(import_as(&world, &oddities(), &founded).await.unwrap().tally.messages.stored, KEPT + PARTS);
    }

    // O06
    async fn what_is_no_export_is_refused_before_anything_is_stored(world: World) {
        let (_, _) = house(&world).await;
        let folder = tempfile::tempdir().unwrap();
        let whole = std::fs::read(oddities().write(folder.path())).unwrap();
        let half = folder.path().join("half.zip");
        std::fs::write(&half, &whole[..whole.len() / 2]).unwrap();
        let broken = slack(&world.engine, &half, &wish("house"), |_| {}).await.unwrap_err();
        assert!(matches!(broken, ImportError::NotAnArchive { .. }), "{broken}");
        let missing = slack(&world.engine, &folder.path().join("none.zip"), &wish("house"), |_| {}).await.unwrap_err();
        assert!(matches!(missing, ImportError::Unreadable { .. }), "{missing}");
        let other = Export::default().raw("photo.jpg", b"no export");
        assert!(matches!(import_as(&world, &other, &wish("house")).await, Err(ImportError::NotAnExport { .. })));
    }

    // O06
    async fn a_thread_may_begin_days_before_its_replies(world: World) {
        let (owner, _) = house(&world).await;
        let export = Export::default()
            .with("channels.json", &json!([{ "id": "C1", "name": "general" }]))
            .with("general/2018-05-09.json", &json!([
                and(said("U1", "1525900000.000100", "reply"), json!({ "thread_ts": "1525200000.000100" })),
            ]))
            .with("general/2018-05-01.json", &json!([said("U1", "1525200000.000100", "root")]));
        import(&world, &export).await;
        let messages = with_replies(&world, &owner, transcript(&world, &owner, "general").await).await;
        assert_eq!((messages[1].root, messages[1].reply_to), (Some(messages[0].id), Some(messages[0].id)));
        // Only its author may see the source, and this author cannot sign in.
        let source = ReadMessageSource { message: messages[0].id };
        assert!(world.engine.ask(&owner, source).await.is_err());
    }
}
