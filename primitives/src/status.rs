//! What the chain answers when it is asked: the values of the runtime API `KhalaApi`.
//!
//! | method (call with `state_call`) | arguments | value |
//! |---|---|---|
//! | `KhalaApi_network_status` | | [`NetworkStatus`] |
//! | `KhalaApi_worker_status` | [`WorkerPublicKey`] | [`WorkerStatus`] |
//! | `KhalaApi_explain` | [`WorkerPublicKey`] | [`Explanation`] |
//! | `KhalaApi_pool_status` | [`PoolId`] | `Option<`[`PoolStatus`]`>` |
//! | `KhalaApi_pools` | first [`PoolId`], limit `u32` (at most 100) | `Vec<`[`PoolStatus`]`>` |
//! | `KhalaApi_delegation` | [`PoolId`], [`AccountId32`] | [`DelegationStatus`] |
//! | `KhalaApi_positions` | [`AccountId32`] | `Vec<`[`PositionStatus`]`>` |
//! | `KhalaApi_request_forecast` | [`PoolId`], [`RequestId`] | `Option<`[`WithdrawalForecast`]`>` |
//! | `KhalaApi_withdrawal_forecast` | [`PoolId`], shares `u128` | `Option<`[`WithdrawalForecast`]`>` |
//! | `KhalaApi_pool_yield` | [`PoolId`], days `u32` | `Option<`[`YieldStatus`]`>` |
//! | `KhalaApi_start_needs` | [`WorkerPublicKey`] | `Option<`[`StartNeeds`]`>` |
//! | `KhalaApi_vaults` | first [`VaultId`], limit `u32` (at most 100) | `Vec<`[`VaultStatus`]`>` |
//! | `KhalaApi_vault_status` | [`VaultId`] | `Option<`[`VaultStatus`]`>` |
//! | `KhalaApi_vault_positions` | [`AccountId32`] | `Vec<`[`VaultPositionStatus`]`>` |
//! | `KhalaApi_vault_withdrawal_forecast` | [`VaultId`], shares `u128` | `Option<`[`VaultForecast`]`>` |
//! | `KhalaApi_vault_request_forecast` | [`VaultId`], [`RequestId`] | `Option<`[`VaultForecast`]`>` |
//! | `KhalaApi_mining_view` | `Vec<`[`WorkerPublicKey`]`>` | [`MiningView`] |
//! | `KhalaApi_collateral` | none | [`crate::collateral::CollateralStatus`] |
//! | `KhalaApi_overdue` | limit `u32` (at most 1000) | `Vec<(`[`WorkerPublicKey`]`, `[`BlockNumber`]`)>` |

use crate::{
    bytes::decimal, AccountId32, Balance, BlockNumber, Challenge, ConfidenceLevel, Instance, MeasurementDigest, PRuntimeVersion,
    PlatformId, PoolId, RequestId, SessionId, TcbStatus, Tee, VaultId, WorkerPublicKey, H256,
};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An unsigned number with 18 decimals: the inner value of a `FixedU128`.
pub type Fixed18 = u128;

/// The chain as a whole, after a block.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkStatus {
    /// The block.
    pub block: BlockNumber,
    /// The block's time, in milliseconds since 1970.
    pub now_ms: u64,
    /// Time between blocks, in milliseconds.
    pub slot_ms: u64,
    /// Registered workers.
    pub workers: u32,
    /// Sessions in state Idle.
    pub idle_sessions: u32,
    /// Pools.
    pub pools: u32,
    /// Sum of the shares of all idle sessions, 18 decimals.
    #[serde(with = "decimal")]
    pub total_share: Fixed18,
    /// The subsidy account.
    pub subsidy_account: AccountId32,
    /// Its free balance, in planck.
    #[serde(with = "decimal")]
    pub subsidy: Balance,
    /// The treasury account.
    pub treasury_account: AccountId32,
    /// Its free balance, in planck.
    #[serde(with = "decimal")]
    pub treasury: Balance,
    /// The account that holds the coins of all pools.
    pub pot_account: AccountId32,
    /// Its free balance, in planck.
    #[serde(with = "decimal")]
    pub pot: Balance,
    /// Budget accrued since genesis, in planck: what was set aside for idle sessions.
    #[serde(with = "decimal")]
    pub issued: Balance,
    /// Paid to pools since genesis, in planck.
    #[serde(with = "decimal")]
    pub paid: Balance,
    /// Paid to the treasury out of rewards since genesis, in planck.
    #[serde(with = "decimal")]
    pub treasury_part: Balance,
    /// Forfeited by workers that left, since genesis, in planck; it stayed in the subsidy.
    #[serde(with = "decimal")]
    pub forfeited: Balance,
    /// The budget of a day at the rate in force, in planck.
    #[serde(with = "decimal")]
    pub budget_per_day: Balance,
    /// Blocks within which a challenge may be answered.
    pub heartbeat_window: u32,
    /// Blocks after that within which a miss may be reported.
    pub report_window: u32,
    /// Challenges that a worker gets in an hour, in the mean.
    pub challenges_per_hour: u32,
    /// Whether the outage guard is on: no value decays.
    pub outage: bool,
}

