//! From the database's rows to the answers' types.

use rusqlite::Row;

/// A type that is read from a row of a query.
pub trait Columns: Sized {
    /// What the query selects, in the order of the fields.
    const SQL: &'static str;

    /// Reads a row of it.
    ///
    /// # Errors
    /// The database has something else in a column.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;
}

/// Says for each field of a type which column, or expression, it is read from.
macro_rules! columns {
    ($type:ty { $($field:ident = $sql:literal),+ $(,)? }) => {
        impl $crate::api::columns::Columns for $type {
            const SQL: &'static str = $crate::api::columns::columns!(@list $($sql),+);

            fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut place = 0usize;
                Ok(Self {
                    $($field: {
                        let value = row.get(place)?;
                        #[allow(unused_assignments)]
                        { place = place.wrapping_add(1); }
                        value
                    },)+
                })
            }
        }
    };
    (@list $first:literal $(, $rest:literal)*) => { concat!($first $(, ", ", $rest)*) };
}
pub(crate) use columns;
