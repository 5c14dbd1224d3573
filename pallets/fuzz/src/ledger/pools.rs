//! Pools as this ledger keeps them: coins, shares, the queue, the owner's terms.

use super::{check, Check, Foreseen, Ledger, Moment, PoolError, PoolEvent};
use khala_primitives::{AccountId32, Balance, PoolId, WorkerPublicKey, PHA};
use sp_core::U256;
use sp_runtime::Permill;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A holding or a request has no shares, or so many.
const LEAST_SHARES: u128 = 10_000_000_000;
/// A holding or a request is worth nothing, or so much.
const LEAST_WORTH: Balance = PHA;

/// `a b / c`, rounded down; zero where there is nothing to divide by.
pub(crate) fn part(a: u128, b: u128, c: u128) -> u128 {
    (U256::from(a) * U256::from(b))
        .checked_div(U256::from(c))
        .map_or(0, |part| part.as_u128())
}

/// `a b / c`, rounded up; zero where there is nothing to divide by.
pub(crate) fn part_up(a: u128, b: u128, c: u128) -> u128 {
    let whole = part(a, b, c);
    let exact = U256::from(whole) * U256::from(c) == U256::from(a) * U256::from(b);
    whole + u128::from(c > 0 && !exact)
}

/// Shares that wait to be paid.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) who: AccountId32,
    pub(crate) shares: u128,
    pub(crate) deadline: u64,
    pub(crate) due: bool,
    /// Reading of the credited clock by which the coins for it have come back, once they are on their way.
    pub(crate) covered_by: Option<u64>,
}

/// A pool's numbers, in planck.
#[derive(Clone, Debug)]
pub(crate) struct PoolEntry {
    pub(crate) owner: AccountId32,
    /// Parts of a million, as those that follow.
    pub(crate) commission: u32,
    pub(crate) max_commission: u32,
    /// A higher commission, and from when on.
    pub(crate) rise: Option<(u32, u64)>,
    pub(crate) cap: Option<Balance>,
    pub(crate) allowed: BTreeSet<AccountId32>,
    pub(crate) description: Vec<u8>,
    pub(crate) links: Vec<Vec<u8>>,
    pub(crate) free: Balance,
    pub(crate) staked: Balance,
    pub(crate) cooling: Balance,
    pub(crate) due: Balance,
    pub(crate) shares: u128,
    /// Shares that are not queued.
    pub(crate) held: BTreeMap<AccountId32, u128>,
    pub(crate) queue: VecDeque<Request>,
    pub(crate) next_request: u64,
    pub(crate) workers: Vec<WorkerPublicKey>,
    /// Paid to it and not taken in.
    pub(crate) reward: Balance,
    /// What its stakes would lose, as the chain has it; compared with the sessions' values after every call.
    pub(crate) impaired: Balance,
    /// Prices of its shares, and when they were taken.
    pub(crate) samples: VecDeque<(u64, u128)>,
}

impl PoolEntry {
    pub(crate) fn new(owner: AccountId32, commission: u32, max_commission: u32, cap: Option<Balance>) -> Self {
        Self {
            owner,
            commission,
            max_commission,
            rise: None,
            cap,
            allowed: BTreeSet::new(),
            description: Vec::new(),
            links: Vec::new(),
            free: 0,
            staked: 0,
            cooling: 0,
            due: 0,
            shares: 0,
            held: BTreeMap::new(),
            queue: VecDeque::new(),
            next_request: 0,
            workers: Vec::new(),
            reward: 0,
            impaired: 0,
            samples: VecDeque::new(),
        }
    }

    pub(crate) fn coins(&self) -> Balance {
        self.principal() + self.due + self.reward
    }

    fn principal(&self) -> Balance {
        self.free + self.staked + self.cooling
    }

    pub(crate) fn value(&self) -> Balance {
        self.principal() - self.impaired
    }

    pub(crate) fn worth(&self, shares: u128) -> Balance {
        part(shares, self.value(), self.shares)
    }

    /// Before anything is lost.
    fn worth_at_most(&self, shares: u128) -> Balance {
        part_up(shares, self.principal(), self.shares)
    }

    pub(crate) fn queued(&self) -> u128 {
        self.queue.iter().map(|request| request.shares).sum()
    }

