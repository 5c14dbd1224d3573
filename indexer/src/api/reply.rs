//! Answers: JSON, or the same rows as a CSV file.

use super::{csv, parameters::Format, problem::Problem};
use crate::model::{Page, Series, Slice};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts, HeaderValue},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::convert::Infallible;

/// What the request's `Accept` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted(Format);

impl Accepted {
    /// The form of the answer: that of the parameter `format`, else that of `Accept`.
    pub fn or(self, asked: Option<Format>) -> Format {
        asked.unwrap_or(self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Accepted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let csv = accept.is_some_and(|accept| accept.trim_start().starts_with("text/csv"));
        Ok(Self(if csv { Format::Csv } else { Format::Json }))
    }
}

/// What has rows.
pub trait Rows: Serialize {
    /// A row.
    type Row: Serialize + Default;

    /// The rows.
    fn rows(&self) -> &[Self::Row];
}

impl<T: Serialize + Default> Rows for Page<T> {
    type Row = T;

    fn rows(&self) -> &[T] {
        &self.items
    }
}

impl<T: Serialize + Default> Rows for Slice<T> {
    type Row = T;

    fn rows(&self) -> &[T] {
        &self.items
    }
}

impl<T: Serialize + Default> Rows for Series<T> {
    type Row = T;

    fn rows(&self) -> &[T] {
        &self.points
    }
}

/// A list, a history or a series.
pub struct Reply<R> {
    /// Its rows.
    pub rows: R,
    /// In which form.
    pub format: Format,
    /// What a CSV file of it is called, without its ending.
    pub name: &'static str,
}

impl<R: Rows> IntoResponse for Reply<R> {
    fn into_response(self) -> Response {
        match self.format {
            Format::Json => axum::Json(self.rows).into_response(),
            Format::Csv => match csv::write(self.rows.rows()) {
                Ok(bytes) => csv_response(self.name, bytes),
                Err(error) => Problem::internal(&error).into_response(),
            },
        }
    }
}

fn csv_response(name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
