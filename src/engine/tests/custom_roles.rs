//! Roles of a community's own (R02).

use crate::{
    converges,
    domain::{
        Action, Actor, ChannelId, ChannelSummary, CommunityId, CommunitySummary, CustomRoleId, Error, Event, PersonId,
        Role, Topic,
        command::{
            AddRule, CreateChannel, CreateCustomRole, DeleteCustomRole, EditCustomRole, GiveCustomRole, KickMember,
            LeaveCommunity, MakeInviteLink, MoveCustomRole, RemoveFromChannel, TakeCustomRole, TimeOutMember,
        },
        custom_role::{CUSTOM_ROLES, Permission, RoleColour},
        feed::ServerFrame,
        query::{AdmitTyping, ExplainRules, ListCustomRoles, ListMembers, OpenCommunity, ReadMember},
        rule::{Effect, Origin, RuleDraft, RuleScope, Step},
    },
    each_engine,
    engine::Command,
    hub::{Frame, Turn},
    lab::World,
};

use super::{audited, give};

fn id(person: &Actor) -> PersonId {
    person.id().unwrap()
}

fn role(community: CommunityId, name: &str, permissions: &[Permission]) -> CreateCustomRole {
    let (name, permissions) = (name.to_owned(), permissions.to_vec());
    CreateCustomRole { id: CustomRoleId::fresh(), community, name, colour: RoleColour::Teal, permissions }
}

/// Makes a role that stands below all others.
async fn made(world: &World, actor: &Actor, community: CommunityId, name: &str, may: &[Permission]) -> CustomRoleId {
    let role = role(community, name, may);
    let id = role.id;
    world.engine.execute(actor.clone(), role).await.expect("the role is made");
    id
}

fn gives(community: CommunityId, person: &Actor, custom_role: CustomRoleId) -> GiveCustomRole {
    GiveCustomRole { community, person: id(person), custom_role }
}

fn takes(community: CommunityId, person: &Actor, custom_role: CustomRoleId) -> TakeCustomRole {
    TakeCustomRole { community, person: id(person), custom_role }
}

async fn refused<C: Command>(world: &World, actor: &Actor, command: C) -> Error
where
    C::Output: std::fmt::Debug,
{
    world.engine.execute(actor.clone(), command).await.expect_err("it is refused")
}

fn rule_of(error: &Error) -> &str {
    let Error::Forbidden { rule } = error else { panic!("expected to be forbidden: {error}") };
    rule
}

const TOO_HIGH: &str = "nobody changes a role as high as their own highest";
const TOO_MUCH: &str = "nobody gives a permission they do not have";

const fn link(community: CommunityId) -> MakeInviteLink {
    MakeInviteLink { community, expires_in: None, max_uses: None }
}

/// Ana owns acme, where Bo and Cy are members.
async fn acme(world: &World) -> (Actor, Actor, Actor, CommunitySummary) {
    let (ana, bo, cy) = (world.person("ana").await, world.person("bo").await, world.person("cy").await);
    let acme = world.community(&ana, "acme", true).await;
    for person in [&bo, &cy] {
        world.join(person, &acme).await;
    }
    (ana, bo, cy, acme)
}

async fn announcements(world: &World, person: &Actor) -> ChannelSummary {
    let view = world.engine.ask(person, OpenCommunity { slug: "acme".to_owned() }).await.unwrap();
    view.channels.into_iter().find(|channel| channel.slug == "announcements").unwrap()
}

