//! Delegations: what accounts have in pools.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Delegation, Page};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Delegation {
    pool = "d.pool",
    account = "d.account",
    shares = "d.shares",
    queued_shares = "d.queued_shares",
    value = "worth(d.total_shares, p.value, p.shares)",
    price = "p.price",
    put_in = "d.put_in",
    taken_out = "d.taken_out",
    apr = "p.apr",
    since_block = "d.since_block",
    since_ms = "d.since_ms",
});

/// By what delegations are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum DelegationSort {
    /// Shares, queued ones included: the value inside of one pool.
    Shares,
    Pool,
    Since,
}

parameters! {
    /// Which delegations.
    page DelegationsQuery sorted by DelegationSort {
        /// Only those in this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those of this account.
        account: Address,
    }
}

/// What accounts have in pools.
#[utoipa::path(get, path = "/delegations", operation_id = "delegations", tag = "delegations", params(DelegationsQuery),
    responses((status = 200, description = "The delegations", content((Page<Delegation> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(
    State(app): State<App>,
    accepted: Accepted,
    Asked(query): Asked<DelegationsQuery>,
) -> Result<Reply<Page<Delegation>>, Problem> {
    let format = accepted.or(query.format);
    let part = query.part(format)?;
    let by = match query.sort.unwrap_or(DelegationSort::Shares) {
        DelegationSort::Shares => "d.total_shares",
        DelegationSort::Pool => "d.pool",
        DelegationSort::Since => "d.since_ms",
    };
    let order = query.order.unwrap_or_default();
    let select = Select::from("delegations d JOIN pools p USING (pool)")
        .only("d.pool = ?", query.pool)
        .only("d.account = ?", query.account);
    let rows = app.read(move |db| select.page(db, by, order, "d.pool, d.account", part)).await?;
    Ok(Reply {
        rows,
        format,
        name: "delegations",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
