//! A private channel that everybody has left is its community's owner's: else nobody could ever get in again (C06, U09).

use super::promote;
use crate::{
    converges,
    domain::{
        Actor, ChannelStatus, ChannelSummary, CommunitySummary, Error,
        command::{HandOver, JoinChannel, KickMember, LeaveChannel, SetChannelStatus},
        query::OpenChannel,
    },
    each_engine,
    lab::World,
};

const PLANS: &str = "plans";

fn plans() -> OpenChannel {
    let (community, channel) = ("acme".to_owned(), PLANS.to_owned());
    OpenChannel { community, channel, at: None, before: None, after: None }
}

/// Ana owns acme, Bo is in it and the only one in a private channel, where something was said.
async fn acme(world: &World) -> (Actor, Actor, CommunitySummary, ChannelSummary) {
    let (ana, bo) = (world.person("ana").await, world.person("bo").await);
    let acme = world.community(&ana, "acme", true).await;
    world.join(&bo, &acme).await;
    let plans = world.channel(&bo, acme.id, PLANS, true).await;
    world.post(&bo, plans.id, "the launch is in May").await;
    (ana, bo, acme, plans)
}

// C06, S08, U09, law 5
each_engine! {
    async fn the_owner_comes_into_a_private_channel_when_the_last_has_left_it_and_nobody_else_does(world: World) {
        let (ana, bo, acme, secret) = acme(&world).await;
        let cy = world.person("cy").await;
        world.join(&cy, &acme).await;
        promote(&world, &acme, &cy).await;
        let general = world.general(&ana, &acme).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        let mut his = world.observer(&bo, &acme, &general).await;
        let mut admins = world.observer(&cy, &acme, &general).await;
        assert_eq!(world.engine.ask(&ana, plans()).await, Err(Error::NotFound), "as long as somebody is in it");

        converges!(world, [hers, his, admins], bo, LeaveChannel { channel: secret.id });
        assert!(hers.shell.channel(secret.id).is_some_and(|left| !left.joined()));
        assert!(his.shell.channel(secret.id).is_none() && admins.shell.channel(secret.id).is_none());
        for outside in [&bo, &cy] {
            assert_eq!(world.engine.ask(outside, plans()).await, Err(Error::NotFound));
            let refused = world.engine.execute(outside.clone(), JoinChannel { channel: secret.id }).await;
            assert_eq!(refused, Err(Error::NotFound));
        }
        assert_eq!(world.engine.ask(&ana, plans()).await.unwrap().page.messages.len(), 1);

        converges!(world, [hers, his, admins], ana, JoinChannel { channel: secret.id });
        world.add(&ana, secret.id, &bo).await;
        hers.converges().await;
        his.converges().await;
        assert_eq!(world.engine.ask(&bo, plans()).await.unwrap().page.messages.len(), 1, "nothing is lost");
        // With somebody in it, it is theirs again.
        converges!(world, [hers, his, admins], ana, LeaveChannel { channel: secret.id });
        assert_eq!(world.engine.ask(&ana, plans()).await, Err(Error::NotFound));
    }
}

// C06, R04, law 5
each_engine! {
    async fn a_channel_is_left_to_the_owner_when_its_last_participant_is_removed_and_can_be_closed_by_them(world: World) {
        let (ana, bo, acme, secret) = acme(&world).await;
        let general = world.general(&ana, &acme).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        converges!(world, [hers], ana, KickMember { community: acme.id, person: bo.id().unwrap() });
        assert!(hers.shell.channel(secret.id).is_some());
        let archive = SetChannelStatus { channel: secret.id, status: ChannelStatus::Archived };
        converges!(world, [hers], ana, archive);
        assert_eq!(hers.shell.channel(secret.id).unwrap().status, ChannelStatus::Archived);
    }
}

// C06, R02, law 5
each_engine! {
    async fn what_was_left_to_the_owner_goes_to_the_next_one(world: World) {
        let (ana, bo, acme, secret) = acme(&world).await;
        let cy = world.person("cy").await;
        world.join(&cy, &acme).await;
        world.engine.execute(bo, LeaveChannel { channel: secret.id }).await.unwrap();
        let general = world.general(&ana, &acme).await;
        let mut hers = world.observer(&ana, &acme, &general).await;
        let mut theirs = world.observer(&cy, &acme, &general).await;
        assert!(hers.shell.channel(secret.id).is_some() && theirs.shell.channel(secret.id).is_none());
        converges!(world, [hers, theirs], ana, HandOver { community: acme.id, person: cy.id().unwrap() });
        assert!(hers.shell.channel(secret.id).is_none() && theirs.shell.channel(secret.id).is_some());
        assert_eq!(world.engine.ask(&ana, plans()).await, Err(Error::NotFound));
        assert!(world.engine.ask(&cy, plans()).await.is_ok());
    }
}
