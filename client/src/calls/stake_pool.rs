//! Stake pools. All signed: by the pool's owner, `delegate` by the delegator.

use crate::Call;
use khala_primitives::{Balance, PoolId, WorkerPublicKey};

/// Creates a pool. `commission_ppm`: the owner's part of rewards, in millionths; `cap`: most that may be delegated, in
/// planck, `None` for unlimited. The pool's number is in the event `StakePool.PoolCreated`.
pub fn create_pool(commission_ppm: u32, cap: Option<Balance>) -> Call {
    Call::new("StakePool", "create_pool", (commission_ppm, cap))
}

/// Puts `amount` planck into a pool for at least `min_shares` of its shares.
pub fn delegate(pool: PoolId, amount: Balance, min_shares: u128) -> Call {
    Call::new("StakePool", "delegate", (pool, amount, min_shares))
}

/// Takes a registered worker of the owner into the pool.
pub fn add_worker(pool: PoolId, worker: WorkerPublicKey) -> Call {
    Call::new("StakePool", "add_worker", (pool, worker))
}

/// Starts mining with `stake` planck of the pool.
pub fn start_worker(worker: WorkerPublicKey, stake: Balance) -> Call {
    Call::new("StakePool", "start_worker", (worker, stake))
}

/// Stops mining; the stake comes back after the cool-down.
pub fn stop_worker(worker: WorkerPublicKey) -> Call {
    Call::new("StakePool", "stop_worker", (worker,))
}

/// Takes a worker that is not mining out of its pool.
pub fn remove_worker(worker: WorkerPublicKey) -> Call {
    Call::new("StakePool", "remove_worker", (worker,))
}

/// Pays the owner's commission out.
pub fn claim_commission(pool: PoolId) -> Call {
    Call::new("StakePool", "claim_commission", (pool,))
}
