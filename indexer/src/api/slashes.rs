//! Slashes.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Key, Slash, Slice};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Slash {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    worker = "worker",
    session = "session",
    pool = "pool",
    lost = "lost",
    returned = "returned",
});

parameters! {
    /// Which slashes.
    history SlashesQuery {
        /// Only those of this worker.
        worker: Key,
        /// Only those of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
    }
}

/// Stakes that workers lost to the treasury.
#[utoipa::path(get, path = "/slashes", operation_id = "slashes", tag = "slashes", params(SlashesQuery),
    responses((status = 200, description = "Slashes", content((Slice<Slash> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<SlashesQuery>) -> Result<Reply<Slice<Slash>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("slashes")
        .only("worker = ?", query.worker)
        .only("pool = ?", query.pool);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "slashes",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
