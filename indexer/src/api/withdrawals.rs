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
    pool = "w.pool",
    request = "w.request",
    account = "w.account",
    state = "w.state",
    shares = "w.shares",
    left = "w.left_shares",
    value = "worth(w.left_shares, p.value, p.shares)",
    paid = "w.paid",
    block = "w.block",
    time_ms = "w.time_ms",
    deadline_ms = "(SELECT head.time_ms + (w.deadline_secs - credited_secs) * 1000 FROM head)",
    promised_ms = "(SELECT head.time_ms + (w.promised_secs - credited_secs) * 1000 FROM head)",
    ended_ms = "w.ended_ms",
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
}

parameters! {
    /// Which requests.
    page WithdrawalsQuery sorted by WithdrawalSort {
        /// Only those in the queue of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those of this account.
        account: Address,
        /// Only those that stand like this.
        #[param(inline)]
        state: WithdrawalState,
        /// Only those that wait (open or due), or only those that have ended.
        waiting: bool,
    }
}

/// Requests for withdrawals: the queue of a pool with `pool=N&waiting=true&sort=deadline&order=asc`.
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
        WithdrawalSort::Time => "w.time_ms",
        WithdrawalSort::Deadline => "w.deadline_secs",
        WithdrawalSort::Left => "w.left_shares",
    };
    let order = query.order.unwrap_or_default();
    let select = Select::from("withdrawals w JOIN pools p USING (pool)")
        .only("w.pool = ?", query.pool)
        .only("w.account = ?", query.account)
        .only("w.state = ?", query.state)
        .only("(w.ended_ms IS NULL) = ?", query.waiting);
    let rows = app.read(move |db| select.page(db, by, order, "w.pool, w.request", part)).await?;
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
