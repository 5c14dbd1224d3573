//! Leases.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Key, Lease, LeaseKind, Slice};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Lease {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    worker = "worker",
    level = "level",
    lease_end_ms = "lease_end_ms",
    why = "why",
});

parameters! {
    /// What happened.
    history LeasesQuery {
        /// Only those of this worker.
        worker: Key,
        /// Only those of workers that this operator has now.
        operator: Address,
        /// Only of this kind.
        #[param(inline)]
        kind: LeaseKind,
    }
}

/// What happened to the leases of workers: registrations, renewals, refusals. For when leases end see `/workers?sort=leaseEnd`.
#[utoipa::path(get, path = "/leases", operation_id = "leases", tag = "leases", params(LeasesQuery),
    responses((status = 200, description = "What happened", content((Slice<Lease> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<LeasesQuery>) -> Result<Reply<Slice<Lease>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("leases")
        .only("worker = ?", query.worker)
        .only("worker IN (SELECT worker FROM workers WHERE operator = ?)", query.operator)
        .only("kind = ?", query.kind);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "leases",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
