//! Movements.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Movement, MovementKind, Slice};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Movement {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    account = "account",
    account_vault = "(SELECT vaults.vault FROM vaults WHERE vaults.account = movements.account)",
    pool = "pool",
    vault = "vault",
    shares = "shares",
    amount = "amount",
    other = "other",
    request = "request",
});

parameters! {
    /// Which movements.
    history MovementsQuery {
        /// Only those of this account.
        account: Address,
        /// Only those of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those of this vault.
        #[param(maximum = 4294967295.0)]
        vault: u32,
        /// Only of this kind.
        #[param(inline)]
        kind: MovementKind,
    }
}

/// Movements of shares and coins: delegations, withdrawals, transfers, claims.
#[utoipa::path(get, path = "/movements", operation_id = "movements", tag = "movements", params(MovementsQuery),
    responses((status = 200, description = "Movements", content((Slice<Movement> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<MovementsQuery>) -> Result<Reply<Slice<Movement>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("movements")
        .only("account = ?", query.account)
        .only("pool = ?", query.pool)
        .only("vault = ?", query.vault)
        .only("kind = ?", query.kind);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "movements",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
