use std::collections::BTreeSet;

use uuid::Uuid;

use super::seal_world;
use crate::{
    domain::{
        Action, Actor, ChannelId, ChannelStatus, CommandId, CommunityId, CorrelationId, CustomRoleId, Error, EventId,
        Identity, Lane, MessageId, PersonId, Role, RuleId, SessionId, Surface, Time, WebhookId,
        audit::AuditEntry,
        channel::NotificationLevel,
        command::{
            AddReaction, AddRule, AddToChannel, ApproveMessage, ArchiveAudit, BanMember, ChangeProfile, ChangeRole,
            ClearMessages, CountActivity, CreateChannel, CreateCommunity, CreateCustomRole, CreateWebhook,
            DeleteChannel, DeleteMessage, EditMessage, ExpireMessage, FlagMessage, FollowThread, ForgetActivity,
            GiveCustomRole, HandOver, ImportChannel, ImportMessages, ImportPeople, ImportedChannel, ImportedMessage,
            ImportedPerson, InvitePerson, JoinByLink, JoinChannel, JoinCommunity, JudgeMessage, KeepSession,
            KickMember, LeaveChannel, LeaveCommunity, LiftBan, MakeInviteLink, MarkAllNotificationsRead, MarkRead,
            NoteDelivery, Notify, OpenConversation, PauseLane, PinMessage, PostMessage, PublishEvents,
            RemoveFromChannel, RenameChannel, ResumeLane, RevokeInviteLink, RevokeSession, RunCommand, SaveDraft,
            SetChannelModeration, SetChannelStatus, SetModeration, SetNotifications, SetPostingLimits, SetRetention,
            SetTopic, SignIn, SignOut, SignUp, StopWebhook, TimeOutMember,
        },
        custom_role::RoleColour,
        flag::Verdict,
        moderation::{Consequence, LinksFrom},
        person::PersonKind,
        query::{ListAudit, ListInviteLinks, ListMessages, Span},
        rule::{Effect, RuleDraft, RuleScope},
        text::Password,
        webhook::{DeliveryEnd, WebhookEvent},
    },
    each_engine,
    engine::Command,
    lab::{PASSWORD, World},
    store::{StoreError, audits},
};

/// What is only read, or only asked for, leaves an entry when it is refused.
const READS: [Action; 9] = [
    Action::ExplainRules,
    Action::ReadAccount,
    Action::ListCommunities,
    Action::ReadCommunity,
    Action::ReadChannel,
    Action::ReadAudit,
    Action::ReadNotifications,
    Action::ReadHistory,
    Action::Request,
];

/// Runs commands and looks for their entries.
struct Trail<'w> {
    world: &'w World,
    reader: Actor,
    covered: BTreeSet<Action>,
}

