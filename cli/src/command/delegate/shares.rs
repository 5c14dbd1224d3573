//! What shares are worth, and how many an amount buys: the chain's own arithmetic, rounding included.

use khala_primitives::{status::PoolStatus, Balance};
use sp_core::U256;

/// Shares that an amount buys, rounded down. `None` when the pool's shares are worth nothing.
pub(super) fn bought(pool: &PoolStatus, amount: Balance) -> Option<u128> {
    match pool.shares {
        0 => Some(amount),
        shares => product(amount, shares)?.checked_div(pool.value.into())?.try_into().ok(),
    }
}

/// The fewest shares that are worth an amount. `None` when the pool's shares are worth nothing.
pub(super) fn worth_at_least(pool: &PoolStatus, amount: Balance) -> Option<u128> {
    let (product, value) = (product(amount, pool.shares)?, U256::from(pool.value));
    let (whole, rest) = (product.checked_div(value)?, product.checked_rem(value)?);
    whole.checked_add(U256::from(u8::from(!rest.is_zero())))?.try_into().ok()
}

/// What so many shares are worth, in planck, rounded down.
pub(super) fn worth(pool: &PoolStatus, shares: u128) -> Balance {
    let worth = product(shares, pool.value).and_then(|product| product.checked_div(pool.shares.into()));
    worth.and_then(|worth| worth.try_into().ok()).unwrap_or(0)
}

/// Are so many shares enough for a holding or a request of their own?
pub(super) fn suffice(pool: &PoolStatus, shares: u128) -> bool {
    shares >= super::FEWEST_SHARES && worth(pool, shares) >= super::SMALLEST
}

/// What free coins pay at once for so many shares: planck, and the shares that it buys back.
pub(super) fn paid_at_once(pool: &PoolStatus, shares: u128) -> (Balance, u128) {
    let worth = worth(pool, shares);
    // Nobody overtakes those who wait; shares that are worth nothing wait for nothing.
    if pool.queued_shares > 0 && worth > 0 {
        return (0, 0);
    }
    if worth <= pool.free {
        return (worth, shares);
    }
    let amount = pool.free.min(worth.saturating_sub(super::SMALLEST));
    let burned = worth_at_least(pool, amount).unwrap_or(shares);
    let left = shares.saturating_sub(burned);
    match amount >= super::SMALLEST && left >= super::FEWEST_SHARES {
        true => (amount, burned),
        false => (0, 0),
    }
}

fn product(a: u128, b: u128) -> Option<U256> {
    U256::from(a).checked_mul(b.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::pool;
    use khala_primitives::PHA;

    /// `design/staking.md`, Numbers to test with.
    #[test]
    fn shares_are_bought_at_the_price_of_the_day() {
        let pool = PoolStatus {
            value: 7_004 * PHA,
            shares: 7_000 * PHA,
            ..pool()
        };
        assert_eq!(bought(&pool, 5_000 * PHA), Some(4_997_144_488_863_506));
        assert_eq!(worth(&pool, 1_400 * PHA), 1_400_800_000_000_000);
    }

    #[test]
    fn the_shares_for_an_amount_are_worth_it_and_one_less_is_not() {
        let pool = PoolStatus {
            value: 7_004 * PHA + 1,
            shares: 7_000 * PHA,
            ..pool()
        };
        for amount in [PHA, PHA + 1, 333 * PHA + 7] {
            let shares = worth_at_least(&pool, amount).unwrap();
            assert!(worth(&pool, shares) >= amount && worth(&pool, shares - 1) < amount, "{amount}");
        }
    }

    #[test]
    fn the_first_planck_buys_a_share_and_worthless_shares_cannot_be_bought() {
        let empty = PoolStatus {
            value: 0,
            shares: 0,
            ..pool()
        };
        assert_eq!((bought(&empty, PHA), worth(&empty, 5)), (Some(PHA), 0));
        let worthless = PoolStatus {
            value: 0,
            shares: PHA,
            ..pool()
        };
        assert_eq!((bought(&worthless, PHA), worth_at_least(&worthless, PHA)), (None, None));
        assert_eq!(worth(&worthless, PHA), 0);
    }

    #[test]
    fn free_coins_pay_at_once_as_far_as_they_go_unless_somebody_waits() {
        let with = |free: Balance, queued_shares| PoolStatus {
            value: 1_000 * PHA,
            shares: 1_000 * PHA,
            free,
            queued_shares,
            ..pool()
        };
        let ten = 10 * PHA;
        for (free, queued, paid) in [
            (ten, 0, ten),
            (ten - 1, 0, ten - PHA),
            (5 * PHA, 0, 5 * PHA),
            (PHA, 0, PHA),
            (PHA - 1, 0, 0),
            (ten, 1, 0),
        ] {
            assert_eq!(paid_at_once(&with(free, queued), ten), (paid, paid), "{free} {queued}");
        }
    }
}
