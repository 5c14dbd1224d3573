//! `design/staking.md`, Numbers to test with: to the planck.

use crate::{mock::*, *};
use frame_support::assert_ok;
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_primitives::PoolId;

const DAY: u64 = 86_400;

#[test]
fn rewards_raise_the_price_and_a_newcomer_does_not_share_the_past() {
    run(|| {
        let id = pool(60);
        for number in 11..16 {
            delegate(number, id, 1_400 * PHA);
        }
        reward(id, 10 * PHA);
        assert_eq!(at(id).pool.commission_due, 6 * PHA);
        assert_eq!(worth(id, 11), 1_400_800_000_000_000);
        assert_eq!(StakePool::pool_status(id).unwrap().price, 1_000_571_428_571_428_571);

        delegate(16, id, 5_000 * PHA);
        assert_eq!(shares(id, 16), 4_997_144_488_863_506);
        let before = (worth(id, 11), worth(id, 16));
        reward(id, 10 * PHA);
        assert_eq!(worth(id, 11) - before.0, 466_777_740_753);
        // The rest of the 4 PHA, to the planck: 4 - 5 x 0.466777740753 = 1.666111296235.
        assert_eq!(worth(id, 16) - before.1, 1_666_111_296_235);
        assert_eq!(at(id).pool.commission_due, 12 * PHA);
    });
}

#[test]
fn treasury_owner_and_delegators_share_a_reward() {
    run(|| {
        let id = pool(40);
        delegate(11, id, 1_000 * PHA);
        delegate(12, id, 2_000 * PHA);
        // 10 less the treasury's 2, which mining takes.
        reward(id, 8 * PHA);
        assert_eq!(at(id).pool.commission_due, 3_200_000_000_000);
        assert_eq!((worth(id, 11), worth(id, 12)), (1_001_600_000_000_000, 2_003_200_000_000_000));
    });
}

#[test]
fn a_withdrawal_is_paid_by_what_comes_in_and_the_rest_by_a_reduction_at_its_date() {
    run_as_khala(|| {
        let id = pool(0);
        delegate(11, id, 10_000 * PHA);
        let (gone, old, new) = (start(1, id, 3_000 * PHA), start(2, id, 3_000 * PHA), start(3, id, 3_000 * PHA));
        assert_ok!(StakePool::stop_worker(origin(OWNER), gone));
        pass(5 * DAY);

        // Day 0.
        assert_eq!(at(id).pool.free, 1_000 * PHA);
        let before = balance(11);
        let day_0 = StakePool::now();
        assert_ok!(StakePool::undelegate(origin(11), id, 5_000 * PHA, 5_000 * PHA));
        assert_eq!(balance(11) - before, 1_000 * PHA);
        let request = Requests::<Test>::get(id, 0).unwrap();
        assert_eq!((request.shares, request.deadline_secs), (4_000 * PHA, day_0 + 7 * DAY));
        // Day 1.
        pass(DAY);
        delegate(12, id, 500 * PHA);
        pass(6);
        assert_eq!(balance(11) - before, 1_500 * PHA);
        // Day 2, less the six seconds.
        pass(DAY - 6);
        assert_eq!(balance(11) - before, 4_500 * PHA);
        // Day 7, less a second: nothing is taken back.
        pass(5 * DAY - 1);
        assert_eq!((at(id).pool.staked, at(id).pool.cooling), (6_000 * PHA, 0));
        pass(1);
        assert_eq!((at(id).pool.staked, at(id).pool.cooling), (5_500 * PHA, 500 * PHA));
        let stake = |worker| khala_pallet_mining::Pallet::<Test>::session_status(&worker).unwrap().stake;
        assert_eq!((stake(old), stake(new)), (3_000 * PHA, 2_500 * PHA));
        // Day 14.
        pass(7 * DAY - 1);
        assert_eq!(balance(11) - before, 4_500 * PHA);
        pass(1);
        assert_eq!(balance(11) - before, 5_000 * PHA);
        assert!(at(id).pool.queue.is_empty() && !at(id).pool.in_ring);
        assert_eq!((worth(id, 11), worth(id, 12)), (5_000 * PHA, 500 * PHA));
    });
}

#[test]
fn coins_sent_to_the_pot_by_hand_move_no_price_and_go_to_the_treasury() {
    run(|| {
        let id = pool(0);
        assert!(StakePool::delegate(origin(11), id, PHA / 100, 0).is_err());
        delegate(11, id, PHA);
        assert_ok!(Balances::transfer_keep_alive(origin(11), StakePool::pot(), 100 * PHA));
        delegate(12, id, 199 * PHA);
        assert_eq!(worth(id, 12), 199 * PHA);
        let before = Balances::free_balance(Treasury::get());
        pass(20);
        pass(20);
        assert_eq!(Balances::free_balance(Treasury::get()) - before, 100 * PHA);
        assert_eq!((worth(id, 11), worth(id, 12)), (PHA, 199 * PHA));
    });
}

/// A pool of 100,000 PHA with 20 workers of 4,500 that went offline at the same time.
fn absent_owner(test: impl FnOnce(PoolId)) {
    let mining = MiningParameters {
        challenges_per_hour: 360,
        guard_secs: 0,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), PoolParameters::khala(), || {
        let id = pool(0);
        delegate(11, id, 100_000 * PHA);
        let workers: Vec<_> = (1..21).map(|number| start(number, id, 4_500 * PHA)).collect();
        while Mining::overdue(100).len() < workers.len() {
            next_block_after(6);
        }
        let overdue = Mining::overdue(100);
        next_block_after(6);
        for (worker, block) in overdue {
            report(&worker, block);
        }
        assert_eq!(khala_pallet_mining::Pallet::<Test>::decaying_sessions(id), 20);
        test(id);
    });
}

#[test]
fn an_absent_owners_pool_is_worth_what_it_could_give_back() {
    absent_owner(|id| {
        decay(105 * 3_600);
        assert_eq!(at(id).value().unwrap() / 1_000_000, 91_024_950_273);
        // For whoever joins, and for whoever leaves.
        let before = balance(12);
        delegate(12, id, 1_000 * PHA);
        undelegate(12, id, shares(id, 12));
        assert!(balance(12) <= before && before - balance(12) <= 1);
        decay(3_600);
        assert_eq!(at(id).value().unwrap() / PHA, 91_000);
        assert!(at(id).value().unwrap() - 91_000 * PHA <= 1);
        let free = balance(11);
        undelegate(11, id, 10_000 * PHA);
        assert_eq!(balance(11) - free, 9_100 * PHA);
    });
}
