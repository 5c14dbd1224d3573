//! The network as a whole.

use super::{
    columns::columns,
    parameters::{parameters, Asked},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::{
    model::{Network, NetworkPoint, Planck, Series},
    store::HOUR_MS,
};
use axum::{extract::State, Json};
use rusqlite::{Connection, OptionalExtension};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Blocks over which the mean time between blocks is taken.
const BLOCK_TIME_OVER: u32 = 100;

columns!(NetworkPoint {
    time_ms = "time_ms",
    block = "block",
    workers = "workers",
    idle_workers = "idle_workers",
    pools = "pools",
    vaults = "vaults",
    delegators = "delegators",
    total_value = "total_value",
    vault_value = "vault_value",
    total_staked = "total_staked",
    total_share = "total_share",
    paid = "paid",
    treasury_part = "treasury_part",
    forfeited = "forfeited",
    issued = "issued",
    budget_per_day = "budget_per_day",
    subsidy = "subsidy",
    treasury = "treasury",
    heartbeats = "heartbeats",
    apr = "apr",
});

/// The network after the newest indexed block.
#[utoipa::path(get, path = "/network", operation_id = "network", tag = "network",
    responses((status = 200, description = "The network", body = Network), Failures))]
async fn one(State(app): State<App>) -> Result<Json<Network>, Problem> {
    app.read(find).await?.map(Json).ok_or_else(Problem::not_ready)
}

fn find(db: &Connection) -> rusqlite::Result<Option<Network>> {
    let Some(mut found) = sampled(db)? else { return Ok(None) };
    db.prepare_cached("SELECT block, time_ms, paid, treasury_part, heartbeats FROM head")?
        .query_row([], |row| {
            (found.block, found.time_ms) = (row.get(0)?, row.get(1)?);
            (found.paid, found.treasury_part, found.heartbeats) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(())
        })?;
    db.prepare_cached("SELECT count(*), sum(state = 'idle'), sum(state = 'unresponsive') FROM workers WHERE state <> 'gone'")?
        .query_row([], |row| {
            found.workers = row.get(0)?;
            found.idle_workers = row.get::<_, Option<u32>>(1)?.unwrap_or(0);
            found.unresponsive_workers = row.get::<_, Option<u32>>(2)?.unwrap_or(0);
            Ok(())
        })?;
    db.prepare_cached("SELECT count(*), sum_of(value), sum_of(staked) FROM pools")?
        .query_row([], |row| {
            (found.pools, found.total_value, found.total_staked) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(())
        })?;
    db.prepare_cached("SELECT count(*), sum_of(value) FROM vaults")?
        .query_row([], |row| {
            (found.vaults, found.vault_value) = (row.get(0)?, row.get(1)?);
            Ok(())
        })?;
    found.delegators = db.prepare_cached("SELECT delegators FROM head")?.query_row([], |row| row.get(0))?;
    found.block_time_ms = block_time_ms(db, found.block)?;
    let (day_before, hour_before) = (before(db, found.time_ms, 24 * HOUR_MS)?, before(db, found.time_ms, HOUR_MS)?);
    found.paid_last_day = Planck(found.paid.0.saturating_sub(day_before.0 .0));
    found.heartbeats_last_hour = found.heartbeats.saturating_sub(hour_before.1);
    Ok(Some(found))
}

/// What is only known as of the newest sample.
fn sampled(db: &Connection) -> rusqlite::Result<Option<Network>> {
    let sql = "SELECT block, slot_ms, total_share, budget_per_day, issued, forfeited, subsidy, treasury, apr, outage FROM network_samples \
               ORDER BY time_ms DESC LIMIT 1";
    db.prepare_cached(sql)?
        .query_row([], |row| {
            Ok(Network {
                sampled_block: row.get(0)?,
                slot_ms: row.get(1)?,
                total_share: row.get(2)?,
                budget_per_day: row.get(3)?,
                issued: row.get(4)?,
                forfeited: row.get(5)?,
                subsidy: row.get(6)?,
                treasury: row.get(7)?,
                apr: row.get(8)?,
                outage: row.get(9)?,
                ..Network::default()
            })
        })
        .optional()
}

/// What was paid, and the heartbeats, up to so long ago; zeros when the chain is younger.
fn before(db: &Connection, now_ms: u64, ago_ms: u64) -> rusqlite::Result<(Planck, u64)> {
    let then = now_ms.saturating_sub(ago_ms);
    let found = db
        .prepare_cached("SELECT paid, heartbeats FROM network_samples WHERE time_ms <= ? ORDER BY time_ms DESC LIMIT 1")?
        .query_row([then], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn block_time_ms(db: &Connection, block: u32) -> rusqlite::Result<Option<f64>> {
    let first = block.saturating_sub(BLOCK_TIME_OVER);
    db.prepare_cached("SELECT CAST(max(time_ms) - min(time_ms) AS REAL) / (count(*) - 1) FROM blocks WHERE number >= ?")?
        .query_row([first], |row| row.get(0))
}

parameters! {
    /// Which points.
    series NetworkSeriesQuery
}

/// The network over time.
#[utoipa::path(get, path = "/network/series", operation_id = "networkSeries", tag = "network", params(NetworkSeriesQuery),
    responses((status = 200, description = "Points", content((Series<NetworkPoint> = "application/json"), (String = "text/csv"))), Failures))]
async fn series(
    State(app): State<App>,
    accepted: Accepted,
    Asked(query): Asked<NetworkSeriesQuery>,
) -> Result<Reply<Series<NetworkPoint>>, Problem> {
    let span = query.span()?;
    let points = app.read(move |db| Select::from("network_samples").points(db, span)).await?;
    Ok(Reply {
        rows: app.series(span.interval, points),
        format: accepted.or(query.format()),
        name: "network-series",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(series))
}
