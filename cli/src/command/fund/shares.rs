//! What shares are worth, and how many an amount buys: the chain's own arithmetic, rounding included.

use super::{Fund, FEWEST_SHARES, SMALLEST};
use crate::args::Target;
use khala_primitives::Balance;
use sp_core::U256;

impl Fund {
    /// Shares that an amount buys, rounded down. `None` when the shares are worth nothing.
    pub fn bought(&self, amount: Balance) -> Option<u128> {
        match self.shares {
            0 => Some(amount),
            shares => product(amount, shares)?.checked_div(self.value.into())?.try_into().ok(),
        }
    }

    /// The fewest shares that are worth an amount. `None` when the shares are worth nothing.
    pub fn worth_at_least(&self, amount: Balance) -> Option<u128> {
        let (product, value) = (product(amount, self.shares)?, U256::from(self.value));
        let (whole, rest) = (product.checked_div(value)?, product.checked_rem(value)?);
        whole.checked_add(U256::from(u8::from(!rest.is_zero())))?.try_into().ok()
    }

    /// What so many shares are worth, in planck, rounded down.
    pub fn worth(&self, shares: u128) -> Balance {
        let worth = product(shares, self.value).and_then(|product| product.checked_div(self.shares.into()));
        worth.and_then(|worth| worth.try_into().ok()).unwrap_or(0)
    }

    /// Are so many shares enough for a holding or a request of their own?
    pub fn suffice(&self, shares: u128) -> bool {
        shares >= FEWEST_SHARES && self.worth(shares) >= SMALLEST
    }

    /// What free coins pay at once for so many shares, in planck.
    pub fn paid_at_once(&self, shares: u128) -> Balance {
        let worth = self.worth(shares);
        // Nobody overtakes those who wait; shares that are worth nothing wait for nothing.
        if self.awaited {
            return 0;
        }
        if worth <= self.free {
            return worth;
        }
        let amount = self.free.min(worth.saturating_sub(SMALLEST));
        // What waits in a pool's queue are its shares; in a vault's, shares of its pools.
        let enough_waits = match self.target {
            Target::Pool(_) => {
                let burned = self.worth_at_least(amount).unwrap_or(shares);
                shares.saturating_sub(burned) >= FEWEST_SHARES
            }
            Target::Vault(_) => true,
        };
        match amount >= SMALLEST && enough_waits {
            true => amount,
            false => 0,
        }
    }
}

fn product(a: u128, b: u128) -> Option<U256> {
    U256::from(a).checked_mul(b.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::{pool, vault};
    use khala_primitives::PHA;

    fn fund(value: Balance, shares: u128) -> Fund {
        Fund {
            value,
            shares,
            ..Fund::from(&pool())
        }
    }

    /// `design/staking.md`, Numbers to test with.
    #[test]
    fn shares_are_bought_at_the_price_of_the_day() {
        let pool = fund(7_004 * PHA, 7_000 * PHA);
        assert_eq!(pool.bought(5_000 * PHA), Some(4_997_144_488_863_506));
        assert_eq!(pool.worth(1_400 * PHA), 1_400_800_000_000_000);
    }

    #[test]
    fn the_shares_for_an_amount_are_worth_it_and_one_less_is_not() {
        let pool = fund(7_004 * PHA + 1, 7_000 * PHA);
        for amount in [PHA, PHA + 1, 333 * PHA + 7] {
            let shares = pool.worth_at_least(amount).unwrap();
            assert!(pool.worth(shares) >= amount && pool.worth(shares - 1) < amount, "{amount}");
        }
    }

    #[test]
    fn the_first_planck_buys_a_share_and_worthless_shares_cannot_be_bought() {
        let empty = fund(0, 0);
        assert_eq!((empty.bought(PHA), empty.worth(5)), (Some(PHA), 0));
        let worthless = fund(0, PHA);
        assert_eq!((worthless.bought(PHA), worthless.worth_at_least(PHA)), (None, None));
        assert_eq!(worthless.worth(PHA), 0);
    }

    #[test]
    fn free_coins_pay_at_once_as_far_as_they_go_unless_somebody_waits() {
        let ten = 10 * PHA;
        for (free, awaited, paid) in [
            (ten, false, ten),
            (ten - 1, false, ten - PHA),
            (5 * PHA, false, 5 * PHA),
            (PHA, false, PHA),
            (PHA - 1, false, 0),
            (ten, true, 0),
        ] {
            for target in [Target::Pool(3), Target::Vault(2)] {
                let fund = Fund {
                    target,
                    free,
                    awaited,
                    ..fund(1_000 * PHA, 1_000 * PHA)
                };
                assert_eq!(fund.paid_at_once(ten), paid, "{target} {free} {awaited}");
            }
        }
    }

    #[test]
    fn too_few_shares_wait_in_no_pools_queue() {
        // A share is worth a thousand planck: what is left, 1 PHA, would be 10^9 shares.
        let dear = Fund {
            free: 9 * PHA,
            ..fund(1_000 * PHA, PHA)
        };
        let shares = dear.worth_at_least(10 * PHA).unwrap();
        assert_eq!(dear.paid_at_once(shares), 0);
        let of_vault = Fund {
            target: Target::Vault(vault().id),
            ..dear
        };
        assert_eq!(of_vault.paid_at_once(shares), 9 * PHA);
    }
}
