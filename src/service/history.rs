//! What edited messages said before (M11).

use super::{Asking, Outcome, Query, message::MessageScope};
use crate::{
    domain::{
        Action, Error,
        history::{Edit, History},
        message::MessageStatus,
        query::ReadHistory,
    },
    store::edits,
};

impl Query for ReadHistory {
    type Scope = MessageScope;
    type Output = History;

    fn action(&self) -> Action {
        Action::ReadHistory
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<MessageScope> {
        MessageScope::load(asking.conn, asking.actor, self.message).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, scope: MessageScope) -> Outcome<History> {
        let place = scope.place;
        if place.status == MessageStatus::Deleted {
            return Err(Error::conflict("This message was deleted, and what it said before with it.").into());
        }
        let rows = edits::of(asking.conn, self.message).await?;
        let edit = |row: edits::Stored| Edit { before: row.body, at: row.edited_at, reason: row.reason };
        Ok(History {
            message: place.id,
            channel: place.channel,
            body: place.body,
            created_at: place.created_at,
            edited_at: place.edited_at,
            edits: rows.into_iter().map(edit).collect(),
        })
    }
}
