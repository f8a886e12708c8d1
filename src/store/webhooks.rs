//! Webhooks, and what came of sending to them.

use serde_json::Value as Json;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CommunityId, EventId, PersonId, Seq, Time, Topic, WebhookId, person::PersonKind},
    policy::Grant,
    row, sql,
};

sql! {
    /// A community's, oldest first, each with its latest delivery.
    OF_COMMUNITY = Sql::both("SELECT w.id, w.community, w.url, w.secret, w.events, w.active, w.created_by, p.handle, p.name, \
        p.kind, w.url_by, a.handle AS url_by_handle, a.name AS url_by_name, a.kind AS url_by_kind, \
        a.server_owner AS url_by_owner, w.created_at, d.event, d.name AS event_name, d.done, d.attempts, d.status, d.error, d.at \
        FROM webhooks w JOIN people p ON p.id = w.created_by JOIN people a ON a.id = w.url_by LEFT JOIN webhook_deliveries d ON d.webhook = w.id \
        AND d.event = (SELECT l.event FROM webhook_deliveries l WHERE l.webhook = w.id ORDER BY l.at DESC, l.event DESC LIMIT 1) \
        WHERE w.community = $1 ORDER BY w.created_at, w.id");
    /// One, with its latest delivery.
    FIND = Sql::both("SELECT w.id, w.community, w.url, w.secret, w.events, w.active, w.created_by, p.handle, p.name, \
        p.kind, w.url_by, a.handle AS url_by_handle, a.name AS url_by_name, a.kind AS url_by_kind, \
        a.server_owner AS url_by_owner, w.created_at, d.event, d.name AS event_name, d.done, d.attempts, d.status, d.error, d.at \
        FROM webhooks w JOIN people p ON p.id = w.created_by JOIN people a ON a.id = w.url_by LEFT JOIN webhook_deliveries d ON d.webhook = w.id \
        AND d.event = (SELECT l.event FROM webhook_deliveries l WHERE l.webhook = w.id ORDER BY l.at DESC, l.event DESC LIMIT 1) \
        WHERE w.id = $1");
    /// How many a community has.
    COUNT = Sql::both("SELECT count(*) FROM webhooks WHERE community = $1");
    /// A new one.
    INSERT = Sql::both("INSERT INTO webhooks (id, community, url, secret, events, active, created_by, url_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)");
    /// Another address, other events.
    EDIT = Sql::both("UPDATE webhooks SET url = $2, url_by = $3, events = $4, active = $5 WHERE id = $1");
    /// Gone, and its deliveries with it.
    DELETE = Sql::both("DELETE FROM webhooks WHERE id = $1");
    /// Those an event has reached already.
    REACHED = Sql::both("SELECT webhook FROM webhook_deliveries WHERE event = $1 AND done AND webhook IN \
        (SELECT id FROM webhooks WHERE community = $2)");
    /// What came of an attempt; nothing when the webhook is gone.
    NOTE = Sql::both("INSERT INTO webhook_deliveries (webhook, event, name, done, attempts, status, error, at) \
        SELECT w.id, $2, $3, $4, 1, $5, $6, $7 FROM webhooks w WHERE w.id = $1 \
        ON CONFLICT (webhook, event) DO UPDATE SET done = excluded.done, attempts = webhook_deliveries.attempts + 1, \
        status = excluded.status, error = excluded.error, at = excluded.at");
    /// Deliveries of long ago.
    TRIM = Sql::both("DELETE FROM webhook_deliveries WHERE webhook = $1 AND at < $2");
    /// When an event happened.
    HAPPENED = Sql::both("SELECT at FROM events WHERE topic = $1 AND seq = $2");
}

/// A webhook as stored, with its latest delivery.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Which.
    pub id: WebhookId,
    /// Whose events.
    pub community: CommunityId,
    /// Where they are sent.
    pub url: String,
    /// Signs them.
    pub secret: String,
    /// Which: names.
    pub events: Json,
    /// Whether any.
    pub active: bool,
    /// Who made it.
    pub created_by: PersonId,
    /// Their sign-in name.
    pub handle: String,
    /// Their name.
    pub name: String,
    /// What stands behind them.
    pub kind: PersonKind,
    /// Who chose the address.
    pub url_by: PersonId,
    /// Their sign-in name.
    pub url_by_handle: String,
    /// Their name.
    pub url_by_name: String,
    /// What stands behind them.
    pub url_by_kind: PersonKind,
    /// Whether they own the server.
    pub url_by_owner: bool,
    /// When.
    pub created_at: Time,
    /// The latest delivery: its event.
    pub event: Option<EventId>,
    /// Its event's name.
    pub event_name: Option<String>,
    /// Whether it arrived.
    pub done: Option<bool>,
    /// How often it was tried.
    pub attempts: Option<i64>,
    /// What the receiver answered.
    pub status: Option<i64>,
    /// Why it did not arrive.
    pub error: Option<String>,
    /// When.
    pub at: Option<Time>,
}

