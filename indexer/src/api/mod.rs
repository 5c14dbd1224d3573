//! The HTTP interface: one file for each noun, all under `/api/v1`, described by an OpenAPI document that is made of the code.

mod accounts;
mod columns;
mod config;
mod csv;
mod delegations;
mod heartbeats;
mod leases;
mod movements;
mod network;
mod parameters;
mod pools;
mod problem;
mod reply;
mod rewards;
mod search;
mod select;
mod slashes;
mod status;
mod transactions;
mod vaults;
mod withdrawals;
mod workers;

pub use problem::Problem;

use crate::{
    health::Health,
    model::{Interval, Series},
    store::{ReadError, Readers},
};
use axum::{
    http::{Method, Uri},
    routing::get,
    Router,
};
use rusqlite::{Connection, ToSql};
use std::{fmt::Display, sync::Arc};
use utoipa::{openapi::OpenApi as Document, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// Where the interface is.
pub const ROOT: &str = "/api/v1";

/// What every request may use. Clones share it.
#[derive(Clone)]
pub struct App {
    /// The database, for reading.
    pub readers: Arc<Readers>,
    /// How the indexer is.
    pub health: Arc<Health>,
    /// WebSocket of a node that anybody may use.
    pub public_node: Option<String>,
}

impl App {
    /// Reads the database, within its deadline.
    async fn read<T: Send + 'static>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static) -> Result<T, Problem> {
        self.readers.read(read).await.map_err(|error| match error {
            ReadError::TooSlow { limit_ms } => Problem::too_slow(limit_ms),
            ReadError::Busy => Problem::busy(),
            ReadError::Failed(error) => Problem::internal(&error),
        })
    }

    /// Reads something of the row of this name, if it is there. A `noun` is the column of the names, in the table of its plural.
    async fn read_of<T: Send + 'static>(
        &self,
        noun: &'static str,
        name: impl ToSql + Display + Copy + Send + 'static,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let found = self
            .read(move |db| {
                let row = format!("SELECT 1 FROM {noun}s WHERE {noun} = ?");
                let exists = db.prepare_cached(&row)?.exists([name])?;
                exists.then(|| read(db)).transpose()
            })
            .await?;
        found.ok_or_else(|| Problem::no_such(noun, name))
    }

    fn series<T>(&self, interval: Interval, points: Vec<T>) -> Series<T> {
        Series {
            interval,
            sample_secs: self.health.sample_secs(),
            points,
        }
    }
}

/// The document's own words.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Khala indexer",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        description = "The history of the network's finalised blocks: pools, vaults, workers, delegations, and what was paid.\n\n\
            Amounts are decimal strings of planck (1 PHA = 10^12), numbers with 18 decimals decimal strings of 10^-18. \
            Times are milliseconds since 1970 in fields that end with `Ms`. Keys are 0x hex, accounts SS58 with prefix 30. \
            Lists have at most 100 rows an answer, or 10,000 as CSV. Every error has the same shape."
    ),
    components(schemas(problem::Problem, problem::Code)),
    servers((url = "/api/v1"))
)]
struct Words;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Words::openapi())
        .merge(network::routes())
        .merge(pools::routes())
        .merge(vaults::routes())
        .merge(workers::routes())
        .merge(delegations::routes())
        .merge(withdrawals::routes())
        .merge(accounts::routes())
        .merge(movements::routes())
        .merge(heartbeats::routes())
        .merge(rewards::routes())
        .merge(slashes::routes())
        .merge(leases::routes())
        .merge(transactions::routes())
        .merge(search::routes())
        .merge(status::routes())
        .merge(config::routes())
}

/// The OpenAPI document.
pub fn document() -> Document {
    described().to_openapi()
}

/// The interface, its document included; to be nested under [`ROOT`].
pub fn router() -> Router<App> {
    let (router, document) = described().split_for_parts();
    let text = document.to_pretty_json().unwrap_or_default();
    router
        .route(
            "/openapi.json",
            get(|| async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], text) }),
        )
        .fallback(|uri: Uri| async move { Problem::no_path(uri.path()) })
        .method_not_allowed_fallback(|method: Method, uri: Uri| async move { Problem::no_method(method.as_str(), uri.path()) })
}
