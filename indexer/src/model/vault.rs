//! Vaults: pools of stake pools.

use super::named::named;
use super::{Address, Fixed18, Planck, Shares};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A vault after the newest indexed block: what it has in pools at their values of then, and its fee taken as of then.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vault {
    /// Its number.
    pub vault: u32,
    /// Its owner: who spreads its coins over pools, and earns its fee.
    pub owner: Address,
    /// The account that holds its shares of pools; nobody has its key.
    pub account: Address,
    /// The owner's part of gains over the high-water mark, in millionths.
    pub fee_ppm: u32,
    /// What the fee never exceeds, in millionths.
    pub max_fee_ppm: u32,
    /// An announced higher fee, in millionths.
    pub fee_rise_ppm: Option<u32>,
    /// When it is in force if the chain does not stand still.
    pub fee_rise_due_ms: Option<u64>,
    /// The highest commission of pools that it uses, in millionths.
    pub commission_limit_ppm: u32,
    /// An announced higher limit, in millionths.
    pub limit_rise_ppm: Option<u32>,
    /// When it is in force if the chain does not stand still.
    pub limit_rise_due_ms: Option<u64>,
    /// The value above which nobody may delegate; null is no limit.
    pub cap: Option<Planck>,
    /// What may be delegated before the cap is reached; null is no limit.
    pub room: Option<Planck>,
    /// What the vault is worth: its free coins, and its own shares of pools.
    pub value: Planck,
    /// Shares of all delegators, and those of the fee.
    pub shares: Shares,
    /// Value of a share.
    pub price: Fixed18,
    /// High-water mark: the price above which a fee is taken.
    pub mark: Fixed18,
    /// Shares that the owner has earned as its fee and not claimed.
    pub fee_shares: Shares,
    /// What they are worth.
    pub fee_value: Planck,
    /// What owners earned as a fee since it was created, at the prices of then.
    pub fees_taken: Planck,
    /// Yearly gain of a delegation at the pace of the last seven days, as of the newest sample: 0.1 is 10 %. Null when it has none yet.
    pub apr: Option<f64>,
    /// By what part of itself the price has changed in the last day, or since its first sample when it is younger, as of the newest
    /// sample: 0.1 is 10 %. Null when it has no earlier sample.
    pub change_day: Option<f64>,
    /// The same over seven days.
    pub change_week: Option<f64>,
    /// The same over thirty days.
    pub change_month: Option<f64>,
    /// Coins that are in no pool.
    pub free: Planck,
    /// What those who wait are owed: shares of pools that belong to them, and shares of the vault.
    pub owed: Planck,
    /// Free coins beyond that: they can be invested.
    pub spare: Planck,
    /// Whether the deadline of somebody who waits has passed: the vault invests no further.
    pub late: bool,
    /// Pools in which it has shares.
    pub pools: u32,
    /// Accounts that hold its shares, or wait to be paid by it.
    pub delegators: u32,
    /// Requests that wait.
    pub open_withdrawals: u32,
    /// Block in which it was created.
    pub created_block: u32,
    /// When it was created.
    pub created_ms: u64,
    /// Block after which all of it was read from the chain; later gains of its pools are added.
    pub refreshed_block: u32,
}

/// What a vault has in a pool.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VaultPlace {
    /// The pool.
    pub pool: u32,
    /// Shares that are not queued.
    pub shares: Shares,
    /// Shares in the pool's queue that are the vault's own.
    pub returning_shares: Shares,
    /// Shares in the pool's queue that belong to those who leave the vault.
    pub claimed_shares: Shares,
    /// What those that are the vault's own are worth.
    pub value: Planck,
    /// What those are worth that belong to those who leave.
    pub claimed_value: Planck,
    /// Price of a share of the pool.
    pub price: Fixed18,
    /// Yearly gain of the pool; null when it has none yet.
    pub apr: Option<f64>,
    /// The pool's commission, in force or announced, whichever is higher, in millionths.
    pub commission_ppm: u32,
    /// What the vault put into the pool since genesis.
    pub put_in: Planck,
    /// What it took out of the pool since genesis, for itself and for those who leave.
    pub taken_out: Planck,
}

/// Shares of a pool, in its queue, that belong to somebody who leaves a vault.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VaultClaim {
    /// The pool.
    pub pool: u32,
    /// The vault's request in its queue.
    pub request: u64,
    /// How many shares.
    pub shares: Shares,
    /// What they are worth.
    pub value: Planck,
}

/// Claims: JSON in a query's answer.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct VaultClaims(pub Vec<VaultClaim>);

impl FromSql for VaultClaims {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(|error| FromSqlError::Other(error.into()))
    }
}

named! {
    /// What happened to a vault.
    VaultEventKind {
        /// It was created.
        #[default]
        Created = "created",
        /// Its owner earned shares for a gain over the high-water mark.
        FeeTaken = "feeTaken",
        /// The owner holds the shares that it earned.
        FeeClaimed = "feeClaimed",
        /// Another fee is in force.
        FeeChanged = "feeChanged",
        /// A higher fee will be in force.
        FeeRiseAnnounced = "feeRiseAnnounced",
        /// It will not be in force.
        FeeRiseCancelled = "feeRiseCancelled",
        /// It uses pools up to another commission.
        LimitChanged = "limitChanged",
        /// It will use pools up to a higher commission.
        LimitRiseAnnounced = "limitRiseAnnounced",
        /// It will not use them.
        LimitRiseCancelled = "limitRiseCancelled",
        /// Another cap is in force.
        CapChanged = "capChanged",
        /// Coins of it bought shares of a pool.
        Invested = "invested",
        /// Shares of a pool were taken back.
        Divested = "divested",
        /// A request of it in a pool's queue was cancelled.
        DivestCancelled = "divestCancelled",
        /// A pool paid what nobody waited for: it is free.
        CoinsReturned = "coinsReturned",
        /// A pool has become dearer than what it uses: it leaves it.
        PoolLeft = "poolLeft",
        /// What was left of it without shares became its owner's.
        RestTaken = "restTaken",
    }
}

/// Something that happened to a vault. What does not apply is null.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VaultEvent {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// What.
    pub kind: VaultEventKind,
    /// Which pool.
    pub pool: Option<u32>,
    /// The request in the pool's queue.
    pub request: Option<u64>,
    /// Shares: of the pool when there is one, else of the vault.
    pub shares: Option<Shares>,
    /// Coins, or what the shares were worth; of a cap the cap, null for none.
    pub amount: Option<Planck>,
    /// The fee or the limit, in millionths.
    pub ppm: Option<u32>,
    /// When an announced rate is in force if the chain does not stand still.
    pub due_ms: Option<u64>,
}

/// A vault at one moment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VaultPoint {
    /// When.
    pub time_ms: u64,
    /// After which block.
    pub block: u32,
    /// What the vault is worth.
    pub value: Planck,
    /// Shares of all delegators, and those of the fee.
    pub shares: Shares,
    /// Value of a share.
    pub price: Fixed18,
    /// High-water mark.
    pub mark: Fixed18,
    /// Yearly gain of a delegation at the pace of the last seven days: 0.1 is 10 %.
    pub apr: Option<f64>,
    /// Coins that are in no pool.
    pub free: Planck,
    /// What those who wait are owed.
    pub owed: Planck,
    /// The owner's part of gains over the high-water mark, in millionths.
    pub fee_ppm: u32,
    /// Shares that the owner has earned and not claimed.
    pub fee_shares: Shares,
    /// Pools in which it has shares.
    pub pools: u32,
    /// Accounts that hold its shares, or wait to be paid by it.
    pub delegators: u32,
}
