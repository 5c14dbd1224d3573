//! What the pallet stores.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::Balance;
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// A stake pool. Its coins lie in the pot of all pools; what it has are numbers, in planck.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Pool<AccountId> {
    /// Who adds and starts workers, and takes the commission.
    pub owner: AccountId,
    /// The owner's part of every reward.
    pub commission: Permill,
    /// The value above which nobody may delegate; `None` is no limit.
    pub cap: Option<Balance>,
    /// Coins that no worker holds.
    pub free: Balance,
    /// Stakes of running sessions.
    pub staked: Balance,
    /// What cooling sessions will give back.
    pub cooling: Balance,
    /// Commission not yet claimed.
    pub commission_due: Balance,
    /// Shares of all delegators: none, or at least [`crate::MIN_SHARES`].
    pub shares: u128,
    /// Number of workers.
    pub workers: u32,
}

impl<AccountId> Pool<AccountId> {
    /// What the shares are worth together, in planck, without rewards that are not taken in yet. `None` on overflow.
    pub fn value(&self) -> Option<Balance> {
        self.free.checked_add(self.staked)?.checked_add(self.cooling)
    }

    /// All coins of the pot that belong to this pool, in planck. `None` on overflow.
    pub fn coins(&self) -> Option<Balance> {
        self.value()?.checked_add(self.commission_due)
    }

    /// Takes a reward in: first the commission, the rest raises the price. Without shares all of it is the owner's. `None` on overflow.
    pub fn take_in(&mut self, reward: Balance) -> Option<()> {
        let commission = if self.shares == 0 {
            reward
        } else {
            self.commission.mul_floor(reward)
        };
        self.commission_due = self.commission_due.checked_add(commission)?;
        self.free = self.free.checked_add(reward.checked_sub(commission)?)?;
        Some(())
    }
}
