//! Vaults.

use super::{
    columns::columns,
    parameters::{checked_ppm, checked_search, parameters, Asked, Named},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{Address, Page, Planck, Series, Slice, Vault, VaultEvent, VaultEventKind, VaultPlace, VaultPoint};
use axum::{extract::State, Json};
use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Vault {
    vault = "vault",
    owner = "owner",
    account = "account",
    fee_ppm = "fee_ppm",
    max_fee_ppm = "max_fee_ppm",
    fee_rise_ppm = "fee_rise_ppm",
    fee_rise_due_ms = "fee_rise_due_ms",
    commission_limit_ppm = "commission_limit_ppm",
    limit_rise_ppm = "limit_rise_ppm",
    limit_rise_due_ms = "limit_rise_due_ms",
    cap = "cap",
    room = "room",
    value = "value",
    shares = "shares",
    price = "price",
    mark = "mark",
    fee_shares = "fee_shares",
    fee_value = "worth(fee_shares, value, shares)",
    fees_taken = "fees_taken",
    apr = "apr",
    change_day = "change_day",
    change_week = "change_week",
    change_month = "change_month",
    free = "free",
    owed = "owed",
    spare = "spare",
    late = "EXISTS (SELECT 1 FROM withdrawals w JOIN head WHERE w.vault = vaults.vault AND w.ended_ms IS NULL AND w.deadline_secs <= head.credited_secs)",
    pools = "pools",
    delegators = "delegators",
    open_withdrawals = "(SELECT count(*) FROM withdrawals w WHERE w.vault = vaults.vault AND w.ended_ms IS NULL)",
    created_block = "created_block",
    created_ms = "created_ms",
    refreshed_block = "refreshed_block",
});

columns!(VaultPlace {
    pool = "pool",
    shares = "shares",
    returning_shares = "returning_shares",
    claimed_shares = "claimed_shares",
    value = "value",
    claimed_value = "claimed_value",
    price = "price",
    apr = "apr",
    commission_ppm = "commission_ppm",
    put_in = "put_in",
    taken_out = "taken_out",
});

columns!(VaultEvent {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    pool = "pool",
    request = "request",
    shares = "shares",
    amount = "amount",
    ppm = "ppm",
    due_ms = "due_ms",
});

columns!(VaultPoint {
    time_ms = "time_ms",
    block = "block",
    value = "value",
    shares = "shares",
    price = "price",
    mark = "mark",
    apr = "apr",
    free = "free",
    owed = "owed",
    fee_ppm = "fee_ppm",
    fee_shares = "fee_shares",
    pools = "pools",
    delegators = "delegators",
});

/// The vault whose account this is, if it is one's.
pub fn vault_of_account(db: &Connection, account: Address) -> rusqlite::Result<Option<u32>> {
    db.prepare_cached("SELECT vault FROM vaults WHERE account = ?")?
        .query_row([account], |row| row.get(0))
        .optional()
}

/// By what vaults are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum VaultSort {
    Vault,
    Value,
    Apr,
    /// How much the price has changed over the `window`.
    Change,
    Fee,
    Free,
    Room,
    Pools,
    Delegators,
}

/// A time over which the price of a share has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Window {
    /// A day.
    Day,
    /// Seven days.
    #[default]
    Week,
    /// Thirty days.
    Month,
}

impl VaultSort {
    fn sql(self, window: Window) -> &'static str {
        match (self, window) {
            (Self::Vault, _) => "vault",
            (Self::Value, _) => "value",
            (Self::Apr, _) => "apr",
            (Self::Change, Window::Day) => "change_day",
            (Self::Change, Window::Week) => "change_week",
            (Self::Change, Window::Month) => "change_month",
            (Self::Fee, _) => "fee_ppm",
            (Self::Free, _) => "free",
            // Without a cap there is more room than anywhere.
            (Self::Room, _) => "ifnull(room, x'ffffffffffffffffffffffffffffffffff')",
            (Self::Pools, _) => "pools",
            (Self::Delegators, _) => "delegators",
        }
    }
}

parameters! {
    /// Which vaults.
    page VaultsQuery sorted by VaultSort {
        /// A vault's number, its account's address, or its owner's.
        #[param(max_length = 100)]
        search: String,
        /// Only those of this owner.
        owner: Address,
        /// Only those that have something in this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those that are worth at least so many planck.
        min_value: Planck,
        /// Only those with at least so many free planck.
        min_free: Planck,
        /// Only those in which at least so many planck may be delegated.
        min_room: Planck,
        /// Only those with at least so many delegators.
        #[param(maximum = 4294967295.0)]
        min_delegators: u32,
        /// Only those whose fee is at most so many millionths.
        #[param(maximum = 1000000)]
        max_fee_ppm: u32,
        /// Only those with at least this yearly gain: 0.1 is 10 %.
        min_apr: f64,
        /// Only those whose price has changed by at least this part of itself over the `window`: 0.1 is 10 %.
        min_change: f64,
        /// Over which time `minChange` and `sort=change` are meant; a week when it is not given.
        #[param(inline)]
        window: Window,
    }
}

