//! What can be an argument of a statement and a column of a row, the same on both engines.

use std::{borrow::Cow, fmt::Display};

use uuid::Uuid;

/// An argument on its way to an engine.
#[derive(Debug, Clone)]
pub enum Value<'v> {
    /// Nothing, of a kind: PostgreSQL types its nulls.
    Null(Kind),
    /// `INTEGER` | `BIGINT`.
    Int(i64),
    /// `INTEGER` 0 or 1 | `BOOLEAN`.
    Bool(bool),
    /// `REAL` | `DOUBLE PRECISION`.
    Real(f64),
    /// `TEXT`.
    Text(&'v str),
    /// `BLOB` | `BYTEA`.
    Blob(&'v [u8]),
    /// `BLOB` of 16 bytes | `UUID`.
    Uuid(Uuid),
    /// `TEXT` | `JSONB`.
    Json(Cow<'v, serde_json::Value>),
    /// JSON text for `json_each` | an array.
    List(List),
}

/// The kinds of values, for typing a null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An integer.
    Int,
    /// A truth value.
    Bool,
    /// A floating-point number.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
    /// An id.
    Uuid,
    /// JSON.
    Json,
}

/// The items of a list argument (see [`listed!`](crate::listed)).
#[derive(Debug, Clone)]
pub enum List {
    /// Integers.
    Ints(Vec<i64>),
    /// Texts.
    Texts(Vec<String>),
    /// Ids.
    Uuids(Vec<Uuid>),
}

/// Can be an argument.
pub trait Bind: Sync {
    /// The kind of a null of this type.
    const KIND: Kind;
    /// The argument.
    fn bind(&self) -> Value<'_>;
}

/// Can be an item of a list argument.
pub trait Listed: Sized {
    /// The list of these items.
    fn list(items: &[Self]) -> List;
}

/// A list argument from a slice.
#[derive(Debug, Clone, Copy)]
pub struct Many<'m, T>(pub &'m [T]);

/// One column of one row, as an engine gave it.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'c> {
    /// Nothing.
    Null,
    /// Any integer, and SQLite's booleans.
    Int(i64),
    /// PostgreSQL's boolean.
    Bool(bool),
    /// A floating-point number.
    Real(f64),
    /// Text, and JSON as text.
    Text(&'c str),
    /// Bytes, and SQLite's ids.
    Blob(&'c [u8]),
    /// PostgreSQL's ids.
    Uuid(Uuid),
}

/// Can be read from a column. The error says what is wrong with the value.
pub trait Column: Sized {
    /// The value in this cell.
    fn column(cell: Cell<'_>) -> Result<Self, String>;
}

/// What a cell should have been.
pub(super) fn mismatch<T>(wanted: &str, cell: Cell<'_>) -> Result<T, String> {
    let found = match cell {
        Cell::Null => "null".to_owned(),
        Cell::Int(n) => format!("the integer {n}"),
        Cell::Bool(b) => format!("the boolean {b}"),
        Cell::Real(x) => format!("the number {x}"),
        // Never the text itself: it may be somebody's message.
        Cell::Text(text) => format!("{} bytes of text", text.len()),
        Cell::Blob(bytes) => format!("{} bytes", bytes.len()),
        Cell::Uuid(id) => format!("the id {id}"),
    };
    Err(format!("wanted {wanted}, found {found}"))
}

/// For the macros: turns a conversion's error into text.
#[doc(hidden)]
pub fn refused<T, E: Display>(name: &str, result: Result<T, E>) -> Result<T, String> {
    result.map_err(|error| format!("not a {name}: {error}"))
}

/// For the macros: the text of a cell.
#[doc(hidden)]
pub fn text(cell: Cell<'_>) -> Result<&str, String> {
    match cell {
        Cell::Text(text) => Ok(text),
        other => mismatch("text", other),
    }
}

/// For the macros: an argument that borrows nothing.
#[doc(hidden)]
pub trait Own {
    fn own(self) -> Value<'static>;
}

macro_rules! owned {
    ($($type:ty => $make:expr),+) => {$(
        impl Own for $type {
            fn own(self) -> Value<'static> { ($make)(self) }
        }
    )+};
}
owned!(i64 => Value::Int, i32 => |n| Value::Int(i64::from(n)), u32 => |n| Value::Int(i64::from(n)), bool => Value::Bool, Uuid => Value::Uuid);

macro_rules! plain {
    ($($type:ty, $kind:ident, |$me:ident| $bind:expr, $wanted:literal, { $($pattern:pat => $column:expr),+ $(,)? };)+) => {$(
        impl Bind for $type {
            const KIND: Kind = Kind::$kind;
            fn bind(&self) -> Value<'_> { let $me = self; $bind }
        }
        impl Column for $type {
            fn column(cell: Cell<'_>) -> Result<Self, String> {
                match cell { $($pattern => $column,)+ other => mismatch($wanted, other) }
            }
        }
    )+};
}

plain! {
    i64, Int, |n| Value::Int(*n), "an integer", { Cell::Int(n) => Ok(n) };
    i32, Int, |n| Value::Int(i64::from(*n)), "an integer", { Cell::Int(n) => n.try_into().map_err(|_| format!("{n} does not fit 32 bits")) };
    u32, Int, |n| Value::Int(i64::from(*n)), "an integer", { Cell::Int(n) => n.try_into().map_err(|_| format!("{n} does not fit 32 bits unsigned")) };
    bool, Bool, |b| Value::Bool(*b), "a boolean", { Cell::Bool(b) => Ok(b), Cell::Int(0) => Ok(false), Cell::Int(1) => Ok(true) };
    f64, Real, |x| Value::Real(*x), "a number", { Cell::Real(x) => Ok(x) };
    String, Text, |text| Value::Text(text), "text", { Cell::Text(text) => Ok(text.to_owned()) };
    Vec<u8>, Blob, |bytes| Value::Blob(bytes), "bytes", { Cell::Blob(bytes) => Ok(bytes.to_vec()) };
    Uuid, Uuid, |id| Value::Uuid(*id), "an id", {
        Cell::Uuid(id) => Ok(id),
        Cell::Blob(bytes) => Uuid::from_slice(bytes).map_err(|_| format!("{} bytes are not an id", bytes.len())),
    };
    serde_json::Value, Json, |json| Value::Json(Cow::Borrowed(json)), "JSON", {
        Cell::Text(text) => serde_json::from_str(text).map_err(|error| format!("not JSON: {error}")),
    };
}

impl<const N: usize> Column for [u8; N] {
    fn column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Blob(bytes) => bytes.try_into().map_err(|_| format!("wanted {N} bytes, found {}", bytes.len())),
            other => mismatch("bytes", other),
        }
    }
}

