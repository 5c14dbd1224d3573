//! Values over time: samples at fixed moments of the chain's time.

use super::named::named;
use super::{Away, Fixed18, Planck, Shares, State};
use serde::Serialize;
use utoipa::ToSchema;

named! {
    /// Which samples.
    Interval {
        /// Every sample that is kept: those of the last two days.
        Sample = "sample",
        /// The first one of each hour; kept for 35 days.
        #[default]
        Hour = "hour",
        /// The first one of each day; kept for ever.
        Day = "day",
    }
}

/// Values over time, oldest first. Totals are since genesis: what happened between two points is their difference.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Series<T> {
    /// Which samples.
    pub interval: Interval,
    /// Time between two samples, in seconds of the chain's time.
    pub sample_secs: u64,
    /// The points.
    pub points: Vec<T>,
}

/// The network at one moment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPoint {
    /// When.
    pub time_ms: u64,
    /// After which block.
    pub block: u32,
    /// Registered workers.
    pub workers: u32,
    /// Workers that mine.
    pub idle_workers: u32,
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
    /// Sum of the shares of mining workers.
    pub total_share: Fixed18,
    /// Paid to pools since genesis.
    pub paid: Planck,
    /// Paid to the treasury out of rewards since genesis.
    pub treasury_part: Planck,
    /// Forfeited since genesis.
    pub forfeited: Planck,
    /// Budget accrued since genesis.
    pub issued: Planck,
    /// The budget of a day.
    pub budget_per_day: Planck,
    /// What is left to pay with.
    pub subsidy: Planck,
    /// The treasury's balance.
    pub treasury: Planck,
    /// Heartbeats since genesis.
    pub heartbeats: u64,
    /// Mean yearly gain of a delegation, weighted by value: 0.1 is 10 %.
    pub apr: Option<f64>,
}

/// A pool at one moment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoolPoint {
    /// When.
    pub time_ms: u64,
    /// After which block.
    pub block: u32,
    /// What the pool is worth.
    pub value: Planck,
    /// Shares of all delegators.
    pub shares: Shares,
    /// Value of a share.
    pub price: Fixed18,
    /// Yearly gain of a delegation at the pace of the last seven days: 0.1 is 10 %.
    pub apr: Option<f64>,
    /// Coins that no worker holds.
    pub free: Planck,
    /// Coins that hold workers up.
    pub staked: Planck,
    /// Coins that come back after a cool-down.
    pub cooling: Planck,
    /// What its workers would lose if they were stopped.
    pub impaired: Planck,
    /// The owner's part of rewards, in millionths.
    pub commission_ppm: u32,
    /// Shares that wait to be paid out.
    pub queued_shares: Shares,
    /// Workers.
    pub workers: u32,
    /// Workers that mine.
    pub idle_workers: u32,
    /// Accounts that hold its shares, those of vaults included.
    pub delegators: u32,
    /// Paid to it by its workers since it was created.
    pub paid: Planck,
    /// Of that, what the owner got when rewards were taken in.
    pub paid_to_owner: Planck,
}

/// A worker at one moment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkerPoint {
    /// When.
    pub time_ms: u64,
    /// After which block.
    pub block: u32,
    /// What it does.
    pub state: State,
    /// Why it is unresponsive.
    pub away: Option<Away>,
    /// Its pool.
    pub pool: Option<u32>,
    /// Stake.
    pub stake: Planck,
    /// Value V, in PHA.
    pub v: Fixed18,
    /// Initial value V_e, in PHA.
    pub v_e: Fixed18,
    /// Score P that counts.
    pub p: u32,
    /// Speed P_t of the last sample.
    pub p_instant: u32,
    /// Share; zero unless it mines.
    pub share: Fixed18,
    /// Paid to pools for it since its registration.
    pub paid: Planck,
    /// Heartbeats that paid since its registration.
    pub heartbeats: u64,
    /// What its evidence is worth.
    pub level: u8,
}

/// What an account has in pools and vaults at one moment.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountPoint {
    /// When.
    pub time_ms: u64,
    /// What its shares are worth.
    pub value: Planck,
    /// What it put in since genesis.
    pub put_in: Planck,
    /// What it took out since genesis.
    pub taken_out: Planck,
    /// `value + takenOut - putIn`, in planck; negative when it lost.
    #[schema(pattern = "^-?[0-9]{1,39}$", example = "12500000000")]
    pub gained: String,
}
