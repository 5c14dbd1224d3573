//! Accounts.

use super::{
    parameters::{parameters, Asked, Named, Span},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    vaults::vault_of_account,
    App,
};
use crate::{
    model::{Account, AccountPoint, Address, Interval, Planck, Series, Shares},
    store::{grain, worth},
};
use axum::{extract::State, Json};
use rusqlite::{types::Type, Connection, OptionalExtension};
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
        account_vault: vault_of_account(db, account)?,
        ..Account::default()
    };
    db.prepare_cached(
        "SELECT count(pool), count(vault), sum_of(value), sum_of(iif(vault IS NULL, NULL, value)) FROM positions WHERE account = ?",
    )?
    .query_row([account], |row| {
        (found.delegations, found.vault_delegations) = (row.get(0)?, row.get(1)?);
        (found.value, found.vault_value) = (row.get(2)?, row.get(3)?);
        Ok(())
    })?;
    (found.open_withdrawals, found.queued_value) = db
        .prepare_cached("SELECT count(*), sum_of(value) FROM requests WHERE account = ? AND ended_ms IS NULL")?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    db.prepare_cached("SELECT put_in, taken_out, unclaimed, transactions FROM accounts WHERE account = ?")?
        .query_row([account], |row| {
            (found.put_in, found.taken_out, found.unclaimed, found.transactions) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(())
        })
        .optional()?;
    (found.pools, found.commission) = db
        .prepare_cached("SELECT count(*), sum_of(commission) FROM pools WHERE owner = ?")?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    (found.vaults, found.vault_fees) = db
        .prepare_cached("SELECT count(*), sum_of(worth(fee_shares, value, shares)) FROM vaults WHERE owner = ?")?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
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

/// What an account has in pools and vaults over time, and what it gained.
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

/// A place in which an account has shares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Pool(u32),
    Vault(u32),
}

/// A change of what an account has in a pool or a vault.
struct Change {
    time_ms: u64,
    place: Place,
    shares: Shares,
    /// Shares of pools that its requests have claimed.
    claims: Vec<(u32, Shares)>,
    put_in: Planck,
    taken_out: Planck,
}

/// The account's shares at each sample, at the prices then.
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
    let (mut held, mut changes, mut points) = (BTreeMap::<Place, Change>::new(), changes.into_iter().peekable(), Vec::new());
    for time_ms in times {
        while let Some(change) = changes.next_if(|change| change.time_ms <= time_ms) {
            held.insert(change.place, change);
        }
        let mut point = AccountPoint {
            time_ms,
            ..AccountPoint::default()
        };
        for change in held.values() {
            point.put_in.0 = point.put_in.0.saturating_add(change.put_in.0);
            point.taken_out.0 = point.taken_out.0.saturating_add(change.taken_out.0);
            let held = [(change.place, change.shares)].into_iter();
            let claimed = change.claims.iter().map(|(pool, shares)| (Place::Pool(*pool), *shares));
            for (place, shares) in held.chain(claimed) {
                point.value.0 = point.value.0.saturating_add(worth_then(db, place, shares, time_ms)?);
            }
        }
        point.gained = gained(point.value, point.put_in, point.taken_out);
        points.push(point);
    }
    Ok(points)
}

/// What shares were worth at a sample.
fn worth_then(db: &Connection, place: Place, shares: Shares, time_ms: u64) -> rusqlite::Result<u128> {
    if shares.0 == 0 {
        return Ok(0);
    }
    let (sql, number) = match place {
        Place::Pool(pool) => ("SELECT value, shares FROM pool_samples WHERE pool = ? AND time_ms = ?", pool),
        Place::Vault(vault) => ("SELECT value, shares FROM vault_samples WHERE vault = ? AND time_ms = ?", vault),
    };
    let at: Option<(Planck, Shares)> = db
        .prepare_cached(sql)?
        .query_row((number, time_ms), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(at.map_or(0, |(value, total)| worth(shares.0, value.0, total.0)))
}

/// Oldest first.
fn changes(db: &Connection, account: Address) -> rusqlite::Result<Vec<Change>> {
    db.prepare_cached(
        "SELECT time_ms, pool, vault, shares, ifnull(claims, '[]'), put_in, taken_out FROM holdings WHERE account = ? \
         ORDER BY time_ms, pool, vault",
    )?
    .query_map([account], |row| {
        let place = match row.get::<_, Option<u32>>(1)? {
            Some(pool) => Place::Pool(pool),
            None => Place::Vault(row.get(2)?),
        };
        let claims = serde_json::from_str(row.get_ref(4)?.as_str()?);
        Ok(Change {
            time_ms: row.get(0)?,
            place,
            shares: row.get(3)?,
            claims: claims.map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, error.into()))?,
            put_in: row.get(5)?,
            taken_out: row.get(6)?,
        })
    })?
    .collect()
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(series))
}
