//! Workers.

use super::named::named;
use super::{Address, Away, Fixed18, Key, Planck, State, Texts};
use serde::Serialize;
use utoipa::ToSchema;

/// A worker after the newest indexed block. Stake, V, P and share are as of `refreshedBlock`, V with the heartbeats since.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Worker {
    /// Its public IdentityKey.
    pub worker: Key,
    /// Whose it is.
    pub operator: Address,
    /// Its pool; null when it is in none.
    pub pool: Option<u32>,
    /// Its session; null when it is in no pool.
    pub session: Option<u64>,
    /// What it is doing.
    pub state: State,
    /// Why it is unresponsive; null when it is not.
    pub away: Option<Away>,
    /// Block since which it does that.
    pub since_block: u32,
    /// Since when.
    pub since_ms: u64,
    /// Stake.
    pub stake: Planck,
    /// Value V, in PHA.
    pub v: Fixed18,
    /// Initial value V_e, in PHA.
    pub v_e: Fixed18,
    /// Score P that counts.
    pub p: u32,
    /// Score of the newest benchmark; null before the first.
    pub score: Option<u32>,
    /// Speed P_t of the last sample.
    pub p_instant: u32,
    /// Share; zero unless it mines.
    pub share: Fixed18,
    /// Paid to pools for it, over all its sessions.
    pub paid: Planck,
    /// Paid to the treasury for it.
    pub treasury: Planck,
    /// Heartbeats that paid, over all its sessions.
    pub heartbeats: u64,
    /// Block of its last heartbeat that paid.
    pub last_heartbeat_block: Option<u32>,
    /// When that was.
    pub last_heartbeat_ms: Option<u64>,
    /// Rewards that it lost by absences.
    pub forfeited: Planck,
    /// Stake that it lost to the treasury.
    pub lost: Planck,
    /// What its evidence is worth: 1 is best, 5 is barely accepted.
    #[schema(minimum = 1, maximum = 5)]
    pub level: u8,
    /// Kind of TEE.
    #[schema(example = "SGX")]
    pub tee: String,
    /// Status of its trusted computing base, in Intel's words.
    #[schema(example = "UpToDate")]
    pub tcb_status: String,
    /// End of its lease.
    pub lease_end_ms: u64,
    /// What comes back when its cool-downs are over.
    pub cooling: Planck,
    /// When the cool-down of its stop is over if the chain does not stand still; null when it does not cool down.
    pub cooling_until_ms: Option<u64>,
    /// Block of its first registration.
    pub registered_block: u32,
    /// When that was.
    pub registered_ms: u64,
    /// Block after which all of it was read from the chain.
    pub refreshed_block: u32,
}

/// What is known of a worker's hardware and code.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attestation {
    /// Kind of TEE.
    pub tee: String,
    /// What the evidence is worth: 1 is best, 5 is barely accepted.
    #[schema(minimum = 1, maximum = 5)]
    pub level: u8,
    /// Status of the trusted computing base, in Intel's words.
    pub tcb_status: String,
    /// Intel's advisories that apply.
    #[schema(value_type = Vec<String>)]
    pub advisories: Texts,
    /// Which code runs.
    pub measurement: Key,
    /// Whether the list of what may run names that code now; null when the indexer has not seen it on the list.
    pub measurement_allowed: Option<bool>,
    /// From when on that code may run no longer; null when no end is set.
    pub measurement_ends_ms: Option<u64>,
    /// Which machine it is.
    pub platform_id: Key,
    /// Its processor family, twelve hexadecimal digits.
    pub fmspc: String,
    /// SHA-256 of the certificate of the CA that certifies the platform.
    pub pck_ca: Key,
    /// Version of the pRuntime.
    pub version: String,
    /// The run of the enclave that the evidence is for.
    #[schema(pattern = "^0x[0-9a-f]{32}$")]
    pub instance: String,
    /// Block that the evidence names as recent.
    pub freshness_block: u32,
    /// End of the lease.
    pub lease_end_ms: u64,
    /// Renewals without a fee that it has left.
    pub renewals_left: u32,
    /// Why its newest evidence was refused, or its lease ended; null when nothing was since its last renewal.
    pub refused: Option<String>,
}

/// Everything about a worker.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkerDetail {
    /// As in lists.
    #[serde(flatten)]
    pub worker: Worker,
    /// Its hardware and code; null before the indexer has read them.
    pub attestation: Option<Attestation>,
    /// Reductions of its stake that cool down.
    pub open_reductions: u8,
    /// Whether its maintenance was ended: it comes back with its next sign of life.
    pub resumed: bool,
    /// Seconds of maintenance that it has left before its value decays.
    pub maintenance_left_secs: u64,
    /// Times that it went to another operator.
    pub operator_changes: u32,
    /// The key that it had before; null for none.
    pub rebound_from: Option<Key>,
    /// The key that has taken its place; null for none.
    pub rebound_to: Option<Key>,
}

