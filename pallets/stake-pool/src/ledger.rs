//! Pools and their money: creation, rewards, commission, returns.

use crate::{pallet::*, types::Pool};
use frame_support::{
    ensure,
    traits::{
        fungible::{Mutate, MutateHold},
        tokens::Preservation,
        Get,
    },
};
use khala_pallet_mining::{Pallet as MiningPallet, PoolLedger};
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult, Permill};

impl<T: Config> Pallet<T> {
    /// The account that holds the coins of all pools. It keeps the existential deposit that genesis gave it.
    pub fn pot() -> T::AccountId {
        T::PotId::get().into_account_truncating()
    }

    /// A pool, or the error that there is none.
    pub(crate) fn pool(id: PoolId) -> Result<Pool<T::AccountId>, DispatchError> {
        Ok(Pools::<T>::get(id).ok_or(Error::<T>::PoolNotFound)?)
    }

    /// A pool that has taken its rewards in; the caller stores it.
    pub(crate) fn settled_pool(id: PoolId) -> Result<Pool<T::AccountId>, DispatchError> {
        let mut pool = Self::pool(id)?;
        let reward = MiningPallet::<T>::take_reward(id)?;
        if reward > 0 {
            let before = pool.commission_due;
            pool.take_in(reward).ok_or(Error::<T>::Overflow)?;
            let commission = pool.commission_due.saturating_sub(before);
            Self::deposit_event(Event::RewardTaken {
                pool: id,
                commission,
                rest: reward.saturating_sub(commission),
            });
        }
        Ok(pool)
    }

    pub(crate) fn do_create_pool(owner: T::AccountId, commission: Permill, cap: Option<Balance>) -> DispatchResult {
        T::PoolCurrency::hold(&HoldReason::PoolDeposit.into(), &owner, T::PoolDeposit::get()).map_err(|_| Error::<T>::CannotPayDeposit)?;
        let id = NextPoolId::<T>::get();
        NextPoolId::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        Pools::<T>::insert(
            id,
            Pool {
                owner: owner.clone(),
                commission,
                cap,
                free: 0,
                staked: 0,
                cooling: 0,
                commission_due: 0,
                shares: 0,
                workers: 0,
            },
        );
        Self::deposit_event(Event::PoolCreated {
            pool: id,
            owner,
            commission,
            cap,
        });
        Ok(())
    }

    pub(crate) fn do_claim_commission(who: T::AccountId, id: PoolId) -> DispatchResult {
        let mut pool = Self::settled_pool(id)?;
        ensure!(pool.owner == who, Error::<T>::NotOwner);
        let amount = core::mem::take(&mut pool.commission_due);
        ensure!(amount > 0, Error::<T>::NothingToClaim);
        T::PoolCurrency::transfer(&Self::pot(), &who, amount, Preservation::Preserve)?;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::CommissionClaimed {
            pool: id,
            owner: who,
            amount,
        });
        Ok(())
    }
}

impl<T: Config> PoolLedger<T::AccountId> for Pallet<T> {
    fn pot_account() -> T::AccountId {
        Self::pot()
    }

    fn rebound(id: PoolId, old: &WorkerPublicKey, new: &WorkerPublicKey) {
        PoolWorkers::<T>::remove(id, old);
        PoolWorkers::<T>::insert(id, new, ());
    }

    fn free(id: PoolId) -> Balance {
        Self::current_pool(id).map_or(0, |pool| pool.free)
    }

    fn removed(id: PoolId, worker: &WorkerPublicKey) {
        PoolWorkers::<T>::remove(id, worker);
        Pools::<T>::mutate(id, |pool| {
            if let Some(pool) = pool {
                pool.workers = pool.workers.saturating_sub(1);
            }
        });
        Self::deposit_event(Event::WorkerRemoved { pool: id, worker: *worker });
    }

    fn released(id: PoolId, returned: Balance) {
        let moved = Pools::<T>::try_mutate(id, |pool| {
            let pool = pool.as_mut().ok_or(())?;
            pool.cooling = pool.cooling.checked_sub(returned).ok_or(())?;
            pool.free = pool.free.checked_add(returned).ok_or(())?;
            Ok::<(), ()>(())
        });
        // A cooling session belongs to a pool that counts it: `try_state` verifies the sum.
        frame_support::defensive_assert!(moved.is_ok(), "a released principal has no pool that counts it");
        Self::deposit_event(Event::StakeReleased {
            pool: id,
            amount: returned,
        });
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn bench_pool(id: PoolId, cooling: Balance) {
        let pool = Pool {
            owner: Self::pot(),
            commission: Permill::zero(),
            cap: None,
            free: 0,
            staked: 0,
            cooling,
            commission_due: 0,
            shares: 0,
            workers: 1,
        };
        Pools::<T>::insert(id, pool);
    }
}
