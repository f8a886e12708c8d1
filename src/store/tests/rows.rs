use serde_json::json;
use uuid::Uuid;

use super::{HERE, id, options};
use crate::{
    each_engine, listed, portable, portable_text, row, sql,
    store::{Many, Sql, Store, StoreError},
};

#[derive(Debug, Clone, Copy, PartialEq)]
struct NoteId(Uuid);

impl From<NoteId> for Uuid {
    fn from(id: NoteId) -> Self {
        id.0
    }
}

impl From<Uuid> for NoteId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Word(String);

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Word {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.contains(' ') { Err("two words") } else { Ok(Self(text)) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Colour {
    Red,
    Blue,
}

impl Colour {
    fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Blue => "blue",
        }
    }
}

impl std::str::FromStr for Colour {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "red" => Ok(Self::Red),
            "blue" => Ok(Self::Blue),
            _ => Err("unknown colour"),
        }
    }
}

portable! { NoteId(Uuid), Word(String) }
portable_text! { Colour }

#[derive(Debug, Clone, PartialEq)]
struct KindsRow {
    id: i64,
    small: Option<i32>,
    truth: Option<bool>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    uid: Option<NoteId>,
    json: Option<serde_json::Value>,
    real: Option<f64>,
}

row! { KindsRow { id, small, truth, text, bytes, uid, json, real } }

#[derive(Debug, PartialEq)]
struct WordRow {
    text: Word,
    id: i64,
}

row! { WordRow { text, id } }

sql! {
    INSERT = Sql::both("INSERT INTO kinds (id, small, truth, text, bytes, uid, json, \"real\") \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    // The arguments come in another order than their numbers, and one comes twice.
    BY_UID = Sql::both("SELECT * FROM kinds WHERE uid = $2 OR text = $1 OR $1 = 'all' ORDER BY id");
    LISTED = listed!("SELECT id FROM kinds WHERE uid", uuid "$1", "OR text", text "$2", "OR id", int "$3", "ORDER BY id");
    TRUE = Sql::both("SELECT count(*) FROM kinds WHERE truth = $1");
    SUM = Sql::both("SELECT CAST(sum(id) AS BIGINT), max(small), CAST(1.5 AS DOUBLE PRECISION) FROM kinds");
}

fn full(number: i64) -> KindsRow {
    KindsRow {
        id: number,
        small: Some(-7),
        truth: Some(number % 2 == 0),
        text: Some(format!("þ-{number}")),
        bytes: Some(vec![0, 255]),
        uid: Some(NoteId(id(number.unsigned_abs().into()))),
        json: Some(json!({"a": [1, null, "x"]})),
        real: Some(0.25),
    }
}

async fn insert(store: &Store, row: KindsRow) -> Result<u64, StoreError> {
    let args = (row.id, row.small, row.truth, row.text, row.bytes, row.uid, row.json, row.real);
    store.write(HERE, |conn| Box::pin(async move { conn.run(INSERT, args).await })).await
}

each_engine! { with options();
    async fn every_kind_of_value_comes_back_as_it_went(store: Store) {
        let bare = KindsRow { id: 2, small: None, truth: None, text: None, bytes: None, uid: None, json: None, real: None };
        assert_eq!(insert(&store, full(1)).await, Ok(1));
        assert_eq!(insert(&store, bare.clone()).await, Ok(1));
        let rows = store.read(|conn| Box::pin(conn.all::<KindsRow>(BY_UID, ("all", Option::<Uuid>::None)))).await;
        assert_eq!(rows, Ok::<_, StoreError>(vec![full(1), bare]));
        let found = store.read(|conn| Box::pin(conn.maybe::<KindsRow>(BY_UID, ("", NoteId(id(1)))))).await;
        assert_eq!(found, Ok::<_, StoreError>(Some(full(1))));
        let figures = store.read(|conn| Box::pin(conn.one::<(i64, Option<i32>, f64)>(SUM, ()))).await;
        assert_eq!(figures, Ok::<_, StoreError>((3, Some(-7), 1.5)));
    }
}

each_engine! { with options();
    async fn lists_find_what_they_name_and_empty_ones_nothing(store: Store) {
        for number in 1..=9 {
            insert(&store, full(number)).await.unwrap();
        }
        let found: Result<Vec<i64>, StoreError> = store.read(|conn| Box::pin(async move {
            let ids = [NoteId(id(2)), NoteId(id(4))];
            conn.all(LISTED, (Many(&ids), vec!["þ-6".to_owned()], vec![9_i64])).await
        })).await;
        assert_eq!(found.unwrap(), [2, 4, 6, 9]);
        let none = (Vec::<Uuid>::new(), Vec::<String>::new(), Vec::<i64>::new());
        let found = store.read(|conn| Box::pin(conn.all::<i64>(LISTED, none))).await;
        assert_eq!(found, Ok::<_, StoreError>(vec![]));
        let found = store.read(|conn| Box::pin(conn.one::<i64>(TRUE, true))).await;
        assert_eq!(found, Ok::<_, StoreError>(4));
    }
}

each_engine! { with options();
    async fn a_value_that_does_not_fit_is_named_by_table_column_and_row(store: Store) {
        insert(&store, KindsRow { text: Some("two words".to_owned()), ..full(5) }).await.unwrap();
        let word = store.read(|conn| Box::pin(conn.all::<WordRow>(BY_UID, ("all", id(0))))).await;
        let Err(StoreError::Decode { table, column, row, cause }) = word else { panic!("{word:?}") };
        assert_eq!((table, &*column, &*row), ("WordRow", "text", "5"));
        assert_eq!(cause, "not a Word: two words");
        let missing = store.read(|conn| Box::pin(conn.one::<WordRow>(TRUE, true))).await;
        let Err(StoreError::Decode { column, cause, .. }) = missing else { panic!("{missing:?}") };
        assert_eq!((&*column, &*cause), ("text", "the statement does not return it"));
        let absent = store.read(|conn| Box::pin(conn.one::<WordRow>(BY_UID, ("", id(0))))).await;
        assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
        let colour = store.read(|conn| Box::pin(conn.one::<Colour>(Sql::both("SELECT 'green'"), ()))).await;
        assert!(matches!(&colour, Err(StoreError::Decode { cause, .. }) if cause == "not a Colour: unknown colour"), "{colour:?}");
        let colour = store.read(|conn| Box::pin(conn.one::<Colour>(Sql::both("SELECT 'blue'"), ()))).await;
        assert_eq!((colour, Colour::Red.as_str()), (Ok::<_, StoreError>(Colour::Blue), "red"));
    }
}
