//! A pool with as many delegators as are wanted, each of whom also waits in its queue.

use crate::{
    scene::{genesis_hash, STAKE},
    transactions,
    worker::{self, Worker},
};
use anyhow::{anyhow, Result};
use codec::Encode;
use frame_support::traits::fungible::Mutate;
use khala_pallet_registry::Workers;
use khala_pallet_stake_pool::{Call, Pools};
use khala_primitives::{AccountId32, Balance, PoolId, MAX_BATCH, PHA};
use khala_runtime::{Balances, Runtime, RuntimeOrigin, StakePool};
use sp_core::{sr25519, Pair};
use sp_io::hashing::blake2_256;
use sp_runtime::{DispatchResult, Permill};

/// The pool.
pub const POOL: PoolId = 0;
/// Delegators whose keys are known: those who act in a block.
pub const ACTIVE: u32 = 8;
/// What each of the others has in shares that are held, and the same again in shares that wait, in planck.
pub const PART: Balance = 2 * PHA;
/// What an account has beside, in planck.
const WEALTH: Balance = 1_000 * PHA;

/// Makes the pool at a genesis. A batch of its workers mines; what delegators have beyond those stakes counts as staked too, as
/// if workers had it that are not asked, so that nothing is free for those who wait.
pub fn populate(delegators: u32) -> Result<Vec<Worker>> {
    let owner = worker::operator();
    fund(&owner, WEALTH)?;
    done(StakePool::create_pool(
        by(&owner),
        Permill::from_percent(10),
        Permill::from_percent(50),
        None,
    ))?;
    let stakes = STAKE.saturating_mul(MAX_BATCH.into());
    fund(&outsider(), stakes.saturating_add(WEALTH))?;
    done(StakePool::delegate(by(&outsider()), POOL, stakes, 0))?;
    let workers: Result<Vec<_>> = (0..MAX_BATCH).map(|index| start(&owner, Worker::new(index))).collect();
    for number in 0..delegators {
        let who = delegator(number);
        fund(&who, WEALTH)?;
        done(StakePool::delegate(by(&who), POOL, 2 * PART, 0))?;
        lock();
        done(StakePool::undelegate(by(&who), POOL, PART, 0))?;
    }
    workers
}

/// Gives the pool the coins for the first [`ACTIVE`] requests, in the block before the one that is measured.
pub fn bring_coins() -> DispatchResult {
    StakePool::delegate(by(&outsider()), POOL, PART.saturating_mul(ACTIVE.into()), 0)
}

/// The active delegators delegate once more.
pub fn delegations() -> Vec<Vec<u8>> {
    called_by_active(&Call::delegate {
        pool: POOL,
        amount: PHA,
        min_shares: 0,
    })
}

/// The active delegators ask for half of what they hold.
pub fn withdrawals() -> Vec<Vec<u8>> {
    called_by_active(&Call::undelegate {
        pool: POOL,
        shares: PART / 2,
        min_amount: 0,
    })
}

/// The active delegators send 1 PHA to somebody: what any transaction costs.
pub fn transfers() -> Vec<Vec<u8>> {
    by_active(|key| transactions::transfer(key, 0, genesis_hash()))
}

fn called_by_active(call: &Call<Runtime>) -> Vec<Vec<u8>> {
    by_active(|key| transactions::signed(call.clone(), key, 0, genesis_hash()))
}

/// A transaction of each active delegator.
fn by_active(transaction: impl Fn(&sr25519::Pair) -> Vec<u8>) -> Vec<Vec<u8>> {
    (0..ACTIVE).map(|number| transaction(&key(number))).collect()
}

fn start(owner: &AccountId32, worker: Worker) -> Result<Worker> {
    let key = worker.key();
    Workers::<Runtime>::insert(key, worker::record(key));
    done(StakePool::add_worker(by(owner), POOL, key))?;
    done(StakePool::start_worker(by(owner), key, STAKE))?;
    let session = khala_pallet_mining::SessionOf::<Runtime>::get(key);
    session
        .map(|session| worker.with_session(session))
        .ok_or_else(|| anyhow!("a worker that was started has no session"))
}

/// What is free counts as staked.
fn lock() {
    Pools::<Runtime>::mutate(POOL, |pool| {
        if let Some(pool) = pool {
            pool.staked = pool.staked.saturating_add(pool.free);
            pool.free = 0;
        }
    });
}

/// The account of a number; the first [`ACTIVE`] have keys.
fn delegator(number: u32) -> AccountId32 {
    match number < ACTIVE {
        true => AccountId32::new(key(number).public().0),
        false => AccountId32::new(seed(number)),
    }
}

fn key(number: u32) -> sr25519::Pair {
    sr25519::Pair::from_seed(&seed(number))
}

fn seed(number: u32) -> [u8; 32] {
    ("delegator", number).using_encoded(blake2_256)
}

/// Somebody whose coins the workers' stakes are.
fn outsider() -> AccountId32 {
    AccountId32::new([3; 32])
}

fn fund(who: &AccountId32, amount: Balance) -> Result<()> {
    Balances::mint_into(who, amount)
        .map(|_| ())
        .map_err(|error| anyhow!("an account cannot have coins: {error:?}"))
}

fn by(who: &AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.clone())
}

fn done(result: DispatchResult) -> Result<()> {
    result.map_err(|error| anyhow!("the pool cannot be made: {error:?}"))
}
