//! What webhooks are sent, and what came of it (A03). Only the server itself asks and notes.

use serde_json::{Value as Json, json};

use super::{Asking, Command, Outcome, Query, Tools, Work, webhook::chosen};
use crate::{
    domain::{
        Action, Actor, ChannelId, CommunityId, Identity, MessageId, PersonId, PersonSummary, Result, Surface, Time,
        Topic, Visibility, WebhookId,
        command::NoteDelivery,
        query::{Delivery, ReadDeliveries},
        webhook::{TESTED, WebhookEvent},
    },
    policy::Target,
    store::{
        Conn, Shard, channels, communities,
        events::{self, Logged},
        messages, people,
        webhooks::{self, Attempt, Stored},
    },
};

/// How long the outcome of a delivery is kept, in microseconds: 30 days.
const OUTCOMES_KEPT: i64 = 30 * Time::DAY;
/// The most characters of a reason that are kept.
const REASON_CHARS: usize = 500;

/// What all deliveries of one event have in common.
struct Happening {
    logged: Logged,
    community: CommunityId,
    /// The channel it happened in, as nobody in particular stands to it.
    channel: Option<channels::Standing>,
    body: String,
}

impl Query for ReadDeliveries {
    type Scope = Target;
    type Output = Vec<Delivery>;

    fn action(&self) -> Action {
        Action::DeliverWebhooks
    }

    async fn scope(&self, _: &mut Asking<'_, '_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: Target) -> Outcome<Vec<Delivery>> {
        let Some(logged) = events::at(asking.conn, self.topic, self.seq).await? else { return Ok(Vec::new()) };
        let Some(candidates) = candidates(asking.conn, self.topic, &logged).await? else { return Ok(Vec::new()) };
        let Some(happening) = happening(asking.conn, self, logged, candidates.community).await? else {
            return Ok(Vec::new());
        };
        let reached = webhooks::reached(asking.conn, happening.logged.id, happening.community).await?;
        let mut deliveries = Vec::new();
        for webhook in candidates.webhooks.into_iter().filter(|webhook| !reached.contains(&webhook.id)) {
            if may_tell(asking, &webhook, happening.channel.as_ref()).await? {
                deliveries.push(Delivery {
                    webhook: webhook.id,
                    url: webhook.url,
                    secret: webhook.secret,
                    event: happening.logged.id,
                    name: happening.logged.name.clone(),
                    body: happening.body.clone(),
                });
            }
        }
        Ok(deliveries)
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
    let Ok(event) = logged.name.parse::<WebhookEvent>() else { return Ok(None) };
    let community = match topic {
        Topic::Community(id) => Some(id),
        Topic::Channel(id) => channels::standing(conn, id, nobody()).await?.map(|channel| channel.community),
        Topic::Person(_) => None,
    };
    let Some(community) = community else { return Ok(None) };
    let mut webhooks = webhooks::of_community(conn, community).await?;
    webhooks.retain(|webhook| webhook.active && chosen(&webhook.events).contains(&event));
    Ok((!webhooks.is_empty()).then_some(Candidates { community, webhooks }))
}

/// Of a channel that is not public a webhook is told only what the person who chose its address may read: for that person
/// the rest does not exist.
async fn may_tell(
    asking: &mut Asking<'_, '_>,
    webhook: &Stored,
    channel: Option<&channels::Standing>,
) -> Outcome<bool> {
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

/// Joins an event with the present state; `None` when what it is about is gone.
async fn happening(
    conn: &mut Conn<'_>,
    asked: ReadDeliveries,
    logged: Logged,
    community: CommunityId,
) -> Outcome<Option<Happening>> {
    let Some(subject) = logged.subject else { return Ok(None) };
    let Some(home) = communities::standing(conn, community, nobody()).await? else { return Ok(None) };
    let channel = match (asked.topic, logged.name.as_str()) {
        (Topic::Channel(id), _) => channels::standing(conn, id, nobody()).await?,
        (_, "channel.created") => channels::standing(conn, ChannelId::from(subject), nobody()).await?,
        _ => None,
    };
    let data = match logged.name.as_str() {
        TESTED => Some(json!({ "message": "This is a test from Thunderline." })),
        "channel.created" => channel.as_ref().map(|channel| json!({ "topic": channel.topic })),
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
        "channel": channel.as_ref().map(|channel| place(json!(channel.id), &channel.slug, &channel.name)),
        "at": at.rfc3339(),
        "data": data,
    });
    Ok(Some(Happening { logged, community, channel, body: body.to_string() }))
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

impl Command for NoteDelivery {
    type Prepared = ();
    type Scope = Target;
    type Output = ();
    const ACTION: Action = Action::DeliverWebhooks;

    fn shard(&self) -> Shard {
        Shard::of(self.webhook.into())
    }

    async fn prepare(&self, _: &Actor, _: &Tools) -> Result<()> {
        Ok(())
    }

    async fn scope(&self, _: &Actor, _: &mut Conn<'_>) -> Outcome<Target> {
        Ok(Target::default())
    }

    async fn run(self, work: &mut Work<'_, '_, Self>, _: Target, (): ()) -> Outcome<()> {
        work.about("webhook", self.webhook);
        let error: Option<String> = self.error.map(|error| error.chars().take(REASON_CHARS).collect());
        let attempt = Attempt {
            webhook: self.webhook,
            event: self.event,
            name: &self.name,
            status: self.status.map(i64::from),
            error: error.as_deref(),
            at: work.now,
        };
        webhooks::note(work.conn, work.grant, &attempt, work.now.plus(-OUTCOMES_KEPT)).await?;
        work.note(json!({ "event": self.event, "name": self.name, "status": self.status, "done": error.is_none() }));
        Ok(())
    }
}
