//! Whoever hangs up changes nothing: what was asked for is carried out to its end, and noted.

use std::{pin::pin, task::Poll};

use futures_util::{FutureExt, poll};

use super::audited;
use crate::{
    domain::{
        Actor, ChannelId, CorrelationId, MessageId, Surface, Time,
        audit::AuditEntry,
        command::{PostMessage, SignIn},
        query::{ListAudit, ListMessages, Span},
        text::Password,
    },
    each_engine,
    engine::Command,
    lab::World,
};

/// Asks for something and goes away before the answer.
fn hang_up<C: Command>(world: &World, actor: &Actor, command: C) -> CorrelationId {
    let actor = Actor { correlation: CorrelationId::fresh(), ..actor.clone() };
    let correlation = actor.correlation;
    // Now and then it is done by then, on another thread: all the same.
    drop(world.engine.execute(actor, command).now_or_never());
    correlation
}

async fn entries_of(world: &World, reader: &Actor, correlation: CorrelationId) -> Vec<AuditEntry> {
    let page = world.engine.ask(reader, ListAudit::default()).await.unwrap();
    page.entries.into_iter().filter(|entry| entry.correlation == correlation).collect()
}

fn post(channel: ChannelId) -> PostMessage {
    PostMessage { id: MessageId::fresh(), channel, body: "hello".to_owned(), reply_to: None, expires_in: None }
}

each_engine! {
    // L07
    async fn a_refusal_is_noted_though_the_asker_hung_up(world: World) {
        let mut world = world;
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let password = Password::new("a wrong password");
        let visitor = Actor::visitor(Surface::Page);
        let tried = [
            ("channel.post", hang_up(&world, &bo, post(secret.id))),
            ("account.sign_in", hang_up(&world, &visitor, SignIn { handle: "ana".to_owned(), password })),
        ];
        world.restart().await;
        for (action, correlation) in tried {
            let entries = entries_of(&world, &ana, correlation).await;
            let said: Vec<_> = entries.iter().map(|entry| (entry.action.as_str(), entry.outcome.as_str())).collect();
            assert_eq!(said, [(action, "refused")]);
        }
    }

    // L07
    async fn a_refused_question_is_noted_though_the_asker_hung_up(world: World) {
        let mut world = world;
        let (ana, bo) = (world.person("ana").await, world.person("bo").await);
        let acme = world.community(&ana, "acme", true).await;
        let secret = world.channel(&ana, acme.id, "secret", true).await;
        let at_work = world.engine.0.tasks.len();
        {
            let mut asked = pin!(world.engine.ask(&bo, ListMessages { channel: secret.id, span: Span::Latest }));
            while world.engine.0.tasks.len() == at_work && poll!(asked.as_mut()) == Poll::Pending {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }
        world.restart().await;
        let refused = audited(&world, secret.id).await.into_iter().find(|entry| entry.outcome == "refused");
        assert_eq!(refused.and_then(|entry| entry.actor), bo.id().map(Into::into));
    }

    // L01, M10
    async fn a_post_whose_sender_hung_up_is_posted_whole_and_closing_waits_for_it(world: World) {
        let mut world = world;
        let ana = world.person("ana").await;
        let acme = world.community(&ana, "acme", true).await;
        let general = world.general(&ana, &acme).await;
        let posts: Vec<PostMessage> = (0..20).map(|_| post(general.id)).collect();
        for one in &posts {
            hang_up(&world, &ana, one.clone());
        }
        world.restart().await;
        let ask = ListMessages { channel: general.id, span: Span::Latest };
        let mut kept: Vec<MessageId> = world.engine.ask(&ana, ask).await.unwrap().messages.iter().map(|m| m.id).collect();
        kept.sort();
        let mut sent: Vec<MessageId> = posts.iter().map(|post| post.id).collect();
        sent.sort();
        assert_eq!(kept, sent);
        for id in sent {
            assert_eq!(audited(&world, id).await.len(), 1);
        }
    }

    // S09: a browser that asks for its page again at once is somebody else by then.
    async fn who_signed_out_and_hung_up_is_signed_out_when_it_is_done(world: World) {
        let signed_in = world.sign_up("ana").await.unwrap();
        let ana = world.holder(&signed_in).await;
        hang_up(&world, &ana, crate::domain::command::SignOut {});
        let asked = async {
            while world.engine.identify(&signed_in.token).await.unwrap().is_some() {
                // The lab's clock moves with every look; an answer that was remembered too early is good for a second.
                tokio::task::yield_now().await;
            }
        };
        let before = world.engine.clock().now();
        asked.await;
        assert!(world.engine.clock().now().since(before) < Time::SECOND, "forgotten when it is done, not when it runs out");
    }
}
