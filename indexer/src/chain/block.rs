//! A finalised block as it is kept.

use super::{base::VaultBase, fact::Fact, vault::VaultFact};
use crate::model::{Address, Key};
use khala_primitives::{
    status::{NetworkStatus, PoolStatus, VaultPositionStatus, VaultStatus, WorkerView},
    Balance, BlockNumber, PoolId, RequestId, VaultId,
};

/// A finalised block: what it tells, and what the chain says at it of what it touches.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Key,
    /// Its time, in milliseconds since 1970.
    pub time_ms: u64,
    /// Reading of the credited clock after it, in seconds.
    pub credited_secs: u64,
    /// What it tells, each with its place among the block's events.
    pub facts: Vec<(u32, Fact)>,
    /// Its signed transactions.
    pub transactions: Vec<Signed>,
    /// The workers that it touches; with a sample, all.
    pub workers: Vec<(Key, WorkerView)>,
    /// The pools that it touches, by number; with a sample, all.
    pub pools: Vec<PoolStatus>,
    /// The vaults that it touches, by number; with a sample, all.
    pub vaults: Vec<VaultStatus>,
    /// Those that it touches, as they are stored.
    pub bases: Vec<VaultBase>,
    /// What accounts have in vaults, of each that it touches, by account and vault.
    pub positions: Vec<Position>,
    /// By how much a request's promise is later than its deadline, in seconds: of each request that was queued in it.
    pub promises: Vec<Promise>,
    /// The chain as a whole, when a sample is taken at it.
    pub sample: Option<NetworkStatus>,
}

/// What an account has in a vault after a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// The account.
    pub account: Address,
    /// The vault.
    pub vault: VaultId,
    /// What it has there; `None` when that is nothing.
    pub status: Option<VaultPositionStatus>,
}

/// The promise to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Promise {
    /// The pool.
    pub pool: PoolId,
    /// The request.
    pub request: RequestId,
    /// Time from its deadline to its promise, in seconds.
    pub after_secs: u64,
}

/// A transaction that somebody signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// Its place in the block.
    pub index: u32,
    /// Its hash.
    pub hash: Key,
    /// Who paid for it.
    pub account: Address,
    /// The called pallet.
    pub pallet: String,
    /// The call.
    pub call: String,
    /// What was paid, in planck, tip included.
    pub fee: Balance,
    /// The tip, in planck.
    pub tip: Balance,
    /// Why it failed, when it did.
    pub error: Option<String>,
}

impl Block {
    /// What the chain says of a pool at this block, when it touches it.
    pub fn pool(&self, pool: PoolId) -> Option<&PoolStatus> {
        let place = self.pools.binary_search_by_key(&pool, |status| status.id).ok()?;
        self.pools.get(place)
    }

    /// What the chain says of a vault at this block, when it touches it.
    pub fn vault(&self, vault: VaultId) -> Option<&VaultStatus> {
        let place = self.vaults.binary_search_by_key(&vault, |status| status.id).ok()?;
        self.vaults.get(place)
    }

    /// What it tells of vaults.
    pub fn vault_facts(&self) -> impl Iterator<Item = (VaultId, &VaultFact)> {
        self.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Vault { vault, fact } => Some((*vault, fact)),
            _ => None,
        })
    }

    /// By how much the promise to a request is later than its deadline, in seconds.
    pub fn promise(&self, pool: PoolId, request: RequestId) -> Option<u64> {
        let promise = self
            .promises
            .iter()
            .find(|promise| (promise.pool, promise.request) == (pool, request));
        promise.map(|promise| promise.after_secs)
    }

    /// When the credited clock has a reading if the chain does not stand still, in milliseconds since 1970.
    pub fn moment_ms(&self, reading_secs: u64) -> u64 {
        let ahead = reading_secs.saturating_sub(self.credited_secs).saturating_mul(1000);
        let behind = self.credited_secs.saturating_sub(reading_secs).saturating_mul(1000);
        self.time_ms.saturating_add(ahead).saturating_sub(behind)
    }
}
