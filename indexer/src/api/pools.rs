//! Pools.

use super::{
    columns::columns,
    parameters::{checked_level, checked_ppm, checked_search, parameters, Asked, Named},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, CommissionChange, Member, Page, Planck, Pool, PoolPoint, Series, Slice};
use axum::{extract::State, Json};
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Pool {
    pool = "pool",
    owner = "owner",
    description = "description",
    links = "links",
    commission_ppm = "commission_ppm",
    max_commission_ppm = "max_commission_ppm",
    rise_ppm = "rise_ppm",
    rise_due_ms = "rise_due_ms",
    restricted = "restricted",
    cap = "cap",
    room = "room",
    value = "value",
    shares = "shares",
    price = "price",
    apr = "apr",
    free = "free",
    spare = "spare",
    staked = "staked",
    cooling = "cooling",
    impaired = "impaired",
    commission = "commission",
    queued_shares = "queued_shares",
    due_shares = "due_shares",
    queued_value = "worth(queued_shares, value, shares)",
    need = "need",
    workers = "workers",
    idle_workers = "idle_workers",
    worst_level = "(SELECT max(w.level) FROM workers w WHERE w.pool = pools.pool AND w.state = 'idle')",
    delegators = "delegators",
    vaults = "(SELECT count(*) FROM vault_places WHERE vault_places.pool = pools.pool)",
    paid = "paid",
    paid_to_delegators = "paid_to_delegators",
    paid_to_owner = "paid_to_owner",
    lost = "lost",
    created_block = "created_block",
    created_ms = "created_ms",
    refreshed_block = "refreshed_block",
});

columns!(PoolPoint {
    time_ms = "time_ms",
    block = "block",
    value = "value",
    shares = "shares",
    price = "price",
    apr = "apr",
    free = "free",
    staked = "staked",
    cooling = "cooling",
    impaired = "impaired",
    commission_ppm = "commission_ppm",
    queued_shares = "queued_shares",
    workers = "workers",
    idle_workers = "idle_workers",
    delegators = "delegators",
    paid = "paid",
    paid_to_owner = "paid_to_owner",
});

columns!(CommissionChange {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    commission_ppm = "commission_ppm",
    due_ms = "due_ms",
});

columns!(Member {
    account = "account",
    since_block = "since_block",
    since_ms = "since_ms",
});

/// By what pools are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum PoolSort {
    Pool,
    Value,
    Apr,
    Commission,
    Room,
    Free,
    Workers,
    Delegators,
    Paid,
}

impl PoolSort {
    fn sql(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::Value => "value",
            Self::Apr => "apr",
            Self::Commission => "commission_ppm",
            // Without a cap there is more room than anywhere.
            Self::Room => "ifnull(room, x'ffffffffffffffffffffffffffffffffff')",
            Self::Free => "free",
            Self::Workers => "workers",
            Self::Delegators => "delegators",
            Self::Paid => "paid",
        }
    }
}

parameters! {
    /// Which pools.
    page PoolsQuery sorted by PoolSort {
        /// A pool's number, words of a description, or an owner's address.
        #[param(max_length = 100)]
        search: String,
        /// Only those of this owner.
        owner: Address,
        /// Only those with an allow-list, or only those without.
        restricted: bool,
        /// Only those in which at least so many planck may be delegated.
        min_room: Planck,
        /// Only those that are worth at least so many planck.
        min_value: Planck,
        /// Only those whose commission is at most so many millionths.
        #[param(maximum = 1000000)]
        max_commission_ppm: u32,
        /// Only those with at least this yearly gain: 0.1 is 10 %.
        min_apr: f64,
        /// Only those with workers that mine, or only those without.
        mining: bool,
        /// Only those with workers that mine, whose evidence is all worth at least this: 1 is best, 5 is barely accepted.
        #[param(minimum = 1, maximum = 5)]
        max_level: u8,
    }
}

impl PoolsQuery {
    fn select(&self) -> Result<Select, Problem> {
        let search = self
            .search
            .as_deref()
            .map(checked_search)
            .transpose()?
            .filter(|text| !text.is_empty());
        let number = search.and_then(|text| text.parse::<u32>().ok());
        let address = search.and_then(|text| text.parse::<Address>().ok());
        let words = search.filter(|_| number.is_none() && address.is_none());
        Ok(Select::from("pools")
            .only("pool = ?", number)
            .only("owner = ?", address)
            .only("instr(lower(description), lower(?)) > 0", words.map(str::to_owned))
            .only("owner = ?", self.owner)
            .only("restricted = ?", self.restricted)
            .only("(room IS NULL OR room >= ?)", self.min_room)
            .only("value >= ?", self.min_value)
            .only("commission_ppm <= ?", checked_ppm("maxCommissionPpm", self.max_commission_ppm)?)
            .only("apr >= ?", self.min_apr)
            .only("(idle_workers > 0) = ?", self.mining)
            .only(
                "(SELECT max(w.level) FROM workers w WHERE w.pool = pools.pool AND w.state = 'idle') <= ?",
                checked_level(self.max_level)?,
            ))
    }
}

