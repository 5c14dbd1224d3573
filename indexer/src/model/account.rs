//! Accounts: what they have in pools and vaults, and what they did.

use super::named::named;
use super::{Address, Fixed18, Key, Planck, Shares, VaultClaim, VaultClaims};
use serde::Serialize;
use utoipa::ToSchema;

/// What an account has in a pool or in a vault. Zero shares when everything waits to be paid out.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delegation {
    /// The pool; null for what it has in a vault.
    pub pool: Option<u32>,
    /// The vault; null for what it has in a pool.
    pub vault: Option<u32>,
    /// The account.
    pub account: Address,
    /// The vault whose account that is; null when it is nobody's but its owner's.
    pub account_vault: Option<u32>,
    /// Its shares that are not queued.
    pub shares: Shares,
    /// Its shares that wait to be paid out.
    pub queued_shares: Shares,
    /// What both are worth; of a vault, with what its requests have claimed of pools.
    pub value: Planck,
    /// Price of a share.
    pub price: Fixed18,
    /// What it put in, shares that it was sent included.
    pub put_in: Planck,
    /// What it took out, shares that it sent included.
    pub taken_out: Planck,
    /// Yearly gain of the pool or the vault; null when it has none yet.
    pub apr: Option<f64>,
    /// Block since which it has something there.
    pub since_block: u32,
    /// Since when.
    pub since_ms: u64,
}

/// What an account has and does.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The account.
    pub account: Address,
    /// The vault whose account it is; null for all others.
    pub account_vault: Option<u32>,
    /// Pools in which it has shares.
    pub delegations: u32,
    /// Vaults in which it has shares, or waits to be paid.
    pub vault_delegations: u32,
    /// What it has in pools and vaults.
    pub value: Planck,
    /// Of that, what it has in vaults.
    pub vault_value: Planck,
    /// Of `value`, what waits to be paid out.
    pub queued_value: Planck,
    /// What it put into pools and vaults since genesis.
    pub put_in: Planck,
    /// What it took out of pools and vaults since genesis.
    pub taken_out: Planck,
    /// `value + takenOut - putIn`: what it gained, in planck; negative when it lost.
    #[schema(pattern = "^-?[0-9]{1,39}$", example = "12500000000")]
    pub gained: String,
    /// Payments that could not be made and wait to be claimed.
    pub unclaimed: Planck,
    /// Open requests for a withdrawal, of pools and vaults.
    pub open_withdrawals: u32,
    /// Pools that it owns.
    pub pools: u32,
    /// Commission of its pools that it has not claimed.
    pub commission: Planck,
    /// Vaults that it owns.
    pub vaults: u32,
    /// What its fees of them are worth that it has not claimed.
    pub vault_fees: Planck,
    /// Workers that it operates.
    pub workers: u32,
    /// Transactions that it signed.
    pub transactions: u64,
}

named! {
    /// How shares or coins of an account moved.
    MovementKind {
        /// It bought shares.
        #[default]
        Delegated = "delegated",
        /// It sold shares at once.
        Undelegated = "undelegated",
        /// Shares wait to be paid out.
        Queued = "queued",
        /// Shares of a request were paid out.
        Paid = "paid",
        /// A request was cancelled.
        Cancelled = "cancelled",
        /// It sent shares.
        Sent = "sent",
        /// It was sent shares.
        Received = "received",
        /// A payment could not be made, and waits to be claimed.
        Booked = "booked",
        /// A booked payment was claimed.
        Claimed = "claimed",
        /// It took its pool's commission.
        Commission = "commission",
        /// It took its vault's fee, in shares.
        Fee = "fee",
        /// What was left of its pool or its vault without shares became its own.
        Rest = "rest",
    }
}

/// A movement of shares or coins of an account.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    /// In which block.
    pub block: u32,
    /// When.
    pub time_ms: u64,
    /// How.
    pub kind: MovementKind,
    /// Whose.
    pub account: Address,
    /// The vault whose account that is; null for all others.
    pub account_vault: Option<u32>,
    /// Of which pool; null when it is a vault's, or when it is not known which pool paid.
    pub pool: Option<u32>,
    /// Of which vault; null when it is a pool's.
    pub vault: Option<u32>,
    /// Shares; null when only coins moved.
    pub shares: Option<Shares>,
    /// Coins, or what the shares were worth.
    pub amount: Planck,
    /// The other account of a transfer.
    pub other: Option<Address>,
    /// The request.
    pub request: Option<u64>,
}

named! {
    /// How a request for a withdrawal stands.
    WithdrawalState {
        /// It waits; it may be cancelled until its deadline.
        #[default]
        Open = "open",
        /// Its deadline has passed: a pool takes stakes back for it, a vault invests no further.
        Due = "due",
        /// All was paid.
        Paid = "paid",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

/// A request for a withdrawal from a pool or from a vault.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawal {
    /// The pool; null for a request of a vault.
    pub pool: Option<u32>,
    /// The vault; null for a request of a pool.
    pub vault: Option<u32>,
    /// Its number in the pool or the vault.
    pub request: u64,
    /// Who is paid.
    pub account: Address,
    /// The vault whose account that is; null for all others.
    pub account_vault: Option<u32>,
    /// How it stands.
    pub state: WithdrawalState,
    /// Shares that it began with: of a vault those that wait for coins, beside what was claimed of pools.
    pub shares: Shares,
    /// Shares that are left.
    pub left: Shares,
    /// Shares of pools that belong to it; empty for a request of a pool.
    #[schema(value_type = Vec<VaultClaim>)]
    pub claims: VaultClaims,
    /// What all of it was worth after the block in which it was made.
    pub amount: Planck,
    /// What is left is worth.
    pub value: Planck,
    /// What was paid so far.
    pub paid: Planck,
    /// Block in which it was made.
    pub block: u32,
    /// When it was made.
    pub time_ms: u64,
    /// Until then it can be cancelled; from then on the pool takes stakes back for it. If the chain does not stand still.
    pub deadline_ms: u64,
    /// By then it is paid, if the chain does not stand still.
    pub promised_ms: u64,
    /// When it ended; null while it waits.
    pub ended_ms: Option<u64>,
}

/// A transaction that an account signed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// In which block.
    pub block: u32,
    /// Its place there.
    pub index: u32,
    /// When.
    pub time_ms: u64,
    /// Its hash.
    pub hash: Key,
    /// Who paid for it.
    pub account: Address,
    /// The called pallet.
    pub pallet: String,
    /// The call.
    pub call: String,
    /// What was paid for it, tip included.
    pub fee: Planck,
    /// Of that, the tip.
    pub tip: Planck,
    /// Whether the call succeeded.
    pub success: bool,
    /// Why it failed: pallet and error, or other words.
    pub error: Option<String>,
}
