//! Workers.

use super::{
    columns::columns,
    parameters::{checked_level, checked_moment, checked_search, parameters, Asked, Named},
    problem::{Failures, Problem},
    reply::{Accepted, Reply},
    select::Select,
    App,
};
use crate::model::{
    Address, Attestation, Away, Key, Page, Planck, Series, Slice, State as Doing, Worker, WorkerDetail, WorkerEvent, WorkerPoint,
};
use axum::{extract::State, Json};
use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

columns!(Worker {
    worker = "worker",
    operator = "operator",
    pool = "pool",
    session = "session",
    state = "state",
    away = "away",
    since_block = "since_block",
    since_ms = "since_ms",
    stake = "stake",
    v = "v",
    v_e = "v_e",
    p = "p",
    score = "score",
    p_instant = "p_instant",
    share = "share",
    paid = "paid",
    treasury = "treasury",
    heartbeats = "heartbeats",
    last_heartbeat_block = "last_heartbeat_block",
    last_heartbeat_ms = "last_heartbeat_ms",
    forfeited = "forfeited",
    lost = "lost",
    level = "level",
    tee = "tee",
    tcb_status = "tcb_status",
    lease_end_ms = "lease_end_ms",
    cooling = "cooling",
    cooling_until_ms = "(SELECT head.time_ms + (cooling_until_secs - credited_secs) * 1000 FROM head)",
    registered_block = "registered_block",
    registered_ms = "registered_ms",
    refreshed_block = "refreshed_block",
});

columns!(Attestation {
    tee = "tee",
    level = "level",
    tcb_status = "tcb_status",
    advisories = "advisories",
    measurement = "workers.measurement",
    measurement_allowed = "(SELECT from_ms <= (SELECT time_ms FROM head) AND ifnull(ends_ms > (SELECT time_ms FROM head), 1) \
                           FROM measurements WHERE measurements.measurement = workers.measurement)",
    measurement_ends_ms = "(SELECT ends_ms FROM measurements WHERE measurements.measurement = workers.measurement)",
    platform_id = "platform_id",
    fmspc = "fmspc",
    pck_ca = "pck_ca",
    version = "version",
    instance = "instance",
    freshness_block = "freshness_block",
    lease_end_ms = "lease_end_ms",
    renewals_left = "renewals_left",
    refused = "refused",
});

columns!(WorkerPoint {
    time_ms = "time_ms",
    block = "block",
    state = "state",
    away = "away",
    pool = "pool",
    stake = "stake",
    v = "v",
    v_e = "v_e",
    p = "p",
    p_instant = "p_instant",
    share = "share",
    paid = "paid",
    heartbeats = "heartbeats",
    level = "level",
});

columns!(WorkerEvent {
    block = "block",
    time_ms = "time_ms",
    kind = "kind",
    state = "state",
    away = "away",
    session = "session",
    pool = "pool",
    stake = "stake",
    v = "v",
    v_e = "v_e",
    challenge_block = "challenge_block",
    forfeited = "forfeited",
    returned = "returned",
    lost = "lost",
    due_ms = "due_ms",
    score = "score",
    account = "account",
    other = "other",
});

/// By what workers are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum WorkerSort {
    Registered,
    Worker,
    Stake,
    V,
    VE,
    P,
    PInstant,
    Share,
    Paid,
    Heartbeats,
    LastHeartbeat,
    LeaseEnd,
    Level,
}

impl WorkerSort {
    fn sql(self) -> &'static str {
        match self {
            Self::Registered => "registered_ms",
            Self::Worker => "worker",
            Self::Stake => "stake",
            Self::V => "v",
            Self::VE => "v_e",
            Self::P => "p",
            Self::PInstant => "p_instant",
            Self::Share => "share",
            Self::Paid => "paid",
            Self::Heartbeats => "heartbeats",
            Self::LastHeartbeat => "last_heartbeat_ms",
            Self::LeaseEnd => "lease_end_ms",
            Self::Level => "level",
        }
    }
}

parameters! {
    /// Which workers.
    page WorkersQuery sorted by WorkerSort {
        /// The beginning of a worker's key, with or without `0x`, or an operator's address.
        #[param(max_length = 100)]
        search: String,
        /// Only those of this pool.
        #[param(maximum = 4294967295.0)]
        pool: u32,
        /// Only those of this operator.
        operator: Address,
        /// Only those that do this. Workers that are gone are listed only when they are asked for.
        #[param(inline)]
        state: Doing,
        /// Only those that are unresponsive for this.
        #[param(inline)]
        away: Away,
        /// Only those of this confidence level.
        #[param(minimum = 1, maximum = 5)]
        level: u8,
        /// Only those with at least this stake, in planck.
        min_stake: Planck,
        /// Only those whose lease ends before this, in milliseconds since 1970.
        #[param(maximum = 9007199254740991.0)]
        lease_ends_before_ms: u64,
    }
}

