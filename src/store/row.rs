//! Rows by column name.

use super::{Cell, Column, StoreError};

/// Can be read from a row: a struct by [`row!`](crate::row), a tuple by position, or one column.
pub trait FromRow: Sized {
    /// What an error calls it.
    const TABLE: &'static str;
    /// The columns it takes, in order; empty when it takes them by position.
    const COLUMNS: &'static [&'static str];
    /// The value of this row.
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError>;
}

/// What a driver's row can do.
pub(super) trait Cells {
    fn cell(&self, position: usize) -> Result<Cell<'_>, String>;
    fn name(&self, position: usize) -> &str;
    fn width(&self) -> usize;
}

/// A row that is being read, column after column.
pub struct Row<'r> {
    cells: &'r dyn Cells,
    places: &'r [usize],
    table: &'static str,
    number: usize,
    next: usize,
}

impl<'r> Row<'r> {
    /// Finds, once a result, where the columns of `R` are.
    pub(super) fn places<R: FromRow>(cells: &dyn Cells) -> Result<Vec<usize>, StoreError> {
        let width = cells.width();
        let find = |(hint, wanted): (usize, &&'static str)| {
            // Statements mostly name the columns in the struct's order.
            if hint < width && cells.name(hint) == *wanted {
                return Ok(hint);
            }
            (0..width).find(|at| cells.name(*at) == *wanted).ok_or_else(|| StoreError::Decode {
                table: R::TABLE,
                column: (*wanted).to_owned(),
                row: "every".to_owned(),
                cause: "the statement does not return it".to_owned(),
            })
        };
        R::COLUMNS.iter().enumerate().map(find).collect()
    }

    pub(super) fn read<R: FromRow>(cells: &'r dyn Cells, places: &'r [usize], number: usize) -> Result<R, StoreError> {
        R::from_row(&mut Self { cells, places, table: R::TABLE, number, next: 0 })
    }

    /// The next column.
    pub fn take<T: Column>(&mut self) -> Result<T, StoreError> {
        let place = self.places.get(self.next).copied().unwrap_or(self.next);
        self.next += 1;
        if place >= self.cells.width() {
            return Err(self.error(format!("{place}"), "the statement returns fewer columns".to_owned()));
        }
        self.cells.cell(place).and_then(T::column).map_err(|cause| self.error(self.cells.name(place).to_owned(), cause))
    }

    fn error(&self, column: String, cause: String) -> StoreError {
        StoreError::Decode { table: self.table, column, row: self.identity(), cause }
    }

    fn identity(&self) -> String {
        let id = (0..self.cells.width()).find(|at| self.cells.name(*at) == "id");
        match id.and_then(|at| self.cells.cell(at).ok()) {
            Some(Cell::Int(id)) => id.to_string(),
            Some(Cell::Uuid(id)) => id.to_string(),
            Some(Cell::Blob(bytes)) if bytes.len() == 16 => {
                uuid::Uuid::from_slice(bytes).map_or_else(|_| String::new(), |id| id.to_string())
            }
            _ => format!("#{}", self.number),
        }
    }
}

impl<T: Column> FromRow for T {
    const TABLE: &'static str = "value";
    const COLUMNS: &'static [&'static str] = &[];
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        row.take()
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            const TABLE: &'static str = "tuple";
            const COLUMNS: &'static [&'static str] = &[];
            fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
                Ok(($(row.take::<$name>()?,)+))
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

/// Reads structs from rows by column name: `row! { MessageRow { id, channel, author } }`. Every field is
/// named; the statement may return them in any order, and more. A type with generics or a field named
/// otherwise than its column implements [`FromRow`](crate::store::FromRow) by hand.
#[macro_export]
macro_rules! row {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::store::FromRow for $name {
            const TABLE: &'static str = stringify!($name);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn from_row(row: &mut $crate::store::Row<'_>) -> ::core::result::Result<Self, $crate::store::StoreError> {
                // Fields are evaluated as written, which is the order of COLUMNS.
                ::core::result::Result::Ok(Self { $($field: row.take()?),+ })
            }
        }
    )+};
}
