//! A pool's workers: who mines with its coins.

use crate::{pallet::*, types::Pool, MAX_WORKERS};
use frame_support::{
    ensure,
    traits::{fungible::Mutate, tokens::Preservation, Get},
};
use khala_pallet_mining::{Pallet as MiningPallet, PoolLedger, Stopped};
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_worker(who: T::AccountId, id: PoolId, worker: WorkerPublicKey) -> DispatchResult {
        let mut pool = Self::pool(id)?;
        ensure!(pool.owner == who, Error::<T>::NotOwner);
        let facts = <T as khala_pallet_mining::Config>::Workers::facts(&worker).ok_or(Error::<T>::WorkerNotRegistered)?;
        ensure!(facts.operator == who, Error::<T>::NotOperator);
        ensure!(pool.workers < MAX_WORKERS, Error::<T>::TooManyWorkers);
        pool.workers = pool.workers.checked_add(1).ok_or(Error::<T>::Overflow)?;
        MiningPallet::<T>::bind(&worker, id)?;
        PoolWorkers::<T>::insert(id, worker, ());
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::WorkerAdded { pool: id, worker });
        Ok(())
    }

    pub(crate) fn do_remove_worker(who: T::AccountId, worker: WorkerPublicKey) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        MiningPallet::<T>::unbind(&worker)?;
        <Self as PoolLedger<T::AccountId>>::removed(id, &worker);
        Ok(())
    }

    pub(crate) fn do_start_worker(who: T::AccountId, worker: WorkerPublicKey, stake: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let mut pool = Self::settled_pool(id)?;
        pool.free = pool.free.checked_sub(stake).ok_or(Error::<T>::NotEnoughFree)?;
        pool.staked = pool.staked.checked_add(stake).ok_or(Error::<T>::Overflow)?;
        MiningPallet::<T>::start(&worker, stake)?;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::WorkerStarted { pool: id, worker, stake });
        Ok(())
    }

    pub(crate) fn do_add_stake(who: T::AccountId, worker: WorkerPublicKey, more: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let mut pool = Self::settled_pool(id)?;
        pool.free = pool.free.checked_sub(more).ok_or(Error::<T>::NotEnoughFree)?;
        pool.staked = pool.staked.checked_add(more).ok_or(Error::<T>::Overflow)?;
        MiningPallet::<T>::add_stake(&worker, more)?;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::StakeAdded { pool: id, worker, more });
        Ok(())
    }

    pub(crate) fn do_reduce_stake(who: T::AccountId, worker: WorkerPublicKey, less: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let mut pool = Self::settled_pool(id)?;
        let Stopped { returned, lost } = MiningPallet::<T>::reduce_stake(&worker, less)?;
        Self::cool_down(&mut pool, returned, lost)?;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::StakeReduced {
            pool: id,
            worker,
            returned,
            lost,
        });
        Ok(())
    }

    pub(crate) fn do_stop_worker(who: T::AccountId, worker: WorkerPublicKey) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let mut pool = Self::settled_pool(id)?;
        let Stopped { returned, lost } = MiningPallet::<T>::stop(&worker)?;
        Self::cool_down(&mut pool, returned, lost)?;
        Pools::<T>::insert(id, pool);
        Self::deposit_event(Event::WorkerStopped {
            pool: id,
            worker,
            returned,
            lost,
        });
        Ok(())
    }

    /// A stake leaves as two parts: what will come back, and what is lost at once.
    fn cool_down(pool: &mut Pool<T::AccountId>, returned: Balance, lost: Balance) -> DispatchResult {
        let stake = returned.checked_add(lost).ok_or(Error::<T>::Overflow)?;
        pool.staked = pool.staked.checked_sub(stake).ok_or(Error::<T>::Overflow)?;
        pool.cooling = pool.cooling.checked_add(returned).ok_or(Error::<T>::Overflow)?;
        if lost > 0 {
            T::PoolCurrency::transfer(&Self::pot(), &T::TreasuryAccount::get(), lost, Preservation::Preserve)?;
        }
        Ok(())
    }

    /// What it costs to judge a worker again before it is started.
    pub(crate) fn judge_weight() -> frame_support::weights::Weight {
        <T as khala_pallet_mining::Config>::Workers::judge_weight()
    }

    /// The pool of a worker, when the caller owns it.
    fn owned_pool_of(who: &T::AccountId, worker: &WorkerPublicKey) -> Result<PoolId, DispatchError> {
        let id = MiningPallet::<T>::pool_of(worker).ok_or(Error::<T>::WorkerNotInPool)?;
        ensure!(Self::pool(id)?.owner == *who, Error::<T>::NotOwner);
        Ok(id)
    }
}