/// State of a mining session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum SessionState {
    /// In a pool, without a stake.
    #[codec(index = 0)]
    Ready,
    /// Mining: asked to answer challenges, and earning.
    #[codec(index = 1)]
    Idle,
    /// Not earning; comes back with a heartbeat.
    #[codec(index = 2)]
    Unresponsive {
        /// Why.
        cause: Absence,
    },
    /// Stopped; the principal comes back when the cool-down is over.
    #[codec(index = 3)]
    CoolingDown {
        /// Reading of the credited clock at which it is released, in seconds.
        #[serde(rename = "untilSecs")]
        until_secs: u64,
    },
}

/// Why a session is unresponsive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
pub enum Absence {
    /// A challenge was missed; the value decays.
    #[codec(index = 0)]
    Offline,
    /// The evidence has expired; the value stays.
    #[codec(index = 1)]
    LeaseLapsed,
    /// The worker got another key; the value decays after a grace.
    #[codec(index = 2)]
    Rebinding,
    /// Its operator has paused it; the value decays beyond an allowance.
    #[codec(index = 3)]
    Maintenance,
}

/// One session.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionStatus {
    /// Its number.
    pub id: SessionId,
    /// The pool whose stake it holds.
    pub pool: PoolId,
    /// Its state.
    pub state: SessionState,
    /// The run of the enclave that may answer.
    pub instance: Instance,
    /// Stake, in planck.
    #[serde(with = "decimal")]
    pub stake: Balance,
    /// Value V as of now, 18 decimals of PHA.
    #[serde(with = "decimal")]
    pub v: Fixed18,
    /// Initial value V_e, 18 decimals of PHA.
    #[serde(with = "decimal")]
    pub v_e: Fixed18,
    /// Score P that counts.
    pub p: u32,
    /// Score of the newest benchmark: the lower of both counts from the next heartbeat on.
    pub score: u32,
    /// Speed P_t of the last sample.
    pub p_instant: u32,
    /// Share, 18 decimals; zero unless idle.
    #[serde(with = "decimal")]
    pub share: Fixed18,
    /// Earned since the last heartbeat and not yet paid, in planck, before the treasury's part.
    #[serde(with = "decimal")]
    pub outstanding: Balance,
    /// Paid to the pool since the session began, in planck.
    #[serde(with = "decimal")]
    pub paid: Balance,
    /// Heartbeats accepted since the session began.
    pub heartbeats: u32,
    /// Block of the newest challenge answered.
    pub answered: BlockNumber,
    /// Challenges before this block count for nothing.
    pub answerable_from: BlockNumber,
    /// Block since which the session is in this state.
    pub since_block: BlockNumber,
    /// Block of the last payment, 0 when there was none.
    pub last_payout_block: BlockNumber,
    /// What comes back when its cool-downs are over, in planck.
    #[serde(with = "decimal")]
    pub cooling: Balance,
    /// Reductions of its stake that cool down.
    pub open_reductions: u8,
    /// Whether its maintenance was ended: it comes back with its next sign of life.
    pub resumed: bool,
    /// Seconds of maintenance that it has left before its value decays.
    pub maintenance_left_secs: u64,
}