    /// Shares of an account in the queue.
    pub(crate) fn queued_by(&self, who: &AccountId32) -> u128 {
        let own = self.queue.iter().filter(|request| request.who == *who);
        own.map(|request| request.shares).sum()
    }

    pub(crate) fn due_shares(&self) -> u128 {
        self.queue.iter().filter(|request| request.due).map(|request| request.shares).sum()
    }

    /// Free coins beyond what the queue may be owed.
    pub(crate) fn spare(&self) -> Balance {
        self.free.saturating_sub(self.worth_at_most(self.queued()))
    }

    /// What has to come out of stakes for those whose deadline has passed.
    pub(crate) fn need(&self) -> Balance {
        self.worth_at_most(self.due_shares()).saturating_sub(self.free + self.cooling)
    }

    /// What counts against the cap.
    pub(crate) fn capped(&self) -> Balance {
        self.value() - self.worth(self.queued())
    }

    pub(crate) fn suffices(&self, shares: u128) -> bool {
        shares >= LEAST_SHARES && self.worth(shares) >= LEAST_WORTH
    }

    pub(crate) fn held_by(&self, who: &AccountId32) -> u128 {
        self.held.get(who).copied().unwrap_or(0)
    }

    pub(crate) fn admits(&self, who: &AccountId32) -> bool {
        self.allowed.is_empty() || self.allowed.contains(who)
    }

    /// What so much buys.
    pub(crate) fn shares_for(&self, amount: Balance) -> u128 {
        match self.shares {
            0 => amount,
            shares => part(amount, shares, self.value()),
        }
    }

    /// What free coins can pay for so many shares, and the shares that it buys: all, or at least a smallest part that leaves a smallest
    /// part.
    pub(crate) fn payment(&self, shares: u128) -> Option<(Balance, u128)> {
        let worth = self.worth(shares);
        if worth <= self.free {
            return Some((worth, shares));
        }
        let amount = self.free.min(worth.saturating_sub(LEAST_WORTH));
        let bought = part_up(amount, self.shares, self.value());
        (amount >= LEAST_WORTH && shares >= bought + LEAST_SHARES).then_some((amount, bought))
    }

    /// Shares are bought in or back. The price must not fall by it.
    pub(crate) fn exchange(&mut self, free: Balance, shares: u128) {
        let before = (self.value(), self.shares);
        (self.free, self.shares) = (free, shares);
        let (value, held) = (U256::from(self.value()), U256::from(self.shares));
        let fell = before.1 > 0 && held > U256::zero() && value * U256::from(before.1) < U256::from(before.0) * held;
        assert!(!fell, "a price fell from {before:?} to {value} of {held}");
    }

    /// Rewards come in at the commission so far, then an announced commission is in force, if its time has come.
    pub(crate) fn touch(&mut self, id: PoolId, now: u64, impaired: Balance) -> Vec<PoolEvent> {
        let mut events = Vec::new();
        let reward = std::mem::take(&mut self.reward);
        if reward > 0 {
            let commission = match self.shares {
                0 => reward,
                _ => part(reward, self.commission.into(), 1_000_000),
            };
            let rest = reward - commission;
            self.due += commission;
            self.free += rest;
            events.push(PoolEvent::RewardTaken {
                pool: id,
                commission,
                rest,
            });
        }
        if let Some((commission, _)) = self.rise.filter(|(_, due)| *due <= now) {
            assert!(commission <= self.commission + 100_000 && commission <= self.max_commission);
            self.commission = commission;
            self.rise = None;
            events.push(PoolEvent::CommissionChanged {
                pool: id,
                commission: Permill::from_parts(commission),
            });
        }
        self.impaired = impaired;
        events
    }

    /// Without shares all that is free is the owner's.
    pub(crate) fn give_rest(&mut self, id: PoolId) -> Option<PoolEvent> {
        if self.shares > 0 || self.free == 0 {
            return None;
        }
        let amount = std::mem::take(&mut self.free);
        self.due += amount;
        Some(PoolEvent::RestTaken { pool: id, amount })
    }

    /// Nothing is left where nothing is held.
    pub(crate) fn hold(&mut self, who: &AccountId32, shares: u128) {
        match shares {
            0 => self.held.remove(who),
            shares => self.held.insert(who.clone(), shares),
        };
    }
}

