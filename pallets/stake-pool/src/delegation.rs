//! Delegation: coins in, shares out.

use crate::{
    pallet::*,
    shares::{shares_for, worth_of},
    MIN_DELEGATION, MIN_SHARES,
};
use frame_support::{
    ensure,
    traits::{fungible::Mutate, tokens::Preservation},
};
use khala_primitives::{status::DelegationStatus, Balance, PoolId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_delegate(who: T::AccountId, id: PoolId, amount: Balance, min_shares: u128) -> DispatchResult {
        ensure!(amount >= MIN_DELEGATION, Error::<T>::DelegationTooSmall);
        let mut pool = Self::settled_pool(id)?;
        let value = pool.value().ok_or(Error::<T>::Overflow)?;
        let after = value.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        ensure!(pool.cap.is_none_or(|cap| after <= cap), Error::<T>::CapExceeded);
        ensure!(pool.shares == 0 || value > 0, Error::<T>::PoolWorthless);
        let shares = shares_for(amount, value, pool.shares).ok_or(Error::<T>::Overflow)?;
        ensure!(shares >= min_shares.max(1), Error::<T>::TooFewShares);
        let total = pool.shares.checked_add(shares).ok_or(Error::<T>::Overflow)?;
        ensure!(total >= MIN_SHARES, Error::<T>::TooFewShares);

        T::PoolCurrency::transfer(&who, &Self::pot(), amount, Preservation::Preserve)?;
        pool.free = pool.free.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        pool.shares = total;
        Pools::<T>::insert(id, pool);
        Delegations::<T>::try_mutate(id, &who, |held| {
            held.checked_add(shares).map(|sum| *held = sum).ok_or(Error::<T>::Overflow)
        })?;
        Self::deposit_event(Event::Delegated {
            pool: id,
            who,
            amount,
            shares,
        });
        Ok(())
    }

    /// What an account has in a pool, with rewards that are not taken in yet.
    pub fn delegation_status(id: PoolId, who: &T::AccountId) -> DelegationStatus {
        let shares = Delegations::<T>::get(id, who);
        let value = Self::current_pool(id)
            .and_then(|pool| worth_of(shares, pool.value()?, pool.shares))
            .unwrap_or(0);
        DelegationStatus { shares, value }
    }
}