named! {
    /// What happened to a worker.
    WorkerEventKind {
        /// Registered for the first time.
        #[default]
        Registered = "registered",
        /// Joined a pool.
        Joined = "joined",
        /// Left its pool.
        Left = "left",
        /// Mines.
        Started = "started",
        /// Stopped earning.
        Unresponsive = "unresponsive",
        /// Came back.
        Recovered = "recovered",
        /// Its operator ended its maintenance.
        Resumed = "resumed",
        /// Its stake grew.
        StakeAdded = "stakeAdded",
        /// Its stake shrank.
        StakeReduced = "stakeReduced",
        /// Stopped.
        Stopped = "stopped",
        /// A cool-down is over.
        Released = "released",
        /// Shall work for its score.
        BenchmarkAsked = "benchmarkAsked",
        /// Its score was measured.
        BenchmarkMeasured = "benchmarkMeasured",
        /// Went to another operator.
        OperatorChanged = "operatorChanged",
        /// Took the place of another key.
        Rebound = "rebound",
        /// Another key has taken its place.
        Replaced = "replaced",
        /// Left; its deposit went back.
        Retired = "retired",
    }
}

/// Something that happened to a worker. What does not apply is null.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkerEvent {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// What.
    pub kind: WorkerEventKind,
    /// What the worker does from then on.
    pub state: State,
    /// Why it is unresponsive from then on.
    pub away: Option<Away>,
    /// Its session.
    pub session: Option<u64>,
    /// Its pool.
    pub pool: Option<u32>,
    /// Its stake from then on.
    pub stake: Option<Planck>,
    /// Its value V after it, in PHA.
    pub v: Option<Fixed18>,
    /// Its initial value V_e after it, in PHA.
    pub v_e: Option<Fixed18>,
    /// Block of the challenge that was missed, or that was answered to come back.
    pub challenge_block: Option<u32>,
    /// Rewards that it lost.
    pub forfeited: Option<Planck>,
    /// Stake that comes back after a cool-down, or came back.
    pub returned: Option<Planck>,
    /// Stake that went to the treasury.
    pub lost: Option<Planck>,
    /// When the cool-down is over if the chain does not stand still.
    pub due_ms: Option<u64>,
    /// Its score.
    pub score: Option<u32>,
    /// The operator or the pool's owner that it belongs to from then on.
    pub account: Option<Address>,
    /// The other key.
    pub other: Option<Key>,
}

/// An accepted heartbeat, with what it paid.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// In which block it was accepted.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// Block of the challenge that was answered.
    pub challenge_block: u32,
    /// Who answered.
    pub worker: Key,
    /// In which session.
    pub session: u64,
    /// For which pool.
    pub pool: u32,
    /// To the pool.
    pub paid: Planck,
    /// To the treasury.
    pub treasury: Planck,
    /// The worker's value V after it, in PHA.
    pub v: Fixed18,
    /// Speed P_t that counts from then on.
    pub p_instant: u32,
}

named! {
    /// What a worker was slashed at.
    SlashKind {
        /// It was stopped.
        #[default]
        Stopped = "stopped",
        /// Its stake was reduced.
        Reduced = "reduced",
    }
}

/// Stake that a worker lost to the treasury.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slash {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// What it was slashed at.
    pub kind: SlashKind,
    /// The worker.
    pub worker: Key,
    /// Its session.
    pub session: u64,
    /// Whose stake it was.
    pub pool: u32,
    /// Lost to the treasury.
    pub lost: Planck,
    /// Comes back after a cool-down.
    pub returned: Planck,
}

named! {
    /// What happened to a lease.
    LeaseKind {
        /// A first registration.
        #[default]
        Registered = "registered",
        /// A renewal.
        Renewed = "renewed",
        /// Evidence was refused, or does not hold any more.
        Refused = "refused",
        /// What is known of the worker is worth something else.
        Reverified = "reverified",
        /// The worker has another key, and the lease of the old one.
        Rebound = "rebound",
    }
}

/// Something that happened to a worker's lease.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// What.
    pub kind: LeaseKind,
    /// The worker.
    pub worker: Key,
    /// What the evidence is worth from then on: 1 is best, 5 is barely accepted. Null when it was refused.
    #[schema(minimum = 1, maximum = 5)]
    pub level: Option<u8>,
    /// End of the lease from then on.
    pub lease_end_ms: Option<u64>,
    /// Why evidence was refused.
    pub why: Option<String>,
}
