//! Delegations: what accounts have in pools and vaults.

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
    pool = "pool",
    vault = "vault",
    account = "account",
    account_vault = "account_vault",
    shares = "shares",
    queued_shares = "queued_shares",
    value = "value",
    price = "price",
    put_in = "put_in",
    taken_out = "taken_out",
    apr = "apr",
    since_block = "since_block",
    since_ms = "since_ms",
});

/// By what delegations are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum DelegationSort {
    /// Shares, queued ones included: the value inside of one pool.
    Shares,
    Value,
    Pool,
    Vault,
    Since,
}

parameters! {
    /// Which delegations.
    page DelegationsQuery sorted by DelegationSort {
        /// Only those in this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those in this vault.
        #[param(maximum = 4294967295.0)]
        vault: u32,
        /// Only those of this account.
        account: Address,
    }
}

/// What accounts have in pools and vaults: an account's positions with `account`, delegators with `pool` or `vault`.
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
        DelegationSort::Shares => "total_shares",
        DelegationSort::Value => "value",
        DelegationSort::Pool => "pool",
        DelegationSort::Vault => "vault",
        DelegationSort::Since => "since_ms",
    };
    let order = query.order.unwrap_or_default();
    let select = Select::from("positions")
        .counting("delegations")
        .only("pool = ?", query.pool)
        .only("vault = ?", query.vault)
        .only("account = ?", query.account);
    let rows = app
        .read(move |db| select.page(db, "id", by, order, "pool, vault, account", part))
        .await?;
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
