//! Rules of this server's own, beside the built-in ones.

use serde_json::Value as Json;

use super::{Conn, Sql, StoreError};
use crate::{policy::Rule, row, sql};

sql! {
    /// All of them.
    ALL_RULES = Sql::both("SELECT name, effect, scope, actions, condition, priority, active FROM rules ORDER BY created_at, id");
}

struct Row {
    name: String,
    effect: String,
    scope: Json,
    actions: Json,
    condition: Json,
    priority: i64,
    active: bool,
}

row! { Row { name, effect, scope, actions, condition, priority, active } }

/// All of them, in the order they were made.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<Rule>, StoreError> {
    let rows: Vec<Row> = conn.all(ALL_RULES, ()).await?;
    rows.into_iter().map(Row::rule).collect()
}

impl Row {
    /// A rule whose parts cannot be read stops the start: ignoring a denial would open a door.
    fn rule(self) -> Result<Rule, StoreError> {
        let name = self.name.clone();
        let unreadable = |cause: serde_json::Error| StoreError::other(format!("rule {name:?} cannot be read: {cause}"));
        Ok(Rule {
            effect: serde_json::from_value(Json::String(self.effect)).map_err(&unreadable)?,
            scope: serde_json::from_value(self.scope).map_err(&unreadable)?,
            actions: serde_json::from_value(self.actions).map_err(&unreadable)?,
            condition: serde_json::from_value(self.condition).map_err(&unreadable)?,
            priority: u16::try_from(self.priority).map_err(|_| StoreError::other("a rule's priority is 1 to 1000"))?,
            active: self.active,
            name: self.name,
        })
    }
}
