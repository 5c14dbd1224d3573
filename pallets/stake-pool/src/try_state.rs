//! Invariants: `design/staking.md`, Invariants.

use crate::{pallet::*, MIN_SHARES};
use alloc::collections::BTreeMap;
use frame_support::{
    ensure,
    traits::{
        fungible::{Inspect, InspectHold},
        Get,
    },
};
use khala_pallet_mining::{InTransit, PoolReward, Sessions};
use khala_primitives::{Balance, PoolId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Verifies every invariant of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut coins: Balance = 0;
        let mut deposits: BTreeMap<T::AccountId, Balance> = BTreeMap::new();
        for (id, pool) in Pools::<T>::iter() {
            Self::check_pool(id, &pool)?;
            coins = coins
                .saturating_add(pool.coins().ok_or("a pool's coins overflow")?)
                .saturating_add(PoolReward::<T>::get(id));
            let deposit = deposits.entry(pool.owner).or_default();
            *deposit = deposit.saturating_add(<T as Config>::PoolDeposit::get());
        }
        let pot = T::PoolCurrency::balance(&Self::pot()).saturating_add(InTransit::<T>::get().pot);
        ensure!(
            pot >= coins.saturating_add(T::PoolCurrency::minimum_balance()),
            "the pot holds less than the pools have"
        );
        for (owner, deposit) in deposits {
            ensure!(
                T::PoolCurrency::balance_on_hold(&HoldReason::PoolDeposit.into(), &owner) == deposit,
                "an owner's held deposits differ from its pools"
            );
        }
        for id in PoolReward::<T>::iter_keys() {
            ensure!(Pools::<T>::contains_key(id), "a reward belongs to no pool");
        }
        Ok(())
    }

    fn check_pool(id: PoolId, pool: &crate::Pool<T::AccountId>) -> Result<(), TryRuntimeError> {
        ensure!(id < NextPoolId::<T>::get(), "a pool's number was not given out");
        let held: u128 = Delegations::<T>::iter_prefix_values(id).sum();
        ensure!(held == pool.shares, "the holders' shares differ from the pool's");
        ensure!(
            pool.shares == 0 || pool.shares >= MIN_SHARES,
            "a pool has too few shares for a price"
        );
        ensure!(
            PoolWorkers::<T>::iter_key_prefix(id).count() == pool.workers as usize,
            "a pool's number of workers is wrong"
        );
        let (mut staked, mut cooling, mut sessions): (Balance, Balance, u32) = (0, 0, 0);
        for session in Sessions::<T>::iter_values().filter(|session| session.pool == id) {
            sessions = sessions.saturating_add(1);
            ensure!(
                PoolWorkers::<T>::contains_key(id, session.worker),
                "a session's worker is not in its pool"
            );
            cooling = cooling.saturating_add(session.cooling);
            staked = staked.saturating_add(session.stake());
        }
        ensure!(sessions == pool.workers, "a pool's sessions differ from its workers");
        ensure!(staked == pool.staked, "a pool's stakes differ from its sessions'");
        ensure!(cooling == pool.cooling, "a pool's cooling coins differ from its sessions'");
        Ok(())
    }
}
