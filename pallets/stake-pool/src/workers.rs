//! A pool's workers: who mines with its coins, and in which order stakes are taken back.

use crate::{pallet::*, types::Workers, value::Settled};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::ensure;
use khala_pallet_mining::{Impaired, Pallet as MiningPallet, PoolLedger, Stopped};
use khala_pallet_registry::WorkerDirectory;
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_worker(who: T::AccountId, id: PoolId, worker: WorkerPublicKey) -> DispatchResult {
        ensure!(Self::pool(id)?.owner == who, Error::<T>::NotOwner);
        let facts = <T as khala_pallet_mining::Config>::Workers::facts(&worker).ok_or(Error::<T>::WorkerNotRegistered)?;
        ensure!(facts.operator == who, Error::<T>::NotOperator);
        // The newest one stands first.
        PoolWorkers::<T>::try_mutate(id, |workers| workers.try_insert(0, worker)).map_err(|_| Error::<T>::TooManyWorkers)?;
        MiningPallet::<T>::bind(&worker, id)?;
        Self::deposit_event(Event::WorkerAdded { pool: id, worker });
        Ok(())
    }

    pub(crate) fn do_remove_worker(who: T::AccountId, worker: WorkerPublicKey) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        MiningPallet::<T>::unbind(&worker)?;
        <Self as PoolLedger<T::AccountId>>::removed(id, &worker);
        Ok(())
    }

    /// Another order of the pool's workers: those named, which must be all of them.
    pub(crate) fn do_order_workers(who: T::AccountId, id: PoolId, order: Workers) -> DispatchResult {
        ensure!(Self::pool(id)?.owner == who, Error::<T>::NotOwner);
        let all = |workers: &Workers| workers.iter().copied().collect::<BTreeSet<_>>();
        let now = PoolWorkers::<T>::get(id);
        ensure!(now.len() == order.len() && all(&now) == all(&order), Error::<T>::NotAllWorkers);
        PoolWorkers::<T>::insert(id, order);
        Self::deposit_event(Event::WorkersOrdered { pool: id });
        Ok(())
    }

    pub(crate) fn do_start_worker(who: T::AccountId, worker: WorkerPublicKey, stake: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let at = Self::stake(Self::settled(id)?, stake)?;
        MiningPallet::<T>::start(&worker, stake)?;
        Self::deposit_event(Event::WorkerStarted { pool: id, worker, stake });
        Self::store_after_mining(at)
    }

    pub(crate) fn do_add_stake(who: T::AccountId, worker: WorkerPublicKey, more: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let at = Self::stake(Self::settled(id)?, more)?;
        MiningPallet::<T>::add_stake(&worker, more)?;
        Self::deposit_event(Event::StakeAdded { pool: id, worker, more });
        Self::store_after_mining(at)
    }

    pub(crate) fn do_reduce_stake(who: T::AccountId, worker: WorkerPublicKey, less: Balance) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let at = Self::reduce_for(Self::settled(id)?, worker, less)?;
        Self::store(at)
    }

    pub(crate) fn do_stop_worker(who: T::AccountId, worker: WorkerPublicKey) -> DispatchResult {
        let id = Self::owned_pool_of(&who, &worker)?;
        let at = Self::stop_for(Self::settled(id)?, worker)?;
        Self::store(at)
    }

    /// Takes `less` planck out of a worker's stake; the pool as it is stored then.
    pub(crate) fn reduce_for(
        at: Settled<T::AccountId>,
        worker: WorkerPublicKey,
        less: Balance,
    ) -> Result<Settled<T::AccountId>, DispatchError> {
        let Stopped { returned, lost } = MiningPallet::<T>::reduce_stake(&worker, less)?;
        Self::deposit_event(Event::StakeReduced {
            pool: at.id,
            worker,
            returned,
            lost,
        });
        Self::cool_down(at, returned, lost)
    }

    /// Stops a worker; the pool as it is stored then.
    pub(crate) fn stop_for(at: Settled<T::AccountId>, worker: WorkerPublicKey) -> Result<Settled<T::AccountId>, DispatchError> {
        let Stopped { returned, lost } = MiningPallet::<T>::stop(&worker)?;
        Self::deposit_event(Event::WorkerStopped {
            pool: at.id,
            worker,
            returned,
            lost,
        });
        Self::cool_down(at, returned, lost)
    }

    /// A stake leaves as two parts: what will come back, and what is lost at once.
    fn cool_down(mut at: Settled<T::AccountId>, returned: Balance, lost: Balance) -> Result<Settled<T::AccountId>, DispatchError> {
        let stake = returned.checked_add(lost).ok_or(Error::<T>::Overflow)?;
        at.pool.staked = at.pool.staked.checked_sub(stake).ok_or(Error::<T>::Overflow)?;
        at.pool.cooling = at.pool.cooling.checked_add(returned).ok_or(Error::<T>::Overflow)?;
        at.impaired = Impaired::<T>::get(at.id);
        Self::lose(lost)?;
        Self::put(at.clone())?;
        Ok(at)
    }

    /// Free coins become stake: those beyond what the queue is owed.
    fn stake(mut at: Settled<T::AccountId>, amount: Balance) -> Result<Settled<T::AccountId>, DispatchError> {
        let spare = at.spare().ok_or(Error::<T>::Overflow)?;
        ensure!(amount <= spare, Error::<T>::NotEnoughFree);
        at.pool.free = at.pool.free.checked_sub(amount).ok_or(Error::<T>::Overflow)?;
        at.pool.staked = at.pool.staked.checked_add(amount).ok_or(Error::<T>::Overflow)?;
        Ok(at)
    }

    fn store_after_mining(mut at: Settled<T::AccountId>) -> DispatchResult {
        at.impaired = Impaired::<T>::get(at.id);
        Self::store(at)
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

    /// Sessions that decay in the pool of a worker: what a call that names the worker has to settle.
    pub(crate) fn decaying_of(worker: &WorkerPublicKey) -> u32 {
        MiningPallet::<T>::pool_of(worker).map_or(0, MiningPallet::<T>::decaying_sessions)
    }

    /// The workers of a pool, in the order in which stakes are taken back.
    pub fn workers_of(id: PoolId) -> Vec<WorkerPublicKey> {
        PoolWorkers::<T>::get(id).into_inner()
    }
}