/// A worker's registration.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationStatus {
    /// Who may bind it to a pool.
    pub operator: AccountId32,
    /// Version of its pRuntime.
    pub version: PRuntimeVersion,
    /// The run of the enclave that the evidence is for.
    pub instance: Instance,
    /// Number of the block that the evidence names as recent.
    pub freshness: BlockNumber,
    /// Kind of TEE.
    pub tee: Tee,
    /// Status of its trusted computing base.
    pub tcb_status: TcbStatus,
    /// Intel's advisories that apply.
    pub advisories: Vec<String>,
    /// What the status is worth.
    pub confidence_level: ConfidenceLevel,
    /// Which code runs.
    pub measurement: MeasurementDigest,
    /// End of the lease, in seconds since 1970.
    pub lease_end_secs: u64,
    /// Score of the benchmark, when it was measured.
    pub score: Option<u32>,
    /// The benchmark that the chain waits for.
    pub benchmark: Option<BenchmarkRequest>,
    /// Which machine it is: `blake2_256("khala/platform/v1" ++ PPID)`.
    pub platform_id: PlatformId,
    /// Its processor family, twelve hexadecimal digits.
    pub fmspc: String,
    /// SHA-256 of the certificate of the PCK CA that certifies it.
    pub pck_ca: H256,
    /// Renewals without a fee that it has left now.
    pub renewals_left: u32,
    /// Times that it went to another operator.
    pub operator_changes: u32,
    /// Why its newest evidence was refused, or its lease was ended; `None` when nothing was since its last renewal.
    pub refused: Option<String>,
}

/// The chain asks for a benchmark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BenchmarkRequest {
    /// Block of the registration.
    pub block: BlockNumber,
    /// That block's seed: the kernel's input.
    pub seed: H256,
    /// Seconds that the worker shall work.
    pub secs: u32,
}

/// Everything about one worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerStatus {
    /// The worker.
    pub worker: WorkerPublicKey,
    /// Its registration, if it has one.
    pub registration: Option<RegistrationStatus>,
    /// Its session, if it is in a pool.
    pub session: Option<SessionStatus>,
    /// Why it earns or does not.
    pub explanation: Explanation,
}

/// Why a worker earns or does not.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The reason.
    pub reason: Reason,
    /// Block since which it holds, when the chain knows.
    pub since_block: Option<BlockNumber>,
    /// What to do, in one sentence.
    pub advice: String,
    /// State of its session, if it is in a pool.
    pub state: Option<SessionState>,
    /// Block of the newest challenge that asked it, as far back as the chain remembers challenges.
    pub last_challenge: Option<BlockNumber>,
    /// Block of the newest challenge that it answered in this session.
    pub last_answer: Option<BlockNumber>,
    /// Block of the last payment of this session.
    pub last_payout: Option<BlockNumber>,
    /// End of its lease, in seconds since 1970, if it is registered.
    pub lease_end_secs: Option<u64>,
}

/// A reason of `explain`.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Reason {
    /// The chain does not know the worker.
    #[codec(index = 0)]
    NotRegistered,
    /// The evidence has expired.
    #[codec(index = 1)]
    LeaseLapsed,
    /// The benchmark was not measured yet.
    #[codec(index = 2)]
    NoScore,
    /// The score is below what mining needs.
    #[codec(index = 3)]
    ScoreTooLow {
        /// Measured.
        score: u32,
        /// Needed.
        minimum: u32,
    },
    /// In no pool.
    #[codec(index = 4)]
    NotInPool,
    /// In a pool and ready to be started with a stake.
    #[codec(index = 5)]
    Ready,
    /// Mining.
    #[codec(index = 6)]
    Idle,
    /// A challenge was missed.
    #[codec(index = 7)]
    Offline {
        /// The challenge's block.
        #[serde(rename = "missedBlock")]
        missed_block: BlockNumber,
    },
    /// Stopped, waiting for the principal.
    #[codec(index = 8)]
    CoolingDown {
        /// Reading of the credited clock at which it is released, in seconds.
        #[serde(rename = "untilSecs")]
        until_secs: u64,
    },
    /// There is nothing left to pay with.
    #[codec(index = 9)]
    SubsidyEmpty,
    /// The worker's code is no longer allowed.
    #[codec(index = 10)]
    MeasurementDeprecated,
    /// Its newest evidence was refused, or does not hold any more.
    #[codec(index = 11)]
    EvidenceRefused {
        /// What is wrong, by how much, and what to do.
        why: String,
    },
    /// The evidence is genuine, and the network's policy does not accept the platform.
    #[codec(index = 12)]
    PolicyDenied {
        /// What it does not accept.
        what: String,
    },
    /// It has another key, and was not heard of with it yet.
    #[codec(index = 13)]
    Rebinding,
    /// Paused by its operator.
    #[codec(index = 14)]
    Maintenance {
        /// Seconds until its value decays.
        #[serde(rename = "leftSecs")]
        left_secs: u64,
    },
    /// In a pool that has too few free coins to start it.
    #[codec(index = 15)]
    NoStake {
        /// The pool's free coins, in planck.
        #[serde(with = "decimal")]
        free: Balance,
        /// The smallest stake for its score, in planck.
        #[serde(with = "decimal")]
        minimum: Balance,
    },
    /// No stake is within the bounds of its score: the smallest is above the largest.
    #[codec(index = 16)]
    StakeOutOfBounds {
        /// The smallest stake, in planck.
        #[serde(with = "decimal")]
        minimum: Balance,
        /// The largest stake, in planck.
        #[serde(with = "decimal")]
        maximum: Balance,
    },
    /// A challenge was missed, as by many others at once: the outage guard is on, and its value does not decay.
    #[codec(index = 17)]
    OutageGuard {
        /// The challenge's block.
        #[serde(rename = "missedBlock")]
        missed_block: BlockNumber,
    },
}

