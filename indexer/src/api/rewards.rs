//! Rewards.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Reward, Slice};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Reward {
    block = "block",
    time_ms = "time_ms",
    pool = "pool",
    amount = "amount",
    commission = "commission",
    rest = "rest",
});

parameters! {
    /// Which rewards.
    history RewardsQuery {
        /// Only those of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those of pools of this owner.
        owner: Address,
    }
}

/// Rewards that pools took in; those of the last 35 days are kept. Totals of all times are in the series of pools and workers.
#[utoipa::path(get, path = "/rewards", operation_id = "rewards", tag = "rewards", params(RewardsQuery),
    responses((status = 200, description = "Rewards", content((Slice<Reward> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<RewardsQuery>) -> Result<Reply<Slice<Reward>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("rewards")
        .only("pool = ?", query.pool)
        .only("pool IN (SELECT pool FROM pools WHERE owner = ?)", query.owner);
    Ok(Reply {
        rows: app.read(move |db| select.slice(db, stretch)).await?,
        format,
        name: "rewards",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}
