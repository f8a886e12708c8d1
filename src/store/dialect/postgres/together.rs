//! Several statements in one round trip. PostgreSQL runs every part of a `WITH` that changes something, asked for or
//! not, so statements that nobody asks back become parts of one.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{AssertSqlSafe, Executor, PgConnection, postgres::PgArguments};

use super::{Names, add, refused};
use crate::store::{StoreError, value::Value};

/// Statements in one at most: an import's messages have fourteen arguments each, and the protocol takes 65,535.
const MOST: usize = 64;

/// How many compositions are kept. Commands leave behind a few dozen kinds; an import's last page one of any length.
const KEPT: usize = 512;

/// What was composed before: the same statements follow each other again and again.
static COMPOSED: LazyLock<Mutex<HashMap<Vec<&'static str>, Arc<str>>>> = LazyLock::new(Mutex::default);

/// Statements on their way, with their arguments.
#[derive(Default)]
pub struct Together {
    statements: Vec<&'static str>,
    arguments: PgArguments,
}

impl Together {
    pub fn add(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<(), StoreError> {
        self.statements.push(sql);
        add(&mut self.arguments, sql, values)
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    pub fn is_full(&self) -> bool {
        self.statements.len() >= MOST
    }

    pub async fn send(self, conn: &mut PgConnection, names: &Names) -> Result<(), StoreError> {
        let first = self.statements.first().copied().unwrap_or_default();
        let text = {
            let mut composed = COMPOSED.lock().unwrap_or_else(PoisonError::into_inner);
            if composed.len() >= KEPT {
                composed.clear();
            }
            Arc::clone(composed.entry(self.statements).or_insert_with_key(|statements| compose(statements).into()))
        };
        // Made of the constants of the store alone.
        let sent = conn.execute(sqlx::query_with(AssertSqlSafe(text), self.arguments)).await;
        sent.map(drop).map_err(|error| refused(&error, names, first))
    }
}

/// `WITH a AS (…), b AS (…) …`, the arguments numbered through.
fn compose(statements: &[&'static str]) -> String {
    let (mut text, mut before) = (String::new(), 0);
    for (number, statement) in statements.iter().enumerate() {
        if number + 1 == statements.len() {
            before = shifted(&mut text, statement, before);
        } else {
            let _ = write!(text, "{} s{number} AS (", if number == 0 { "WITH" } else { "," });
            before = shifted(&mut text, statement, before);
            text.push_str(") ");
        }
    }
    text
}

/// Writes `statement` with `before` added to the number of each argument; answers the highest.
fn shifted(text: &mut String, statement: &str, before: usize) -> usize {
    let mut parts = statement.split('$');
    text.push_str(parts.next().unwrap_or_default());
    let mut highest = before;
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number = before + part[..digits].parse::<usize>().unwrap_or_default();
        let _ = write!(text, "${number}{}", &part[digits..]);
        highest = highest.max(number);
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::compose;

    #[test]
    fn statements_side_by_side_have_their_arguments_numbered_through() {
        assert_eq!(compose(&["INSERT INTO a VALUES ($1)"]), "INSERT INTO a VALUES ($1)");
        assert_eq!(
            compose(&["INSERT INTO a VALUES ($1, $2, $1)", "DELETE FROM b", "UPDATE c SET d = $2 WHERE e = $1"]),
            "WITH s0 AS (INSERT INTO a VALUES ($1, $2, $1)) , s1 AS (DELETE FROM b) UPDATE c SET d = $4 WHERE e = $3"
        );
    }
}