/// One stake pool.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolStatus {
    /// Its number.
    pub id: PoolId,
    /// Its owner.
    pub owner: AccountId32,
    /// The owner's part of rewards, in millionths.
    pub commission_ppm: u32,
    /// Most that may be delegated, in planck; `None` is unlimited.
    pub cap: Option<Balance>,
    /// What the pool is worth, with what is not yet taken in, in planck.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Shares of all delegators.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// `value / shares`, 18 decimals; one while there are no shares.
    #[serde(with = "decimal")]
    pub price: Fixed18,
    /// Coins that no worker holds, in planck.
    #[serde(with = "decimal")]
    pub free: Balance,
    /// Coins that hold workers up, in planck.
    #[serde(with = "decimal")]
    pub staked: Balance,
    /// Coins that come back after a cool-down, in planck.
    #[serde(with = "decimal")]
    pub cooling: Balance,
    /// Commission not yet claimed, in planck.
    #[serde(with = "decimal")]
    pub commission: Balance,
    /// The pool's workers, in the order in which the chain takes stake from them.
    pub workers: Vec<WorkerPublicKey>,
    /// What the commission never exceeds, in millionths.
    pub max_commission_ppm: u32,
    /// A higher commission that was announced.
    pub commission_rise: Option<CommissionRiseStatus>,
    /// What its workers would lose of their stakes if they were stopped, in planck; the value is less by it.
    #[serde(with = "decimal")]
    pub impaired: Balance,
    /// Shares that wait in the queue.
    #[serde(with = "decimal")]
    pub queued_shares: u128,
    /// Those of them whose deadline has passed.
    #[serde(with = "decimal")]
    pub due_shares: u128,
    /// What has to be taken out of stakes for them, in planck.
    #[serde(with = "decimal")]
    pub need: Balance,
    /// Free coins beyond what the queue is owed, in planck: workers can be started with them.
    #[serde(with = "decimal")]
    pub spare: Balance,
    /// Planck that may be delegated before the cap is reached; `None` is unlimited.
    pub room: Option<Balance>,
    /// Whether only accounts on a list may hold its shares.
    pub restricted: bool,
    /// What the owner says of it.
    pub description: String,
    /// Where to read more.
    pub links: Vec<String>,
}

/// An announced commission.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommissionRiseStatus {
    /// In millionths.
    pub commission_ppm: u32,
    /// When it is in force if the chain does not stand still, in seconds since 1970.
    pub due_secs: u64,
}

/// What an account has in a pool.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegationStatus {
    /// Its shares.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// What they are worth now, in planck, rounded down.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Its requests in the queue, oldest first.
    pub requests: Vec<RequestStatus>,
}

/// Shares that wait in the queue of a pool. Times are in seconds since 1970, if the chain does not stand still until then.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestStatus {
    /// Its number in the pool.
    pub id: RequestId,
    /// Shares that are left.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// What they are worth now, in planck, rounded down.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Until then it can be cancelled; from then on the pool takes stakes back for it.
    pub deadline_secs: u64,
    /// By then it is paid.
    pub promised_secs: u64,
    /// Whether it can still be cancelled.
    pub cancellable: bool,
}