impl Trail<'_> {
    /// Somebody, in a request of their own.
    fn request(actor: &Actor) -> Actor {
        Actor { correlation: CorrelationId::fresh(), surface: Surface::Api, ..actor.clone() }
    }

    async fn entry(&self, correlation: CorrelationId) -> AuditEntry {
        let page = self.world.engine.ask(&self.reader, ListAudit::default()).await.unwrap();
        let mut found: Vec<_> = page.entries.into_iter().filter(|entry| entry.correlation == correlation).collect();
        assert_eq!(found.len(), 1, "one entry for one command: {found:?}");
        found.remove(0)
    }

    /// First nobody may, then `actor` does it: both are in the log.
    async fn done<C: Command>(&mut self, actor: &Actor, command: C, aim: (&str, Option<Uuid>)) -> C::Output {
        if !matches!(C::ACTION, Action::SignIn | Action::SignUp) {
            let visitor = Self::request(&Actor::visitor(Surface::Api));
            let correlation = visitor.correlation;
            let Err(error) = self.world.engine.execute(visitor, command.clone()).await else { panic!("refused") };
            assert_eq!(error, Error::SignedOut, "{}", C::ACTION);
            let entry = self.entry(correlation).await;
            let said = (entry.action.as_str(), entry.outcome.as_str(), entry.actor_kind.as_str(), entry.actor);
            assert_eq!(said, (C::ACTION.as_str(), "refused", "visitor", None));
        }
        let actor = Self::request(actor);
        let correlation = actor.correlation;
        let output = self.world.engine.execute(actor.clone(), command).await.expect("the command is carried out");
        let entry = self.entry(correlation).await;
        let said = (entry.action.as_str(), entry.outcome.as_str(), entry.surface.as_str());
        assert_eq!(said, (C::ACTION.as_str(), "done", "api"));
        assert_eq!((entry.actor, entry.actor_kind.as_str()), (actor.id().map(Uuid::from), actor.kind()));
        assert_eq!((entry.target_kind.as_str(), entry.target), aim, "{}", C::ACTION);
        assert!(entry.rule.is_some(), "{}: by which rule?", C::ACTION);
        assert!(!entry.changes.to_string().contains("secret"), "{}: never what people write", C::ACTION);
        self.covered.insert(C::ACTION);
        output
    }

    /// It is refused, and what it was aimed at is in the log.
    async fn refused<C: Command>(&self, actor: &Actor, command: C, aim: (&str, Option<Uuid>)) -> AuditEntry {
        let actor = Self::request(actor);
        let correlation = actor.correlation;
        assert!(self.world.engine.execute(actor, command).await.is_err());
        let entry = self.entry(correlation).await;
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), (C::ACTION.as_str(), "refused"));
        assert_eq!((entry.target_kind.as_str(), entry.target), aim);
        entry
    }

    async fn accounts(&mut self) {
        let visitor = Actor::visitor(Surface::Api);
        let sign_in =
            |handle: &str, password: &str| SignIn { handle: handle.to_owned(), password: Password::new(password) };
        let bo = self.reader_of("bo").await;
        let signed_in = self.done(&visitor, sign_in("bo", PASSWORD), ("person", bo.id().map(Into::into))).await;
        // A failed sign-in reads the same, whether the person exists or not.
        let wrong = self.refused(&visitor, sign_in("bo", "a wrong password"), ("", None)).await;
        let nobody = self.refused(&visitor, sign_in("nobody", "a wrong password"), ("", None)).await;
        let same =
            AuditEntry { id: wrong.id, at: wrong.at, number: wrong.number, correlation: wrong.correlation, ..nobody };
        assert_eq!(wrong, same);
        assert_eq!(wrong.rule.as_deref(), Some("wrong name or password"));
        let code = "a guessed code".to_owned();
        let guess = SignUp {
            name: "Eve".to_owned(),
            handle: "eve".to_owned(),
            password: Password::new(PASSWORD),
            claim: Some(code.clone()),
        };
        let guessed = self.refused(&visitor, guess, ("", None)).await;
        assert_eq!(guessed.rule.as_deref(), Some("wrong invitation code"));
        assert!(!serde_json::to_string(&guessed).unwrap().contains(&code));
        let other = self.world.holder(&signed_in).await;
        let session = |actor: &Actor| match actor.identity {
            Identity::Person { session: Some(session), .. } => session,
            _ => panic!("a session"),
        };
        self.done(&bo, KeepSession {}, ("session", Some(session(&bo).into()))).await;
        self.done(&bo, ChangeProfile { name: "secret Bo".to_owned() }, ("person", bo.id().map(Into::into))).await;
        self.done(&bo, RevokeSession { session: session(&other) }, ("session", Some(session(&other).into()))).await;
        let gone = SessionId::fresh();
        self.refused(&bo, RevokeSession { session: gone }, ("session", Some(gone.into()))).await;
        self.done(&bo, SignOut {}, ("session", Some(session(&bo).into()))).await;
    }

    async fn reader_of(&mut self, handle: &str) -> Actor {
        let command = SignUp {
            name: "secret name".to_owned(),
            handle: handle.to_owned(),
            password: Password::new(PASSWORD),
            claim: None,
        };
        let visitor = Self::request(&Actor::visitor(Surface::Api));
        let correlation = visitor.correlation;
        let signed_in = self.world.engine.execute(visitor, command).await.unwrap();
        let entry = self.entry(correlation).await;
        assert_eq!((entry.action.as_str(), entry.target), ("account.sign_up", Some(signed_in.person.into())));
        assert!(entry.changes.get("session").is_some(), "{entry:?}");
        self.covered.insert(Action::SignUp);
        self.world.holder(&signed_in).await
    }

    async fn chat(&mut self, ana: &Actor, cleo: &Actor) -> CommunityId {
        let (community, channel) = (CommunityId::fresh(), ChannelId::fresh());
        let place: (&str, Option<Uuid>) = ("channel", Some(channel.into()));
        let found = CreateCommunity {
            id: community,
            name: "Acme".to_owned(),
            slug: "acme".to_owned(),
            description: "secret".to_owned(),
            public: true,
        };
        self.done(ana, found, ("community", Some(community.into()))).await;
        self.done(cleo, JoinCommunity { community }, ("community", Some(community.into()))).await;
        let make = CreateChannel {
            id: channel,
            community,
            name: "Plans".to_owned(),
            topic: "secret".to_owned(),
            private: true,
        };
        self.done(ana, make, place).await;
        let join = self.refused(cleo, JoinChannel { channel }, place).await;
        assert_eq!(join.actor, cleo.id().map(Into::into), "who tried is named");
        self.done(ana, AddToChannel { channel, handle: "cleo".to_owned() }, place).await;
        self.done(ana, SetTopic { channel, topic: "the secret plan".to_owned() }, place).await;
        let talk = OpenConversation { community, people: vec![cleo.id().unwrap()] };
        let direct = self.world.engine.execute(ana.clone(), talk.clone()).await.unwrap().id;
        self.done(ana, talk, ("channel", Some(direct.into()))).await;
        let message = MessageId::fresh();
        let at: (&str, Option<Uuid>) = ("message", Some(message.into()));
        let post =
            PostMessage { id: message, channel, body: "the secret plan".to_owned(), reply_to: None, expires_in: None };
        self.done(cleo, post, at).await;
        self.done(ana, SaveDraft { channel, root: None, body: "a secret draft".to_owned() }, place).await;
        self.done(ana, MarkRead { channel, position: 1 }, place).await;
        self.refused(ana, EditMessage { message, body: "x".to_owned(), version: None, reason: None }, at).await;
        self.done(cleo, EditMessage { message, body: "the secret plot".to_owned(), version: None, reason: None }, at)
            .await;
        self.done(cleo, AddReaction { message, emoji: "👍".to_owned() }, at).await;
        self.done(ana, FollowThread { message, following: true }, at).await;
        self.done(cleo, PinMessage { message }, at).await;
        self.flags(ana, cleo, message).await;
        self.done(cleo, DeleteMessage { message }, at).await;
        self.held(ana, cleo, channel, community).await;
        self.keeping(ana, cleo, channel).await;
        let remove = |person: &Actor| RemoveFromChannel { channel, person: person.id().unwrap() };
        self.refused(cleo, remove(ana), place).await;
        self.done(ana, remove(cleo), place).await;
        self.world.add(ana, channel, cleo).await;
        self.done(cleo, LeaveChannel { channel }, place).await;
        let open = ChannelId::fresh();
        let make = CreateChannel { id: open, community, name: "Open".to_owned(), topic: String::new(), private: false };
        self.done(ana, make, ("channel", Some(open.into()))).await;
        self.done(cleo, JoinChannel { channel: open }, ("channel", Some(open.into()))).await;
        self.settings(ana, open).await;
        self.people(ana, cleo, community).await;
        self.done(cleo, LeaveCommunity { community }, ("community", Some(community.into()))).await;
        community
    }

    async fn flags(&mut self, ana: &Actor, cleo: &Actor, message: MessageId) {
        let at: (&str, Option<Uuid>) = ("message", Some(message.into()));
        let flag = FlagMessage { message, reason: "a secret reason".to_owned() };
        self.refused(cleo, flag.clone(), at).await;
        self.done(ana, flag, at).await;
        let judge = JudgeMessage { message, verdict: Verdict::Keep };
        self.refused(cleo, judge.clone(), at).await;
        self.done(ana, judge, at).await;
    }

    /// A word is held, and what holds it is approved.
    async fn held(&mut self, ana: &Actor, cleo: &Actor, channel: ChannelId, community: CommunityId) {
        let set = SetModeration {
            community,
            flagged: String::new(),
            held: "secretly".to_owned(),
            refused: String::new(),
            links_from: LinksFrom::All,
            link_days: 1,
            links: Consequence::Hold,
            hosts: String::new(),
        };
        self.done(ana, set, ("community", Some(community.into()))).await;
        let message = MessageId::fresh();
        let at: (&str, Option<Uuid>) = ("message", Some(message.into()));
        let post =
            PostMessage { id: message, channel, body: "secretly held".to_owned(), reply_to: None, expires_in: None };
        self.done(cleo, post, at).await;
        let approve = ApproveMessage { message, version: None };
        self.refused(cleo, approve.clone(), at).await;
        self.done(ana, approve, at).await;
    }

    async fn people(&mut self, ana: &Actor, cleo: &Actor, community: CommunityId) {
        let at = |actor: &Actor| ("person", actor.id().map(Into::into));
        let (owner, other) = (ana.id().unwrap(), cleo.id().unwrap());
        self.done(ana, ChangeRole { community, person: other, role: Role::Moderator }, at(cleo)).await;
        self.refused(cleo, ChangeRole { community, person: owner, role: Role::Guest }, at(ana)).await;
        let id = CustomRoleId::fresh();
        let role: (&str, Option<Uuid>) = ("custom_role", Some(id.into()));
        let (name, colour) = ("a secret role".to_owned(), RoleColour::Teal);
        self.done(ana, CreateCustomRole { id, community, name, colour, permissions: Vec::new() }, role).await;
        self.refused(cleo, GiveCustomRole { community, person: other, custom_role: id }, role).await;
        self.done(ana, GiveCustomRole { community, person: other, custom_role: id }, role).await;
        let place: (&str, Option<Uuid>) = ("community", Some(community.into()));
        self.done(ana, HandOver { community, person: other }, place).await;
        self.done(cleo, HandOver { community, person: owner }, place).await;
        self.done(ana, TimeOutMember { community, person: other, seconds: Some(60) }, at(cleo)).await;
        self.done(ana, TimeOutMember { community, person: other, seconds: None }, at(cleo)).await;
        self.refused(cleo, KickMember { community, person: owner }, at(ana)).await;
        self.done(ana, KickMember { community, person: other }, at(cleo)).await;
        let reason = "a secret reason".to_owned();
        self.done(ana, BanMember { community, person: other, reason }, at(cleo)).await;
        self.done(ana, ClearMessages { community, person: other, within: 60 }, at(cleo)).await;
        self.refused(cleo, JoinCommunity { community }, place).await;
        self.done(ana, LiftBan { community, person: other }, at(cleo)).await;
        self.links(ana, cleo, community).await;
    }

    async fn links(&mut self, ana: &Actor, cleo: &Actor, community: CommunityId) {
        let place: (&str, Option<Uuid>) = ("community", Some(community.into()));
        // Its id is known to those who list links.
        let make = MakeInviteLink { community, expires_in: None, max_uses: None };
        let code = self.world.engine.execute(ana.clone(), make).await.unwrap();
        let link = self.world.engine.ask(ana, ListInviteLinks { community }).await.unwrap()[0].id;
        self.done(cleo, JoinByLink { code: code.clone() }, place).await;
        self.done(ana, RevokeInviteLink { community, link }, ("invite_link", Some(link.into()))).await;
        let id = RuleId::fresh();
        let draft = RuleDraft {
            name: "a secret rule".to_owned(),
            effect: Effect::Deny,
            scope: RuleScope::Community(community),
            actions: vec![Action::PinMessage],
            condition: "actor.handle == 'secret'".to_owned(),
            priority: 100,
            active: true,
        };
        self.done(ana, AddRule { id, community, draft }, ("rule", Some(id.into()))).await;
        let guessed = self.refused(cleo, JoinByLink { code: code.clone() }, ("", None)).await;
        assert_eq!(guessed.rule.as_deref(), Some("wrong invitation code"));
        assert!(!serde_json::to_string(&guessed).unwrap().contains(&code));
    }

    async fn settings(&mut self, ana: &Actor, channel: ChannelId) {
        let place: (&str, Option<Uuid>) = ("channel", Some(channel.into()));
        self.done(ana, RenameChannel { channel, name: "A secret".to_owned(), slug: "open-2".to_owned() }, place).await;
        self.done(ana, SetNotifications { channel, muted: true, level: NotificationLevel::Nothing }, place).await;
        let held = SetChannelModeration { channel, approval: true, per_minute: 0, reactions: true };
        self.done(ana, held, place).await;
        self.done(ana, SetPostingLimits { channel, slow_mode: 5, message_chars: 100 }, place).await;
        self.done(ana, SetChannelStatus { channel, status: ChannelStatus::Locked }, place).await;
        self.done(ana, DeleteChannel { channel, name: "A secret".to_owned() }, place).await;
    }

    async fn keeping(&mut self, ana: &Actor, cleo: &Actor, channel: ChannelId) {
        let place: (&str, Option<Uuid>) = ("channel", Some(channel.into()));
        self.done(ana, SetRetention { channel, retention_days: Some(30) }, place).await;
        let id = CommandId::fresh();
        let run = RunCommand { id, channel, body: "/topic the secret plan".to_owned() };
        self.done(cleo, run, ("command", Some(id.into()))).await;
        let message = MessageId::fresh();
        let post =
            PostMessage { id: message, channel, body: "a secret".to_owned(), reply_to: None, expires_in: Some(10) };
        self.world.engine.execute(cleo.clone(), post).await.unwrap();
        self.world.clock.advance(10 * Time::SECOND);
        let server = Actor::system(Surface::Worker);
        self.done(&server, ExpireMessage { message }, ("message", Some(message.into()))).await;
        self.world.engine.execute(server.clone(), CountActivity { channel, from: 0, to: 2 }).await.unwrap();
        self.world.clock.advance(31 * Time::DAY);
        self.done(&server, ForgetActivity { channel }, place).await;
    }

    async fn outgoing(&mut self, ana: &Actor, community: CommunityId) {
        let server = Actor::system(Surface::Worker);
        let (channel, message) = (ChannelId::fresh(), MessageId::fresh());
        let make =
            CreateChannel { id: channel, community, name: "Pier".to_owned(), topic: String::new(), private: false };
        self.world.engine.execute(ana.clone(), make).await.unwrap();
        let post = PostMessage { id: message, channel, body: "a secret".to_owned(), reply_to: None, expires_in: None };
        self.world.engine.execute(ana.clone(), post).await.unwrap();
        let notify = Notify { event: EventId::fresh(), message, people: ana.id().into_iter().collect() };
        self.done(&server, notify, ("message", Some(message.into()))).await;
        self.done(ana, MarkAllNotificationsRead {}, ("person", ana.id().map(Into::into))).await;
        let id = WebhookId::fresh();
        let at: (&str, Option<Uuid>) = ("webhook", Some(id.into()));
        let url = "https://example.org/secret".to_owned();
        let create = CreateWebhook { id, community, url, events: vec![WebhookEvent::ChannelCreated] };
        self.done(ana, create, at).await;
        let event = EventId::fresh();
        let name = "channel.created".to_owned();
        let end = DeliveryEnd::Arrived { status: 200 };
        self.done(&server, NoteDelivery { community, webhook: id, event, name, end }, at).await;
        self.done(&server, StopWebhook { community, webhook: id }, at).await;
        self.done(ana, PauseLane { lane: Lane::General }, ("", None)).await;
        self.done(ana, ResumeLane { lane: Lane::General }, ("", None)).await;
        let correlation = CorrelationId::fresh();
        let event = serde_json::json!({ "name": "agent.moved", "version": 1, "payload": { "to": "a secret place" } });
        let events = vec![serde_json::from_value(event).unwrap()];
        let publish = PublishEvents { correlation: correlation.to_string(), events };
        self.done(ana, publish, ("correlation", Some(correlation.into()))).await;
    }

    async fn history(&mut self, ana: &Actor, community: CommunityId) {
        let cli = Actor::system(Surface::Cli);
        let (dov, books) = (PersonId::fresh(), ChannelId::fresh());
        let person = ImportedPerson {
            id: dov,
            handle: "dov".to_owned(),
            name: "secret Dov".to_owned(),
            kind: PersonKind::Placeholder,
        };
        let people = ImportPeople { community, people: vec![person] };
        self.done(&cli, people, ("community", Some(community.into()))).await;
        let channel = ImportedChannel {
            id: books,
            name: "books".to_owned(),
            topic: "secret".to_owned(),
            private: false,
            archived: false,
            created_at: Time::from_micros(1),
            participants: vec![dov],
        };
        self.done(&cli, ImportChannel { community, channel }, ("channel", Some(books.into()))).await;
        let message = ImportedMessage {
            id: MessageId::fresh(),
            author: dov,
            body: "a secret book".to_owned(),
            root: None,
            in_channel: false,
            created_at: Time::from_micros(2),
            edited_at: None,
            reactions: Vec::new(),
        };
        let messages = ImportMessages { channel: books, messages: vec![message] };
        self.done(&cli, messages, ("channel", Some(books.into()))).await;
        self.done(ana, InvitePerson { person: dov, community }, ("person", Some(dov.into()))).await;
    }
}

