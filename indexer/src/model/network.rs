//! The network as a whole, and how the indexer stands to it.

use super::named::named;
use super::{Address, Fixed18, Key, Planck};
use serde::Serialize;
use utoipa::ToSchema;

/// The network after the newest indexed block.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Network {
    /// The block.
    pub block: u32,
    /// Its time.
    pub time_ms: u64,
    /// Mean time between the last 100 blocks, in milliseconds; null before the second block.
    pub block_time_ms: Option<f64>,
    /// Time between blocks that the chain aims at, in milliseconds.
    pub slot_ms: u64,
    /// Registered workers.
    pub workers: u32,
    /// Workers that mine.
    pub idle_workers: u32,
    /// Workers that should mine and do not.
    pub unresponsive_workers: u32,
    /// Pools.
    pub pools: u32,
    /// Vaults.
    pub vaults: u32,
    /// Accounts that hold shares of pools or vaults; those of the vaults themselves are not counted.
    pub delegators: u32,
    /// What all pools are worth.
    pub total_value: Planck,
    /// What all vaults are worth, what they have in pools included.
    pub vault_value: Planck,
    /// Coins that hold workers up.
    pub total_staked: Planck,
    /// Sum of the shares of mining workers, as of the newest sample.
    pub total_share: Fixed18,
    /// Paid to pools since genesis.
    pub paid: Planck,
    /// Paid to pools in the last 24 hours of the chain's time, or since genesis when it is younger.
    pub paid_last_day: Planck,
    /// The budget of a day, as of the newest sample.
    pub budget_per_day: Planck,
    /// Budget accrued since genesis, as of the newest sample.
    pub issued: Planck,
    /// Paid to the treasury out of rewards since genesis.
    pub treasury_part: Planck,
    /// Forfeited since genesis, as of the newest sample.
    pub forfeited: Planck,
    /// What is left to pay with, as of the newest sample.
    pub subsidy: Planck,
    /// The treasury's balance, as of the newest sample.
    pub treasury: Planck,
    /// Heartbeats since genesis.
    pub heartbeats: u64,
    /// Heartbeats in the last hour of the chain's time.
    pub heartbeats_last_hour: u64,
    /// Mean yearly gain of a delegation, weighted by value, as of the newest sample: 0.1 is 10 %. Null before any pool has one.
    pub apr: Option<f64>,
    /// Whether the outage guard is on, as of the newest sample: no value decays.
    pub outage: bool,
    /// Block of the newest sample.
    pub sampled_block: u32,
}

named! {
    /// What the indexer is doing.
    FollowState {
        /// It has not reached a node yet.
        #[default]
        Connecting = "connecting",
        /// It reads old blocks.
        CatchingUp = "catchingUp",
        /// It has every finalised block.
        Following = "following",
        /// It cannot go on; the error says why.
        Stopped = "stopped",
    }
}

/// The chain as its node tells.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChainLink {
    /// Whether the node answers.
    pub connected: bool,
    /// Newest finalised block that the node told of.
    pub finalized_block: Option<u32>,
    /// Newest block that the node told of.
    pub best_block: Option<u32>,
    /// Blocks by which finality is behind.
    pub finality_lag_blocks: Option<u32>,
}

/// How the indexer is.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of the indexer.
    pub version: String,
    /// The chain; null before the first connection.
    pub genesis_hash: Option<Key>,
    /// What it is doing.
    pub state: FollowState,
    /// Whether answers are up to date: at most 10 blocks and a minute behind finality.
    pub healthy: bool,
    /// What is wrong and what to do; null when nothing is.
    pub error: Option<String>,
    /// The chain as its node tells.
    pub chain: ChainLink,
    /// Newest indexed block; null before the first.
    pub indexed_block: Option<u32>,
    /// Its time.
    pub indexed_time_ms: Option<u64>,
    /// Finalised blocks that are not indexed yet.
    pub lag_blocks: Option<u32>,
    /// Age of the newest indexed block by this machine's clock, in milliseconds.
    pub lag_ms: Option<u64>,
    /// Blocks indexed a second, over the last seconds.
    pub blocks_per_second: f64,
    /// Time between two samples, in seconds of the chain's time.
    pub sample_secs: u64,
}

/// A chain, as its node says.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChainFacts {
    /// Its name.
    #[schema(example = "Khala")]
    pub name: String,
    /// Hash of its first block.
    pub genesis_hash: Key,
    /// Symbol of its coin; null when its specification does not say.
    #[schema(example = "PHA")]
    pub token_symbol: Option<String>,
    /// Decimals of its coin: one coin is 10 to this power of a planck. Null when its specification does not say.
    #[schema(example = 12)]
    pub token_decimals: Option<u8>,
    /// Prefix of its SS58 addresses; null when its specification does not say.
    #[schema(example = 30)]
    pub ss58_prefix: Option<u16>,
}

/// What a console has to know before it does anything.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// WebSocket of a node that anybody may use, as the indexer's operator gave it; null when none was given.
    #[schema(example = "wss://rpc.example.org")]
    pub node_url: Option<String>,
    /// The chain; null before the indexer's first connection to its own node.
    pub chain: Option<ChainFacts>,
    /// Version of the indexer.
    pub version: String,
}

named! {
    /// What was found.
    HitKind {
        /// A pool.
        #[default]
        Pool = "pool",
        /// A vault.
        Vault = "vault",
        /// A worker.
        Worker = "worker",
        /// An account.
        Account = "account",
    }
}

/// Something found.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// The number of a pool, or of a worker's pool; null for others.
    pub pool: Option<u32>,
    /// The number of a vault, or of an account that is a vault's; null for others.
    pub vault: Option<u32>,
    /// The worker; null for others.
    pub worker: Option<Key>,
    /// The account: of a pool or a vault its owner, of a worker its operator.
    pub account: Address,
    /// The pool's description, or nothing.
    pub text: String,
}

/// What was found, at most 10 of each kind.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hits {
    /// Pools, then vaults, then workers, then accounts.
    pub items: Vec<Hit>,
}
