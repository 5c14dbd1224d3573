//! What a pool is worth: `value = free + staked - impaired + cooling`, with rewards and losses up to now.

use crate::{pallet::*, shares::worth_of, types::Pool, MIN_DELEGATION, MIN_SHARES};
use khala_economics::fixed::{mul_div, mul_div_up};
use khala_primitives::{Balance, PoolId};

/// One, with 18 decimals.
pub const ONE: u128 = 1_000_000_000_000_000_000;

impl<AccountId> Pool<AccountId> {
    /// The coins behind the shares, in planck, as if no stake would lose any. `None` on overflow.
    pub fn principal(&self) -> Option<Balance> {
        self.free.checked_add(self.staked)?.checked_add(self.cooling)
    }

    /// All coins of the pot that belong to this pool, in planck. `None` on overflow.
    pub fn coins(&self) -> Option<Balance> {
        self.principal()?.checked_add(self.commission_due)
    }

    /// Takes a reward in: first the commission, the rest raises the price. Without shares all of it is the owner's. `None` on overflow.
    pub fn take_in(&mut self, reward: Balance) -> Option<()> {
        let commission = if self.shares == 0 {
            reward
        } else {
            self.commission.mul_floor(reward)
        };
        self.commission_due = self.commission_due.checked_add(commission)?;
        self.free = self.free.checked_add(reward.checked_sub(commission)?)?;
        Some(())
    }
}

/// A pool that has taken its rewards in, and whose decaying sessions are settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled<AccountId> {
    /// Its number.
    pub id: PoolId,
    /// The pool.
    pub pool: Pool<AccountId>,
    /// What its sessions would lose of their stakes if they were stopped, in planck.
    pub impaired: Balance,
}

impl<AccountId> Settled<AccountId> {
    /// What the shares are worth together, in planck. `None` on overflow.
    pub fn value(&self) -> Option<Balance> {
        self.pool.principal()?.checked_sub(self.impaired)
    }

    /// What so many of the shares are worth, in planck, rounded down.
    pub fn worth(&self, shares: u128) -> Option<Balance> {
        worth_of(shares, self.value()?, self.pool.shares)
    }

    /// What so many of the shares are worth at most while nothing comes in: when what its sessions have lost heals, in planck, rounded up.
    pub fn worth_at_most(&self, shares: u128) -> Option<Balance> {
        if self.pool.shares == 0 {
            return Some(0);
        }
        mul_div_up(shares, self.pool.principal()?, self.pool.shares)
    }

    /// Value of a share, 18 decimals; one while there are no shares.
    pub fn price(&self) -> Option<u128> {
        if self.pool.shares == 0 {
            return Some(ONE);
        }
        mul_div(self.value()?, ONE, self.pool.shares)
    }

    /// What counts against the cap: the value less what is queued, in planck.
    pub fn capped(&self) -> Option<Balance> {
        self.value()?.checked_sub(self.worth(self.pool.queue.queued_shares)?)
    }

    /// Coins that are free beyond what the queue is owed, in planck.
    pub fn spare(&self) -> Option<Balance> {
        Some(self.pool.free.saturating_sub(self.worth_at_most(self.pool.queue.queued_shares)?))
    }

    /// What has to be taken out of stakes for the requests that are due, in planck.
    ///
    /// They are counted at what they may be worth when a cool-down is over. Rewards that come in until then are coins themselves.
    pub fn need(&self) -> Option<Balance> {
        let coming = self.pool.free.checked_add(self.pool.cooling)?;
        Some(self.worth_at_most(self.pool.queue.due_shares)?.saturating_sub(coming))
    }

    /// What can be paid for so many shares out of free coins: planck, and the shares that it buys back; `None` when nothing can.
    ///
    /// Either all is paid, or at least 1 PHA, and at least 1 PHA is left.
    pub fn payment(&self, shares: u128) -> Option<(Balance, u128)> {
        let (worth, value) = (self.worth(shares)?, self.value()?);
        if worth <= self.pool.free {
            return Some((worth, shares));
        }
        let amount = self.pool.free.min(worth.saturating_sub(MIN_DELEGATION));
        if amount < MIN_DELEGATION {
            return None;
        }
        let burned = mul_div_up(amount, self.pool.shares, value)?;
        (shares.checked_sub(burned)? >= MIN_SHARES).then_some((amount, burned))
    }

    /// Whether so many shares are enough for a holding or a request of their own.
    pub fn suffices(&self, shares: u128) -> Option<bool> {
        Some(shares >= MIN_SHARES && self.worth(shares)? >= MIN_DELEGATION)
    }
}

impl<T: Config> Pallet<T> {
    /// A pool as it would be after it has been settled. Changes nothing.
    pub fn current(id: PoolId) -> Option<Settled<T::AccountId>> {
        let mut pool = Pools::<T>::get(id)?;
        pool.take_in(khala_pallet_mining::PoolReward::<T>::get(id))?;
        pool.apply_rise(Self::now());
        pool.give_rest()?;
        let impaired = khala_pallet_mining::Pallet::<T>::impaired_now(id)?;
        Some(Settled { id, pool, impaired })
    }

    /// Reading of the credited clock, in seconds.
    pub fn now() -> u64 {
        khala_pallet_mining::ClockReadings::<T>::get().clocks.credited
    }
}