/// What an account has in one of its pools.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PositionStatus {
    /// The pool.
    pub pool: PoolId,
    /// Its shares and requests.
    pub delegation: DelegationStatus,
}

/// When shares are paid out, how much at today's price, and where it comes from. Times are in seconds since 1970, if the chain does not
/// stand still until then.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawalForecast {
    /// The shares.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// What they are worth today, in planck.
    #[serde(with = "decimal")]
    pub amount: Balance,
    /// When the pool begins to take stakes back for them.
    pub deadline_secs: u64,
    /// By then all is paid, whatever happens.
    pub promised_secs: u64,
    /// When all is paid if nothing else comes in or goes out.
    pub expected_secs: u64,
    /// Where it comes from, in the order in which it comes.
    pub sources: Vec<Source>,
}

/// Coins for a withdrawal.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// What gives them.
    pub kind: SourceKind,
    /// In planck.
    #[serde(with = "decimal")]
    pub amount: Balance,
    /// When they come, in seconds since 1970.
    pub at_secs: u64,
}

/// What gives coins for a withdrawal.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SourceKind {
    /// Free coins of the pool.
    #[codec(index = 0)]
    Free,
    /// Stake of a worker that cools down already.
    #[codec(index = 1)]
    Cooling {
        /// The worker.
        worker: WorkerPublicKey,
    },
    /// A worker's stake is reduced at the deadline.
    #[codec(index = 2)]
    Reduced {
        /// The worker.
        worker: WorkerPublicKey,
    },
    /// A worker is stopped at the deadline.
    #[codec(index = 3)]
    Stopped {
        /// The worker.
        worker: WorkerPublicKey,
    },
}

/// One vault: a pool of stake pools.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultStatus {
    /// Its number.
    pub id: VaultId,
    /// Its owner.
    pub owner: AccountId32,
    /// The account that holds its shares of pools; nobody has its key.
    pub account: AccountId32,
    /// The owner's part of gains over the high-water mark, in millionths.
    pub fee_ppm: u32,
    /// What the fee never exceeds, in millionths.
    pub max_fee_ppm: u32,
    /// A higher fee that was announced.
    pub fee_rise: Option<CommissionRiseStatus>,
    /// The highest commission of pools that it uses, in millionths.
    pub commission_limit_ppm: u32,
    /// A higher limit that was announced.
    pub commission_limit_rise: Option<CommissionRiseStatus>,
    /// The value above which nobody may delegate, in planck; `None` is no limit.
    pub cap: Option<Balance>,
    /// Planck that may be delegated before the cap is reached; `None` is unlimited.
    pub room: Option<Balance>,
    /// What the vault is worth, in planck.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Shares of all delegators and of the fee.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// `value / shares`, 18 decimals; one while there are no shares.
    #[serde(with = "decimal")]
    pub price: Fixed18,
    /// The price above which a fee is taken, 18 decimals.
    #[serde(with = "decimal")]
    pub high_water_mark: Fixed18,
    /// Shares that the owner has earned and not claimed.
    #[serde(with = "decimal")]
    pub fee_shares: u128,
    /// Coins that are in no pool, in planck.
    #[serde(with = "decimal")]
    pub free: Balance,
    /// What those who wait are owed at the prices of now, in planck.
    #[serde(with = "decimal")]
    pub owed: Balance,
    /// Free coins beyond that, in planck: they can be invested.
    #[serde(with = "decimal")]
    pub spare: Balance,
    /// Whether the deadline of somebody who waits has passed: the vault invests no further.
    pub late: bool,
    /// What it has in its pools.
    pub places: Vec<VaultPlace>,
}

/// What a vault has in a pool.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultPlace {
    /// The pool.
    pub pool: PoolId,
    /// Shares that are not queued.
    #[serde(with = "decimal")]
    pub held: u128,
    /// Shares in the pool's queue that are the vault's own.
    #[serde(with = "decimal")]
    pub returning: u128,
    /// Shares in the pool's queue that belong to those who wait.
    #[serde(with = "decimal")]
    pub claimed: u128,
    /// What those that are the vault's own are worth now, in planck.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// The pool's commission, in force or announced, whichever is higher, in millionths.
    pub commission_ppm: u32,
}