impl<const N: usize> Bind for [u8; N] {
    const KIND: Kind = Kind::Blob;
    fn bind(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<T: Column> Column for Option<T> {
    fn column(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Null => Ok(None),
            cell => T::column(cell).map(Some),
        }
    }
}

impl<T: Bind> Bind for Option<T> {
    const KIND: Kind = T::KIND;
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null(T::KIND), Bind::bind)
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    const KIND: Kind = T::KIND;
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl Bind for str {
    const KIND: Kind = Kind::Text;
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for [u8] {
    const KIND: Kind = Kind::Blob;
    fn bind(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<T: Listed + Sync> Bind for Many<'_, T> {
    // A list is never null: an empty one says the same.
    const KIND: Kind = Kind::Blob;
    fn bind(&self) -> Value<'_> {
        Value::List(T::list(self.0))
    }
}

impl<T: Listed + Sync> Bind for Vec<T> {
    const KIND: Kind = Kind::Blob;
    fn bind(&self) -> Value<'_> {
        Value::List(T::list(self))
    }
}

impl Listed for Uuid {
    fn list(items: &[Self]) -> List {
        List::Uuids(items.to_vec())
    }
}

impl Listed for i64 {
    fn list(items: &[Self]) -> List {
        List::Ints(items.to_vec())
    }
}

impl Listed for String {
    fn list(items: &[Self]) -> List {
        List::Texts(items.to_vec())
    }
}

impl Listed for &str {
    fn list(items: &[Self]) -> List {
        List::Texts(items.iter().map(|text| (*text).to_owned()).collect())
    }
}

/// The arguments of a statement: `()`, one value, or a tuple of up to sixteen.
pub trait Binds {
    /// Lends the arguments, in order.
    fn lend<R>(&self, take: impl FnOnce(&[Value<'_>]) -> R) -> R;
}

impl Binds for () {
    fn lend<R>(&self, take: impl FnOnce(&[Value<'_>]) -> R) -> R {
        take(&[])
    }
}

impl<T: Bind> Binds for T {
    fn lend<R>(&self, take: impl FnOnce(&[Value<'_>]) -> R) -> R {
        take(&[self.bind()])
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Bind),+> Binds for ($($name,)+) {
            fn lend<R>(&self, take: impl FnOnce(&[Value<'_>]) -> R) -> R {
                #[expect(non_snake_case, reason = "each type parameter also names its value")]
                let ($($name,)+) = self;
                take(&[$($name.bind()),+])
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D F);
tuples!(A B C D F G);
tuples!(A B C D F G H);
tuples!(A B C D F G H I);
tuples!(A B C D F G H I J);
tuples!(A B C D F G H I J K);
tuples!(A B C D F G H I J K L);
tuples!(A B C D F G H I J K L M);
tuples!(A B C D F G H I J K L M N);
tuples!(A B C D F G H I J K L M N O);
tuples!(A B C D F G H I J K L M N O P);
tuples!(A B C D F G H I J K L M N O P Q);
tuples!(A B C D F G H I J K L M N O P Q S);
