//! Benchmarks of the calls and hooks. The dearest case of each: rewards to take in whose coins are still in the subsidy, sessions that
//! decay, neighbours in the queue.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)] // a benchmark that cannot be set up has to stop

pub mod scene;

use crate::{pallet::*, WeightInfo, MAX_ALLOWED, MAX_DESCRIPTION, MAX_LINK, MAX_LINKS, MAX_WORKERS};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::weights::{Weight, WeightMeter};
use frame_system::RawOrigin;
use khala_pallet_mining::{
    benchmarking::scene::{pass, STAKE},
    InTransit, Pallet as MiningPallet, PoolReward, Unmoved,
};
use khala_primitives::PHA;
use scene::*;
use sp_runtime::Permill;

/// Every pool is swept again from its next slot on.
fn next_slot<T: Config + pallet_timestamp::Config<Moment = u64>>() {
    SweepAt::<T>::mutate(|sweep| sweep.next = NextPoolId::<T>::get());
    pass::<T>(Parameters::<T>::get().sweep_secs);
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benches {
    use super::*;

    #[benchmark]
    fn create_pool() {
        let owner = rich::<T>(whitelisted_caller());
        let id = NextPoolId::<T>::get();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), COMMISSION, Permill::one(), Some(WEALTH));
        assert!(Pools::<T>::contains_key(id));
    }

    #[benchmark]
    fn delegate(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, d);
        Pallet::<T>::do_allow(owner.clone(), id, owner.clone(), true).unwrap();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), id, STAKE, 1);
        assert!(Holdings::<T>::get(owner, id).shares > 0);
        assert_eq!(PoolReward::<T>::get(id), 0);
    }

    #[benchmark]
    fn undelegate(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        let who = join::<T>(2, id, 100 * PHA);
        decaying::<T>(&owner, id, d);
        // A part is paid at once, the rest is queued.
        Pools::<T>::mutate(id, |pool| {
            let pool = pool.as_mut().unwrap();
            pool.staked += pool.free - 10 * PHA;
            pool.free = 10 * PHA;
        });
        PoolReward::<T>::insert(id, 20 * PHA);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), id, 99 * PHA, 0);
        assert_eq!(Holdings::<T>::get(who, id).requests.len(), 1);
    }

    #[benchmark]
    fn cancel_request(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        let who = join::<T>(2, id, 100 * PHA);
        decaying::<T>(&owner, id, d);
        nothing_free::<T>(id);
        PoolReward::<T>::remove(id);
        InTransit::<T>::kill();
        let number = queue::<T>(id, &who);
        earn::<T>(id);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, number);
        assert!(!Requests::<T>::contains_key(id, number));
    }

    #[benchmark]
    fn transfer_shares(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        let who = join::<T>(2, id, 100 * PHA);
        decaying::<T>(&owner, id, d);
        let to = delegator::<T>(3);
        Pallet::<T>::do_allow(owner, id, to.clone(), true).unwrap();
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, to.clone(), 50 * PHA);
        assert_eq!(Holdings::<T>::get(to, id).shares, 50 * PHA);
    }

    #[benchmark]
    fn add_worker() {
        let (owner, id) = pool::<T>();
        (1..MAX_WORKERS).for_each(|_| {
            worker::<T>(&owner, id);
        });
        let worker = khala_pallet_mining::benchmarking::scene::worker::<T>(owner.clone());
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, worker);
        assert_eq!(PoolWorkers::<T>::get(id).first(), Some(&worker));
    }

    #[benchmark]
    fn remove_worker() {
        let (owner, id) = pool::<T>();
        let workers: Vec<_> = (0..MAX_WORKERS).map(|_| worker::<T>(&owner, id)).collect();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), workers[0]);
        assert!(!PoolWorkers::<T>::get(id).contains(&workers[0]));
    }

    #[benchmark]
    fn order_workers() {
        let (owner, id) = pool::<T>();
        let workers: Vec<_> = (0..MAX_WORKERS).map(|_| worker::<T>(&owner, id)).collect();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, workers.clone().try_into().unwrap());
        assert_eq!(PoolWorkers::<T>::get(id).into_inner(), workers);
    }

    #[benchmark]
    fn start_worker(d: Linear<0, { MAX_WORKERS - 1 }>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, d);
        let worker = worker::<T>(&owner, id);
        let before = Pools::<T>::get(id).unwrap().staked;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, STAKE);
        assert_eq!(Pools::<T>::get(id).unwrap().staked, before + STAKE);
    }

    #[benchmark]
    fn add_stake(d: Linear<0, { MAX_WORKERS - 1 }>) {
        let (owner, id) = pool::<T>();
        let worker = running::<T>(&owner, id);
        decaying::<T>(&owner, id, d);
        let before = Pools::<T>::get(id).unwrap().staked;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, PHA);
        assert_eq!(Pools::<T>::get(id).unwrap().staked, before + PHA);
    }

    #[benchmark]
    fn reduce_stake(d: Linear<0, { MAX_WORKERS - 1 }>) {
        let (owner, id) = pool::<T>();
        let worker = running::<T>(&owner, id);
        decaying::<T>(&owner, id, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker, PHA);
        let cooling = Pools::<T>::get(id).unwrap().cooling;
        assert!(0 < cooling && cooling < PHA);
    }

    #[benchmark]
    fn stop_worker(d: Linear<0, { MAX_WORKERS - 1 }>) {
        let (owner, id) = pool::<T>();
        let worker = running::<T>(&owner, id);
        decaying::<T>(&owner, id, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), worker);
        let cooling = Pools::<T>::get(id).unwrap().cooling;
        assert!(0 < cooling && cooling < STAKE);
        assert_eq!(MiningPallet::<T>::pool_of(&worker), Some(id));
    }

    #[benchmark]
    fn claim_commission(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, d);
        earn::<T>(id);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id);
        assert_eq!(Pools::<T>::get(id).unwrap().commission_due, 0);
        assert_eq!(InTransit::<T>::get(), Unmoved::default());
    }

    #[benchmark]
    fn set_commission(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        Pallet::<T>::do_set_commission(owner.clone(), id, Permill::from_percent(15)).unwrap();
        decaying::<T>(&owner, id, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, Permill::zero());
        assert_eq!(Pools::<T>::get(id).unwrap().commission, Permill::zero());
    }

    #[benchmark]
    fn set_cap() {
        let (owner, id) = pool::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, None);
        assert_eq!(Pools::<T>::get(id).unwrap().cap, None);
    }

    #[benchmark]
    fn allow() {
        let (owner, id) = pool::<T>();
        (1..MAX_ALLOWED).for_each(|number| Pallet::<T>::do_allow(owner.clone(), id, delegator::<T>(number), true).unwrap());
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, delegator::<T>(0), true);
        assert_eq!(Pools::<T>::get(id).unwrap().allowed, MAX_ALLOWED);
    }

    #[benchmark]
    fn set_profile() {
        let (owner, id) = pool::<T>();
        let text = |length: u32| vec![b'x'; length as usize];
        let links: Vec<_> = (0..MAX_LINKS).map(|_| text(MAX_LINK).try_into().unwrap()).collect();
        #[extrinsic_call]
        _(
            RawOrigin::Signed(owner),
            id,
            text(MAX_DESCRIPTION).try_into().unwrap(),
            links.try_into().unwrap(),
        );
        assert!(Profiles::<T>::contains_key(id));
    }

    #[benchmark]
    fn claim_unclaimed() {
        pool::<T>();
        let who = rich::<T>(whitelisted_caller());
        Unclaimed::<T>::insert(&who, PHA);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert_eq!(Unclaimed::<T>::get(who), 0);
    }

    /// One appointment that is kept, and a look at the next.
    #[benchmark]
    fn become_due() {
        let (_, id) = pool::<T>();
        let who = join::<T>(2, id, 100 * PHA);
        nothing_free::<T>(id);
        let first = Pallet::<T>::do_undelegate(who.clone(), id, 10 * PHA, 0).unwrap();
        let (number, _) = first.queued.unwrap();
        pass::<T>(1);
        Pallet::<T>::do_undelegate(who, id, 10 * PHA, 0).unwrap();
        pass::<T>(Parameters::<T>::get().grace_secs - 1);
        let mut meter = WeightMeter::with_limit(Weight::MAX);
        #[block]
        {
            Pallet::<T>::serve_agenda(&mut meter);
        }
        assert!(Requests::<T>::get(id, number).unwrap().due);
    }

    /// A pool leaves the ring, and comes back to its end.
    #[benchmark]
    fn next_of_ring() {
        let (_, id) = pool::<T>();
        let mut pool = Pools::<T>::get(id).unwrap();
        Pallet::<T>::join_ring(id, &mut pool).unwrap();
        Pools::<T>::insert(id, pool);
        #[block]
        {
            let id = Pallet::<T>::first_of_ring().unwrap();
            let _ = (PoolWorkers::<T>::decode_len(id), MiningPallet::<T>::decaying_sessions(id));
            Pallet::<T>::leave_ring();
            let mut pool = Pools::<T>::get(id).unwrap();
            Pallet::<T>::join_ring(id, &mut pool).unwrap();
            Pools::<T>::insert(id, pool);
        }
        assert_eq!(Pallet::<T>::first_of_ring(), Some(id));
    }

    /// A visit that pays nothing and takes nothing back.
    #[benchmark]
    fn visit(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, d);
        #[block]
        {
            Pallet::<T>::visit(id);
        }
        assert_eq!(PoolReward::<T>::get(id), 0);
    }

    /// One payment, of all of a request that others wait behind.
    #[benchmark]
    fn pay_request() {
        let (_, id) = pool::<T>();
        let who = join::<T>(2, id, 100 * PHA);
        nothing_free::<T>(id);
        queue::<T>(id, &who);
        all_free::<T>(id);
        let at = Pallet::<T>::settled(id).unwrap();
        #[block]
        {
            Pallet::<T>::pay_first(at).unwrap();
        }
        assert!(!Requests::<T>::contains_key(id, 0));
    }

    /// Which stakes to take back.
    #[benchmark]
    fn look_for_stakes(w: Linear<1, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, w);
        let planned;
        #[block]
        {
            planned = Pallet::<T>::look_for(id, u128::MAX);
        }
        assert!(matches!(planned, crate::cover::Plan::Stop(_)));
    }

    /// One worker is stopped; a reduction costs no more.
    #[benchmark]
    fn take_back() {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, 1);
        let worker = PoolWorkers::<T>::get(id)[0];
        let at = Pallet::<T>::settled(id).unwrap();
        #[block]
        {
            Pallet::<T>::stop_for(at, worker).unwrap();
        }
        assert!(Pools::<T>::get(id).unwrap().cooling > 0);
    }

    /// A sweep begins: what is in the pot by mistake goes to the treasury. No pool is swept.
    #[benchmark]
    fn begin_sweep() {
        pool::<T>();
        next_slot::<T>();
        <T::PoolCurrency as frame_support::traits::fungible::Mutate<_>>::mint_into(&Pallet::<T>::pot(), PHA).unwrap();
        let mut meter = WeightMeter::with_limit(<T as Config>::WeightInfo::begin_sweep());
        #[block]
        {
            Pallet::<T>::sweep(&mut meter);
        }
        assert_eq!(SweepAt::<T>::get().next, 0);
    }

    /// One pool is swept, and its price sampled.
    #[benchmark]
    fn sweep_pool(d: Linear<0, MAX_WORKERS>) {
        let (owner, id) = pool::<T>();
        decaying::<T>(&owner, id, d);
        sampled::<T>(id);
        #[block]
        {
            Pallet::<T>::sweep_one(id).unwrap();
        }
        assert_eq!(PoolReward::<T>::get(id), 0);
        assert!(PriceSamples::<T>::get(id).last().unwrap().at_secs > 32);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_ext(), crate::mock::Test);
}
