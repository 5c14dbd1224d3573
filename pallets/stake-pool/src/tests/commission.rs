//! The owner's part: lowered at once, raised late and little.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Permill;

type E = Error<Test>;

/// Grace and cool-down.
const NOTICE: u64 = 240;

fn set(percent: u32) -> sp_runtime::DispatchResult {
    StakePool::set_commission(origin(OWNER), 0, Permill::from_percent(percent))
}

fn rate() -> Permill {
    at(0).pool.commission
}

#[test]
fn a_commission_falls_at_once_and_cancels_an_announced_rise() {
    run(|| {
        pool(20);
        assert_ok!(set(25));
        assert_eq!(rate(), Permill::from_percent(20));
        events();
        assert_ok!(set(5));
        assert_eq!(
            events(),
            [
                Event::CommissionRiseCancelled {
                    pool: 0,
                    commission: Permill::from_percent(25)
                },
                Event::CommissionChanged {
                    pool: 0,
                    commission: Permill::from_percent(5)
                }
            ]
        );
        pass(NOTICE + 1);
        assert_eq!(rate(), Permill::from_percent(5));
        assert_noop!(set(5), E::CommissionUnchanged);
    });
}

#[test]
fn the_rate_in_force_withdraws_an_announced_rise() {
    run(|| {
        pool(20);
        assert_ok!(set(25));
        assert_ok!(set(20));
        assert_eq!(at(0).pool.rise, None);
        assert_noop!(set(20), E::CommissionUnchanged);
    });
}

#[test]
fn a_rise_is_in_force_after_grace_and_cool_down_to_the_second() {
    run(|| {
        pool(20);
        assert_ok!(set(30));
        let due_secs = StakePool::now() + NOTICE;
        assert_eq!(
            events(),
            [
                Event::PoolCreated {
                    pool: 0,
                    owner: account(OWNER),
                    commission: Permill::from_percent(20),
                    max_commission: Permill::one(),
                    cap: None
                },
                Event::CommissionRiseAnnounced {
                    pool: 0,
                    commission: Permill::from_percent(30),
                    due_secs
                }
            ]
        );
        pass(NOTICE - 1);
        assert_eq!(rate(), Permill::from_percent(20));
        pass(1);
        assert_eq!(rate(), Permill::from_percent(30));
    });
}

#[test]
fn another_announcement_takes_the_place_of_the_first_and_begins_anew() {
    run(|| {
        pool(20);
        assert_ok!(set(30));
        pass(NOTICE - 1);
        assert_ok!(set(22));
        pass(NOTICE - 1);
        assert_eq!(rate(), Permill::from_percent(20));
        pass(1);
        assert_eq!(rate(), Permill::from_percent(22));
    });
}

#[test]
fn a_rise_is_at_most_ten_points_and_never_above_the_maximum() {
    run(|| {
        let max = Permill::from_percent(35);
        assert_ok!(StakePool::create_pool(origin(OWNER), Permill::from_percent(20), max, None));
        let set = |parts| StakePool::set_commission(origin(OWNER), 0, Permill::from_parts(parts));
        assert_noop!(set(300_001), E::CommissionRiseTooLarge);
        assert_ok!(set(300_000));
        pass(NOTICE);
        assert_noop!(set(350_001), E::CommissionAboveMaximum);
        assert_ok!(set(350_000));
    });
}

#[test]
fn rewards_up_to_a_change_are_shared_at_the_rate_before_it() {
    run(|| {
        pool(20);
        delegate(11, 0, 100 * PHA);
        reward(0, 10 * PHA);
        assert_ok!(set(0));
        assert_eq!(at(0).pool.commission_due, 2 * PHA);
        assert_ok!(set(10));
        pass(NOTICE - 1);
        reward(0, 10 * PHA);
        pass(1);
        // In force now, and it was zero when the reward came.
        assert_eq!(at(0).pool.commission_due, 2 * PHA);
        delegate(12, 0, PHA);
        reward(0, 10 * PHA);
        assert_eq!(at(0).pool.commission_due, 3 * PHA);
        assert_eq!(Pools::<Test>::get(0).unwrap().commission, Permill::from_percent(10));
    });
}

#[test]
fn commission_is_for_the_owner_alone() {
    run(|| {
        pool(40);
        delegate(11, 0, 1_000 * PHA);
        delegate(12, 0, 2_000 * PHA);
        reward(0, 8 * PHA);
        let before = balance(OWNER);
        assert_ok!(StakePool::claim_commission(origin(OWNER), 0));
        assert_eq!(balance(OWNER) - before, 3_200_000_000_000);
        assert_eq!((worth(0, 11), worth(0, 12)), (1_001_600_000_000_000, 2_003_200_000_000_000));
        assert_noop!(StakePool::claim_commission(origin(OWNER), 0), E::NothingToClaim);
    });
}

#[test]
fn the_owner_gets_rewards_of_a_pool_without_shares() {
    run(|| {
        pool(10);
        reward(0, 3 * PHA);
        let before = balance(OWNER);
        assert_ok!(StakePool::claim_commission(origin(OWNER), 0));
        assert_eq!(balance(OWNER) - before, 3 * PHA);
    });
}
