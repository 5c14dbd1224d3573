//! What an owner does with a vault's coins: it spreads them over pools, and moves them. It never takes them out.

use crate::pallet::*;
use frame_support::ensure;
use khala_pallet_stake_pool::{Pallet as Pools, Pools as AllPools};
use khala_primitives::{Balance, PoolId, RequestId, VaultId};
use sp_runtime::{DispatchResult, Permill};

impl<T: Config> Pallet<T> {
    /// The commission of a pool in force or announced, whichever is higher; `None` if there is no such pool.
    pub(crate) fn dearest(pool: PoolId) -> Option<Permill> {
        AllPools::<T>::get(pool).map(|pool| pool.rate().highest())
    }

    /// `amount` planck of the vault's free coins, beyond what those who wait are owed, buy at least `min_shares` of a pool.
    pub(crate) fn do_invest(who: T::AccountId, id: VaultId, pool: PoolId, amount: Balance, min_shares: u128) -> DispatchResult {
        let mut at = Self::owned(&who, id)?;
        let dearest = Self::dearest(pool).ok_or(khala_pallet_stake_pool::Error::<T>::PoolNotFound)?;
        ensure!(dearest <= at.vault.commission_limit.now, Error::<T>::CommissionTooHigh);
        ensure!(!Self::is_late(id, &at.vault), Error::<T>::VaultLate);
        ensure!(amount <= at.spare().ok_or(Error::<T>::Overflow)?, Error::<T>::NotEnoughFree);
        Self::enter(&mut at.vault, pool)?;
        at.vault.free = at.vault.free.checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        let shares = Pools::<T>::do_delegate(Self::account(id), pool, amount, min_shares)?;
        Self::store(id, at.vault)?;
        Self::deposit_event(Event::Invested {
            vault: id,
            pool,
            amount,
            shares,
        });
        Ok(())
    }

    /// Takes `shares` of the vault back from a pool, worth at least `min_amount` planck now: at once or through the pool's queue. What
    /// they are paid for is free in the vault.
    pub(crate) fn do_divest(who: T::AccountId, id: VaultId, pool: PoolId, shares: u128, min_amount: Balance) -> DispatchResult {
        let mut vault = Self::vault(id)?;
        ensure!(vault.owner == who, Error::<T>::NotOwner);
        Self::place(&mut vault, pool)?;
        Self::take_out(id, &mut vault, pool, shares, min_amount)?;
        Self::store(id, vault)
    }

    /// The same without looking at who asks; the caller stores the vault.
    pub(crate) fn take_out(
        id: VaultId,
        vault: &mut crate::types::Vault<T::AccountId>,
        pool: PoolId,
        shares: u128,
        min_amount: Balance,
    ) -> DispatchResult {
        let done = Pools::<T>::do_undelegate(Self::account(id), pool, shares, min_amount)?;
        vault.free = vault.free.checked_add(done.paid).ok_or(Error::<T>::Overflow)?;
        Self::tidy(id, vault, pool);
        Self::deposit_event(Event::Divested {
            vault: id,
            pool,
            shares: done.shares,
            paid: done.paid,
            request: done.queued.map(|(request, _)| request),
        });
        Ok(())
    }

    /// Takes one of the vault's own requests out of a pool's queue; nobody who leaves the vault may wait for it.
    pub(crate) fn do_cancel_divest(who: T::AccountId, id: VaultId, pool: PoolId, request: RequestId) -> DispatchResult {
        let vault = Self::vault(id)?;
        ensure!(vault.owner == who, Error::<T>::NotOwner);
        ensure!(!Backed::<T>::contains_key(pool, request), Error::<T>::RequestBacked);
        ensure!(vault.queue.queued_shares == 0, Error::<T>::CoinsAwaited);
        let shares = Pools::<T>::do_cancel_request(Self::account(id), pool, request)?;
        Self::deposit_event(Event::DivestCancelled {
            vault: id,
            pool,
            request,
            shares,
        });
        Ok(())
    }
}
