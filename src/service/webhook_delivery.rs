//! Which webhooks are told of an event, and what they are sent (A03). Only the server itself asks.

use serde_json::{Value as Json, json};

use super::{Asking, Outcome, Query, webhook::chosen, webhook_line::SWITCHED_OFF};
use crate::{
    domain::{
        Action, Actor, ChannelId, CommunityId, Identity, MessageId, PersonId, PersonSummary, Surface, Topic,
        Visibility, WebhookId,
        command::QueueDeliveries,
        query::{Delivery, ReadDelivery, ReadSubscribers, Turn},
        webhook::{TESTED, WebhookEvent},
    },
    policy::Target,
    store::{
        Conn, channels, communities, deliveries,
        events::{self, Logged},
        messages, people,
        webhooks::{self, Stored},
    },
};

impl Query for ReadSubscribers {
    type Scope = Target;
    type Output = Option<QueueDeliveries>;

    fn action(&self) -> Action {
        Action::DeliverWebhooks
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Option<QueueDeliveries>> {
        let Self { topic, seq } = self;
        let Some(logged) = events::at(asking.conn, topic, seq).await? else { return Ok(None) };
        let Some(Candidates { community, webhooks }) = candidates(asking.conn, topic, &logged).await? else {
            return Ok(None);
        };
        let channel = channel(asking.conn, topic, &logged).await?;
        let mut told = Vec::with_capacity(webhooks.len());
        for webhook in webhooks {
            if may_tell(asking, &webhook, channel.as_ref()).await? {
                told.push(webhook.id);
            }
        }
        let (event, name) = (logged.id, logged.name);
        let queue = QueueDeliveries { community, event, name, topic, seq, webhooks: told };
        Ok(Some(queue).filter(|queue| !queue.webhooks.is_empty()))
    }
}

impl Query for ReadDelivery {
    type Scope = Target;
    type Output = Turn;

