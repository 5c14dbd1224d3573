//! The pot, the sweep, and rewards that are not taken in.

use crate::{mock::*, *};
use frame_support::{assert_ok, traits::Hooks, weights::Weight};
use khala_pallet_mining::PoolReward;

#[test]
fn the_sweep_takes_rewards_of_all_pools_in() {
    run(|| {
        let pools: Vec<_> = (0..20).map(|_| pool(10)).collect();
        for id in &pools {
            delegate(11, *id, 10 * PHA);
            reward(*id, PHA);
        }
        pass(20);
        for id in pools {
            assert_eq!(PoolReward::<Test>::get(id), 0);
            assert_eq!(Pools::<Test>::get(id).unwrap().commission_due, PHA / 10);
        }
    });
}

#[test]
fn a_sweep_goes_on_where_the_block_had_no_more_room() {
    run(|| {
        let pools: Vec<_> = (0..3).map(|_| pool(10)).collect();
        for id in &pools {
            delegate(11, *id, 10 * PHA);
        }
        pass(20);
        for id in &pools {
            reward(*id, PHA);
        }
        let slot = SweepAt::<Test>::get().slot;
        let one = <() as WeightInfo>::begin_sweep().saturating_add(<() as WeightInfo>::sweep_pool(0));
        for done in 1..=3 {
            let used = StakePool::on_idle(1, one);
            assert!(used.all_lte(one));
            assert_eq!(pools.iter().filter(|id| PoolReward::<Test>::get(id) == 0).count(), done);
        }
        assert_eq!(
            SweepAt::<Test>::get(),
            Sweep {
                slot: slot.max(StakePool::now() / 10),
                next: 3
            }
        );
        // Once in a slot.
        reward(pools[0], PHA);
        StakePool::on_idle(1, Weight::MAX);
        assert_eq!(PoolReward::<Test>::get(pools[0]), PHA);
    });
}

#[test]
fn reading_a_value_counts_what_is_not_taken_in() {
    run(|| {
        let id = pool(50);
        delegate(11, id, 10 * PHA);
        reward(id, 2 * PHA);
        let status = StakePool::pool_status(id).unwrap();
        assert_eq!((status.value, status.commission, status.free), (11 * PHA, PHA, 11 * PHA));
        assert_eq!(PoolReward::<Test>::get(id), 2 * PHA);
        assert_eq!(worth(id, 11), 11 * PHA);
        assert_ok!(StakePool::undelegate(origin(11), id, 10 * PHA, 11 * PHA));
    });
}

#[test]
fn a_reward_in_the_subsidy_still_is_there_when_it_is_taken_in() {
    run(|| {
        use frame_support::traits::fungible::Inspect;
        let id = pool(0);
        delegate(11, id, 10 * PHA);
        PoolReward::<Test>::insert(id, PHA);
        khala_pallet_mining::InTransit::<Test>::put(khala_pallet_mining::Unmoved { pot: PHA, treasury: 0 });
        let before = Balances::balance(&StakePool::pot());
        assert_ok!(StakePool::undelegate(origin(11), id, 10 * PHA, 11 * PHA));
        assert_eq!(Balances::balance(&StakePool::pot()), before - 10 * PHA);
    });
}
