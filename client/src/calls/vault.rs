//! Vaults. All signed: by the vault's owner; `delegate`, `undelegate`, `cancel_request` and `transfer_shares` by the delegator.

use crate::Call;
use khala_primitives::{AccountId32, Balance, PoolId, RequestId, VaultId};

/// Creates a vault. `fee_ppm`: the owner's part of gains over the high-water mark, in millionths, which never exceeds `max_fee_ppm`;
/// `commission_limit_ppm`: the highest commission of pools that it uses; `cap`: most that it may be worth for anybody to join, in planck,
/// `None` for unlimited. The vault's number is in the event `Vault.VaultCreated`.
pub fn create_vault(fee_ppm: u32, max_fee_ppm: u32, commission_limit_ppm: u32, cap: Option<Balance>) -> Call {
    Call::new("Vault", "create_vault", (fee_ppm, max_fee_ppm, commission_limit_ppm, cap))
}

/// Puts `amount` planck into a vault for at least `min_shares` of its shares.
pub fn delegate(vault: VaultId, amount: Balance, min_shares: u128) -> Call {
    Call::new("Vault", "delegate", (vault, amount, min_shares))
}

/// Takes so many of the sender's shares back, worth at least `min_amount` planck now.
pub fn undelegate(vault: VaultId, shares: u128, min_amount: Balance) -> Call {
    Call::new("Vault", "undelegate", (vault, shares, min_amount))
}

/// Takes a request of the sender out of the queue before the deadline of its pools.
pub fn cancel_request(vault: VaultId, request: RequestId) -> Call {
    Call::new("Vault", "cancel_request", (vault, request))
}

/// Gives shares of the sender to another account.
pub fn transfer_shares(vault: VaultId, to: AccountId32, shares: u128) -> Call {
    Call::new("Vault", "transfer_shares", (vault, to, shares))
}

/// Puts `amount` planck of the vault's spare coins into a pool for at least `min_shares` of it.
pub fn invest(vault: VaultId, pool: PoolId, amount: Balance, min_shares: u128) -> Call {
    Call::new("Vault", "invest", (vault, pool, amount, min_shares))
}

/// Takes so many of the vault's shares back from a pool, worth at least `min_amount` planck now.
pub fn divest(vault: VaultId, pool: PoolId, shares: u128, min_amount: Balance) -> Call {
    Call::new("Vault", "divest", (vault, pool, shares, min_amount))
}

/// Takes a request of the vault out of a pool's queue before its deadline.
pub fn cancel_divest(vault: VaultId, pool: PoolId, request: RequestId) -> Call {
    Call::new("Vault", "cancel_divest", (vault, pool, request))
}

/// Lowers the fee at once, or announces a rise; in millionths.
pub fn set_fee(vault: VaultId, fee_ppm: u32) -> Call {
    Call::new("Vault", "set_fee", (vault, fee_ppm))
}

/// Gives the owner the shares that its fee was paid in.
pub fn claim_fee(vault: VaultId) -> Call {
    Call::new("Vault", "claim_fee", (vault,))
}

/// Lowers the highest commission of pools that the vault uses, or announces a rise; in millionths.
pub fn set_commission_limit(vault: VaultId, limit_ppm: u32) -> Call {
    Call::new("Vault", "set_commission_limit", (vault, limit_ppm))
}

/// Sets the value above which nobody may delegate, in planck.
pub fn set_cap(vault: VaultId, cap: Option<Balance>) -> Call {
    Call::new("Vault", "set_cap", (vault, cap))
}
