//! What an owner sets: a pool, its commission, cap, allow-list, description, the order of its workers.

use super::{pools::PoolEntry, Foreseen, Ledger, PoolError, PoolEvent};
use crate::runtime::Deposit;
use frame_support::ensure;
use khala_primitives::{AccountId32, Balance, PoolId, WorkerPublicKey};
use sp_runtime::Permill;
use std::collections::BTreeSet;

/// Most by which a commission rises at once, in parts of a million.
const TEN_POINTS: u32 = 100_000;

impl Ledger {
    pub(crate) fn create(&mut self, owner: &AccountId32, commission: u32, max_commission: u32, cap: Option<Balance>) -> Foreseen {
        ensure!(commission <= max_commission, PoolError::CommissionAboveMaximum);
        ensure!(self.to_give(owner) >= Deposit::get(), PoolError::CannotPayDeposit);
        let pool = self.pools.len() as PoolId;
        self.pools
            .insert(pool, PoolEntry::new(owner.clone(), commission, max_commission, cap));
        Ok(vec![PoolEvent::PoolCreated {
            pool,
            owner: owner.clone(),
            commission: Permill::from_parts(commission),
            max_commission: Permill::from_parts(max_commission),
            cap,
        }])
    }

    /// A pool of this account's, to be changed without being touched.
    fn owned(&mut self, who: &AccountId32, id: PoolId) -> Foreseen<&mut PoolEntry> {
        let pool = self.pools.get_mut(&id).ok_or(PoolError::PoolNotFound)?;
        ensure!(pool.owner == *who, PoolError::NotOwner);
        Ok(pool)
    }

    pub(crate) fn set_commission(&mut self, who: &AccountId32, id: PoolId, commission: u32, impaired: Balance) -> Foreseen {
        let (mut pool, mut events) = self.touched_by(who, id, impaired)?;
        ensure!(commission <= pool.max_commission, PoolError::CommissionAboveMaximum);
        let rate = Permill::from_parts(commission);
        let mut told = Vec::new();
        if commission > pool.commission {
            ensure!(commission - pool.commission <= TEN_POINTS, PoolError::CommissionRiseTooLarge);
            let due_secs = self.clock.credited + self.times.grace_secs + self.mining.cool_down_secs;
            pool.rise = Some((commission, due_secs));
            told.push(PoolEvent::CommissionRiseAnnounced {
                pool: id,
                commission: rate,
                due_secs,
            });
        } else {
            ensure!(commission < pool.commission || pool.rise.is_some(), PoolError::CommissionUnchanged);
            told.extend(pool.rise.take().map(|(withdrawn, _)| PoolEvent::CommissionRiseCancelled {
                pool: id,
                commission: Permill::from_parts(withdrawn),
            }));
            if commission < pool.commission {
                pool.commission = commission;
                told.push(PoolEvent::CommissionChanged {
                    pool: id,
                    commission: rate,
                });
            }
        }
        events.extend(told);
        self.put(id, pool, &mut events);
        Ok(events)
    }

    pub(crate) fn claim_commission(&mut self, who: &AccountId32, id: PoolId, impaired: Balance) -> Foreseen {
        let (mut pool, mut events) = self.touched_by(who, id, impaired)?;
        let amount = std::mem::take(&mut pool.due);
        ensure!(amount > 0, PoolError::NothingToClaim);
        self.put(id, pool, &mut events);
        events.extend(self.pay_out(who, amount));
        events.push(PoolEvent::CommissionClaimed {
            pool: id,
            owner: who.clone(),
            amount,
        });
        Ok(events)
    }

    pub(crate) fn set_cap(&mut self, who: &AccountId32, id: PoolId, cap: Option<Balance>) -> Foreseen {
        self.owned(who, id)?.cap = cap;
        Ok(vec![PoolEvent::CapChanged { pool: id, cap }])
    }

    pub(crate) fn allow(&mut self, who: &AccountId32, id: PoolId, delegator: &AccountId32, allowed: bool) -> Foreseen {
        let list = &mut self.owned(who, id)?.allowed;
        let changed = match allowed {
            true => list.insert(delegator.clone()),
            false => list.remove(delegator),
        };
        ensure!(changed, PoolError::NothingToChange);
        Ok(vec![PoolEvent::AllowListChanged {
            pool: id,
            delegator: delegator.clone(),
            allowed,
        }])
    }

    pub(crate) fn set_profile(&mut self, who: &AccountId32, id: PoolId, description: &[u8], links: &[Vec<u8>]) -> Foreseen<()> {
        let pool = self.owned(who, id)?;
        let texts = || links.iter().map(Vec::as_slice).chain([description]);
        ensure!(texts().all(|text| std::str::from_utf8(text).is_ok()), PoolError::NotText);
        (pool.description, pool.links) = (description.to_vec(), links.to_vec());
        Ok(())
    }

    pub(crate) fn order(&mut self, who: &AccountId32, id: PoolId, order: &[WorkerPublicKey]) -> Foreseen {
        let pool = self.owned(who, id)?;
        let set = |workers: &[WorkerPublicKey]| workers.iter().copied().collect::<BTreeSet<_>>();
        let same = order.len() == pool.workers.len() && set(order) == set(&pool.workers);
        ensure!(same, PoolError::NotAllWorkers);
        pool.workers = order.to_vec();
        Ok(vec![PoolEvent::WorkersOrdered { pool: id }])
    }
}