row! { Stored {
    id, community, url, secret, events, active, created_by, handle, name, kind, url_by, url_by_handle, url_by_name,
    url_by_kind, url_by_owner, created_at, event, event_name,
    done, attempts, status, error, at
} }

/// A webhook about to be stored.
#[derive(Debug)]
pub struct NewWebhook<'a> {
    /// Which.
    pub id: WebhookId,
    /// Whose events.
    pub community: CommunityId,
    /// Where they are sent.
    pub url: &'a str,
    /// Signs them.
    pub secret: &'a str,
    /// Which: names.
    pub events: &'a Json,
    /// Who made it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Time,
}

/// What came of an attempt to deliver.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// The event's name.
    pub name: &'a str,
    /// What the receiver answered.
    pub status: Option<i64>,
    /// Why it did not arrive; `None` when it did.
    pub error: Option<&'a str>,
    /// When.
    pub at: Time,
}

/// A community's, oldest first.
pub async fn of_community(conn: &mut Conn<'_>, id: CommunityId) -> Result<Vec<Stored>, StoreError> {
    conn.all(OF_COMMUNITY, (id,)).await
}

/// One webhook.
pub async fn find(conn: &mut Conn<'_>, id: WebhookId) -> Result<Option<Stored>, StoreError> {
    conn.maybe(FIND, (id,)).await
}

/// How many a community has.
pub async fn count(conn: &mut Conn<'_>, id: CommunityId) -> Result<i64, StoreError> {
    conn.one(COUNT, (id,)).await
}

/// Those of a community that `event` has reached already.
pub async fn reached(conn: &mut Conn<'_>, event: EventId, id: CommunityId) -> Result<Vec<WebhookId>, StoreError> {
    conn.all(REACHED, (event, id)).await
}

/// When the event at a place happened; `None` when it is no longer kept.
pub async fn happened(conn: &mut Conn<'_>, topic: Topic, seq: Seq) -> Result<Option<Time>, StoreError> {
    conn.maybe(HAPPENED, (topic.id(), seq)).await
}

/// Stores a webhook, active.
pub async fn insert<C>(conn: &mut Conn<'_>, _: &Grant<C>, new: &NewWebhook<'_>) -> Result<(), StoreError> {
    let values = (new.id, new.community, new.url, new.secret, new.events, true, new.created_by, new.created_at);
    conn.run(INSERT, values).await.map(drop)
}

/// A webhook as it is from now on.
#[derive(Debug)]
pub struct Edited<'a> {
    /// Where events are sent.
    pub url: &'a str,
    /// Who chose that.
    pub url_by: PersonId,
    /// Which: names.
    pub events: &'a Json,
    /// Whether any.
    pub active: bool,
}

/// Gives a webhook another address and other events.
pub async fn edit<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: WebhookId, edited: &Edited<'_>) -> Result<(), StoreError> {
    let Edited { url, url_by, events, active } = *edited;
    conn.run(EDIT, (id, url, url_by, events, active)).await.map(drop)
}

/// Removes a webhook and its deliveries.
pub async fn delete<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: WebhookId) -> Result<(), StoreError> {
    conn.run(DELETE, (id,)).await.map(drop)
}

/// Notes what came of an attempt, and forgets deliveries from before `oldest`.
pub async fn note<C>(conn: &mut Conn<'_>, _: &Grant<C>, attempt: &Attempt<'_>, oldest: Time) -> Result<(), StoreError> {
    let done = attempt.error.is_none();
    let values = (attempt.webhook, attempt.event, attempt.name, done, attempt.status, attempt.error, attempt.at);
    conn.run(NOTE, values).await?;
    conn.run(TRIM, (attempt.webhook, oldest)).await.map(drop)
}