    fn action(&self) -> Action {
        Action::DeliverWebhooks
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Turn> {
        let Some(webhook) = webhooks::find(asking.conn, self.webhook).await? else { return Ok(Turn::Over) };
        if deliveries::is_done(asking.conn, webhook.id, self.event).await? {
            return Ok(Turn::Over);
        }
        let community = webhook.community;
        let leave_out = |reason: &str| Ok(Turn::LeaveOut { community, reason: reason.to_owned() });
        let logged = events::at(asking.conn, self.topic, self.seq).await?.filter(|logged| logged.id == self.event);
        let Some(logged) = logged else { return leave_out("what happened is no longer known") };
        if logged.name != TESTED && !webhook.active {
            return leave_out(SWITCHED_OFF);
        }
        if !wants(&webhook, &logged) {
            return leave_out("the webhook is not told of such events any more");
        }
        let channel = channel(asking.conn, self.topic, &logged).await?;
        if !may_tell(asking, &webhook, channel.as_ref()).await? {
            return leave_out("whoever made the webhook may not read the channel any more");
        }
        let Some(body) = body(asking.conn, self, &logged, community, channel.as_ref()).await? else {
            return leave_out("what it was about is gone");
        };
        Ok(Turn::Send(Delivery { community, url: webhook.url, secret: webhook.secret, body }))
    }
}

/// The webhooks that asked for an event.
struct Candidates {
    community: CommunityId,
    webhooks: Vec<Stored>,
}

async fn candidates(conn: &mut Conn<'_>, topic: Topic, logged: &Logged) -> Outcome<Option<Candidates>> {
    if logged.name == TESTED {
        let webhook = match logged.subject {
            Some(id) => webhooks::find(conn, WebhookId::from(id)).await?,
            None => None,
        };
        return Ok(webhook.map(|webhook| Candidates { community: webhook.community, webhooks: vec![webhook] }));
    }
    let community = match topic {
        Topic::Community(id) => Some(id),
        Topic::Channel(id) => channels::standing(conn, id, nobody()).await?.map(|channel| channel.community),
        Topic::Person(_) => None,
    };
    let Some(community) = community else { return Ok(None) };
    let mut webhooks = webhooks::of_community(conn, community).await?;
    webhooks.retain(|webhook| webhook.active && wants(webhook, logged));
    Ok((!webhooks.is_empty()).then_some(Candidates { community, webhooks }))
}

/// Whether a webhook is told of such an event: of what it chose, and of its own tests.
fn wants(webhook: &Stored, logged: &Logged) -> bool {
    match logged.name.parse::<WebhookEvent>() {
        Ok(event) => chosen(&webhook.events).contains(&event),
        Err(_) => logged.name == TESTED && logged.subject == Some(webhook.id.into()),
    }
}

/// Of a channel that is not public a webhook is told only what the person who chose its address may read: for that person
/// the rest does not exist.
async fn may_tell(
    asking: &mut Asking<'_, '_>,
    webhook: &Stored,
    channel: Option<&channels::Standing>,
) -> Outcome<bool> {
    // What two people say to each other is nobody's to pass on.
    if channel.is_some_and(|channel| channel.kind.is_conversation()) {
        return Ok(false);
    }
    let Some(channel) = channel.filter(|channel| channel.visibility != Visibility::Public) else { return Ok(true) };
    let Some(standing) = channels::standing(asking.conn, channel.id, webhook.url_by).await? else {
        return Ok(false);
    };
    let person = PersonSummary {
        id: webhook.url_by,
        handle: webhook.url_by_handle.clone(),
        name: webhook.url_by_name.clone(),
        kind: webhook.url_by_kind,
    };
    let chooser = Identity::Person { person, session: None, server_owner: webhook.url_by_owner };
    let chooser = Actor::with(chooser, Surface::Worker);
    Ok(asking.policy.allows(&chooser, Action::ReadChannel, &standing.target()))
}

/// The channel something happened in, as nobody in particular stands to it.
async fn channel(conn: &mut Conn<'_>, topic: Topic, logged: &Logged) -> Outcome<Option<channels::Standing>> {
    Ok(match (topic, logged.name.as_str(), logged.subject) {
        (Topic::Channel(id), ..) => channels::standing(conn, id, nobody()).await?,
        (_, "channel.created", Some(id)) => channels::standing(conn, ChannelId::from(id), nobody()).await?,
        _ => None,
    })
}

/// Joins an event with the present state; `None` when what it is about is gone.
async fn body(
    conn: &mut Conn<'_>,
    asked: ReadDelivery,
    logged: &Logged,
    community: CommunityId,
    channel: Option<&channels::Standing>,
) -> Outcome<Option<String>> {
    let Some(subject) = logged.subject else { return Ok(None) };
    let Some(home) = communities::standing(conn, community, nobody()).await? else { return Ok(None) };
    let data = match logged.name.as_str() {
        TESTED => Some(json!({ "message": "This is a test from Thunderline." })),
        "channel.created" => channel.map(|channel| json!({ "topic": channel.topic })),
        "member.joined" => people::find(conn, PersonId::from(subject)).await?.map(|person| {
            let person = person.summary();
            json!({ "person": { "id": person.id, "handle": person.handle, "name": person.name } })
        }),
        _ => message(conn, MessageId::from(subject)).await?,
    };
    let (Some(data), Some(at)) = (data, webhooks::happened(conn, asked.topic, asked.seq).await?) else {
        return Ok(None);
    };
    let place = |id: Json, slug: &str, name: &str| json!({ "id": id, "slug": slug, "name": name });
    let body = json!({
        "id": logged.id,
        "event": logged.name,
        "community": place(json!(home.id), &home.slug, &home.name),
        "channel": channel.map(|channel| place(json!(channel.id), &channel.slug, &channel.name)),
        "at": at.rfc3339(),
        "data": data,
    });
    Ok(Some(body.to_string()))
}

/// A message as it is now: what was deleted meanwhile has no text to send.
async fn message(conn: &mut Conn<'_>, id: MessageId) -> Outcome<Option<Json>> {
    let (Some(stored), Some(place)) = (messages::find(conn, id).await?, messages::place(conn, id).await?) else {
        return Ok(None);
    };
    let text = (!place.body.is_empty()).then_some(place.body);
    Ok(Some(json!({ "message": {
        "id": stored.id,
        "position": stored.position,
        "status": stored.status,
        "author": { "id": stored.author, "handle": stored.handle, "name": stored.name },
        "text": text,
        "reply_to": stored.reply_to,
        "created_at": stored.created_at.rfc3339(),
    } })))
}

/// For facts that are the same for everybody.
fn nobody() -> PersonId {
    PersonId::from(uuid::Uuid::nil())
}
