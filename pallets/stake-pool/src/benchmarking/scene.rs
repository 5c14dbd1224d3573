//! Pools that benchmarks play with: rewards to take in whose coins are still in the subsidy, queues, sessions that decay.

use crate::{pallet::*, types::Sample, Samples, MAX_OPEN_REQUESTS, MAX_SAMPLES};
use frame_support::traits::fungible::{Inspect, Mutate};
use khala_pallet_mining::{
    benchmarking::scene::{self, STAKE},
    InTransit, PoolReward, SessionOf, Sessions, Unmoved,
};
use khala_primitives::{Balance, PoolId, RequestId, WorkerPublicKey, PHA};
use sp_runtime::Permill;

/// What every account has, in planck.
pub const WEALTH: Balance = 10_000_000 * PHA;
/// Commission of every pool.
pub const COMMISSION: Permill = Permill::from_percent(10);

const REWARD: Balance = 100 * PHA;

/// An account with coins.
pub fn rich<T: Config>(who: T::AccountId) -> T::AccountId {
    T::PoolCurrency::set_balance(&who, WEALTH);
    who
}

/// One of the delegators.
pub fn delegator<T: Config>(number: u32) -> T::AccountId {
    frame_benchmarking::account("delegator", number, 0)
}

/// A pool with a delegation, and its owner.
pub fn pool<T: Config + pallet_timestamp::Config<Moment = u64>>() -> (T::AccountId, PoolId) {
    scene::open::<T>();
    let pot = Pallet::<T>::pot();
    T::PoolCurrency::set_balance(&pot, T::PoolCurrency::minimum_balance());
    PotTotal::<T>::put(0);
    let owner = rich::<T>(frame_benchmarking::whitelisted_caller());
    let id = NextPoolId::<T>::get();
    Pallet::<T>::do_create_pool(owner.clone(), COMMISSION, Permill::one(), Some(Balance::MAX)).unwrap();
    join::<T>(0, id, 2 * STAKE);
    (owner, id)
}

/// A delegator with coins delegates.
pub fn join<T: Config>(number: u32, id: PoolId, amount: Balance) -> T::AccountId {
    let who = rich::<T>(delegator::<T>(number));
    Pallet::<T>::do_delegate(who.clone(), id, amount, 0).unwrap();
    who
}

/// Rewards of this block: the pool's part and the treasury's have not moved yet.
pub fn earn<T: Config>(id: PoolId) {
    PoolReward::<T>::insert(id, REWARD);
    InTransit::<T>::put(Unmoved {
        pot: REWARD,
        treasury: REWARD,
    });
}

/// A worker in state Ready of a pool.
pub fn worker<T: Config>(owner: &T::AccountId, id: PoolId) -> WorkerPublicKey {
    let worker = scene::worker::<T>(owner.clone());
    Pallet::<T>::do_add_worker(owner.clone(), id, worker).unwrap();
    worker
}

/// A worker of a pool that mines, and has lost half of its value.
pub fn running<T: Config + pallet_timestamp::Config<Moment = u64>>(owner: &T::AccountId, id: PoolId) -> WorkerPublicKey {
    let worker = worker::<T>(owner, id);
    Pallet::<T>::do_start_worker(owner.clone(), worker, STAKE).unwrap();
    let session = SessionOf::<T>::get(worker).unwrap();
    Sessions::<T>::mutate(session, |session| {
        let position = session.as_mut().unwrap().position.as_mut().unwrap();
        position.v = position.v.mul_ratio(1, 2).unwrap();
    });
    worker
}

/// So many sessions of a pool decay since long; it has rewards to take in.
pub fn decaying<T: Config + pallet_timestamp::Config<Moment = u64>>(owner: &T::AccountId, id: PoolId, count: u32) {
    if count > 0 {
        join::<T>(1, id, Balance::from(count) * STAKE);
    }
    for _ in 0..count {
        let worker = running::<T>(owner, id);
        scene::go_offline::<T>(&worker);
    }
    scene::pass::<T>(scene::LONG_SECS);
    earn::<T>(id);
}

/// Queues requests of a delegator of its own, one less than it may have, behind others and before others; the middle one.
pub fn queue<T: Config>(id: PoolId, who: &T::AccountId) -> RequestId {
    let mut numbers = alloc::vec::Vec::new();
    for _ in 1..MAX_OPEN_REQUESTS {
        let done = Pallet::<T>::do_undelegate(who.clone(), id, 10 * PHA, 0).unwrap();
        numbers.extend(done.queued.map(|(number, _)| number));
    }
    numbers[numbers.len() / 2]
}

/// The pool has no free coins: all of them are at stake.
pub fn nothing_free<T: Config>(id: PoolId) {
    Pools::<T>::mutate(id, |pool| {
        let pool = pool.as_mut().unwrap();
        pool.staked += core::mem::take(&mut pool.free);
    });
}

/// The pool has free coins that were at stake.
pub fn all_free<T: Config>(id: PoolId) {
    Pools::<T>::mutate(id, |pool| {
        let pool = pool.as_mut().unwrap();
        pool.free += core::mem::take(&mut pool.staked);
    });
}

/// A pool that knows as many prices as it may.
pub fn sampled<T: Config>(id: PoolId) {
    let samples = (0..MAX_SAMPLES).map(|day| Sample {
        at_secs: day.into(),
        price: PHA,
    });
    PriceSamples::<T>::insert(id, Samples::truncate_from(samples.collect()));
}
