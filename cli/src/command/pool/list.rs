//! `khala pool list`.

use crate::{
    amount::Ppm,
    command::pages,
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain, ClientError};
use khala_primitives::status::PoolStatus;

/// `khala pool list`.
pub async fn list(url: &str, output: Output) -> Result<Exit, Failure> {
    let chain = Chain::connect(url).await?;
    let pools = all(&chain, At::Finalized).await?;
    match output {
        Output::Json => output::print_json(&pools)?,
        Output::Table => print(&pools)?,
    }
    Ok(Exit::Done)
}

/// All pools, page by page.
pub async fn all(chain: &Chain, at: At) -> Result<Vec<PoolStatus>, ClientError> {
    pages::all(|first, limit| chain.pools(first, limit, at), |pool| pool.id).await
}

fn print(pools: &[PoolStatus]) -> Result<(), Failure> {
    if pools.is_empty() {
        return output::print_lines(["There are no pools yet."]);
    }
    let mut table = output::table(&[
        ">pool",
        "owner",
        ">commission",
        ">workers",
        ">value PHA",
        ">price",
        ">free PHA",
        ">staked PHA",
        ">cooling PHA",
        ">cap PHA",
    ]);
    for pool in pools {
        table.add_row([
            pool.id.to_string(),
            units::address(&pool.owner),
            Ppm(pool.commission_ppm).to_string(),
            pool.workers.len().to_string(),
            units::pha(pool.value, 4),
            units::fixed18(pool.price, 6),
            units::pha(pool.free, 2),
            units::pha(pool.staked, 2),
            units::pha(pool.cooling, 2),
            pool.cap.map_or("none".into(), |cap| units::pha(cap, 0)),
        ]);
    }
    output::print_table(&table)
}
