//! What a vault is worth: its free coins, and its own shares of pools at the price of now.

use crate::{
    pallet::*,
    types::{Claim, Vault},
};
use alloc::vec::Vec;
use khala_economics::fixed::mul_div;
use khala_pallet_stake_pool::{
    shares::worth_of, value::ONE, Holdings as PoolHoldings, Pallet as Pools, Settled, MIN_DELEGATION, MIN_SHARES,
};
use khala_primitives::{Balance, PoolId, VaultId};
use sp_runtime::DispatchError;

/// What a vault has in a pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stake<AccountId> {
    /// The pool as it would be after it has been settled.
    pub pool: Settled<AccountId>,
    /// Shares that are not queued.
    pub held: u128,
    /// Shares in the pool's queue.
    pub queued: u128,
}

/// A vault, valued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Valued<AccountId> {
    /// Its number.
    pub id: VaultId,
    /// The vault.
    pub vault: Vault<AccountId>,
    /// What it has in its pools, in the order of its places.
    pub stakes: Vec<Stake<AccountId>>,
}

impl<AccountId> Valued<AccountId> {
    /// What its own shares of pools are worth, in planck: those that belong to requests do not count. `None` on overflow.
    pub fn in_pools(&self) -> Option<Balance> {
        self.stakes.iter().zip(&self.vault.places).try_fold(0u128, |sum, (stake, place)| {
            let own = stake.held.checked_add(stake.queued)?.checked_sub(place.claimed)?;
            sum.checked_add(stake.pool.worth(own)?)
        })
    }

    /// What the shares are worth together, in planck. `None` on overflow.
    pub fn value(&self) -> Option<Balance> {
        self.in_pools()?.checked_add(self.vault.free)
    }

    /// What so many of the shares are worth, in planck, rounded down.
    pub fn worth(&self, shares: u128) -> Option<Balance> {
        worth_of(shares, self.value()?, self.vault.shares)
    }

    /// Value of a share, 18 decimals; one while there are no shares.
    pub fn price(&self) -> Option<u128> {
        if self.vault.shares == 0 {
            return Some(ONE);
        }
        mul_div(self.value()?, ONE, self.vault.shares)
    }

    /// What the shares of a claim are worth, in planck, rounded down.
    pub fn claim_worth(&self, claim: &Claim) -> Option<Balance> {
        self.stake(claim.pool)?.pool.worth(claim.shares)
    }

    /// What those who wait are owed, in planck: shares of pools that belong to them, and shares of the vault.
    pub fn owed(&self) -> Option<Balance> {
        let waiting = self.worth(self.vault.queue.queued_shares)?;
        self.stakes
            .iter()
            .zip(&self.vault.places)
            .try_fold(waiting, |sum, (stake, place)| sum.checked_add(stake.pool.worth(place.claimed)?))
    }

    /// Free coins beyond what those who wait are owed, in planck.
    pub fn spare(&self) -> Option<Balance> {
        Some(self.vault.free.saturating_sub(self.owed()?))
    }

    /// Whether so many shares are enough for a holding of their own.
    pub fn suffices(&self, shares: u128) -> Option<bool> {
        Some(shares >= MIN_SHARES && self.worth(shares)? >= MIN_DELEGATION)
    }

    /// What the vault has in a pool.
    pub fn stake(&self, pool: PoolId) -> Option<&Stake<AccountId>> {
        self.stakes.iter().find(|stake| stake.pool.id == pool)
    }
}

impl<T: Config> Pallet<T> {
    /// A vault as it would be after its fee has been taken. Changes nothing; `None` if there is none.
    pub fn current(id: VaultId) -> Option<Valued<T::AccountId>> {
        let mut at = Self::valued(id).ok()?;
        at.vault.fee.apply(Pools::<T>::now());
        at.vault.commission_limit.apply(Pools::<T>::now());
        at.take_fee()?;
        Some(at)
    }

    /// A vault with what it has in its pools, at their prices of now.
    pub(crate) fn valued(id: VaultId) -> Result<Valued<T::AccountId>, DispatchError> {
        let vault = Self::vault(id)?;
        let account = Self::account(id);
        let stake = |pool: PoolId| {
            let holding = PoolHoldings::<T>::get(&account, pool);
            Some(Stake {
                pool: Pools::<T>::current(pool)?,
                held: holding.shares,
                queued: holding.queued,
            })
        };
        let stakes = vault.places.iter().map(|place| stake(place.pool)).collect::<Option<_>>();
        Ok(Valued {
            id,
            vault,
            stakes: stakes.ok_or(Error::<T>::Overflow)?,
        })
    }
}
