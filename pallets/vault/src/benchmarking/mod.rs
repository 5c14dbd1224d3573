//! Benchmarks of the calls and hooks. The dearest case of each: pools with rewards to take in, sessions that decay, neighbours in the
//! queue, a fee to take.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)] // a benchmark that cannot be set up has to stop

mod scene;

use crate::{pallet::*, WeightInfo, MAX_POOLS};
use frame_benchmarking::v2::*;
use frame_support::weights::WeightMeter;
use frame_system::RawOrigin;
use khala_pallet_stake_pool::{
    benchmarking::scene::rich, Holders, Holdings as PoolHoldings, Paid, Requests as PoolRequests, Sweep, MAX_WORKERS,
};
use khala_primitives::PHA;
use scene::*;
use sp_runtime::Permill;

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benches {
    use super::*;

    #[benchmark]
    fn create_vault() {
        let owner = rich::<T>(whitelisted_caller());
        let half = Permill::from_percent(50);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), half, half, half, Some(PHA));
        assert!(Vaults::<T>::contains_key(0));
    }

    #[benchmark]
    fn delegate(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, _) = vault::<T>(p, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), id, 10 * PHA, 1);
        assert!(Holdings::<T>::get(owner, id).shares > 0);
    }

    #[benchmark]
    fn undelegate(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = calm::<T>(p);
        let who = join::<T>(3, id, PART * u128::from(MAX_POOLS));
        spoil::<T>(&owner, &pools, d);
        nothing_free::<T>(id, &pools);
        // More than the pools pay at once out of their rewards.
        let shares = Holdings::<T>::get(&who, id).shares / 2;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), id, shares, 0);
        assert_eq!(Holdings::<T>::get(who, id).requests.len(), 1);
    }

    #[benchmark]
    fn cancel_request(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = calm::<T>(p);
        let who = join::<T>(3, id, PART * u128::from(MAX_POOLS));
        spoil::<T>(&owner, &pools, d);
        nothing_at_once::<T>(id, &pools);
        let number = queue::<T>(id, &who);
        all_earn::<T>(&pools);
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, number);
        assert!(!Requests::<T>::contains_key(id, number));
    }

    #[benchmark]
    fn transfer_shares(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, _) = vault::<T>(p, d);
        let who = join::<T>(3, id, 100 * PHA);
        let half = Holdings::<T>::get(&who, id).shares / 2;
        #[extrinsic_call]
        _(RawOrigin::Signed(who), id, owner.clone(), half);
        assert_eq!(Holdings::<T>::get(owner, id).shares, half);
    }

    #[benchmark]
    fn invest(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = vault::<T>(p, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, pools[0], 10 * PHA, 0);
        assert!(PoolHoldings::<T>::get(Pallet::<T>::account(id), pools[0]).shares > PART / 2);
    }

    #[benchmark]
    fn divest(d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = vault::<T>(1, d);
        nothing_free::<T>(id, &pools);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, pools[0], PART / 2, 0);
        assert!(PoolHoldings::<T>::get(Pallet::<T>::account(id), pools[0]).shares <= PART / 2);
    }

    #[benchmark]
    fn cancel_divest(d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = calm::<T>(1);
        spoil::<T>(&owner, &pools, d);
        nothing_at_once::<T>(id, &pools);
        for _ in 0..3 {
            Pallet::<T>::do_divest(owner.clone(), id, pools[0], PART / 8, 0).unwrap();
        }
        all_earn::<T>(&pools);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, pools[0], 1);
        assert!(!PoolRequests::<T>::contains_key(pools[0], 1));
    }

    #[benchmark]
    fn set_fee(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, _) = vault::<T>(p, d);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, Permill::zero());
        assert_eq!(Vaults::<T>::get(id).unwrap().fee.now, Permill::zero());
    }

    #[benchmark]
    fn claim_fee(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (owner, id, _) = vault::<T>(p, d);
        // A fee that makes a holding, whatever the losses are.
        Vaults::<T>::mutate(id, |vault| {
            let vault = vault.as_mut().unwrap();
            vault.fee_shares += 10 * PHA;
            vault.shares += 10 * PHA;
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), id);
        assert!(Holdings::<T>::get(owner, id).shares >= 10 * PHA);
    }

    #[benchmark]
    fn set_commission_limit() {
        let (owner, id, _) = calm::<T>(MAX_POOLS);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, Permill::zero());
        assert!(Vaults::<T>::get(id).unwrap().in_ring);
    }

    #[benchmark]
    fn set_cap() {
        let (owner, id, _) = calm::<T>(MAX_POOLS);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), id, None);
        assert_eq!(Vaults::<T>::get(id).unwrap().cap, None);
    }

    /// A pool pays all of a request that somebody waits for, among others; a part of it is the vault's.
    #[benchmark]
    fn paid() {
        let (_, id, pools) = calm::<T>(MAX_POOLS);
        let who = join::<T>(3, id, PART * u128::from(MAX_POOLS));
        nothing_free::<T>(id, &pools);
        let number = queue::<T>(id, &who);
        Requests::<T>::mutate(id, number, |request| request.as_mut().unwrap().claims.truncate(1));
        let claim = Requests::<T>::get(id, number).unwrap().claims[0];
        let payment = Paid {
            pool: claim.pool,
            request: claim.request,
            who: Pallet::<T>::account(id),
            amount: 10 * PHA,
            shares: claim.shares * 2,
            left: 0,
        };
        free::<T>(id, 10 * PHA);
        #[block]
        {
            <Pallet<T> as Holders<T::AccountId>>::paid(payment);
        }
        assert!(!Requests::<T>::contains_key(id, number));
    }

    /// A vault leaves the ring, and comes back to its end.
    #[benchmark]
    fn next_of_ring() {
        let (_, id, _) = calm::<T>(MAX_POOLS);
        let mut vault = Vaults::<T>::get(id).unwrap();
        Pallet::<T>::join_ring(id, &mut vault).unwrap();
        Vaults::<T>::insert(id, vault);
        #[block]
        {
            let id = Pallet::<T>::first_of_ring().unwrap();
            let _ = Pallet::<T>::load(id);
            Pallet::<T>::leave_ring();
            let mut vault = Vaults::<T>::get(id).unwrap();
            Pallet::<T>::join_ring(id, &mut vault).unwrap();
            Vaults::<T>::insert(id, vault);
        }
        assert_eq!(Pallet::<T>::first_of_ring(), Some(id));
    }

    /// A visit that pays nothing and leaves no pool.
    #[benchmark]
    fn visit(p: Linear<1, MAX_POOLS>, d: Linear<0, MAX_WORKERS>) {
        let (_, id, _) = vault::<T>(p, d);
        let before = Vaults::<T>::get(id).unwrap();
        #[block]
        {
            Pallet::<T>::visit(id).unwrap();
        }
        assert!(Vaults::<T>::get(id).unwrap().shares >= before.shares);
    }

    /// One payment out of free coins, of all of a request that others wait behind and that has claims on all pools.
    #[benchmark]
    fn pay_first(p: Linear<1, MAX_POOLS>) {
        let (_, id, pools) = calm::<T>(p);
        let who = join::<T>(3, id, PART * u128::from(MAX_POOLS));
        nothing_free::<T>(id, &pools);
        let number = queue::<T>(id, &who) - 1;
        free::<T>(id, PART * u128::from(MAX_POOLS));
        let at = Pallet::<T>::settled(id).unwrap();
        #[block]
        {
            Pallet::<T>::pay_first(at).unwrap().unwrap();
        }
        assert!(!Requests::<T>::contains_key(id, number));
    }

    /// The last one of the pools has become too dear, and is left; in the first sessions decay.
    #[benchmark]
    fn leave_pool(d: Linear<0, MAX_WORKERS>) {
        let (owner, id, pools) = calm::<T>(MAX_POOLS);
        let dear = pools[0];
        spoil::<T>(&owner, &pools, d);
        Vaults::<T>::mutate(id, |vault| {
            let vault = vault.as_mut().unwrap();
            vault.places.as_mut().reverse();
            vault.commission_limit.now = Permill::zero();
        });
        nothing_free::<T>(id, &pools);
        #[block]
        {
            Pallet::<T>::visit(id).unwrap();
        }
        assert_eq!(PoolHoldings::<T>::get(Pallet::<T>::account(id), dear).shares, 0);
    }

    /// A vault is looked at: its last pool has to be left.
    #[benchmark]
    fn look_at() {
        let (_, id, _) = calm::<T>(MAX_POOLS);
        Vaults::<T>::mutate(id, |vault| {
            let vault = vault.as_mut().unwrap();
            vault.places.as_mut().reverse();
            vault.commission_limit.now = Permill::zero();
        });
        LookedAt::<T>::put(Sweep { slot: u64::MAX, next: id });
        let mut meter = WeightMeter::with_limit(<T as Config>::WeightInfo::look_at());
        #[block]
        {
            Pallet::<T>::look_at_all(&mut meter);
        }
        assert_eq!(Pallet::<T>::first_of_ring(), Some(id));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_ext(), crate::mock::Test);
}
