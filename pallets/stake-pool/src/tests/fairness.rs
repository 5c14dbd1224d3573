//! Nobody gains by splitting, joining, delegating and leaving in one block, by being first or last; rounding favours the pool.

use crate::{
    mock::*,
    shares::shares_for,
    types::{Pool, Queue},
    *,
};
use khala_primitives::Balance;
use proptest::prelude::*;
use sp_runtime::Permill;

const MOST: u128 = 1 << 80;

/// A pool of so many shares and free coins.
fn settled(free: Balance, shares: u128) -> Settled<u8> {
    let mut pool = Pool::new(0, Permill::zero(), Permill::zero(), None);
    (pool.free, pool.shares) = (free, shares);
    pool.queue = Queue::default();
    Settled { id: 0, pool, impaired: 0 }
}

/// Somebody joins; how many shares.
fn join(at: &mut Settled<u8>, amount: Balance) -> Option<u128> {
    let shares = shares_for(amount, at.value()?, at.pool.shares)?;
    at.pool.free = at.pool.free.checked_add(amount)?;
    at.pool.shares = at.pool.shares.checked_add(shares)?;
    Some(shares)
}

/// Somebody leaves with so many shares, which free coins pay.
fn leave(at: &mut Settled<u8>, shares: u128) -> Balance {
    let (amount, burned) = at.payment(shares).unwrap();
    assert_eq!(burned, shares);
    at.pool.free -= amount;
    at.pool.shares -= burned;
    amount
}

/// Is the price of the first not above that of the second?
fn not_dearer(one: &Settled<u8>, other: &Settled<u8>) -> bool {
    let product = |value: Option<Balance>, shares: u128| sp_core::U256::from(value.unwrap()) * sp_core::U256::from(shares);
    product(one.value(), other.pool.shares) <= product(other.value(), one.pool.shares)
}

proptest! {
    #[test]
    fn who_joins_and_leaves_at_once_gains_nothing(value in PHA..MOST, shares in MIN_SHARES..MOST, amount in PHA..MOST) {
        let mut at = settled(value, shares);
        let before = at.clone();
        let Some(bought) = join(&mut at, amount).filter(|bought| *bought > 0) else { return Ok(()) };
        prop_assert!(not_dearer(&before, &at));
        prop_assert!(leave(&mut at, bought) <= amount);
        prop_assert!(not_dearer(&before, &at));
    }

    #[test]
    fn two_delegations_are_no_better_than_one(value in PHA..MOST, shares in MIN_SHARES..MOST, a in PHA..MOST, b in PHA..MOST) {
        let (mut one, mut two) = (settled(value, shares), settled(value, shares));
        let (Some(whole), Some(first)) = (join(&mut one, a + b), join(&mut two, a)) else { return Ok(()) };
        let Some(second) = join(&mut two, b) else { return Ok(()) };
        prop_assert!(first + second <= whole);
    }

    #[test]
    fn two_withdrawals_are_no_better_than_one(value in PHA..MOST, a in MIN_SHARES..MOST, b in MIN_SHARES..MOST, rest in MIN_SHARES..MOST) {
        let (mut one, mut two) = (settled(value, a + b + rest), settled(value, a + b + rest));
        let whole = leave(&mut one, a + b);
        let first = leave(&mut two, a);
        let second = leave(&mut two, b);
        prop_assert!(first + second <= whole + 1);
        prop_assert!(not_dearer(&settled(value, a + b + rest), &two));
    }

    #[test]
    fn a_payment_in_part_costs_at_least_its_worth_in_shares(
        value in PHA..MOST,
        shares in MIN_SHARES..MOST,
        part in 1u32..1_000,
        free in PHA..MOST,
    ) {
        let wanted = shares / 1_000 * u128::from(part);
        let mut at = settled(free.min(value), shares);
        // The rest of the value is at stake.
        at.pool.staked = value - free.min(value);
        let before = at.clone();
        if let Some((amount, burned)) = at.payment(wanted) {
            prop_assert!(amount <= before.worth(burned).unwrap());
            prop_assert!(amount <= at.pool.free && burned <= wanted);
            at.pool.free -= amount;
            at.pool.shares -= burned;
            if at.pool.shares > 0 {
                prop_assert!(not_dearer(&before, &at));
            }
            let left = wanted - burned;
            prop_assert!(left == 0 || (left >= MIN_SHARES && amount >= MIN_DELEGATION));
        }
    }

    #[test]
    fn the_last_one_gets_all_that_is_left(value in PHA..MOST, a in MIN_SHARES..MOST, b in MIN_SHARES..MOST) {
        let mut at = settled(value, a + b);
        let first = leave(&mut at, a);
        prop_assert_eq!(first + leave(&mut at, b), value);
        prop_assert_eq!((at.pool.free, at.pool.shares), (0, 0));
    }

    #[test]
    fn being_first_or_second_makes_no_difference_beyond_rounding(a in PHA..MOST, b in PHA..MOST, reward in 0..MOST) {
        let mut at = settled(0, 0);
        let (first, second) = (join(&mut at, a).unwrap(), join(&mut at, b).unwrap());
        prop_assert_eq!((first, second), (a, b));
        at.pool.free += reward;
        let worth = |shares| at.worth(shares).unwrap();
        prop_assert!(worth(first) + worth(second) <= a + b + reward);
        prop_assert!(worth(first) + worth(second) + 2 > a + b + reward);
    }
}

#[test]
fn coming_and_going_in_one_block_costs_at_most_a_planck_on_the_chain() {
    run(|| {
        let id = pool(10);
        delegate(11, id, 7_777 * PHA + 13);
        reward(id, 123 * PHA + 7);
        let before = balance(12);
        delegate(12, id, 999 * PHA + 1);
        undelegate(12, id, shares(id, 12));
        assert!(balance(12) <= before && before - balance(12) <= 1);
    });
}
