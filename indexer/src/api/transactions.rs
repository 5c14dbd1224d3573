//! Transactions.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Slice, Transaction};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Transaction {
    block = "block",
    index = "place",
    time_ms = "time_ms",
    hash = "hash",
    account = "account",
    pallet = "pallet",
    call = "call",
    fee = "fee",
    tip = "tip",
    success = "success",
    error = "error",
});

parameters! {
    /// Which transactions.
    history TransactionsQuery {
        /// Only those that this account paid for.
        account: Address,
        /// Only those that succeeded, or only those that failed.
        success: bool,
    }
}

/// Signed transactions in finalised blocks.
#[utoipa::path(get, path = "/transactions", operation_id = "transactions", tag = "transactions", params(TransactionsQuery),
    responses((status = 200, description = "Transactions", content((Slice<Transaction> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(
    State(app): State<App>,
    accepted: Accepted,
    Asked(query): Asked<TransactionsQuery>,
) -> Result<Reply<Slice<Transaction>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("transactions")
        .only("account = ?", query.account)
        .only("success = ?", query.success);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "transactions",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
