//! What the runtime API says of pools.

use crate::{pallet::*, shares::multiply_divide, types::Pool};
use alloc::vec::Vec;
use khala_primitives::{status::PoolStatus, AccountId32, PoolId};

/// One, with 18 decimals.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Most pools in one answer.
const MAX_PAGE: u32 = 100;

impl<T: Config> Pallet<T>
where
    T::AccountId: Into<AccountId32>,
{
    /// One pool, as of now.
    pub fn pool_status(id: PoolId) -> Option<PoolStatus> {
        let pool = Self::current_pool(id)?;
        let value = pool.value()?;
        Some(PoolStatus {
            id,
            price: if pool.shares == 0 {
                ONE
            } else {
                multiply_divide(value, ONE, pool.shares)?
            },
            owner: pool.owner.into(),
            commission_ppm: pool.commission.deconstruct(),
            cap: pool.cap,
            value,
            shares: pool.shares,
            free: pool.free,
            staked: pool.staked,
            cooling: pool.cooling,
            commission: pool.commission_due,
            workers: PoolWorkers::<T>::iter_key_prefix(id).collect(),
        })
    }

    /// At most `limit` pools (100 at most), from number `first` on.
    pub fn pools(first: PoolId, limit: u32) -> Vec<PoolStatus> {
        (first..NextPoolId::<T>::get())
            .take(limit.min(MAX_PAGE) as usize)
            .filter_map(Self::pool_status)
            .collect()
    }
}

impl<T: Config> Pallet<T> {
    /// A pool as it would be after it has taken its rewards in.
    pub(crate) fn current_pool(id: PoolId) -> Option<Pool<T::AccountId>> {
        let mut pool = Pools::<T>::get(id)?;
        pool.take_in(khala_pallet_mining::PoolReward::<T>::get(id))?;
        Some(pool)
    }
}