impl Ledger {
    pub(crate) fn pool(&mut self, id: PoolId) -> Check<&mut PoolEntry> {
        self.pools.get_mut(&id).ok_or_else(|| format!("pool {id} is unknown"))
    }

    /// A pool as it is once it is touched, and what is told of that. It counts when it is put back.
    pub(crate) fn touched(&self, id: PoolId, impaired: Balance) -> Foreseen<(PoolEntry, Vec<PoolEvent>)> {
        let mut pool = self.pools.get(&id).cloned().ok_or(PoolError::PoolNotFound)?;
        let events = pool.touch(id, self.clock.credited, impaired);
        Ok((pool, events))
    }

    /// The same for its owner.
    pub(crate) fn touched_by(&self, who: &AccountId32, id: PoolId, impaired: Balance) -> Foreseen<(PoolEntry, Vec<PoolEvent>)> {
        let pool = self.pools.get(&id).ok_or(PoolError::PoolNotFound)?;
        frame_support::ensure!(pool.owner == *who, PoolError::NotOwner);
        self.touched(id, impaired)
    }

    /// A pool that was touched: it is served as long as it may have something to pay.
    pub(crate) fn put(&mut self, id: PoolId, pool: PoolEntry, events: &mut Vec<PoolEvent>) {
        self.settle_decays(id);
        events.extend(self.put_released(id, pool));
    }

    /// The same for one to which coins came back, which does not look at the sessions that decay.
    pub(crate) fn put_released(&mut self, id: PoolId, mut pool: PoolEntry) -> Option<PoolEvent> {
        if !pool.queue.is_empty() && (pool.free > 0 || pool.due_shares() > 0) {
            self.join_ring(id);
        }
        let rest = pool.give_rest(id);
        self.pools.insert(id, pool);
        rest
    }

    pub(crate) fn join_ring(&mut self, id: PoolId) {
        if !self.ring.contains(&id) {
            self.ring.push_back(id);
        }
    }

    /// A pool that is touched brings the values of its decaying sessions up to now.
    pub(crate) fn settle_decays(&mut self, id: PoolId) {
        let now = Moment {
            rates: &self.rates,
            mining: &self.mining,
            clock: &self.clock,
        };
        let stakes = self.sessions.values_mut().filter(|entry| entry.pool == id && !entry.is_idle());
        stakes
            .filter_map(|entry| entry.stake.as_mut())
            .for_each(|stake| stake.settle_decay(&now));
    }

    /// Does this account own the pool of this session?
    pub(crate) fn owns(&self, who: &AccountId32, id: khala_primitives::SessionId) -> bool {
        let pool = self.sessions.get(&id).and_then(|entry| self.pools.get(&entry.pool));
        pool.is_some_and(|pool| pool.owner == *who)
    }

    /// A worker of a pool has another key.
    pub(crate) fn rename(&mut self, pool: PoolId, old: &WorkerPublicKey, new: &WorkerPublicKey) -> Check {
        let found = self.pool(pool)?.workers.iter_mut().find(|worker| *worker == old);
        let worker = found.ok_or("a worker is in no order")?;
        *worker = *new;
        check!(old != new, "a worker was given the key that it had");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_rounded_down_or_up() {
        assert_eq!((part(7, 3, 2), part_up(7, 3, 2)), (10, 11));
        assert_eq!((part(8, 3, 2), part_up(8, 3, 2)), (12, 12));
        assert_eq!((part(u128::MAX, 6, 12), part_up(1, 1, 0)), (u128::MAX / 2, 0));
    }

    #[test]
    fn a_payment_is_all_or_leaves_a_smallest_part() {
        let mut pool = PoolEntry::new(AccountId32::new([1; 32]), 0, 0, None);
        (pool.shares, pool.staked) = (100 * PHA, 100 * PHA);
        for (free, paid) in [
            (PHA - 1, None),
            (PHA, Some(PHA)),
            (9 * PHA, Some(9 * PHA)),
            (9 * PHA + 1, Some(9 * PHA)),
            (10 * PHA, Some(10 * PHA)),
        ] {
            (pool.free, pool.staked) = (free, 100 * PHA - free);
            assert_eq!(pool.payment(10 * PHA), paid.map(|paid| (paid, paid)));
        }
    }
}
