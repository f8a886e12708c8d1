use crate::{
    converges,
    domain::{
        Actor, ChannelId, MessageId, PersonId, Surface, Time,
        command::{
            BanMember, ImportChannel, ImportMessages, ImportPeople, ImportPins, ImportedChannel, ImportedMessage,
            ImportedPerson, ImportedPin, ImportedReaction, InvitePerson, KickMember, LeaveChannel, LiftBan, SignUp,
        },
        person::PersonKind,
        query::{ListMembers, ListMessages, ListPins, OpenCommunity, ReadClaim, ReadThread, Span},
        text::Password,
    },
    each_engine,
    lab::{PASSWORD, World},
};

fn person(id: PersonId, handle: &str) -> ImportedPerson {
    ImportedPerson { id, handle: handle.to_owned(), name: handle.to_uppercase(), kind: PersonKind::Placeholder }
}

fn message(author: PersonId, body: &str, root: Option<MessageId>) -> ImportedMessage {
    ImportedMessage {
        id: MessageId::fresh(),
        author,
        body: body.to_owned(),
        root,
        in_channel: false,
        created_at: Time::from_micros(1_525_132_800_000_000),
        edited_at: None,
        reactions: Vec::new(),
    }
}

// O06
each_engine! {
    async fn an_import_brings_people_channels_and_messages_once(world: World) {
        let (ana, cli) = (world.person("ana").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        let (cleo, dov) = (PersonId::fresh(), PersonId::fresh());
        let people = ImportPeople { community: acme.id, people: vec![person(cleo, "ana"), person(dov, "dov")] };
        assert_eq!(world.engine.execute(cli.clone(), people.clone()).await, Ok(2));
        assert_eq!(world.engine.execute(cli.clone(), people).await, Ok(0));
        let channel = ImportedChannel {
            id: ChannelId::fresh(),
            name: "books".to_owned(),
            topic: "All about books".to_owned(),
            private: false,
            archived: false,
            created_at: Time::from_micros(1),
            participants: vec![cleo, dov, PersonId::fresh()],
        };
        let import = ImportChannel { community: acme.id, channel };
        let books = world.engine.execute(cli.clone(), import.clone()).await.unwrap();
        assert_eq!(world.engine.execute(cli.clone(), import).await, Ok(books));
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        assert_eq!(view.community.members, 3);
        let summary = view.channels.iter().find(|channel| channel.id == books).unwrap().clone();
        assert_eq!(summary.participants, 2);
        let mut seen = world.observer(&ana, &acme, &summary).await;
        let mut root = message(cleo, "a **good** book", None);
        root.reactions = vec![
            ImportedReaction { emoji: ":tada:".to_owned(), people: vec![dov, dov, cleo, PersonId::fresh()] },
            ImportedReaction { emoji: "👍".to_owned(), people: vec![dov] },
        ];
        let reply = message(dov, "which?", Some(root.id));
        let first = ImportMessages { channel: books, messages: vec![root.clone(), reply.clone()] };
        assert_eq!(converges!(world, [seen], cli, first.clone()), 2);
        let more = ImportMessages { channel: books, messages: vec![reply.clone(), message(cleo, "this one", None)] };
        assert_eq!(converges!(world, [seen], cli, more), 1);
        assert_eq!(converges!(world, [seen], cli, first), 0);
        // Replies stand in their thread, but for those that were sent to the channel as well; also of another batch.
        let late = message(cleo, "a late reply", Some(root.id));
        let broadcast = ImportedMessage { in_channel: true, ..message(dov, "found it", Some(root.id)) };
        let replies = ImportMessages { channel: books, messages: vec![late, broadcast] };
        assert_eq!(converges!(world, [seen], cli, replies), 2);
        let page = world.engine.ask(&ana, ListMessages { channel: books, span: Span::Latest }).await.unwrap();
        let places: Vec<_> = page.messages.iter().map(|m| (m.position, m.place)).collect();
        assert_eq!(places, [(Some(1), None), (Some(2), None), (Some(3), Some(3))]);
        assert_eq!(page.messages[2].root, Some(root.id));
        let begun = page.messages[0].thread.clone().unwrap();
        assert_eq!((begun.replies, begun.people, begun.last_reply_at), (3, 2, root.created_at));
        let read = ReadThread { message: reply.id, span: Span::Latest };
        let thread = world.engine.ask(&ana, read).await.unwrap().page.messages;
        assert_eq!(thread.iter().map(|m| m.place).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
        assert_eq!((thread[0].id, thread[0].position), (reply.id, None));
        let borne: Vec<_> = page.messages[0].reactions.iter().map(|borne| (borne.emoji.as_str(), borne.count)).collect();
        assert_eq!(borne, [("🎉", 2), ("👍", 1)], "each person once, and members only");
        let mut wrong = message(cleo, "x", None);
        wrong.reactions = vec![ImportedReaction { emoji: ":nothing:".to_owned(), people: vec![dov] }];
        let refused = world.engine.execute(cli, ImportMessages { channel: books, messages: vec![wrong] }).await;
        assert!(refused.unwrap_err().of_field("emoji").is_some());
        assert_eq!(page.messages[0].author.handle, "ana-2", "a taken sign-in name gets a number");
        assert!(page.messages[0].html.contains("<strong>good</strong>"));
    }
}

// O06, R02, R04, law 5
each_engine! {
    async fn an_import_run_again_brings_back_nobody_who_left_was_removed_or_is_banned(world: World) {
        let (ana, cli) = (world.person("ana").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        let brought: Vec<PersonId> = (0..4).map(|_| PersonId::fresh()).collect();
        let [stays, kicked, banned, forgiven] = brought[..] else { panic!("four") };
        let people = ["stays", "kicked", "banned", "forgiven"].iter().zip(&brought).map(|(name, id)| person(*id, name));
        let people = ImportPeople { community: acme.id, people: people.collect() };
        assert_eq!(world.engine.execute(cli.clone(), people.clone()).await, Ok(4));
        let channel = ImportedChannel {
            id: ChannelId::fresh(), name: "books".to_owned(), topic: String::new(), private: false, archived: false,
            created_at: Time::from_micros(1), participants: brought.clone(),
        };
        let import = ImportChannel { community: acme.id, channel };
        let books = world.engine.execute(cli.clone(), import.clone()).await.unwrap();
        let ban = |person| BanMember { community: acme.id, person, reason: String::new() };
        world.engine.execute(ana.clone(), KickMember { community: acme.id, person: kicked }).await.unwrap();
        world.engine.execute(ana.clone(), ban(banned)).await.unwrap();
        world.engine.execute(ana.clone(), ban(forgiven)).await.unwrap();
        world.engine.execute(ana.clone(), LiftBan { community: acme.id, person: forgiven }).await.unwrap();
        let view = world.engine.ask(&ana, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
        let summary = view.channels.iter().find(|channel| channel.id == books).unwrap().clone();
        let mut seen = world.observer(&ana, &acme, &summary).await;
        let more = PersonId::fresh();
        let again = ImportPeople { people: [people.people, vec![person(more, "more")]].concat(), ..people };
        assert_eq!(converges!(world, [seen], cli, again.clone()), 1, "whoever is new alone");
        assert_eq!(world.engine.execute(cli.clone(), again).await, Ok(0));
        let participants = [brought.clone(), vec![more]].concat();
        let with = ImportChannel { channel: ImportedChannel { participants, ..import.channel.clone() }, ..import };
        converges!(world, [seen], cli, with.clone());
        let members = ListMembers { community: acme.id, begins: String::new(), offset: 0 };
        let members = world.engine.ask(&ana, members).await.unwrap().members;
        let mut members: Vec<PersonId> = members.into_iter().map(|member| member.person.id).collect();
        let mut expected = vec![ana.id().unwrap(), stays, more];
        members.sort_unstable();
        expected.sort_unstable();
        assert_eq!(members, expected);
        assert_eq!(seen.shell.channel(books).unwrap().participants, 2);
        // Nothing is told when nothing came.
        world.engine.execute(cli, with).await.unwrap();
        assert_eq!(seen.converges().await, 0);
    }

    async fn an_import_brings_nobody_back_into_a_channel_they_left(world: World) {
        let (ana, bo, cli) = (world.person("ana").await, world.person("bo").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        world.join(&bo, &acme).await;
        let general = world.general(&ana, &acme).await;
        let (mut hers, mut his) = (world.observer(&ana, &acme, &general).await, world.observer(&bo, &acme, &general).await);
        let channel = |name: &str, private| ImportedChannel {
            id: ChannelId::fresh(), name: name.to_owned(), topic: String::new(), private, archived: false,
            created_at: Time::from_micros(1), participants: vec![bo.id().unwrap()],
        };
        // Open clients hear of what is new: everybody of a public channel, and who takes part of a private one.
        let import = ImportChannel { community: acme.id, channel: channel("books", false) };
        let books = converges!(world, [hers, his], cli, import.clone());
        let secret = ImportChannel { community: acme.id, channel: channel("secret", true) };
        let secret = converges!(world, [hers, his], cli, secret);
        assert!(his.shell.channel(books).unwrap().joined() && his.shell.channel(secret).is_some());
        assert!(!hers.shell.channel(books).unwrap().joined() && hers.shell.channel(secret).is_none());
        converges!(world, [hers, his], bo, LeaveChannel { channel: books });
        converges!(world, [hers, his], cli, import);
        assert!(!his.shell.channel(books).unwrap().joined(), "he left it");
    }
}

// O06, M22, C09
each_engine! {
    async fn imported_pins_are_put_once_and_the_latest_fifty_of_them(world: World) {
        let (ana, cli) = (world.person("ana").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let cleo = PersonId::fresh();
        let people = ImportPeople { community: acme.id, people: vec![person(cleo, "cleo")] };
        world.engine.execute(cli.clone(), people).await.unwrap();
        let messages: Vec<ImportedMessage> = (0..52).map(|n| message(cleo, &n.to_string(), None)).collect();
        let pin = |n: i64, message: MessageId, person| ImportedPin { message, person, at: Time::from_micros(n) };
        let pins: Vec<ImportedPin> =
            (0..).zip(&messages).map(|(n, message)| pin(n, message.id, (n > 1).then_some(cleo))).collect();
        world.engine.execute(cli.clone(), ImportMessages { channel: general.id, messages }).await.unwrap();
        let mut seen = world.observer(&ana, &acme, &general).await;
        let few = ImportPins { channel: general.id, pins: vec![pins[0].clone(), pin(9, MessageId::fresh(), None)] };
        assert_eq!(converges!(world, [seen], cli, few.clone()), 1, "what is no message is left out");
        assert_eq!(converges!(world, [seen], cli, few), 0);
        let all = ImportPins { channel: general.id, pins: pins.clone() };
        assert_eq!(converges!(world, [seen], cli, all.clone()), 49);
        assert_eq!(converges!(world, [seen], cli, all), 0);
        let listed = world.engine.ask(&ana, ListPins { channel: general.id }).await.unwrap();
        assert_eq!(listed.len(), 50);
        assert_eq!((listed[0].message.id, listed[0].person.handle.as_str()), (pins[51].message, "cleo"));
        assert_eq!((listed[49].message.id, listed[49].person.id), (pins[0].message, PersonId::SYSTEM));
    }
}

// O06, R03
each_engine! {
    async fn an_imported_person_is_claimed_by_invitation_once(world: World) {
        let (ana, cli) = (world.person("ana").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        let cleo = PersonId::fresh();
        let people = ImportPeople { community: acme.id, people: vec![person(cleo, "cleo")] };
        world.engine.execute(cli, people).await.unwrap();
        let bo = world.person("bo").await;
        let invite = InvitePerson { person: cleo, community: acme.id };
        world.join(&bo, &acme).await;
        assert!(world.engine.execute(bo, invite.clone()).await.is_err(), "members may not invite");
        let code = world.engine.execute(ana.clone(), invite.clone()).await.unwrap();
        let visitor = Actor::visitor(Surface::Page);
        let claimed = world.engine.ask(&visitor, ReadClaim { code: code.clone() }).await.unwrap();
        assert_eq!((claimed.handle.as_str(), claimed.community.as_str()), ("cleo", "ACME"));
        let sign_up = SignUp {
            name: "Cleo".to_owned(), handle: "cleopatra".to_owned(), password: Password::new(PASSWORD), claim: Some(code.clone()),
        };
        let signed_in = world.engine.execute(visitor.clone(), sign_up.clone()).await.unwrap();
        assert_eq!(signed_in.person, cleo);
        let again = SignUp { handle: "other".to_owned(), ..sign_up };
        assert!(world.engine.execute(visitor.clone(), again).await.unwrap_err().of_field("claim").is_some());
        assert!(world.engine.ask(&visitor, ReadClaim { code }).await.is_err());
        assert!(world.engine.execute(ana, invite).await.is_err(), "who can sign in needs no invitation");
    }
}

// O06
each_engine! {
    async fn private_history_is_not_poured_into_a_public_channel(world: World) {
        let (ana, cli) = (world.person("ana").await, Actor::system(Surface::Cli));
        let acme = world.community(&ana, "acme", true).await;
        let channel = ImportedChannel {
            id: ChannelId::fresh(), name: "general".to_owned(), topic: String::new(), private: true, archived: false,
            created_at: Time::from_micros(1), participants: Vec::new(),
        };
        assert!(world.engine.execute(cli, ImportChannel { community: acme.id, channel }).await.is_err());
    }
}
