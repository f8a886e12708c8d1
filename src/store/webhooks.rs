//! Webhooks. What they are told is in `deliveries`.

use serde_json::Value as Json;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{CommunityId, PersonId, Seq, Time, Topic, WebhookId, person::PersonKind, webhook::DeliveryEnd},
    policy::Grant,
    row, sql,
};

/// What is read of a webhook.
macro_rules! webhook {
    ($which:literal) => {
        concat!(
            "SELECT w.id, w.community, w.url, w.secret, w.events, w.active, w.created_by, p.handle, p.name, p.kind, \
             w.url_by, a.handle AS url_by_handle, a.name AS url_by_name, a.kind AS url_by_kind, \
             a.server_owner AS url_by_owner, w.created_at, w.place, w.failures, w.failing_since, w.stopped_at \
             FROM webhooks w JOIN people p ON p.id = w.created_by JOIN people a ON a.id = w.url_by WHERE ",
            $which
        )
    };
}

sql! {
    /// A community's, oldest first.
    OF_COMMUNITY = Sql::both(webhook!("w.community = $1 ORDER BY w.created_at, w.id"));
    /// One.
    FIND = Sql::both(webhook!("w.id = $1"));
    /// How many a community has.
    COUNT = Sql::both("SELECT count(*) FROM webhooks WHERE community = $1");
    /// A new one.
    INSERT = Sql::both("INSERT INTO webhooks (id, community, url, secret, events, active, created_by, url_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)");
    /// Another address, other events: what failed before is forgotten.
    EDIT = Sql::both("UPDATE webhooks SET url = $2, url_by = $3, events = $4, active = $5, failures = 0, failing_since = NULL, \
        stopped_at = NULL WHERE id = $1");
    /// Gone, and its deliveries with it.
    DELETE = Sql::both("DELETE FROM webhooks WHERE id = $1");
    /// The next place in its line. It locks the webhook, and with it the line.
    TAKE_PLACE = Sql::both("UPDATE webhooks SET place = place + 1 WHERE id = $1 RETURNING place");
    /// Something arrived.
    REACHED = Sql::both("UPDATE webhooks SET failures = 0, failing_since = NULL WHERE id = $1");
    /// An attempt failed, or a delivery was given up.
    FAILED = Sql::both("UPDATE webhooks SET failures = failures + $2, failing_since = COALESCE(failing_since, $3) \
        WHERE id = $1");
    /// Nothing has changed; the webhook is locked.
    LOCK = Sql::both("UPDATE webhooks SET place = place WHERE id = $1");
    /// Switched off by the server.
    STOP = Sql::both("UPDATE webhooks SET active = FALSE, stopped_at = $2 WHERE id = $1");
    /// When an event happened.
    HAPPENED = Sql::both("SELECT at FROM events WHERE topic = $1 AND seq = $2");
}

/// A webhook as stored.
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
    /// The latest place in its line.
    pub place: i64,
    /// How many deliveries were given up in a row.
    pub failures: i64,
    /// Since when nothing arrived, if the latest attempt failed.
    pub failing_since: Option<Time>,
    /// When the server switched it off, if it did.
    pub stopped_at: Option<Time>,
}

row! { Stored {
    id, community, url, secret, events, active, created_by, handle, name, kind, url_by, url_by_handle, url_by_name,
    url_by_kind, url_by_owner, created_at, place, failures, failing_since, stopped_at
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

/// Takes the next place in a webhook's line; `None` when the webhook is gone. The line is locked until the commit: two
/// processes that go on with it at once would otherwise not see each other.
pub async fn take_place<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: WebhookId) -> Result<Option<i64>, StoreError> {
    conn.maybe(TAKE_PLACE, (id,)).await
}

/// Counts what came of an attempt, and locks the line; `false` when the webhook is gone.
pub async fn count_end<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    id: WebhookId,
    end: &DeliveryEnd,
    now: Time,
) -> Result<bool, StoreError> {
    let changed = match end {
        DeliveryEnd::Arrived { .. } => conn.run(REACHED, (id,)).await?,
        DeliveryEnd::Failed { last, .. } => conn.run(FAILED, (id, i64::from(*last), now)).await?,
        DeliveryEnd::LeftOut { .. } => conn.run(LOCK, (id,)).await?,
    };
    Ok(changed == 1)
}

/// Locks a webhook's line until the commit.
pub async fn lock<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: WebhookId) -> Result<(), StoreError> {
    conn.run(LOCK, (id,)).await.map(drop)
}

/// Switches a webhook off on the server's account.
pub async fn stop<C>(conn: &mut Conn<'_>, _: &Grant<C>, id: WebhookId, now: Time) -> Result<(), StoreError> {
    conn.run(STOP, (id, now)).await.map(drop)
}
