//! What mining must know of the pallet that keeps the pools' money.

use khala_primitives::{Balance, PoolId, WorkerPublicKey};

/// The ledger of the stake pools.
pub trait PoolLedger<AccountId> {
    /// The one account that holds the coins of all pools.
    fn pot_account() -> AccountId;

    /// A worker of the pool has another key.
    fn rebound(pool: PoolId, old: &WorkerPublicKey, new: &WorkerPublicKey);

    /// Coins of the pool that a worker can be started with, in planck.
    fn free(pool: PoolId) -> Balance;

    /// A worker of the pool, in state Ready, is not its worker any more.
    fn removed(pool: PoolId, worker: &WorkerPublicKey);

    /// So many planck of rewards have come to the account of all pools.
    fn rewarded(amount: Balance);

    /// A cool-down is over: `returned` planck of the pool's cooling coins are free again.
    fn released(pool: PoolId, returned: Balance);

    /// Makes a pool that counts `cooling` planck, for benchmarks of mining.
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_pool(pool: PoolId, cooling: Balance);
}