/// The list of pools.
#[utoipa::path(get, path = "/pools", operation_id = "pools", tag = "pools", params(PoolsQuery),
    responses((status = 200, description = "The pools", content((Page<Pool> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<PoolsQuery>) -> Result<Reply<Page<Pool>>, Problem> {
    let format = accepted.or(query.format);
    let (select, part) = (query.select()?, query.part(format)?);
    let by = query.sort.unwrap_or(PoolSort::Value).sql();
    let order = query.order.unwrap_or_default();
    let rows = app.read(move |db| select.page(db, "pool", by, order, "pool", part)).await?;
    Ok(Reply {
        rows,
        format,
        name: "pools",
    })
}

/// One pool.
#[utoipa::path(get, path = "/pools/{pool}", operation_id = "pool", tag = "pools", params(("pool" = u32, Path, description = "Its number", maximum = 4294967295.0)),
    responses((status = 200, description = "The pool", body = Pool), Failures))]
async fn one(State(app): State<App>, Named(pool): Named<u32>) -> Result<Json<Pool>, Problem> {
    let found = app.read(move |db| find(db, pool)).await?;
    found.map(Json).ok_or_else(|| Problem::no_such("pool", pool))
}

fn find(db: &Connection, pool: u32) -> rusqlite::Result<Option<Pool>> {
    Select::from("pools").only("pool = ?", Some(pool)).one(db)
}

parameters! {
    /// Which points.
    series PoolSeriesQuery
}

/// A pool's value, price and gain over time.
#[utoipa::path(get, path = "/pools/{pool}/series", operation_id = "poolSeries", tag = "pools",
    params(("pool" = u32, Path, description = "Its number", maximum = 4294967295.0), PoolSeriesQuery),
    responses((status = 200, description = "Points", content((Series<PoolPoint> = "application/json"), (String = "text/csv"))), Failures))]
async fn series(
    State(app): State<App>,
    accepted: Accepted,
    Named(pool): Named<u32>,
    Asked(query): Asked<PoolSeriesQuery>,
) -> Result<Reply<Series<PoolPoint>>, Problem> {
    let span = query.span()?;
    let select = Select::from("pool_samples").only("pool = ?", Some(pool));
    let points = app.read_of("pool", pool, move |db| select.points(db, span)).await?;
    Ok(Reply {
        rows: app.series(span.interval, points),
        format: accepted.or(query.format()),
        name: "pool-series",
    })
}

parameters! {
    /// Which changes.
    history CommissionsQuery {}
}

/// What happened to a pool's commission, announced rises included.
#[utoipa::path(get, path = "/pools/{pool}/commissions", operation_id = "poolCommissions", tag = "pools",
    params(("pool" = u32, Path, description = "Its number", maximum = 4294967295.0), CommissionsQuery),
    responses((status = 200, description = "Changes", content((Slice<CommissionChange> = "application/json"), (String = "text/csv"))), Failures))]
async fn commissions(
    State(app): State<App>,
    accepted: Accepted,
    Named(pool): Named<u32>,
    Asked(query): Asked<CommissionsQuery>,
) -> Result<Reply<Slice<CommissionChange>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("commission_changes").only("pool = ?", Some(pool));
    Ok(Reply {
        rows: app.read_of("pool", pool, move |db| select.slice(db, stretch)).await?,
        format,
        name: "commissions",
    })
}

/// By what members are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum MemberSort {
    Since,
    Account,
}

parameters! {
    /// Which members.
    page MembersQuery sorted by MemberSort {}
}

/// The allow-list of a restricted pool; empty for a pool that is open.
#[utoipa::path(get, path = "/pools/{pool}/members", operation_id = "poolMembers", tag = "pools",
    params(("pool" = u32, Path, description = "Its number", maximum = 4294967295.0), MembersQuery),
    responses((status = 200, description = "The allow-list", content((Page<Member> = "application/json"), (String = "text/csv"))), Failures))]
async fn members(
    State(app): State<App>,
    accepted: Accepted,
    Named(pool): Named<u32>,
    Asked(query): Asked<MembersQuery>,
) -> Result<Reply<Page<Member>>, Problem> {
    let format = accepted.or(query.format);
    let part = query.part(format)?;
    let order = query.order.unwrap_or_default();
    let by = match query.sort.unwrap_or(MemberSort::Since) {
        MemberSort::Since => "since_ms",
        MemberSort::Account => "account",
    };
    let select = Select::from("members").only("pool = ?", Some(pool));
    Ok(Reply {
        rows: app
            .read_of("pool", pool, move |db| select.page(db, "rowid", by, order, "account", part))
            .await?,
        format,
        name: "members",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(series))
        .routes(routes!(commissions))
        .routes(routes!(members))
}