each_engine! {
    // L01, L07
    async fn every_command_of_the_catalogue_and_every_refusal_has_its_entry(world: World) {
        let (ana, cleo) = (world.person("ana").await, world.person("cleo").await);
        let mut trail = Trail { world: &world, reader: ana.clone(), covered: BTreeSet::new() };
        trail.accounts().await;
        let community = trail.chat(&ana, &cleo).await;
        trail.outgoing(&ana, community).await;
        trail.history(&ana, community).await;
        seal_world(&world).await;
        let second = world.engine.store().read::<_, StoreError, _>(|conn| Box::pin(audits::archive::place(conn, 2)));
        let second = second.await.unwrap().unwrap();
        let archive = ArchiveAudit { last: second.number, hash: second.hash, file: second.hash };
        trail.done(&Actor::system(Surface::Cli), archive, ("", None)).await;
        let all: BTreeSet<Action> = Action::ALL.iter().copied().filter(|action| !READS.contains(action)).collect();
        let missing: Vec<_> = all.difference(&trail.covered).map(|action| action.as_str()).collect();
        assert!(missing.is_empty(), "every command needs a line in this test, and its entry: {missing:?}");
    }

    // L01, L07
    async fn a_refused_question_names_what_it_asked_about(world: World) {
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let trail = Trail { world: &world, reader: ana, covered: BTreeSet::new() };
        let asker = Trail::request(&bo);
        let answer = world.engine.ask(&asker, ListMessages { channel: secret.id, span: Span::Latest }).await;
        assert_eq!(answer, Err(Error::NotFound));
        let entry = trail.entry(asker.correlation).await;
        assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("channel.read", "refused"));
        assert_eq!((entry.target_kind.as_str(), entry.target), ("channel", Some(secret.id.into())));
    }
}