/// What an account has in a vault.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultPositionStatus {
    /// The vault.
    pub vault: VaultId,
    /// Its shares.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// What they are worth now, in planck, rounded down.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Its requests in the queue, oldest first.
    pub requests: Vec<VaultRequestStatus>,
}

/// What somebody waits for who leaves a vault. Times are in seconds since 1970, if the chain does not stand still until then.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultRequestStatus {
    /// Its number in the vault.
    pub id: RequestId,
    /// What is still to be paid at the prices of now, in planck, rounded down.
    #[serde(with = "decimal")]
    pub value: Balance,
    /// Shares of pools that belong to it.
    pub claims: Vec<VaultClaim>,
    /// Shares of the vault that wait for coins on their way out of pools.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// The worst deadline in its pools and the vault's margin.
    pub deadline_secs: u64,
    /// By then it is paid.
    pub promised_secs: u64,
}

/// Shares of a pool that belong to somebody who leaves a vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultClaim {
    /// The pool.
    pub pool: PoolId,
    /// The vault's request in its queue.
    pub request: RequestId,
    /// How many shares.
    #[serde(with = "decimal")]
    pub shares: u128,
    /// What they are worth now, in planck, rounded down.
    #[serde(with = "decimal")]
    pub value: Balance,
}

/// When shares of a vault are paid out, how much at today's prices, and by which pools. Times are in seconds since 1970, if the chain
/// does not stand still until then.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultForecast {
    /// What is still to be paid, in planck.
    #[serde(with = "decimal")]
    pub amount: Balance,
    /// What of it free coins of the vault pay at once, in planck.
    #[serde(with = "decimal")]
    pub at_once: Balance,
    /// The worst deadline in the pools and the vault's margin.
    pub deadline_secs: u64,
    /// By then all is paid, whatever happens.
    pub promised_secs: u64,
    /// When all is paid if nothing else comes in or goes out.
    pub expected_secs: u64,
    /// What each pool pays, and when.
    pub pools: Vec<(PoolId, WithdrawalForecast)>,
}

/// What a pool's shares have gained in the last days.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YieldStatus {
    /// Over how many seconds.
    pub secs: u64,
    /// Price of a share now, 18 decimals.
    #[serde(with = "decimal")]
    pub price: Fixed18,
    /// Price of a share before.
    #[serde(with = "decimal")]
    pub price_before: Fixed18,
    /// Whether it has risen or stayed; else it has fallen.
    pub gained: bool,
    /// By what part of itself it changes in a year at this pace, 18 decimals.
    #[serde(with = "decimal")]
    pub apr: Fixed18,
}

/// What a worker needs to be started.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartNeeds {
    /// Its pool.
    pub pool: PoolId,
    /// Its score.
    pub score: u32,
    /// The smallest stake for its score, in planck.
    #[serde(with = "decimal")]
    pub minimum: Balance,
    /// The largest stake for its score and level, in planck.
    #[serde(with = "decimal")]
    pub maximum: Balance,
    /// Free coins of its pool beyond what the queue is owed, in planck.
    #[serde(with = "decimal")]
    pub spare: Balance,
    /// What is missing to the smallest stake, in planck.
    #[serde(with = "decimal")]
    pub missing: Balance,
    /// Whether it could be started now.
    pub ready: bool,
}

/// What a relayer needs of one block.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MiningView {
    /// The block.
    pub block: BlockNumber,
    /// Its time, in milliseconds since 1970.
    pub now_ms: u64,
    /// Its challenge; a block may have none.
    pub challenge: Option<Challenge>,
    /// Blocks within which a challenge may be answered.
    pub heartbeat_window: u32,
    /// Age in blocks up to which evidence is fresh.
    pub freshness_blocks: u32,
    /// Length of a lease, in seconds; renewed from half of it on.
    pub lease_secs: u64,
    /// The workers asked for, in that order.
    pub workers: Vec<WorkerView>,
}

/// What a relayer needs of one worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerView {
    /// Its registration, if it has one.
    pub registration: Option<RegistrationStatus>,
    /// Its session, if it is in a pool.
    pub session: Option<SessionStatus>,
}
