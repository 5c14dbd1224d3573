//! Heartbeats.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Heartbeat, Key, Slice};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Heartbeat {
    block = "block",
    time_ms = "time_ms",
    challenge_block = "challenge_block",
    worker = "worker",
    session = "session",
    pool = "pool",
    paid = "paid",
    treasury = "treasury",
    v = "v",
    p_instant = "p_instant",
});

parameters! {
    /// Which heartbeats.
    history HeartbeatsQuery {
        /// Only those of this worker.
        worker: Key,
        /// Only those of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
    }
}

/// Accepted heartbeats with what they paid; those of the last seven days are kept.
#[utoipa::path(get, path = "/heartbeats", operation_id = "heartbeats", tag = "heartbeats", params(HeartbeatsQuery),
    responses((status = 200, description = "Heartbeats", content((Slice<Heartbeat> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(
    State(app): State<App>,
    accepted: Accepted,
    Asked(query): Asked<HeartbeatsQuery>,
) -> Result<Reply<Slice<Heartbeat>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("heartbeats")
        .only("worker = ?", query.worker)
        .only("pool = ?", query.pool);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "heartbeats",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
