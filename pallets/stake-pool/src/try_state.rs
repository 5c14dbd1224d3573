//! Invariants: `design/staking.md`, Invariants.

use crate::{pallet::*, traits::Holders, types::Pool, MIN_SHARES};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
    ensure,
    traits::{
        fungible::{Inspect, InspectHold},
        Get,
    },
};
use khala_pallet_mining::{InTransit, PoolReward, Sessions};
use khala_primitives::{Balance, PoolId, RequestId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Verifies every invariant of this pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_money()?;
        let mut held: BTreeMap<PoolId, u128> = BTreeMap::new();
        let mut queued: BTreeMap<(T::AccountId, PoolId), u128> = BTreeMap::new();
        for (who, id, holding) in Holdings::<T>::iter() {
            ensure!(!holding.is_empty(), "an empty holding is stored");
            ensure!(holding.shares == 0 || holding.shares >= MIN_SHARES, "a holding has too few shares");
            for number in &holding.requests {
                let request = Requests::<T>::get(id, number).ok_or("a holding names a request that is not there")?;
                ensure!(request.who == who, "a request is another holder's");
            }
            let sum = held.entry(id).or_default();
            *sum = sum.saturating_add(holding.shares);
            queued.insert((who, id), holding.queued);
        }
        for (id, pool) in Pools::<T>::iter() {
            Self::check_pool(id, &pool)?;
            let waiting = Self::check_queue(id, &pool)?;
            let shares = held.remove(&id).unwrap_or(0).saturating_add(waiting);
            ensure!(shares == pool.shares, "the holders' shares differ from the pool's");
        }
        ensure!(held.is_empty(), "a holding belongs to no pool");
        ensure!(
            Requests::<T>::iter_keys().all(|(id, _)| Pools::<T>::contains_key(id)),
            "a request belongs to no pool"
        );
        for (id, _, request) in Requests::<T>::iter() {
            let left = queued
                .get_mut(&(request.who, id))
                .and_then(|queued| queued.checked_sub(request.shares).map(|left| *queued = left));
            ensure!(left.is_some(), "a holder has more shares queued than it knows of");
        }
        ensure!(
            queued.into_values().all(|left| left == 0),
            "a holder has fewer shares queued than it knows of"
        );
        Self::check_agenda()?;
        Self::check_ring()
    }

    fn check_money() -> Result<(), TryRuntimeError> {
        let mut total = T::Holders::coins();
        let mut deposits: BTreeMap<T::AccountId, Balance> = BTreeMap::new();
        for pool in Pools::<T>::iter_values() {
            total = total.saturating_add(pool.coins().ok_or("a pool's coins overflow")?);
            let deposit = deposits.entry(pool.owner).or_default();
            *deposit = deposit.saturating_add(<T as Config>::PoolDeposit::get());
        }
        for (id, reward) in PoolReward::<T>::iter() {
            ensure!(Pools::<T>::contains_key(id), "a reward belongs to no pool");
            total = total.saturating_add(reward);
        }
        total = Unclaimed::<T>::iter_values().fold(total, Balance::saturating_add);
        let moving = InTransit::<T>::get().pot;
        ensure!(
            PotTotal::<T>::get().saturating_add(moving) == total,
            "what the pot holds is not the sum of what it holds for each"
        );
        let pot = T::PoolCurrency::balance(&Self::pot()).saturating_sub(T::PoolCurrency::minimum_balance());
        ensure!(pot >= PotTotal::<T>::get(), "the pot holds less than the pools have");
        for (owner, deposit) in deposits {
            ensure!(
                T::PoolCurrency::balance_on_hold(&HoldReason::PoolDeposit.into(), &owner) == deposit,
                "an owner's held deposits differ from its pools"
            );
        }
        Ok(())
    }

    fn check_pool(id: PoolId, pool: &Pool<T::AccountId>) -> Result<(), TryRuntimeError> {
        ensure!(id < NextPoolId::<T>::get(), "a pool's number was not given out");
        ensure!(
            pool.shares == 0 || pool.shares >= MIN_SHARES,
            "a pool has too few shares for a price"
        );
        ensure!(pool.shares > 0 || pool.free == 0, "a pool without shares has free coins");
        ensure!(pool.commission <= pool.max_commission, "a commission is above its maximum");
        ensure!(pool.rate().is_sound(), "an announced commission is no rise, or too large a one");
        ensure!(
            Allowed::<T>::iter_key_prefix(id).count() == pool.allowed as usize,
            "a pool's allow-list has another length"
        );
        let workers = PoolWorkers::<T>::get(id);
        let (mut staked, mut cooling, mut sessions): (Balance, Balance, usize) = (0, 0, 0);
        for session in Sessions::<T>::iter_values().filter(|session| session.pool == id) {
            sessions = sessions.saturating_add(1);
            ensure!(workers.contains(&session.worker), "a session's worker is not in its pool");
            cooling = cooling.saturating_add(session.cooling);
            staked = staked.saturating_add(session.stake());
        }
        ensure!(sessions == workers.len(), "a pool's sessions differ from its workers");
        ensure!(staked == pool.staked, "a pool's stakes differ from its sessions'");
        ensure!(cooling == pool.cooling, "a pool's cooling coins differ from its sessions'");
        let impaired = khala_pallet_mining::Impaired::<T>::get(id);
        ensure!(impaired <= staked, "a pool would lose more than its stakes");
        Ok(())
    }

    /// Walks a queue from its first request to its last; the shares in it.
    fn check_queue(id: PoolId, pool: &Pool<T::AccountId>) -> Result<u128, TryRuntimeError> {
        let (mut queued, mut due): (u128, u128) = (0, 0);
        let (mut next, mut before, mut deadline): (_, Option<RequestId>, u64) = (pool.queue.first, None, 0);
        let mut all_due = true;
        let mut length = 0usize;
        while let Some(number) = next {
            let request = Requests::<T>::get(id, number).ok_or("a queue names a request that is not there")?;
            ensure!(request.prev == before, "a queue's links do not fit together");
            ensure!(
                number < pool.queue.next_id && before.is_none_or(|before| before < number),
                "a request's number was not given out"
            );
            ensure!(request.deadline_secs >= deadline, "a queue's deadlines are out of order");
            ensure!(all_due || !request.due, "a request is due before one that stands before it");
            ensure!(
                !request.due || request.deadline_secs <= Self::now(),
                "a request is due before its deadline"
            );
            ensure!(
                T::Holders::is_inner(&request.who) || Holdings::<T>::get(&request.who, id).requests.contains(&number),
                "a holder does not know its request"
            );
            ensure!(request.shares >= MIN_SHARES, "a request has too few shares");
            all_due = request.due;
            deadline = request.deadline_secs;
            queued = queued.saturating_add(request.shares);
            due = due.saturating_add(if request.due { request.shares } else { 0 });
            length = length.saturating_add(1);
            (before, next) = (Some(number), request.next);
        }
        ensure!(before == pool.queue.last, "a queue ends elsewhere");
        ensure!(
            Requests::<T>::iter_key_prefix(id).count() == length,
            "a request is not in its queue"
        );
        ensure!(
            queued == pool.queue.queued_shares && due == pool.queue.due_shares,
            "a queue's sums are not those of its requests"
        );
        Ok(queued)
    }

    /// Each request that is not due has its appointment, and they stand in order.
    fn check_agenda() -> Result<(), TryRuntimeError> {
        let (first, end) = AgendaRange::<T>::get();
        let mut named = BTreeSet::new();
        let mut before = 0;
        for number in first..end {
            let appointment = Agenda::<T>::get(number).ok_or("an appointment is missing")?;
            ensure!(appointment.due_secs >= before, "appointments are out of order");
            before = appointment.due_secs;
            ensure!(
                named.insert((appointment.pool, appointment.request)),
                "a request has two appointments"
            );
        }
        ensure!(
            Agenda::<T>::iter_keys().count() as u64 == end.saturating_sub(first),
            "appointments stand outside their range"
        );
        ensure!(
            Requests::<T>::iter().all(|(pool, number, request)| request.due != named.contains(&(pool, number))),
            "a request that is not due has no appointment, or one that is due has one"
        );
        Ok(())
    }

    fn check_ring() -> Result<(), TryRuntimeError> {
        let (first, end) = RingRange::<T>::get();
        let mut inside = BTreeSet::new();
        for number in first..end {
            let id = Ring::<T>::get(number).ok_or("a place in the ring is empty")?;
            ensure!(inside.insert(id), "a pool stands in the ring twice");
        }
        ensure!(
            Ring::<T>::iter_keys().count() as u64 == end.saturating_sub(first),
            "pools stand outside the ring's range"
        );
        ensure!(
            Pools::<T>::iter().all(|(id, pool)| pool.in_ring == inside.contains(&id)),
            "a pool does not know whether it stands in the ring"
        );
        Ok(())
    }
}
