//! Pools: creation, settling, storing, and what mining tells of them.

use crate::{
    pallet::*,
    types::{Pool, Queue},
    value::Settled,
};
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{fungible::MutateHold, Get},
};
use khala_pallet_mining::{Pallet as MiningPallet, PoolLedger};
use khala_primitives::{Balance, PoolId, WorkerPublicKey};
use sp_runtime::{DispatchError, DispatchResult, Permill};

impl<AccountId> Pool<AccountId> {
    /// A new pool.
    pub(crate) fn new(owner: AccountId, commission: Permill, max_commission: Permill, cap: Option<Balance>) -> Self {
        Self {
            owner,
            commission,
            max_commission,
            rise: None,
            cap,
            free: 0,
            staked: 0,
            cooling: 0,
            commission_due: 0,
            shares: 0,
            queue: Queue::default(),
            allowed: 0,
            in_ring: false,
        }
    }

    /// Without shares free coins are the owner's: how much that was. `None` on overflow.
    pub(crate) fn give_rest(&mut self) -> Option<Balance> {
        if self.shares > 0 {
            return Some(0);
        }
        let rest = core::mem::take(&mut self.free);
        self.commission_due = self.commission_due.checked_add(rest)?;
        Some(rest)
    }
}

impl<T: Config> Pallet<T> {
    /// A pool, or the error that there is none.
    pub(crate) fn pool(id: PoolId) -> Result<Pool<T::AccountId>, DispatchError> {
        Ok(Pools::<T>::get(id).ok_or(Error::<T>::PoolNotFound)?)
    }

    /// A pool that has taken its rewards in at the commission in force so far, and whose decaying sessions are settled. The caller
    /// stores it by [`Self::store`].
    pub fn settled(id: PoolId) -> Result<Settled<T::AccountId>, DispatchError> {
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
        if let Some(commission) = pool.apply_rise(Self::now()) {
            Self::deposit_event(Event::CommissionChanged { pool: id, commission });
        }
        let impaired = MiningPallet::<T>::settle_decays(id)?;
        Ok(Settled { id, pool, impaired })
    }

    /// The same, when the caller owns it.
    pub(crate) fn owned(who: &T::AccountId, id: PoolId) -> Result<Settled<T::AccountId>, DispatchError> {
        ensure!(Self::pool(id)?.owner == *who, Error::<T>::NotOwner);
        Self::settled(id)
    }

    /// Stores a pool. It stands in the service ring as long as there is a request that it may be able to pay or has to take stakes for.
    pub fn store(mut at: Settled<T::AccountId>) -> DispatchResult {
        let queue = &at.pool.queue;
        if !queue.is_empty() && (at.pool.free > 0 || queue.due_shares > 0) {
            Self::join_ring(at.id, &mut at.pool)?;
        }
        Self::put(at)
    }

    /// Stores a pool, and leaves the ring as it is.
    pub(crate) fn put(mut at: Settled<T::AccountId>) -> DispatchResult {
        let rest = at.pool.give_rest().ok_or(Error::<T>::Overflow)?;
        if rest > 0 {
            Self::deposit_event(Event::RestTaken { pool: at.id, amount: rest });
        }
        Pools::<T>::insert(at.id, at.pool);
        Ok(())
    }

    /// Creates a pool, and holds its deposit from the owner.
    pub fn do_create_pool(owner: T::AccountId, commission: Permill, max_commission: Permill, cap: Option<Balance>) -> DispatchResult {
        ensure!(commission <= max_commission, Error::<T>::CommissionAboveMaximum);
        T::PoolCurrency::hold(&HoldReason::PoolDeposit.into(), &owner, T::PoolDeposit::get()).map_err(|_| Error::<T>::CannotPayDeposit)?;
        let id = NextPoolId::<T>::get();
        NextPoolId::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        Pools::<T>::insert(id, Pool::new(owner.clone(), commission, max_commission, cap));
        Self::deposit_event(Event::PoolCreated {
            pool: id,
            owner,
            commission,
            max_commission,
            cap,
        });
        Ok(())
    }

    /// Coins of a pool's cooling stakes are free again.
    fn do_released(id: PoolId, returned: Balance) -> DispatchResult {
        let mut pool = Self::pool(id)?;
        pool.cooling = pool.cooling.checked_sub(returned).ok_or(Error::<T>::Overflow)?;
        pool.free = pool.free.checked_add(returned).ok_or(Error::<T>::Overflow)?;
        let impaired = khala_pallet_mining::Impaired::<T>::get(id);
        Self::store(Settled { id, pool, impaired })
    }
}

impl<T: Config> PoolLedger<T::AccountId> for Pallet<T> {
    fn pot_account() -> T::AccountId {
        Self::pot()
    }

    fn rebound(id: PoolId, old: &WorkerPublicKey, new: &WorkerPublicKey) {
        PoolWorkers::<T>::mutate(id, |workers| {
            if let Some(worker) = workers.iter_mut().find(|worker| *worker == old) {
                *worker = *new;
            }
        });
    }

    fn free(id: PoolId) -> Balance {
        Self::current(id).and_then(|at| at.spare()).unwrap_or(0)
    }

    fn removed(id: PoolId, worker: &WorkerPublicKey) {
        PoolWorkers::<T>::mutate(id, |workers| workers.retain(|other| other != worker));
        Self::deposit_event(Event::WorkerRemoved { pool: id, worker: *worker });
    }

    fn rewarded(amount: Balance) {
        let counted = Self::more_in_pot(amount);
        // Only numbers far beyond the supply of PHA could overflow.
        frame_support::defensive_assert!(counted.is_ok(), "rewards in the pot cannot be counted");
    }

    fn released(id: PoolId, returned: Balance) {
        let moved = with_storage_layer(|| Self::do_released(id, returned));
        // A cooling session belongs to a pool that counts it: `try_state` verifies the sum.
        frame_support::defensive_assert!(moved.is_ok(), "a released principal has no pool that counts it");
        Self::deposit_event(Event::StakeReleased {
            pool: id,
            amount: returned,
        });
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn bench_pool(id: PoolId, cooling: Balance) {
        let mut pool = Pool::new(Self::pot(), Permill::zero(), Permill::zero(), None);
        pool.cooling = cooling;
        // The dearest case: the pool has to join the service ring.
        pool.shares = cooling;
        pool.queue.first = Some(0);
        Pools::<T>::insert(id, pool);
    }
}