each_engine! {
    // R02, law 5
    async fn what_a_role_allows_holds_from_its_answer_on_until_it_is_changed_taken_or_deleted(world: World) {
        let (ana, bo, _, acme) = acme(&world).await;
        let general = world.general(&ana, &acme).await;
        let community = acme.id;
        let mut hers = world.observer(&ana, &acme, &general).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let invites = |his: &crate::lab::Observer| his.shell.open.as_ref().unwrap().may.invite;
        let helpers = role(community, "Helpers", &[Permission::InvitePeople]);
        let helper = helpers.id;
        converges!(world, [hers, his], ana, helpers.clone());
        assert!(!invites(&his) && world.engine.execute(bo.clone(), link(community)).await.is_err(), "the premise");
        converges!(world, [hers, his], ana, gives(community, &bo, helper));
        assert!(invites(&his), "buttons follow");
        world.engine.execute(bo.clone(), link(community)).await.unwrap();
        // Once more is nothing, as is the same form sent twice.
        world.engine.execute(ana.clone(), gives(community, &bo, helper)).await.unwrap();
        world.engine.execute(ana.clone(), helpers).await.unwrap();
        assert_eq!(his.catch_up().await, 0);
        converges!(world, [hers, his], ana, takes(community, &bo, helper));
        assert!(!invites(&his));
        refused(&world, &bo, link(community)).await;
        world.engine.execute(ana.clone(), takes(community, &bo, helper)).await.unwrap();
        converges!(world, [hers, his], ana, gives(community, &bo, helper));
        let edit = |permissions: &[Permission]| EditCustomRole {
            community, custom_role: helper, name: "Helpers".to_owned(), colour: RoleColour::Pink,
            permissions: permissions.to_vec(),
        };
        converges!(world, [hers, his], ana, edit(&[]));
        assert!(!invites(&his));
        refused(&world, &bo, link(community)).await;
        converges!(world, [hers, his], ana, edit(&[Permission::InvitePeople]));
        world.engine.execute(bo.clone(), link(community)).await.unwrap();
        converges!(world, [hers, his], ana, MoveCustomRole { community, custom_role: helper, position: 5 });
        converges!(world, [hers, his], ana, DeleteCustomRole { community, custom_role: helper });
        assert!(!invites(&his));
        refused(&world, &bo, link(community)).await;
        world.engine.execute(ana.clone(), DeleteCustomRole { community, custom_role: helper }).await.unwrap();
        assert_eq!(refused(&world, &ana, gives(community, &bo, helper)).await, Error::NotFound);
        let entries = audited(&world, helper).await;
        assert!(entries.iter().all(|entry| entry.action == "custom_role.manage"));
        assert!(entries.iter().all(|entry| !entry.changes.to_string().contains("Helpers")), "not the words");
    }

    // R02: a bit is used again.
    async fn a_role_that_is_deleted_leaves_nobody_anything_of_the_one_that_takes_its_place(world: World) {
        let (ana, bo, cy, acme) = acme(&world).await;
        let community = acme.id;
        let old = made(&world, &ana, community, "old", &[]).await;
        let kept = made(&world, &ana, community, "kept", &[]).await;
        for role in [old, kept] {
            world.engine.execute(ana.clone(), gives(community, &bo, role)).await.unwrap();
        }
        world.engine.execute(ana.clone(), DeleteCustomRole { community, custom_role: old }).await.unwrap();
        let new = made(&world, &ana, community, "new", &[Permission::InvitePeople]).await;
        let bits = world.engine.store().read::<_, crate::store::StoreError, _>(move |conn| Box::pin(async move {
            crate::store::custom_roles::of_community(conn, community).await
        })).await.unwrap();
        let first = crate::domain::custom_role::RoleBit::first_free([]).unwrap();
        assert!(bits.iter().any(|stored| stored.role.id == new && stored.bit == first), "the premise: it is used again");
        refused(&world, &bo, link(community)).await;
        let bo_has = world.engine.ask(&ana, ReadMember { community, person: id(&bo) }).await.unwrap().custom_roles;
        let held: Vec<_> = bo_has.iter().filter(|role| role.held).map(|role| role.role.id).collect();
        assert_eq!(held, [kept]);
        // Nor does whoever goes and comes back.
        world.engine.execute(ana.clone(), gives(community, &cy, new)).await.unwrap();
        world.engine.execute(cy.clone(), link(community)).await.unwrap();
        world.engine.execute(cy.clone(), LeaveCommunity { community }).await.unwrap();
        world.join(&cy, &acme).await;
        refused(&world, &cy, link(community)).await;
    }

    // R02: what each permission is for.
    async fn each_permission_is_what_it_says(world: World) {
        let (ana, bo, cy, acme) = acme(&world).await;
        let community = acme.id;
        let all = made(&world, &ana, community, "everything", Permission::ALL).await;
        let general = world.general(&ana, &acme).await;
        let news = announcements(&world, &bo).await;
        let told = world.post(&cy, general.id, "a word").await.message.id;
        let announced = world.post(&ana, news.id, "hear ye").await.message.id;
        let person = id(&cy);
        let delete = crate::domain::command::DeleteMessage { message: told };
        let pin = crate::domain::command::PinMessage { message: announced };
        let silence = TimeOutMember { community, person, seconds: Some(60) };
        let retain = crate::domain::command::SetRetention { channel: general.id, retention_days: Some(9) };
        refused(&world, &bo, delete.clone()).await;
        refused(&world, &bo, pin.clone()).await;
        refused(&world, &bo, silence).await;
        refused(&world, &bo, retain.clone()).await;
        assert!(world.try_post(&bo, news.id, "me too").await.is_err());
        world.engine.execute(ana.clone(), gives(community, &bo, all)).await.unwrap();
        world.engine.execute(bo.clone(), delete).await.unwrap();
        world.engine.execute(bo.clone(), pin).await.unwrap();
        world.engine.execute(bo.clone(), retain).await.unwrap();
        world.engine.execute(bo.clone(), silence).await.unwrap();
        world.post(&bo, news.id, "me too").await;
        world.engine.execute(bo.clone(), link(community)).await.unwrap();
        world.engine.execute(bo.clone(), RemoveFromChannel { channel: general.id, person }).await.unwrap();
        world.engine.execute(bo.clone(), KickMember { community, person }).await.unwrap();
        // Never what only admins and owners do, and nobody above.
        refused(&world, &bo, KickMember { community, person: id(&ana) }).await;
        let promote = crate::domain::command::ChangeRole { community, person: id(&bo), role: Role::Admin };
        refused(&world, &bo, promote).await;
        let hidden = world.channel(&ana, community, "hidden", true).await;
        let ask = crate::domain::query::ListMessages { channel: hidden.id, span: crate::domain::query::Span::Latest };
        assert!(world.engine.ask(&bo, ask).await.is_err(), "a role shows nobody anything");
    }

    // R02
    async fn nobody_acts_on_whoever_stands_as_high_by_their_roles(world: World) {
        let (ana, bo, cy, acme) = acme(&world).await;
        let community = acme.id;
        let top = made(&world, &ana, community, "top", &[]).await;
        let low = made(&world, &ana, community, "low", &[Permission::TimeOutMembers]).await;
        let silence = |person: &Actor| TimeOutMember { community, person: id(person), seconds: Some(60) };
        for person in [&bo, &cy] {
            world.engine.execute(ana.clone(), gives(community, person, low)).await.unwrap();
        }
        refused(&world, &bo, silence(&cy)).await;
        world.engine.execute(ana.clone(), gives(community, &bo, top)).await.unwrap();
        refused(&world, &cy, silence(&bo)).await;
        world.engine.execute(bo.clone(), silence(&cy)).await.unwrap();
        give(&world, &acme, &cy, Role::Moderator).await;
        refused(&world, &bo, silence(&cy)).await;
        // The list shows what may be done.
        let page = ListMembers { community, begins: String::new(), offset: 0 };
        assert!(world.engine.ask(&bo, page.clone()).await.unwrap().manageable.is_empty());
        let badges = world.engine.ask(&bo, page).await.unwrap().badges;
        let of_bo = badges.into_iter().find(|(person, _)| *person == id(&bo)).unwrap().1;
        assert_eq!(of_bo.iter().map(|badge| badge.name.as_str()).collect::<Vec<_>>(), ["top", "low"]);
    }

    // R02: escalation.
    async fn nobody_gives_more_than_they_have_or_touches_a_role_as_high_as_their_own(world: World) {
        let (ana, bo, cy, acme) = acme(&world).await;
        let community = acme.id;
        let top = made(&world, &ana, community, "top", &[]).await;
        let lead = made(&world, &ana, community, "lead", &[Permission::ManageRoles, Permission::InvitePeople]).await;
        let rich = made(&world, &ana, community, "rich", &[Permission::ManageWebhooks]).await;
        refused(&world, &bo, role(community, "mine", &[])).await;
        assert!(world.engine.ask(&bo, ListCustomRoles { community }).await.is_err());
        world.engine.execute(ana.clone(), gives(community, &bo, lead)).await.unwrap();
        // Roles above, and their own.
        for role in [top, lead] {
            assert_eq!(rule_of(&refused(&world, &bo, gives(community, &bo, role)).await), TOO_HIGH);
            assert_eq!(rule_of(&refused(&world, &bo, takes(community, &bo, role)).await), TOO_HIGH);
            let delete = DeleteCustomRole { community, custom_role: role };
            assert_eq!(rule_of(&refused(&world, &bo, delete).await), TOO_HIGH);
            let down = MoveCustomRole { community, custom_role: role, position: 1 };
            assert_eq!(rule_of(&refused(&world, &bo, down).await), TOO_HIGH);
            let (name, colour) = ("x".to_owned(), RoleColour::Red);
            let edit = EditCustomRole { community, custom_role: role, name, colour, permissions: Vec::new() };
            assert_eq!(rule_of(&refused(&world, &bo, edit).await), TOO_HIGH);
        }
        // Up to where it would stand as high.
        let up = MoveCustomRole { community, custom_role: rich, position: 2 };
        assert_eq!(rule_of(&refused(&world, &bo, up).await), TOO_HIGH);
        // What they do not have themselves.
        let more = role(community, "more", &[Permission::InvitePeople, Permission::RemoveMembers]);
        assert_eq!(rule_of(&refused(&world, &bo, more).await), TOO_MUCH);
        assert_eq!(rule_of(&refused(&world, &bo, gives(community, &cy, rich)).await), TOO_MUCH);
        let edit = |permissions: &[Permission]| EditCustomRole {
            community, custom_role: rich, name: "rich".to_owned(), colour: RoleColour::Red,
            permissions: permissions.to_vec(),
        };
        let added = edit(&[Permission::ManageWebhooks, Permission::RemoveMembers]);
        assert_eq!(rule_of(&refused(&world, &bo, added).await), TOO_MUCH);
        // What is below them and no more is theirs.
        let below = made(&world, &bo, community, "below", &[Permission::InvitePeople]).await;
        world.engine.execute(bo.clone(), gives(community, &cy, below)).await.unwrap();
        world.engine.execute(cy.clone(), link(community)).await.unwrap();
        world.engine.execute(bo.clone(), edit(&[Permission::ManageWebhooks])).await.unwrap();
        world.engine.execute(bo.clone(), takes(community, &cy, below)).await.unwrap();
        let list = world.engine.ask(&bo, ListCustomRoles { community }).await.unwrap();
        let mine: Vec<_> = list.roles.iter().map(|role| (role.role.name.as_str(), role.mine, role.holders)).collect();
        assert_eq!(mine, [("top", false, 0), ("lead", false, 1), ("rich", true, 0), ("below", true, 0)]);
        assert_eq!(list.permissions, [Permission::InvitePeople, Permission::ManageRoles]);
        let roles = world.engine.ask(&bo, ReadMember { community, person: id(&cy) }).await.unwrap().custom_roles;
        assert_eq!(roles.iter().map(|role| role.role.name.as_str()).collect::<Vec<_>>(), ["below"]);
        world.engine.execute(bo.clone(), DeleteCustomRole { community, custom_role: rich }).await.unwrap();
        // Admins are above all of them, and give nobody what is above a community's own roles.
        give(&world, &acme, &cy, Role::Admin).await;
        world.engine.execute(cy.clone(), gives(community, &cy, top)).await.unwrap();
        // Without the role the right is gone.
        world.engine.execute(ana.clone(), takes(community, &bo, lead)).await.unwrap();
        refused(&world, &bo, gives(community, &cy, below)).await;
    }

    // R02
    async fn roles_are_named_ordered_and_counted(world: World) {
        let (ana, bo, _, acme) = acme(&world).await;
        let community = acme.id;
        for (name, field) in [("", "name"), (&*"x".repeat(33), "name"), ("a\nb", "name")] {
            assert!(refused(&world, &ana, role(community, name, &[])).await.of_field(field).is_some(), "{name:?}");
        }
        let first = made(&world, &ana, community, &"Ä".repeat(32), &[]).await;
        let again = refused(&world, &ana, role(community, &"ä".repeat(32), &[])).await;
        assert!(again.of_field("name").is_some(), "{again}");
        let second = made(&world, &ana, community, "second", &[]).await;
        let third = made(&world, &ana, community, "third", &[]).await;
        let order = || async {
            let list = world.engine.ask(&ana, ListCustomRoles { community }).await.unwrap();
            let places: Vec<_> = list.roles.iter().map(|role| role.role.position).collect();
            assert_eq!(places, (1..=i64::try_from(places.len()).unwrap()).rev().collect::<Vec<_>>(), "without gaps");
            list.roles.into_iter().map(|role| role.role.id).collect::<Vec<_>>()
        };
        assert_eq!(order().await, [first, second, third]);
        let to = |custom_role, position| MoveCustomRole { community, custom_role, position };
        world.engine.execute(ana.clone(), to(third, 99)).await.unwrap();
        assert_eq!(order().await, [third, first, second]);
        world.engine.execute(ana.clone(), to(third, 2)).await.unwrap();
        assert_eq!(order().await, [first, third, second]);
        world.engine.execute(ana.clone(), DeleteCustomRole { community, custom_role: third }).await.unwrap();
        assert_eq!(order().await, [first, second]);
        for number in 2..CUSTOM_ROLES {
            made(&world, &ana, community, &format!("role {number}"), &[]).await;
        }
        let full = refused(&world, &ana, role(community, "one more", &[])).await;
        assert!(matches!(&full, Error::Conflict { message } if message.contains("50 roles")), "{full}");
        // Another community's are nothing here, and nobody outside has any.
        let other = world.community(&ana, "other", true).await;
        let theirs = made(&world, &ana, other.id, "theirs", &[]).await;
        assert_eq!(refused(&world, &ana, gives(community, &bo, theirs)).await, Error::NotFound);
        assert_eq!(refused(&world, &ana, gives(other.id, &bo, theirs)).await, Error::NotFound);
    }

    // S07, S02
    async fn an_explanation_names_the_role_and_a_denial_of_the_community_is_asked_before(world: World) {
        let (ana, bo, _, acme) = acme(&world).await;
        let community = acme.id;
        let helper = made(&world, &ana, community, "Helpers", &[Permission::InvitePeople]).await;
        world.engine.execute(ana.clone(), gives(community, &bo, helper)).await.unwrap();
        let why = ExplainRules {
            community, handle: "bo".to_owned(), action: Action::ManageInviteLinks, channel: String::new(),
            own_message: false,
        };
        let answer = world.engine.ask(&ana, why.clone()).await.unwrap();
        assert!(answer.allowed);
        assert_eq!(answer.rule.as_deref(), Some("the role Helpers allows it"));
        let last = answer.steps.last().unwrap();
        assert_eq!((last.origin, last.step), (Origin::Role, Step::Allows));
        let draft = RuleDraft {
            name: "nobody invites".to_owned(), effect: Effect::Deny, scope: RuleScope::Community(community),
            actions: vec![Action::ManageInviteLinks], condition: String::new(), priority: 100, active: true,
        };
        let deny = AddRule { id: crate::domain::RuleId::fresh(), community, draft };
        world.engine.execute(ana.clone(), deny).await.unwrap();
        assert!(!world.engine.ask(&ana, why).await.unwrap().allowed);
        assert_eq!(rule_of(&refused(&world, &bo, link(community)).await), "nobody invites");
    }

    // R02, S06
    async fn roles_hold_after_a_restart_and_an_open_connection_hears_of_them_at_once(world: World) {
        let mut world = world;
        let (ana, bo, _, acme) = acme(&world).await;
        let community = acme.id;
        let news = announcements(&world, &bo).await;
        let herald = made(&world, &ana, community, "Heralds", &[Permission::PostAnnouncements]).await;
        world.engine.execute(ana.clone(), gives(community, &bo, herald)).await.unwrap();
        world.restart().await;
        world.post(&bo, news.id, "hear ye").await;
        let typing = AdmitTyping { channel: news.id };
        assert!(world.engine.ask(&bo, typing.clone()).await.is_ok(), "the premise");
        let attendance = world.engine.hub().connect(id(&bo), None).unwrap();
        for topic in [Topic::Person(id(&bo)), Topic::Community(community)] {
            world.engine.hub().watch(&attendance, topic).unwrap();
        }
        world.engine.execute(ana.clone(), takes(community, &bo, herald)).await.unwrap();
        assert!(world.engine.ask(&bo, typing).await.is_err(), "not even typing is shown");
        let mut told = Vec::new();
        let mut readmitted = false;
        while !(readmitted && told.contains(&"roles.changed") && told.contains(&"standing.changed")) {
            match attendance.turn(true).await {
                Turn::Write(parcel) => told.extend(parcel.frames.iter().filter_map(|frame| named(frame))),
                Turn::Readmit(_) => readmitted = true,
                _ => {}
            }
        }
        assert!(world.try_post(&bo, news.id, "once more").await.is_err());
    }

    // R02
    async fn a_right_to_make_channels_is_a_guests_by_a_role(world: World) {
        let (ana, bo, _, acme) = acme(&world).await;
        let community = acme.id;
        give(&world, &acme, &bo, Role::Guest).await;
        let make = || CreateChannel {
            id: ChannelId::fresh(), community, name: "plans".to_owned(), topic: String::new(), private: false,
        };
        refused(&world, &bo, make()).await;
        let maker = made(&world, &ana, community, "makers", &[Permission::ManageChannels]).await;
        world.engine.execute(ana.clone(), gives(community, &bo, maker)).await.unwrap();
        world.engine.execute(bo.clone(), make()).await.unwrap();
    }
}

/// The name of the event that a frame tells.
fn named(frame: &Frame) -> Option<&'static str> {
    match serde_json::from_slice(frame.text()).unwrap() {
        ServerFrame::Event(envelope) => match envelope.event {
            Event::RolesChanged { .. } => Some("roles.changed"),
            Event::StandingChanged { .. } => Some("standing.changed"),
            _ => None,
        },
        _ => None,
    }
}