impl VaultsQuery {
    fn select(&self) -> Result<Select, Problem> {
        let search = self
            .search
            .as_deref()
            .map(checked_search)
            .transpose()?
            .filter(|text| !text.is_empty());
        let number = search.and_then(|text| text.parse::<u32>().ok());
        let address = search.and_then(|text| text.parse::<Address>().ok());
        let nothing = search.is_some() && number.is_none() && address.is_none();
        let change = match self.window.unwrap_or_default() {
            Window::Day => "change_day >= ?",
            Window::Week => "change_week >= ?",
            Window::Month => "change_month >= ?",
        };
        Ok(Select::from("vaults")
            .only("vault = ?", number)
            .only("? IN (owner, account)", address)
            // Vaults have no words of their own.
            .only_if(nothing, "0")
            .only("owner = ?", self.owner)
            .only("vault IN (SELECT p.vault FROM vault_places p WHERE p.pool = ?)", self.pool)
            .only("value >= ?", self.min_value)
            .only("free >= ?", self.min_free)
            .only("(room IS NULL OR room >= ?)", self.min_room)
            .only("delegators >= ?", self.min_delegators)
            .only("fee_ppm <= ?", checked_ppm("maxFeePpm", self.max_fee_ppm)?)
            .only("apr >= ?", self.min_apr)
            .only(change, self.min_change))
    }
}

/// The list of vaults.
#[utoipa::path(get, path = "/vaults", operation_id = "vaults", tag = "vaults", params(VaultsQuery),
    responses((status = 200, description = "The vaults", content((Page<Vault> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<VaultsQuery>) -> Result<Reply<Page<Vault>>, Problem> {
    let format = accepted.or(query.format);
    let (select, part) = (query.select()?, query.part(format)?);
    let by = query.sort.unwrap_or(VaultSort::Value).sql(query.window.unwrap_or_default());
    let order = query.order.unwrap_or_default();
    let rows = app.read(move |db| select.page(db, "vault", by, order, "vault", part)).await?;
    Ok(Reply {
        rows,
        format,
        name: "vaults",
    })
}

/// One vault.
#[utoipa::path(get, path = "/vaults/{vault}", operation_id = "vault", tag = "vaults", params(("vault" = u32, Path, description = "Its number", maximum = 4294967295.0)),
    responses((status = 200, description = "The vault", body = Vault), Failures))]
async fn one(State(app): State<App>, Named(vault): Named<u32>) -> Result<Json<Vault>, Problem> {
    let select = Select::from("vaults").only("vault = ?", Some(vault));
    let found = app.read(move |db| select.one(db)).await?;
    found.map(Json).ok_or_else(|| Problem::no_such("vault", vault))
}

/// By what the pools of a vault are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum PlaceSort {
    Value,
    Pool,
    Apr,
    Commission,
}

parameters! {
    /// Which pools.
    page PlacesQuery sorted by PlaceSort {}
}

/// What a vault has in pools.
#[utoipa::path(get, path = "/vaults/{vault}/pools", operation_id = "vaultPools", tag = "vaults",
    params(("vault" = u32, Path, description = "Its number", maximum = 4294967295.0), PlacesQuery),
    responses((status = 200, description = "Its pools", content((Page<VaultPlace> = "application/json"), (String = "text/csv"))), Failures))]
async fn pools(
    State(app): State<App>,
    accepted: Accepted,
    Named(vault): Named<u32>,
    Asked(query): Asked<PlacesQuery>,
) -> Result<Reply<Page<VaultPlace>>, Problem> {
    let format = accepted.or(query.format);
    let part = query.part(format)?;
    let by = match query.sort.unwrap_or(PlaceSort::Value) {
        PlaceSort::Value => "value",
        PlaceSort::Pool => "pool",
        PlaceSort::Apr => "apr",
        PlaceSort::Commission => "commission_ppm",
    };
    let order = query.order.unwrap_or_default();
    let select = Select::from("places").only("vault = ?", Some(vault));
    Ok(Reply {
        rows: app
            .read_of("vault", vault, move |db| select.page(db, "id", by, order, "pool", part))
            .await?,
        format,
        name: "vault-pools",
    })
}

parameters! {
    /// Which points.
    series VaultSeriesQuery
}

/// A vault's value, price and gain over time.
#[utoipa::path(get, path = "/vaults/{vault}/series", operation_id = "vaultSeries", tag = "vaults",
    params(("vault" = u32, Path, description = "Its number", maximum = 4294967295.0), VaultSeriesQuery),
    responses((status = 200, description = "Points", content((Series<VaultPoint> = "application/json"), (String = "text/csv"))), Failures))]
async fn series(
    State(app): State<App>,
    accepted: Accepted,
    Named(vault): Named<u32>,
    Asked(query): Asked<VaultSeriesQuery>,
) -> Result<Reply<Series<VaultPoint>>, Problem> {
    let span = query.span()?;
    let select = Select::from("vault_samples").only("vault = ?", Some(vault));
    let points = app.read_of("vault", vault, move |db| select.points(db, span)).await?;
    Ok(Reply {
        rows: app.series(span.interval, points),
        format: accepted.or(query.format()),
        name: "vault-series",
    })
}

parameters! {
    /// Which events.
    history VaultEventsQuery {
        /// Only of this kind.
        #[param(inline)]
        kind: VaultEventKind,
    }
}

/// What happened to a vault: what its owner moved between pools, its fee and its terms. What delegators did is in `/movements`.
#[utoipa::path(get, path = "/vaults/{vault}/events", operation_id = "vaultEvents", tag = "vaults",
    params(("vault" = u32, Path, description = "Its number", maximum = 4294967295.0), VaultEventsQuery),
    responses((status = 200, description = "Events", content((Slice<VaultEvent> = "application/json"), (String = "text/csv"))), Failures))]
async fn events(
    State(app): State<App>,
    accepted: Accepted,
    Named(vault): Named<u32>,
    Asked(query): Asked<VaultEventsQuery>,
) -> Result<Reply<Slice<VaultEvent>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("vault_events")
        .only("vault = ?", Some(vault))
        .only("kind = ?", query.kind);
    Ok(Reply {
        rows: app.read_of("vault", vault, move |db| select.slice(db, stretch)).await?,
        format,
        name: "vault-events",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(pools))
        .routes(routes!(series))
        .routes(routes!(events))
}
