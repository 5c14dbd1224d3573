//! Rows as CSV (RFC 4180).

use serde::Serialize;
use serde_json::Value;

/// Why rows cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// A row is no object of plain values.
    #[error("a row is no object: {0}")]
    Row(#[from] serde_json::Error),
    /// The writer failed.
    #[error("the rows cannot be written: {0}")]
    Write(#[from] csv::Error),
    /// The writer failed at the end.
    #[error("the rows cannot be written: {0}")]
    Flush(String),
}

/// Writes a line of names, and a line for each row. Lists of texts are joined by spaces.
///
/// # Errors
/// A row cannot be serialised.
pub fn write<T: Serialize + Default>(rows: &[T]) -> Result<Vec<u8>, CsvError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let (names, _): (Vec<_>, Vec<_>) = fields(&T::default())?.into_iter().unzip();
    writer.write_record(&names)?;
    for row in rows {
        writer.write_record(fields(row)?.into_iter().map(|(_, value)| text(&value)))?;
    }
    writer.into_inner().map_err(|error| CsvError::Flush(error.to_string()))
}

fn fields<T: Serialize>(row: &T) -> Result<Vec<(String, Value)>, CsvError> {
    let object: serde_json::Map<String, Value> = serde_json::from_value(serde_json::to_value(row)?)?;
    Ok(object.into_iter().collect())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Array(values) => harmless(&values.iter().map(text_inside).collect::<Vec<_>>().join(" ")),
        other => other.to_string(),
    }
}

fn text_inside(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A table program must not take a pool's description for a formula.
fn harmless(text: &str) -> String {
    let number = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !number => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Planck, Texts};

    #[derive(Default, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        some_text: String,
        amount: Planck,
        links: Texts,
        apr: Option<f64>,
    }

    fn lines(rows: &[Row]) -> Vec<String> {
        let text = String::from_utf8(write(rows).unwrap()).unwrap();
        text.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn names_stand_above_even_when_there_are_no_rows() {
        assert_eq!(lines(&[]), ["someText,amount,links,apr", ""]);
    }

    #[test]
    fn commas_quotes_and_lines_stay_inside_their_field() {
        let row = Row {
            some_text: "a,\"b\"\nc".into(),
            amount: Planck(7),
            links: Texts(vec!["x".into(), "y".into()]),
            apr: Some(0.5),
        };
        assert_eq!(lines(&[row])[1], "\"a,\"\"b\"\"\nc\",7,x y,0.5");
    }

    #[test]
    fn a_description_is_no_formula() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("-5", "-5"),
            ("-x", "'-x"),
            ("@a", "'@a"),
            ("+1", "'+1"),
            ("a=b", "a=b"),
        ] {
            let row = Row {
                some_text: given.into(),
                ..Row::default()
            };
            assert_eq!(lines(&[row])[1], format!("{written},0,,"));
        }
    }
}
