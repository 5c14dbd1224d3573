//! Stake pools. All signed: by the pool's owner, `delegate` by the delegator.

use crate::Call;
use khala_primitives::{AccountId32, Balance, PoolId, RequestId, WorkerPublicKey};

/// Creates a pool. `commission_ppm`: the owner's part of rewards, in millionths, which never exceeds `max_commission_ppm`; `cap`: most
/// that may be delegated, in planck, `None` for unlimited. The pool's number is in the event `StakePool.PoolCreated`.
pub fn create_pool(commission_ppm: u32, max_commission_ppm: u32, cap: Option<Balance>) -> Call {
    Call::new("StakePool", "create_pool", (commission_ppm, max_commission_ppm, cap))
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

/// Puts `more` planck of the pool's free coins on top of a worker's stake.
pub fn add_stake(worker: WorkerPublicKey, more: Balance) -> Call {
    Call::new("StakePool", "add_stake", (worker, more))
}

/// Takes `less` planck out of a worker's stake; they come back after the cool-down.
pub fn reduce_stake(worker: WorkerPublicKey, less: Balance) -> Call {
    Call::new("StakePool", "reduce_stake", (worker, less))
}

/// Takes so many of the sender's shares back, worth at least `min_amount` planck now.
pub fn undelegate(pool: PoolId, shares: u128, min_amount: Balance) -> Call {
    Call::new("StakePool", "undelegate", (pool, shares, min_amount))
}

/// Takes a request of the sender out of the queue before its deadline.
pub fn cancel_request(pool: PoolId, request: RequestId) -> Call {
    Call::new("StakePool", "cancel_request", (pool, request))
}

/// Gives shares of the sender to another account.
pub fn transfer_shares(pool: PoolId, to: AccountId32, shares: u128) -> Call {
    Call::new("StakePool", "transfer_shares", (pool, to, shares))
}

/// Lowers the commission at once, or announces a rise; in millionths.
pub fn set_commission(pool: PoolId, commission_ppm: u32) -> Call {
    Call::new("StakePool", "set_commission", (pool, commission_ppm))
}

/// Sets the value above which nobody may delegate, in planck.
pub fn set_cap(pool: PoolId, cap: Option<Balance>) -> Call {
    Call::new("StakePool", "set_cap", (pool, cap))
}

/// Puts an account on the list of those who may hold the pool's shares, or takes it off.
pub fn allow(pool: PoolId, delegator: AccountId32, allowed: bool) -> Call {
    Call::new("StakePool", "allow", (pool, delegator, allowed))
}

/// Says what the pool is about: at most 400 bytes, and 4 links of 120 bytes.
pub fn set_profile(pool: PoolId, description: &str, links: &[&str]) -> Call {
    let links: Vec<&[u8]> = links.iter().map(|link| link.as_bytes()).collect();
    Call::new("StakePool", "set_profile", (pool, description.as_bytes(), links))
}

/// Sets the order in which the chain takes stake from the pool's workers; it must name all of them.
pub fn order_workers(pool: PoolId, order: &[WorkerPublicKey]) -> Call {
    Call::new("StakePool", "order_workers", (pool, order))
}

/// Pays what was booked for the sender when it could not be paid.
pub fn claim_unclaimed() -> Call {
    Call::new("StakePool", "claim_unclaimed", ())
}
