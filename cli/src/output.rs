//! Tables and JSON.

use crate::failure::Failure;
use comfy_table::{presets, CellAlignment, ContentArrangement, Table};
use serde::Serialize;
use std::io::{self, Write};

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs: one JSON document.
    Json,
}

/// A table with a heading row. Columns whose heading begins with `>` are aligned to the right.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings.iter().map(|heading| heading.trim_start_matches('>')));
    for (column, heading) in table.column_iter_mut().zip(headings) {
        column.set_padding((0, 2));
        if heading.starts_with('>') {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The table's lines, without white space at their ends.
pub fn lines(table: &Table) -> Vec<String> {
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// The table's lines below an empty one.
pub fn lines_below(table: &Table) -> Vec<String> {
    [String::new()].into_iter().chain(lines(table)).collect()
}

/// Prints lines. A reader that has gone away (`khala … | head`) is no error.
pub fn print_lines<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for line in lines {
        match writeln!(out, "{}", line.as_ref()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| Failure::failed(format!("cannot write to standard output: {error}")))?,
        }
    }
    Ok(())
}

/// Prints a table.
pub fn print_table(table: &Table) -> Result<(), Failure> {
    print_lines(lines(table))
}

/// Prints a value as one JSON document on one line.
pub fn print_json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::failed(format!("cannot write the result as JSON: {error}")))?;
    print_lines([text])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let mut table = table(&["worker", ">earned"]);
        table.add_row(["a", "1.5"]).add_row(["worker-2", "1,000.5"]);
        assert_eq!(lines(&table), ["worker     earned", "a             1.5", "worker-2  1,000.5"]);
    }
}
