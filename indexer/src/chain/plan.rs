//! From a block's events to what else has to be read of it.

use super::{
    fact::{self, Fact},
    raw::RawBlock,
};
use crate::model::{Address, Key};
use khala_client::{BlockEvent, ClientError, Event, Runtime};
use khala_primitives::{AccountId32, Balance, BlockNumber, PoolId, RequestId, VaultId};
use std::collections::{BTreeMap, BTreeSet};

/// A signed transaction, as far as the events tell of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paid {
    /// Its place in the block.
    pub index: u32,
    /// Who paid for it.
    pub account: Address,
    /// What was paid, tip included.
    pub fee: Balance,
    /// The tip.
    pub tip: Balance,
    /// Why it failed, when it did.
    pub error: Option<String>,
}

/// A block's facts, and what has to be read of it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The block.
    pub raw: RawBlock,
    /// The facts.
    pub facts: Vec<(u32, Fact)>,
    /// Signed transactions; their calls are in the block's body.
    pub paid: Vec<Paid>,
    /// Workers to be read.
    pub workers: BTreeSet<Key>,
    /// Those of them whose pool is to be read.
    pub movers: BTreeSet<Key>,
    /// Pools to be read.
    pub pools: BTreeSet<PoolId>,
    /// Vaults to be read.
    pub vaults: BTreeSet<VaultId>,
    /// Accounts, and the vaults in which what they have is to be read.
    pub holders: BTreeSet<(Address, VaultId)>,
    /// Requests to be read.
    pub requests: Vec<(PoolId, RequestId, Address)>,
    /// Whether a sample is taken: then all pools and vaults are read.
    pub sample: bool,
}

/// Where the chain was followed to: what the next block's plan depends on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trail {
    /// The newest block; 0 before the first.
    pub block: BlockNumber,
    /// Its hash; none before the first block.
    pub hash: Option<Key>,
    /// Its time, in milliseconds since 1970.
    pub time_ms: u64,
    /// Every worker that is registered.
    pub workers: BTreeSet<Key>,
}

impl Trail {
    /// Goes on by a block.
    ///
    /// # Errors
    /// An event cannot be read.
    pub fn step(&mut self, raw: RawBlock, runtime: &Runtime, sample_ms: u64) -> Result<Plan, ClientError> {
        let events = runtime.events(raw.events.clone())?;
        let mut facts = Vec::new();
        for (place, (_, event)) in (0u32..).zip(&events) {
            if let Some(fact) = fact::read(event)? {
                facts.push((place, fact));
            }
        }
        let sample = is_boundary(self.time_ms, raw.time_ms, sample_ms);
        for (_, fact) in &facts {
            self.follow(fact);
        }
        let mut plan = Plan {
            paid: paid(&events, runtime)?,
            workers: facts.iter().flat_map(|(_, fact)| fact.workers()).flatten().collect(),
            movers: Default::default(),
            pools: facts.iter().filter_map(|(_, fact)| fact.pool()).collect(),
            vaults: facts.iter().filter_map(|(_, fact)| fact.vault()).collect(),
            holders: Default::default(),
            requests: Vec::new(),
            sample,
            facts,
            raw,
        };
        for (_, fact) in &plan.facts {
            if fact.touches_pool_of_worker() {
                plan.movers.extend(fact.workers().into_iter().flatten());
            }
            if let Fact::RequestQueued { pool, request, who, .. } = fact {
                plan.requests.push((*pool, *request, *who));
            }
            if let Fact::Vault { vault, fact } = fact {
                let holders = fact.holders().into_iter().flatten();
                plan.holders.extend(holders.map(|account| (account, *vault)));
            }
        }
        if sample {
            plan.workers.extend(self.workers.iter().copied());
        }
        (self.block, self.hash, self.time_ms) = (plan.raw.number, Some(plan.raw.key()), plan.raw.time_ms);
        Ok(plan)
    }

    fn follow(&mut self, fact: &Fact) {
        match fact {
            Fact::WorkerRegistered { worker, .. } => {
                self.workers.insert(*worker);
            }
            Fact::WorkerRebound { old, new } => {
                self.workers.remove(old);
                self.workers.insert(*new);
            }
            Fact::WorkerRetired { worker } => {
                self.workers.remove(worker);
            }
            _ => {}
        }
    }
}

/// Is a block the first one in its period? Periods are counted from 1970, so that every indexer has the same ones.
pub fn is_boundary(before_ms: u64, time_ms: u64, period_ms: u64) -> bool {
    let period = |time: u64| time.checked_div(period_ms).unwrap_or(0);
    period(before_ms) != period(time_ms)
}

/// The transactions that somebody paid for, by the events.
fn paid(events: &[BlockEvent], runtime: &Runtime) -> Result<Vec<Paid>, ClientError> {
    let mut of_transaction: BTreeMap<u32, Vec<Event>> = BTreeMap::new();
    let signed: BTreeSet<u32> = events
        .iter()
        .filter(|(_, event)| event.is("TransactionPayment", "TransactionFeePaid"))
        .filter_map(|(index, _)| *index)
        .collect();
    for (index, event) in events {
        if let Some(index) = index.filter(|index| signed.contains(index)) {
            of_transaction.entry(index).or_default().push(event.clone());
        }
    }
    let mut all = Vec::new();
    for (index, events) in of_transaction {
        for event in events.iter().filter(|event| event.is("TransactionPayment", "TransactionFeePaid")) {
            let (who, fee, tip) = event.decode::<(AccountId32, Balance, Balance)>()?;
            let error = runtime
                .failure(&events)
                .map(|failure| failure.name().unwrap_or_else(|| failure.to_string()));
            all.push(Paid {
                index,
                account: Address::from(&who),
                fee,
                tip,
                error,
            });
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_block_of_a_period_is_its_boundary() {
        assert!(is_boundary(0, 60_000, 60_000) && is_boundary(59_999, 60_000, 60_000));
        assert!(!is_boundary(60_000, 60_001, 60_000) && !is_boundary(60_000, 119_999, 60_000));
        // After a standstill one sample is taken, not many.
        assert!(is_boundary(60_000, 600_000, 60_000) && !is_boundary(600_000, 600_001, 60_000));
    }
}
