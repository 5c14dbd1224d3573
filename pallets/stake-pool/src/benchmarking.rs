//! Benchmarks of the calls, each in a pool with rewards to take in whose coins are still in the subsidy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)] // a benchmark that cannot be set up has to stop

use crate::pallet::*;
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Mutate;
use frame_system::RawOrigin;
use khala_pallet_mining::{
    benchmarking::scene::{self, STAKE},
    InTransit, Pallet as MiningPallet, PoolReward, SessionOf, Sessions, Unmoved,
};
use khala_primitives::{Balance, PoolId, WorkerPublicKey, PHA};
use sp_runtime::Permill;

const WEALTH: Balance = 1_000_000 * PHA;
const REWARD: Balance = 100 * PHA;
const COMMISSION: Permill = Permill::from_percent(10);

fn rich<T: Config>(who: T::AccountId) -> T::AccountId {
    T::PoolCurrency::set_balance(&who, WEALTH);
    who
}

/// A pool with a delegation, and its owner.
fn pool<T: Config + pallet_timestamp::Config<Moment = u64>>() -> (T::AccountId, PoolId) {
    scene::open::<T>();
    let owner = rich::<T>(whitelisted_caller());
    let id = NextPoolId::<T>::get();
    Pallet::<T>::do_create_pool(owner.clone(), COMMISSION, Some(Balance::MAX)).unwrap();
    Pallet::<T>::do_delegate(rich::<T>(account("delegator", 0, 0)), id, 2 * STAKE, 0).unwrap();
    (owner, id)
}

/// Rewards of this block: the pool's part and the treasury's have not moved yet.
fn earn<T: Config>(id: PoolId) {
    PoolReward::<T>::insert(id, REWARD);
    InTransit::<T>::put(Unmoved {
        pot: REWARD,
        treasury: REWARD,
    });
}

/// A pool with a worker in state Ready, and its owner.
fn pool_with_worker<T: Config + pallet_timestamp::Config<Moment = u64>>() -> (T::AccountId, PoolId, WorkerPublicKey) {
    let (owner, id) = pool::<T>();
    let worker = scene::worker::<T>(owner.clone());
    Pallet::<T>::do_add_worker(owner.clone(), id, worker).unwrap();
    (owner, id, worker)
}

/// A pool with a worker that has mined for long, has earned, and has lost a part of its value; and its owner.
fn running<T: Config + pallet_timestamp::Config<Moment = u64>>() -> (T::AccountId, PoolId, WorkerPublicKey) {
    let (owner, id, worker) = pool_with_worker::<T>();
    Pallet::<T>::do_start_worker(owner.clone(), worker, STAKE).unwrap();
    let session = SessionOf::<T>::get(worker).unwrap();
    Sessions::<T>::mutate(session, |session| {
        let position = session.as_mut().unwrap().position.as_mut().unwrap();
        position.v = position.v.mul_ratio(1, 2).unwrap();
    });
    scene::pass::<T>(scene::LONG_SECS);
    earn::<T>(id);
    (owner, id, worker)
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benches {
    use super::*;

    #[benchmark]
    fn create_pool() {
        let owner = rich::<T>(whitelisted_caller());
        let id = NextPoolId::<T>::get();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), COMMISSION, Some(WEALTH));
        assert!(Pools::<T>::contains_key(id));
    }

    #[benchmark]
    fn delegate() {
        let (owner, id) = pool::<T>();
        earn::<T>(id);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), id, STAKE, 1);
        assert!(Delegations::<T>::get(id, owner) > 0);
        assert_eq!(PoolReward::<T>::get(id), 0);
    }

    #[benchmark]
    fn add_worker() {
        let (owner, id) = pool::<T>();
        let worker = scene::worker::<T>(owner.clone());
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, worker);
        assert!(PoolWorkers::<T>::contains_key(id, worker));
    }

    #[benchmark]
    fn remove_worker() {
        let (owner, id, worker) = pool_with_worker::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker);
        assert!(!PoolWorkers::<T>::contains_key(id, worker));
    }

    #[benchmark]
    fn start_worker() {
        let (owner, id, worker) = pool_with_worker::<T>();
        earn::<T>(id);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, STAKE);
        assert_eq!(Pools::<T>::get(id).unwrap().staked, STAKE);
    }

    #[benchmark]
    fn add_stake() {
        let (owner, id, worker) = running::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, PHA);
        assert_eq!(Pools::<T>::get(id).unwrap().staked, STAKE + PHA);
    }

    #[benchmark]
    fn reduce_stake() {
        let (owner, id, worker) = running::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, PHA);
        let pool = Pools::<T>::get(id).unwrap();
        assert!(pool.staked == STAKE - PHA && 0 < pool.cooling && pool.cooling < PHA);
    }

    #[benchmark]
    fn stop_worker() {
        let (owner, id, worker) = running::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker);
        let pool = Pools::<T>::get(id).unwrap();
        assert!(pool.staked == 0 && 0 < pool.cooling && pool.cooling < STAKE);
        assert_eq!(MiningPallet::<T>::pool_of(&worker), Some(id));
    }

    #[benchmark]
    fn claim_commission() {
        let (owner, id) = pool::<T>();
        earn::<T>(id);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);
        assert_eq!(Pools::<T>::get(id).unwrap().commission_due, 0);
        assert_eq!(InTransit::<T>::get(), Unmoved::default());
    }
}
