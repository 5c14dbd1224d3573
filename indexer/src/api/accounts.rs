//! Accounts.

use super::{
    parameters::{parameters, Asked, Named, Span},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    App,
};
use crate::{
    model::{Account, AccountPoint, Address, Interval, Planck, Series, Shares},
    store::{grain, worth},
};
use axum::{extract::State, Json};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What an account has and does; zeros for one that the chain has not told of.
#[utoipa::path(get, path = "/accounts/{account}", operation_id = "account", tag = "accounts", params(("account" = Address, Path, description = "Its SS58 address")),
    responses((status = 200, description = "The account", body = Account), Failures))]
async fn one(State(app): State<App>, Named(account): Named<Address>) -> Result<Json<Account>, Problem> {
    app.read(move |db| find(db, account)).await.map(Json)
}

fn find(db: &Connection, account: Address) -> rusqlite::Result<Account> {
    let mut found = Account {
        account,
        ..Account::default()
    };
    db.prepare_cached(
        "SELECT count(*), sum_of(worth(d.total_shares, p.value, p.shares)), sum_of(worth(d.queued_shares, p.value, p.shares)) \
         FROM delegations d JOIN pools p USING (pool) WHERE d.account = ?",
    )?
    .query_row([account], |row| {
        (found.delegations, found.value, found.queued_value) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(())
    })?;
    db.prepare_cached("SELECT put_in, taken_out, unclaimed, transactions FROM accounts WHERE account = ?")?
        .query_row([account], |row| {
            (found.put_in, found.taken_out, found.unclaimed, found.transactions) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(())
        })
        .optional()?;
    found.open_withdrawals = db
        .prepare_cached("SELECT count(*) FROM withdrawals WHERE account = ? AND ended_ms IS NULL")?
        .query_row([account], |row| row.get(0))?;
    db.prepare_cached("SELECT count(*), sum_of(commission) FROM pools WHERE owner = ?")?
        .query_row([account], |row| {
            (found.pools, found.commission) = (row.get(0)?, row.get(1)?);
            Ok(())
        })?;
    found.workers = db
        .prepare_cached("SELECT count(*) FROM workers WHERE operator = ? AND state <> 'gone'")?
        .query_row([account], |row| row.get(0))?;
    found.gained = gained(found.value, found.put_in, found.taken_out);
    Ok(found)
}

/// `value + taken_out - put_in`, with its sign.
fn gained(value: Planck, put_in: Planck, taken_out: Planck) -> String {
    let back = value.0.saturating_add(taken_out.0);
    match back.checked_sub(put_in.0) {
        Some(gain) => gain.to_string(),
        None => format!("-{}", put_in.0.saturating_sub(back)),
    }
}

parameters! {
    /// Which points.
    series AccountSeriesQuery
}

/// What an account has in pools over time, and what it gained.
#[utoipa::path(get, path = "/accounts/{account}/series", operation_id = "accountSeries", tag = "accounts",
    params(("account" = Address, Path, description = "Its SS58 address"), AccountSeriesQuery),
    responses((status = 200, description = "Points", content((Series<AccountPoint> = "application/json"), (String = "text/csv"))), Failures))]
async fn series(
    State(app): State<App>,
    accepted: Accepted,
    Named(account): Named<Address>,
    Asked(query): Asked<AccountSeriesQuery>,
) -> Result<Reply<Series<AccountPoint>>, Problem> {
    let span = query.span()?;
    let points = app.read(move |db| points(db, account, span)).await?;
    Ok(Reply {
        rows: app.series(span.interval, points),
        format: accepted.or(query.format()),
        name: "account-series",
    })
}

/// A change of what an account has in a pool.
struct Change {
    time_ms: u64,
    pool: u32,
    shares: Shares,
    put_in: Planck,
    taken_out: Planck,
}

/// The account's shares at each sample, at the pools' prices then.
fn points(db: &Connection, account: Address, span: Span) -> rusqlite::Result<Vec<AccountPoint>> {
    let changes = changes(db, account)?;
    let Some(first) = changes.first() else { return Ok(Vec::new()) };
    let level = match span.interval {
        Interval::Sample => grain::SAMPLE,
        Interval::Hour => grain::HOUR,
        Interval::Day => grain::DAY,
    };
    let mut times: Vec<u64> = db
        .prepare_cached("SELECT time_ms FROM network_samples WHERE grain >= ? AND time_ms BETWEEN ? AND ? ORDER BY time_ms DESC LIMIT ?")?
        .query_map((level, span.from_ms.max(first.time_ms), span.to_ms, span.limit), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    times.reverse();
    let mut price = db.prepare_cached("SELECT value, shares FROM pool_samples WHERE pool = ? AND time_ms = ?")?;
    let (mut held, mut changes, mut points) = (BTreeMap::<u32, Change>::new(), changes.into_iter().peekable(), Vec::new());
    for time_ms in times {
        while let Some(change) = changes.next_if(|change| change.time_ms <= time_ms) {
            held.insert(change.pool, change);
        }
        let mut point = AccountPoint {
            time_ms,
            ..AccountPoint::default()
        };
        for (pool, change) in &held {
            point.put_in.0 = point.put_in.0.saturating_add(change.put_in.0);
            point.taken_out.0 = point.taken_out.0.saturating_add(change.taken_out.0);
            if change.shares.0 > 0 {
                let at: Option<(Planck, Shares)> = price.query_row((pool, time_ms), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                let value = at.map_or(0, |(value, shares)| worth(change.shares.0, value.0, shares.0));
                point.value.0 = point.value.0.saturating_add(value);
            }
        }
        point.gained = gained(point.value, point.put_in, point.taken_out);
        points.push(point);
    }
    Ok(points)
}

/// Oldest first.
fn changes(db: &Connection, account: Address) -> rusqlite::Result<Vec<Change>> {
    db.prepare_cached("SELECT time_ms, pool, shares, put_in, taken_out FROM holdings WHERE account = ? ORDER BY time_ms, pool")?
        .query_map([account], |row| {
            Ok(Change {
                time_ms: row.get(0)?,
                pool: row.get(1)?,
                shares: row.get(2)?,
                put_in: row.get(3)?,
                taken_out: row.get(4)?,
            })
        })?
        .collect()
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(series))
}
