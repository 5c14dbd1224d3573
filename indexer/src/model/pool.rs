//! Stake pools.

use super::named::named;
use super::{Address, Fixed18, Planck, Shares, Texts};
use serde::Serialize;
use utoipa::ToSchema;

/// A stake pool after the newest indexed block. Losses of workers that are offline count as of `refreshedBlock`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// Its number.
    pub pool: u32,
    /// Its owner.
    pub owner: Address,
    /// What the owner says of it.
    pub description: String,
    /// Where to read more.
    #[schema(value_type = Vec<String>)]
    pub links: Texts,
    /// The owner's part of rewards, in millionths.
    pub commission_ppm: u32,
    /// What the commission never exceeds, in millionths.
    pub max_commission_ppm: u32,
    /// An announced higher commission, in millionths.
    pub rise_ppm: Option<u32>,
    /// When it is in force if the chain does not stand still.
    pub rise_due_ms: Option<u64>,
    /// Whether only accounts on a list may hold its shares.
    pub restricted: bool,
    /// The value above which nobody may delegate; null is no limit.
    pub cap: Option<Planck>,
    /// What may be delegated before the cap is reached; null is no limit.
    pub room: Option<Planck>,
    /// What the pool is worth, with what is not yet taken in.
    pub value: Planck,
    /// Shares of all delegators.
    pub shares: Shares,
    /// Value of a share.
    pub price: Fixed18,
    /// Yearly gain of a delegation at the pace of the last seven days, as of the newest sample: 0.1 is 10 %. Null when it has none yet.
    pub apr: Option<f64>,
    /// Coins that no worker holds.
    pub free: Planck,
    /// Of those, what the queue is not owed: workers can be started with it.
    pub spare: Planck,
    /// Coins that hold workers up.
    pub staked: Planck,
    /// Coins that come back after a cool-down.
    pub cooling: Planck,
    /// What its workers would lose if they were stopped; the value is less by it.
    pub impaired: Planck,
    /// Commission that the owner has not claimed.
    pub commission: Planck,
    /// Shares that wait to be paid out.
    pub queued_shares: Shares,
    /// Those of them whose deadline has passed.
    pub due_shares: Shares,
    /// What they are worth together.
    pub queued_value: Planck,
    /// What has to be taken out of stakes for requests that are due.
    pub need: Planck,
    /// Workers.
    pub workers: u32,
    /// Workers that mine.
    pub idle_workers: u32,
    /// The worst confidence level of those: 1 is best, 5 is barely accepted. Null when none mines.
    #[schema(minimum = 1, maximum = 5)]
    pub worst_level: Option<u8>,
    /// Accounts that hold its shares, those of vaults included.
    pub delegators: u32,
    /// Vaults that hold its shares.
    pub vaults: u32,
    /// Paid to it by its workers since it was created, commission included.
    pub paid: Planck,
    /// Of that, what delegators got when rewards were taken in.
    pub paid_to_delegators: Planck,
    /// Of that, what the owner got.
    pub paid_to_owner: Planck,
    /// Lost by its workers to the treasury.
    pub lost: Planck,
    /// Block in which it was created.
    pub created_block: u32,
    /// When it was created.
    pub created_ms: u64,
    /// Block after which all of it was read from the chain; later rewards are added.
    pub refreshed_block: u32,
}

named! {
    /// What happened to a commission.
    CommissionChangeKind {
        /// The pool was created with it.
        #[default]
        Created = "created",
        /// It is in force.
        Changed = "changed",
        /// It will be in force.
        RiseAnnounced = "riseAnnounced",
        /// It will not be in force.
        RiseCancelled = "riseCancelled",
    }
}

/// What happened to a pool's commission.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommissionChange {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// What.
    pub kind: CommissionChangeKind,
    /// The rate, in millionths.
    pub commission_ppm: u32,
    /// When an announced rate is in force if the chain does not stand still.
    pub due_ms: Option<u64>,
}

/// An account that may hold shares of a restricted pool.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The account.
    pub account: Address,
    /// Since which block.
    pub since_block: u32,
    /// Since when.
    pub since_ms: u64,
}

/// Rewards that a pool took in.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reward {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// The pool.
    pub pool: u32,
    /// What its workers had earned.
    pub amount: Planck,
    /// Of that, the owner's.
    pub commission: Planck,
    /// Of that, what raised the price of shares.
    pub rest: Planck,
}