impl WorkersQuery {
    fn select(&self) -> Result<Select, Problem> {
        let search = self
            .search
            .as_deref()
            .map(checked_search)
            .transpose()?
            .filter(|text| !text.is_empty());
        let address = search.and_then(|text| text.parse::<Address>().ok());
        let digits = search
            .filter(|_| address.is_none())
            .map(|text| text.strip_prefix("0x").unwrap_or(text).to_lowercase());
        let lease_ends_before_ms = self.lease_ends_before_ms.map(checked_moment).transpose()?;
        Ok(Select::from("workers")
            .only("operator = ?", address)
            .only("begins_with(worker, ?)", digits)
            .only("pool = ?", self.pool)
            .only("operator = ?", self.operator)
            .only("state = ?", self.state)
            .only_if(self.state.is_none(), "state <> 'gone'")
            .only("away = ?", self.away)
            .only("level = ?", checked_level(self.level)?)
            .only("stake >= ?", self.min_stake)
            .only("lease_end_ms < ?", lease_ends_before_ms))
    }
}

/// The list of workers.
#[utoipa::path(get, path = "/workers", operation_id = "workers", tag = "workers", params(WorkersQuery),
    responses((status = 200, description = "The workers", content((Page<Worker> = "application/json"), (String = "text/csv"))), Failures))]
async fn list(State(app): State<App>, accepted: Accepted, Asked(query): Asked<WorkersQuery>) -> Result<Reply<Page<Worker>>, Problem> {
    let format = accepted.or(query.format);
    let (select, part) = (query.select()?, query.part(format)?);
    let by = query.sort.unwrap_or(WorkerSort::Registered).sql();
    let order = query.order.unwrap_or_default();
    let rows = app.read(move |db| select.page(db, "worker", by, order, "worker", part)).await?;
    Ok(Reply {
        rows,
        format,
        name: "workers",
    })
}

/// Everything about one worker.
#[utoipa::path(get, path = "/workers/{worker}", operation_id = "worker", tag = "workers", params(("worker" = Key, Path, description = "Its public IdentityKey")),
    responses((status = 200, description = "The worker", body = WorkerDetail), Failures))]
async fn one(State(app): State<App>, Named(worker): Named<Key>) -> Result<Json<WorkerDetail>, Problem> {
    let found = app.read(move |db| find(db, worker)).await?;
    found.map(Json).ok_or_else(|| Problem::no_such("worker", worker))
}

fn find(db: &Connection, key: Key) -> rusqlite::Result<Option<WorkerDetail>> {
    let workers = || Select::from("workers").only("worker = ?", Some(key));
    let Some(worker) = workers().one(db)? else {
        return Ok(None);
    };
    let attestation = workers().only_if(true, "workers.measurement IS NOT NULL").one(db)?;
    let rest =
        "SELECT open_reductions, resumed, maintenance_left_secs, operator_changes, rebound_from, rebound_to FROM workers WHERE worker = ?";
    db.prepare_cached(rest)?
        .query_row([key], |row| {
            Ok(WorkerDetail {
                worker,
                attestation,
                open_reductions: row.get(0)?,
                resumed: row.get(1)?,
                maintenance_left_secs: row.get(2)?,
                operator_changes: row.get(3)?,
                rebound_from: row.get(4)?,
                rebound_to: row.get(5)?,
            })
        })
        .optional()
}

parameters! {
    /// Which points.
    series WorkerSeriesQuery
}

/// A worker's V, P, share and earnings over time.
#[utoipa::path(get, path = "/workers/{worker}/series", operation_id = "workerSeries", tag = "workers",
    params(("worker" = Key, Path, description = "Its public IdentityKey"), WorkerSeriesQuery),
    responses((status = 200, description = "Points", content((Series<WorkerPoint> = "application/json"), (String = "text/csv"))), Failures))]
async fn series(
    State(app): State<App>,
    accepted: Accepted,
    Named(worker): Named<Key>,
    Asked(query): Asked<WorkerSeriesQuery>,
) -> Result<Reply<Series<WorkerPoint>>, Problem> {
    let span = query.span()?;
    let select = Select::from("worker_samples").only("worker = ?", Some(worker));
    let points = app.read_of("worker", worker, move |db| select.points(db, span)).await?;
    Ok(Reply {
        rows: app.series(span.interval, points),
        format: accepted.or(query.format()),
        name: "worker-series",
    })
}

parameters! {
    /// Which events.
    history WorkerEventsQuery {}
}

/// What happened to a worker: its states, stakes, scores and owners.
#[utoipa::path(get, path = "/workers/{worker}/events", operation_id = "workerEvents", tag = "workers",
    params(("worker" = Key, Path, description = "Its public IdentityKey"), WorkerEventsQuery),
    responses((status = 200, description = "Events", content((Slice<WorkerEvent> = "application/json"), (String = "text/csv"))), Failures))]
async fn events(
    State(app): State<App>,
    accepted: Accepted,
    Named(worker): Named<Key>,
    Asked(query): Asked<WorkerEventsQuery>,
) -> Result<Reply<Slice<WorkerEvent>>, Problem> {
    let format = accepted.or(query.format);
    let stretch = query.stretch(format)?;
    let select = Select::from("worker_events").only("worker = ?", Some(worker));
    Ok(Reply {
        rows: app.read_of("worker", worker, move |db| select.slice(db, stretch)).await?,
        format,
        name: "worker-events",
    })
}

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(series))
        .routes(routes!(events))
}
