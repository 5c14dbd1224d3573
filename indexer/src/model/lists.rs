//! Lists.

use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Rows that the whole list has.
    pub total: u64,
    /// Rows before the first one of this part.
    pub offset: u64,
    /// Most rows that this part could have.
    pub limit: u32,
}

/// A part of a history, newest first.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The `cursor` of the next part; null at the end.
    #[schema(pattern = "^[0-9]{1,16}-[0-9]{1,10}$", example = "1790000000000-3")]
    pub next: Option<String>,
}
