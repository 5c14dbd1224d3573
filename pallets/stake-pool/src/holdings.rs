//! What an account has in a pool, queued shares included: for those who keep books of their own on top of pools.

use crate::pallet::*;
use khala_primitives::{Balance, PoolId};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// All shares of an account in a pool.
    pub fn all_shares(who: &T::AccountId, id: PoolId) -> u128 {
        let holding = Holdings::<T>::get(who, id);
        let queued = holding.requests.iter().filter_map(|number| Requests::<T>::get(id, number));
        queued.fold(holding.shares, |sum, request| sum.saturating_add(request.shares))
    }

    /// What they are worth, in planck, after the pool has taken its rewards in and settled its decaying sessions.
    pub fn settled_worth(who: &T::AccountId, id: PoolId) -> Result<Balance, DispatchError> {
        let at = Self::settled(id)?;
        let worth = at.worth(Self::all_shares(who, id)).ok_or(Error::<T>::Overflow)?;
        Self::store(at)?;
        Ok(worth)
    }

    /// The same without changing anything; zero where there is no such pool.
    pub fn worth_now(who: &T::AccountId, id: PoolId) -> Balance {
        Self::current(id).and_then(|at| at.worth(Self::all_shares(who, id))).unwrap_or(0)
    }

    /// Stores a holding, or nothing if nothing is left of it.
    pub(crate) fn put_holding(who: &T::AccountId, id: PoolId, holding: crate::Holding) {
        if holding.is_empty() {
            Holdings::<T>::remove(who, id);
        } else {
            Holdings::<T>::insert(who, id, holding);
        }
    }
}
