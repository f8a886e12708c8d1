//! What communities have their messages judged by.

use serde_json::Value as Json;

use super::{Conn, Sql, StoreError};
use crate::{
    domain::{
        CommunityId, MessageId,
        moderation::{ModerationSettings, OwnModeration, Verdict},
    },
    policy::Grant,
    sql,
};

sql! {
    /// Everybody's.
    ALL_SETTINGS = Sql::both("SELECT community, settings FROM moderation");
    /// One community's.
    SETTINGS = Sql::both("SELECT settings FROM moderation WHERE community = $1");
    /// Others.
    SET_SETTINGS = Sql::both("INSERT INTO moderation (community, settings) VALUES ($1, $2) \
        ON CONFLICT (community) DO UPDATE SET settings = excluded.settings");
    /// What was said of a message.
    VERDICT = Sql::both("SELECT verdict FROM messages WHERE id = $1");
    /// What is said of it from now on.
    SET_VERDICT = Sql::both("UPDATE messages SET verdict = $2 WHERE id = $1 AND verdict <> $2");
}

/// Settings that cannot be read stop the start: to judge by nothing would open a door.
fn parsed(community: CommunityId, settings: Json) -> Result<ModerationSettings, StoreError> {
    serde_json::from_value(settings)
        .map_err(|cause| StoreError::other(format!("the moderation settings of {community} cannot be read: {cause}")))
}

/// What was said of a message when it was posted or last edited.
pub async fn verdict(conn: &mut Conn<'_>, message: MessageId) -> Result<Option<Verdict>, StoreError> {
    conn.maybe(VERDICT, (message,)).await
}

/// Every community's.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<OwnModeration>, StoreError> {
    let rows: Vec<(CommunityId, Json)> = conn.all(ALL_SETTINGS, ()).await?;
    let own = |(community, settings)| Ok(OwnModeration { community, settings: parsed(community, settings)? });
    rows.into_iter().map(own).collect()
}

/// One community's; those of one that set none judge by nothing.
pub async fn of(conn: &mut Conn<'_>, community: CommunityId) -> Result<ModerationSettings, StoreError> {
    let row: Option<Json> = conn.maybe(SETTINGS, (community,)).await?;
    row.map_or_else(|| Ok(ModerationSettings::default()), |settings| parsed(community, settings))
}

/// Gives a community other settings.
pub async fn set<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    community: CommunityId,
    settings: &ModerationSettings,
) -> Result<(), StoreError> {
    let settings = serde_json::to_value(settings).map_err(StoreError::other)?;
    conn.run(SET_SETTINGS, (community, &settings)).await.map(drop)
}

/// Notes what was said of a message.
pub async fn note<C>(
    conn: &mut Conn<'_>,
    _: &Grant<C>,
    message: MessageId,
    verdict: Verdict,
) -> Result<(), StoreError> {
    conn.run(SET_VERDICT, (message, verdict)).await.map(drop)
}
