//! Holds both dialects of the schema to the same tables and columns, and prepares every statement on both.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conn, Sql, StoreError};

const COLUMNS: Sql = Sql::split(
    "the catalogues",
    "SELECT m.name, c.name, c.type, c.\"notnull\" OR c.pk > 0
     FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO'
     FROM information_schema.columns WHERE table_schema = current_schema()",
);

/// What a column is, as both engines can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The engine's word for its type.
    pub kind: String,
    /// Whether it can be null.
    pub nullable: bool,
}

/// The columns of a database by table and name.
pub type Shapes = BTreeMap<(String, String), Shape>;

/// Reads the columns of the database.
pub async fn shapes(conn: &mut Conn<'_>) -> Result<Shapes, StoreError> {
    let columns: Vec<(String, String, String, bool)> = conn.all(COLUMNS, ()).await?;
    let shape = |(table, column, kind, required): (String, String, String, bool)| {
        ((table, column), Shape { kind: kind.to_lowercase(), nullable: !required })
    };
    Ok(columns.into_iter().map(shape).collect())
}

/// How two databases differ, one line each. `apart` names tables, or columns as `table.column`, that only one
/// engine has, for a reason; the tables that go with a virtual one (`words_data`) are meant by its name.
pub fn differences(sqlite: &Shapes, postgres: &Shapes, apart: &[&str]) -> Vec<String> {
    let apart = |table: &str, column: &str| {
        let whole = format!("{table}.{column}");
        apart.iter().any(|name| *name == table || *name == whole || table.starts_with(&format!("{name}_")))
    };
    let all: BTreeSet<_> =
        sqlite.keys().chain(postgres.keys()).filter(|(table, column)| !apart(table, column)).collect();
    let difference = |key: &(String, String)| {
        let name = format!("{}.{}", key.0, key.1);
        match (sqlite.get(key), postgres.get(key)) {
            (Some(_), None) => Some(format!("{name} is missing in PostgreSQL")),
            (None, Some(_)) => Some(format!("{name} is missing in SQLite")),
            (Some(a), Some(b)) if !same(&a.kind, &b.kind) => {
                Some(format!("{name} is {} here and {} there", a.kind, b.kind))
            }
            (Some(a), Some(b)) if a.nullable != b.nullable => Some(format!("{name} can be null on one of them")),
            _ => None,
        }
    };
    all.into_iter().filter_map(difference).collect()
}

/// The portable types.
fn same(sqlite: &str, postgres: &str) -> bool {
    match sqlite {
        "blob" => matches!(postgres, "uuid" | "bytea"),
        "integer" | "bigint" | "int" => matches!(postgres, "bigint" | "integer" | "smallint" | "boolean"),
        "text" => matches!(postgres, "text" | "jsonb" | "json"),
        "real" => postgres == "double precision",
        _ => false,
    }
}

/// Which statements this engine refuses, and why.
pub async fn refused(conn: &mut Conn<'_>, statements: &[(&str, &[(&str, Sql)])]) -> Vec<String> {
    let mut refused = Vec::new();
    for (file, statements) in statements {
        for (name, sql) in *statements {
            if let Err(error) = conn.prepare(*sql).await {
                refused.push(format!("{file}::{name}: {error}"));
            }
        }
    }
    refused
}
