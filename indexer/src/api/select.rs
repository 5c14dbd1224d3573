//! Queries over one table: filters, order, a part.

use super::{
    columns::Columns,
    parameters::{Order, Part, Span, Stretch},
};
use crate::{
    model::{Interval, Page, Slice},
    store::grain,
};
use rusqlite::{Connection, ToSql};

/// Builds a query. Texts of this type are code, never input: input goes in as values.
pub struct Select {
    from: &'static str,
    /// The table whose rows are counted: that of `from`, without what is joined to it.
    counted: &'static str,
    filters: Vec<&'static str>,
    values: Vec<Box<dyn ToSql + Send>>,
}

impl Select {
    /// From a table or a view.
    pub fn from(from: &'static str) -> Self {
        Self {
            from,
            counted: from,
            filters: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Counts the rows of the table that a view is made of: it has the columns of the filters, and a row for each of the view's.
    pub fn counting(mut self, table: &'static str) -> Self {
        self.counted = table;
        self
    }

    /// Only rows for which `filter`, with one `?` in it, is true of the value; every row when there is none.
    pub fn only<T: ToSql + Send + 'static>(mut self, filter: &'static str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.filters.push(filter);
            self.values.push(Box::new(value));
        }
        self
    }

    /// Only rows for which `filter`, without values, is true.
    pub fn only_if(mut self, condition: bool, filter: &'static str) -> Self {
        if condition {
            self.filters.push(filter);
        }
        self
    }

    fn filter(&self) -> String {
        if self.filters.is_empty() {
            return String::new();
        }
        format!(" WHERE {}", self.filters.join(" AND "))
    }

    /// One row, if there is one.
    pub fn one<T: Columns>(&self, db: &Connection) -> rusqlite::Result<Option<T>> {
        let sql = format!("SELECT {} FROM {}{} LIMIT 1", T::SQL, self.from, self.filter());
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query(self.parameters(&[]).as_slice())?;
        rows.next()?.map(T::read).transpose()
    }

    /// A part of the rows, sorted by a column and then by the key, which makes the order the same every time. `id` is a column that no two
    /// rows have in common: the part is found by it, and only its rows are read.
    pub fn page<T: Columns>(self, db: &Connection, id: &str, by: &str, order: Order, key: &str, part: Part) -> rusqlite::Result<Page<T>> {
        let filter = self.filter();
        let total = db
            .prepare_cached(&format!("SELECT count(*) FROM {}{filter}", self.counted))?
            .query_row(self.parameters(&[]).as_slice(), |row| row.get(0))?;
        let order = format!("ORDER BY {by} {} NULLS LAST, {key}", order.sql());
        let sql = format!(
            "SELECT {} FROM {from} WHERE {id} IN (SELECT {id} FROM {from}{filter} {order} LIMIT ? OFFSET ?) {order}",
            T::SQL,
            from = self.from,
        );
        let items = self.all(db, &sql, &[&part.limit, &part.offset])?;
        Ok(Page {
            items,
            total,
            offset: part.offset,
            limit: part.limit,
        })
    }

    /// A part of a history, newest first. The table has `time_ms` and `place`.
    pub fn slice<T: Columns>(mut self, db: &Connection, stretch: Stretch) -> rusqlite::Result<Slice<T>> {
        self.filters.push("time_ms BETWEEN ? AND ?");
        self.values.push(Box::new(stretch.from_ms));
        self.values.push(Box::new(stretch.to_ms));
        if let Some((time_ms, place)) = stretch.before {
            self.filters.push("(time_ms, place) < (?, ?)");
            self.values.push(Box::new(time_ms));
            self.values.push(Box::new(place));
        }
        let sql = format!(
            "SELECT {}, time_ms, place FROM {}{} ORDER BY time_ms DESC, place DESC LIMIT ?",
            T::SQL,
            self.from,
            self.filter()
        );
        // One more than asked for tells whether something follows.
        let more = stretch.limit.saturating_add(1);
        let mut statement = db.prepare_cached(&sql)?;
        let width = statement.column_count();
        let mut rows = statement.query(self.parameters(&[&more]).as_slice())?;
        let (mut items, mut last) = (Vec::new(), None);
        while let Some(row) = rows.next()? {
            if items.len() == stretch.limit as usize {
                return Ok(Slice { items, next: last });
            }
            items.push(T::read(row)?);
            let (time_ms, place): (u64, u32) = (row.get(width.saturating_sub(2))?, row.get(width.saturating_sub(1))?);
            last = Some(format!("{time_ms}-{place}"));
        }
        Ok(Slice { items, next: None })
    }

    /// The newest points of a series, oldest first. The table has `time_ms` and `grain`.
    pub fn points<T: Columns>(mut self, db: &Connection, span: Span) -> rusqlite::Result<Vec<T>> {
        let grain = match span.interval {
            Interval::Sample => grain::SAMPLE,
            Interval::Hour => grain::HOUR,
            Interval::Day => grain::DAY,
        };
        self.filters.push("grain >= ?");
        self.values.push(Box::new(grain));
        self.filters.push("time_ms BETWEEN ? AND ?");
        self.values.push(Box::new(span.from_ms));
        self.values.push(Box::new(span.to_ms));
        let sql = format!(
            "SELECT {} FROM {}{} ORDER BY time_ms DESC LIMIT ?",
            T::SQL,
            self.from,
            self.filter()
        );
        let mut points = self.all(db, &sql, &[&span.limit])?;
        points.reverse();
        Ok(points)
    }

    fn all<T: Columns>(&self, db: &Connection, sql: &str, more: &[&dyn ToSql]) -> rusqlite::Result<Vec<T>> {
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(self.parameters(more).as_slice(), T::read)?;
        rows.collect()
    }

    fn parameters<'p>(&'p self, more: &[&'p dyn ToSql]) -> Vec<&'p dyn ToSql> {
        self.values
            .iter()
            .map(|value| value.as_ref() as &dyn ToSql)
            .chain(more.iter().copied())
            .collect()
    }
}
