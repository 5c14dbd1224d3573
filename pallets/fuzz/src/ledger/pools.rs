//! Pools as this ledger keeps them.

use super::{check, Check, Ledger, Moment};
use crate::runtime::Test;
use khala_pallet_mining::Impaired;
use khala_primitives::{AccountId32, Balance, PoolId};
use sp_core::U256;
use std::collections::BTreeMap;

/// A pool's numbers, in planck.
#[derive(Clone, Debug)]
pub(crate) struct PoolEntry {
    pub(crate) owner: AccountId32,
    /// Parts of a million.
    pub(crate) commission: u32,
    pub(crate) free: Balance,
    pub(crate) staked: Balance,
    pub(crate) cooling: Balance,
    pub(crate) due: Balance,
    pub(crate) shares: u128,
    pub(crate) held: BTreeMap<AccountId32, u128>,
    pub(crate) workers: u32,
    /// Paid to it and not taken in.
    pub(crate) reward: Balance,
}

impl PoolEntry {
    pub(crate) fn new(owner: AccountId32, commission: u32) -> Self {
        Self {
            owner,
            commission,
            free: 0,
            staked: 0,
            cooling: 0,
            due: 0,
            shares: 0,
            held: BTreeMap::new(),
            workers: 0,
            reward: 0,
        }
    }

    pub(crate) fn coins(&self) -> Balance {
        self.free + self.staked + self.cooling + self.due + self.reward
    }

    /// What may be staked once its rewards are taken in.
    pub(crate) fn free_with_rewards(&self) -> Balance {
        let mut settled = self.clone();
        settled.take_in();
        settled.free
    }

    /// First the owner's commission, the rest to all who hold shares; without shares all of it is the owner's.
    pub(crate) fn take_in(&mut self) {
        let reward = std::mem::take(&mut self.reward);
        let commission = if self.shares == 0 {
            reward
        } else {
            reward * u128::from(self.commission) / 1_000_000
        };
        self.due += commission;
        self.free += reward - commission;
    }
}

impl Ledger {
    pub(crate) fn pool(&mut self, id: PoolId) -> Check<&mut PoolEntry> {
        self.pools.get_mut(&id).ok_or_else(|| format!("pool {id} is unknown"))
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

    fn account(&mut self, who: &AccountId32) -> Check<&mut Balance> {
        self.accounts.get_mut(who).ok_or_else(|| format!("account {who} is unknown"))
    }

    pub(crate) fn created(&mut self, id: PoolId, owner: AccountId32, commission: u32) -> Check {
        check!(
            self.pools.insert(id, PoolEntry::new(owner, commission)).is_none(),
            "pool {id} was made twice"
        );
        Ok(())
    }

    pub(crate) fn delegated(&mut self, id: PoolId, who: &AccountId32, amount: Balance) -> Check {
        self.settle_decays(id);
        let impaired = Impaired::<Test>::get(id);
        let pool = self.pool(id)?;
        pool.take_in();
        check!(
            impaired <= pool.staked,
            "{impaired} planck are impaired of {} at stake",
            pool.staked
        );
        let value = pool.free + pool.staked + pool.cooling - impaired;
        let shares = match pool.shares {
            0 => amount,
            held => {
                check!(value > 0, "a delegation to a pool whose shares are worth nothing");
                (U256::from(amount) * U256::from(held) / U256::from(value)).low_u128()
            }
        };
        pool.free += amount;
        pool.shares += shares;
        *pool.held.entry(who.clone()).or_default() += shares;
        *self.account(who)? -= amount;
        Ok(())
    }

    pub(crate) fn claimed(&mut self, id: PoolId, who: &AccountId32) -> Check {
        self.settle_decays(id);
        let pool = self.pool(id)?;
        check!(pool.owner == *who, "a commission was claimed by another than the owner");
        pool.take_in();
        let amount = std::mem::take(&mut pool.due);
        check!(amount > 0, "a commission of nothing was claimed");
        *self.account(who)? += amount;
        Ok(())
    }

    /// Does this account own the pool of this session?
    pub(crate) fn owns(&self, who: &AccountId32, id: khala_primitives::SessionId) -> bool {
        let pool = self.sessions.get(&id).and_then(|entry| self.pools.get(&entry.pool));
        pool.is_some_and(|pool| pool.owner == *who)
    }
}
