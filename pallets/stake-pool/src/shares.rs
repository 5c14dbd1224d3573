//! Integer shares: `price = value / shares`. Rounding favours the pool.

use khala_economics::fixed::mul_div;
use khala_primitives::Balance;

/// Shares that `amount` planck buy in a pool of that value, rounded down. The first planck buys one share.
///
/// `None` when the pool has shares that are worth nothing, or on overflow.
pub fn shares_for(amount: Balance, value: Balance, shares: u128) -> Option<u128> {
    if shares == 0 {
        return Some(amount);
    }
    mul_div(amount, shares, value)
}

/// What `part` of the `shares` is worth, in planck, rounded down; zero when there are no shares. `None` on overflow.
pub fn worth_of(part: u128, value: Balance, shares: u128) -> Option<Balance> {
    if shares == 0 {
        return Some(0);
    }
    mul_div(part, value, shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::PHA;
    use proptest::prelude::*;

    /// `design/staking.md`, Numbers to test with.
    #[test]
    fn a_sixth_delegator_buys_at_the_price_of_the_day() {
        let value = 5 * 1_400 * PHA + 4 * PHA;
        let shares = 5 * 1_400 * PHA;
        assert_eq!(worth_of(1_400 * PHA, value, shares), Some(1_400_800_000_000_000));
        assert_eq!(shares_for(5_000 * PHA, value, shares), Some(4_997_144_488_863_506));
    }

    #[test]
    fn worthless_shares_cannot_be_bought_into() {
        assert_eq!(shares_for(PHA, 0, PHA), None);
    }

    proptest! {
        #[test]
        fn nobody_gains_by_joining(amount in 1u128..1 << 90, value in 1u128..1 << 90, shares in 1u128..1 << 90) {
            let bought = shares_for(amount, value, shares).unwrap();
            let worth = worth_of(bought, value + amount, shares + bought).unwrap();
            prop_assert!(worth <= amount);
            // Nor do the others lose.
            let before = worth_of(shares, value, shares).unwrap();
            let after = worth_of(shares, value + amount, shares + bought).unwrap();
            prop_assert!(after >= before);
        }
    }
}
