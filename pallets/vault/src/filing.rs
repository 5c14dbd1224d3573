//! Which shares of which pools belong to somebody who leaves a vault: a part of each pool, in proportion to what the vault has there.

use alloc::vec::Vec;
use khala_economics::fixed::{mul_div, mul_div_up};
use khala_pallet_stake_pool::{MIN_DELEGATION, MIN_SHARES};
use khala_primitives::Balance;

/// What a vault holds of a pool, queued shares aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// Shares.
    pub shares: u128,
    /// What they are worth, in planck.
    pub worth: Balance,
    /// What all of the pool is worth, in planck.
    pub pool_value: Balance,
    /// All shares of the pool.
    pub pool_shares: u128,
}

impl Held {
    /// Shares that are worth so much, rounded down: all that is held for all that it is worth.
    fn shares_of(&self, worth: Balance) -> Option<u128> {
        if worth >= self.worth {
            return Some(self.shares);
        }
        Some(mul_div(worth, self.pool_shares, self.pool_value)?.min(self.shares))
    }

    /// The fewest shares that a pool takes back, if it is not everything.
    fn smallest(&self) -> Option<u128> {
        if self.pool_value == 0 {
            return Some(self.shares);
        }
        let smallest = mul_div_up(MIN_DELEGATION, self.pool_shares, self.pool_value)?;
        Some(smallest.max(MIN_SHARES).min(self.shares))
    }
}

/// A request to file in a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Filing {
    /// Which of the pools.
    pub index: usize,
    /// Shares that belong to whoever leaves.
    pub claim: u128,
    /// Shares to undelegate: more than the claim where it alone is too small for a pool.
    pub file: u128,
}

/// What to file so that `amount` planck come back, or all that there is; `None` on overflow.
///
/// Each pool gives a part in proportion. Parts below the smallest request are given by the pool in which most is left.
pub fn plan(held: &[Held], amount: Balance) -> Option<Vec<Filing>> {
    let total = held.iter().try_fold(0u128, |sum, held| sum.checked_add(held.worth))?;
    if total == 0 {
        return Some(Vec::new());
    }
    let amount = amount.min(total);
    let mut parts = Vec::new();
    let mut open = amount;
    for one in held {
        let part = mul_div(amount, one.worth, total)?;
        let part = if part < MIN_DELEGATION && part < one.worth { 0 } else { part };
        open = open.checked_sub(part)?;
        parts.push(part);
    }
    let mut order: Vec<usize> = (0..held.len()).collect();
    let room = |index: usize, parts: &[Balance]| Some(held.get(index)?.worth.saturating_sub(*parts.get(index)?));
    order.sort_by_key(|index| core::cmp::Reverse(room(*index, &parts)));
    for index in order {
        let more = room(index, &parts)?.min(open);
        let part = parts.get_mut(index)?;
        *part = part.checked_add(more)?;
        open = open.checked_sub(more)?;
    }
    let filing = |(index, (held, part)): (usize, (&Held, Balance))| {
        let claim = held.shares_of(part)?;
        Some(Filing {
            index,
            claim,
            file: claim.max(held.smallest()?),
        })
    };
    let filings = held.iter().zip(parts).enumerate().filter(|(_, (_, part))| *part > 0).map(filing);
    let filings = filings.collect::<Option<Vec<_>>>()?;
    Some(filings.into_iter().filter(|filing| filing.claim > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::PHA;
    use proptest::prelude::*;

    /// Holds of a pool of price `price / 100`.
    fn held(pha: u128, price: u128) -> Held {
        let (pool_shares, pool_value) = (1_000_000 * PHA, 10_000 * price * PHA);
        let shares = pha * PHA * 100 / price;
        Held {
            shares,
            worth: shares * pool_value / pool_shares,
            pool_value,
            pool_shares,
        }
    }

    #[test]
    fn each_pool_gives_its_part() {
        let plan = plan(&[held(100, 100), held(300, 200)], 40 * PHA).unwrap();
        let filing = |index, shares| Filing {
            index,
            claim: shares,
            file: shares,
        };
        assert_eq!(plan, [filing(0, 10 * PHA), filing(1, 15 * PHA)]);
    }

    #[test]
    fn parts_that_are_too_small_come_from_the_pool_with_most() {
        let pools = [held(100, 100), held(300, 100), held(200, 100)];
        let plan = plan(&pools, 2 * PHA).unwrap();
        // A half of it is large enough in the second pool; the others add what they would have given.
        assert_eq!(
            plan,
            [Filing {
                index: 1,
                claim: 2 * PHA,
                file: 2 * PHA
            }]
        );
    }

    #[test]
    fn a_rest_that_a_pool_would_not_take_is_filed_with_more_and_belongs_to_the_vault() {
        let plan = plan(&[held(100, 100)], PHA / 2).unwrap();
        assert_eq!(
            plan,
            [Filing {
                index: 0,
                claim: PHA / 2,
                file: PHA
            }]
        );
    }

    #[test]
    fn everything_is_taken_when_all_is_not_more_than_asked_for() {
        let pools = [held(1, 100), held(5, 130), held(0, 100)];
        for more in [0, 1, PHA] {
            let plan = plan(&pools, pools.iter().map(|held| held.worth).sum::<u128>() + more).unwrap();
            assert_eq!(plan.iter().map(|filing| filing.index).collect::<Vec<_>>(), [0, 1]);
            assert!(plan
                .iter()
                .all(|filing| filing.claim == pools[filing.index].shares && filing.file == filing.claim));
        }
        assert_eq!(super::plan(&[], PHA), Some(vec![]));
        assert_eq!(super::plan(&[held(0, 100)], PHA), Some(vec![]));
    }

    proptest! {
        /// Whoever leaves gets what it asks for, never more, and each filing is one that the pool takes.
        #[test]
        fn claims_add_up_to_the_amount(pools in prop::collection::vec((0u128..10_000, 50u128..400), 1..16), amount in 1u128..20_000_000_000_000_000) {
            let pools: Vec<_> = pools.into_iter().map(|(pha, price)| held(pha, price)).collect();
            let total: u128 = pools.iter().map(|held| held.worth).sum();
            let plan = plan(&pools, amount).unwrap();
            let worth = |index: usize, shares: u128| mul_div(shares, pools[index].pool_value, pools[index].pool_shares).unwrap();
            let claimed: u128 = plan.iter().map(|filing| worth(filing.index, filing.claim)).sum();
            // A planck and a share of rounding for each pool; a share is worth less than four.
            prop_assert!(claimed <= amount.min(total) && claimed + 80 >= amount.min(total), "{claimed} of {amount}, {total}");
            for filing in plan {
                let pool = &pools[filing.index];
                prop_assert!(filing.claim > 0 && filing.claim <= filing.file && filing.file <= pool.shares);
                prop_assert!(filing.file == pool.shares || (worth(filing.index, filing.file) >= MIN_DELEGATION && filing.file >= MIN_SHARES));
                prop_assert!(filing.file == filing.claim || filing.file == pool.smallest().unwrap());
            }
        }
    }
}
