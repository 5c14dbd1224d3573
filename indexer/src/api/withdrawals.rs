//! Requests for withdrawals, with their dates.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Page, Withdrawal, WithdrawalState};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Withdrawal {
    pool = "pool",
    vault = "vault",
    request = "request",
    account = "account",
    account_vault = "account_vault",
    state = "state",
    shares = "shares",
    left = "left_shares",
    claims = "claims",
    amount = "amount",
    value = "value",
    paid = "paid",
    block = "block",
    time_ms = "time_ms",
    deadline_ms = "deadline_ms",
    promised_ms = "promised_ms",
    ended_ms = "ended_ms",
});

/// By what requests are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum WithdrawalSort {
    /// When it was made.
    Time,
    /// The order in which a queue is paid.
    Deadline,
    /// Shares that are left.
    Left,
    /// What is left is worth.
    Value,
}

parameters! {
    /// Which requests.
    page WithdrawalsQuery sorted by WithdrawalSort {
        /// Only those in the queue of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those in the queue of this vault.
        #[param(maximum = 4294967295.0)]
        vault: u32,
        /// Only those of this account.
        account: Address,
        /// Only those that stand like this.
        #[param(inline)]
        state: WithdrawalState,
        /// Only those that wait (open or due), or only those that have ended.
        waiting: bool,
    }
}

/// Requests for withdrawals from pools and vaults: the queue of a pool with `pool=N&waiting=true&sort=deadline&order=asc`.
#[utoipa::path(get, path = "/withdrawals", operation_id = "withdrawals", tag = "withdrawals", params(WithdrawalsQuery),
    responses((status = 200, description = "The requests", content((Page<Withdrawal> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(
    State(app): State<App>,
    accepted: Accepted,
    Asked(query): Asked<WithdrawalsQuery>,
) -> Result<Reply<Page<Withdrawal>>, Problem> {
    let format = accepted.or(query.format);
    let part = query.part(format)?;
    let by = match query.sort.unwrap_or(WithdrawalSort::Time) {
        WithdrawalSort::Time => "time_ms",
        WithdrawalSort::Deadline => "deadline_secs",
        WithdrawalSort::Left => "left_shares",
        WithdrawalSort::Value => "value",
    };
    let order = query.order.unwrap_or_default();
    let select = Select::from("requests")
        .only("pool = ?", query.pool)
        .only("vault = ?", query.vault)
        .only("account = ?", query.account)
        .only("state = ?", query.state)
        .only("(ended_ms IS NULL) = ?", query.waiting);
    let rows = app
        .read(move |db| select.page(db, "id", by, order, "pool, vault, request", part))
        .await?;
    Ok(Reply {
        rows,
        format,
        name: "withdrawals",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
