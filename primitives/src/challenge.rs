//! Challenges: which workers a block asks to answer. Pure functions (`design/mining.md`, Challenges).

use crate::{
    signing::{CHALLENGE_CONTEXT, SEED_CONTEXT},
    BlockNumber, WorkerPublicKey, H256, U256,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Seed of a block's challenge.
pub type Seed = H256;

const MS_PER_HOUR: u128 = 3_600_000;

/// `U256::MAX >> 32`: what one of 2^32 parts of all hashes is.
const FRACTION_UNIT: U256 = U256([u64::MAX, u64::MAX, u64::MAX, u32::MAX as u64]);

/// The challenge of one block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
pub struct Challenge {
    /// The block's number.
    pub block: BlockNumber,
    /// The block's seed.
    pub seed: Seed,
    /// A worker is hit when its hash is not above this.
    pub target: U256,
}

impl Challenge {
    /// Is this worker asked to answer?
    pub fn hits(&self, worker: &WorkerPublicKey) -> bool {
        is_hit(&self.seed, &self.target, worker)
    }
}

/// `seed_b = blake2_256("khala/seed/v1" ++ seed_{b-1} ++ randomness)`; `randomness` may be empty.
pub fn next_seed(previous: &Seed, randomness: &[u8]) -> Seed {
    let mut preimage = SEED_CONTEXT.to_vec();
    preimage.extend_from_slice(previous.as_bytes());
    preimage.extend_from_slice(randomness);
    H256(sp_crypto_hashing::blake2_256(&preimage))
}

/// The target with which, in the mean, each of `idle_sessions` workers is hit `challenges_per_hour` times an hour,
/// and a block asks for at most `max_per_block` heartbeats.
///
/// `slot_ms`: time between blocks in milliseconds. Zero when nobody is idle: nobody is hit.
pub fn target(idle_sessions: u32, challenges_per_hour: u32, max_per_block: u32, slot_ms: u64) -> U256 {
    if idle_sessions == 0 {
        return U256::zero();
    }
    let idle = u128::from(idle_sessions);
    let number = asked_for(idle, challenges_per_hour, max_per_block, slot_ms);
    let all = 1u128 << 32;
    let scaled = U256::from(number).saturating_mul(U256::from(all));
    let fraction = scaled.checked_div(U256::from(MS_PER_HOUR.saturating_mul(idle))).unwrap_or_default();
    if fraction >= U256::from(all) {
        return U256::MAX;
    }
    FRACTION_UNIT.saturating_mul(fraction)
}

/// Blocks that pass in the mean between two challenges of a worker, rounded up: one or more. Arguments are those of [`target`].
pub fn mean_interval(idle_sessions: u32, challenges_per_hour: u32, max_per_block: u32, slot_ms: u64) -> BlockNumber {
    let idle = u128::from(idle_sessions.max(1));
    let number = asked_for(idle, challenges_per_hour, max_per_block, slot_ms);
    let interval = MS_PER_HOUR.saturating_mul(idle).div_ceil(number.max(1));
    u32::try_from(interval).unwrap_or(u32::MAX)
}

/// Heartbeats that a block asks for in the mean, times [`MS_PER_HOUR`].
fn asked_for(idle: u128, challenges_per_hour: u32, max_per_block: u32, slot_ms: u64) -> u128 {
    let wanted = idle
        .saturating_mul(u128::from(challenges_per_hour))
        .saturating_mul(u128::from(slot_ms));
    let most = u128::from(max_per_block).saturating_mul(MS_PER_HOUR);
    // No more often than once a block, whatever is wanted.
    wanted.min(most).min(idle.saturating_mul(MS_PER_HOUR))
}

/// `U256::from_big_endian(blake2_256("khala/challenge/v1" ++ seed ++ worker)) <= target`; nobody at target zero.
pub fn is_hit(seed: &Seed, target: &U256, worker: &WorkerPublicKey) -> bool {
    if target.is_zero() {
        return false;
    }
    // On the stack: in a runtime each allocation is a call of the host.
    let mut preimage = [0; CHALLENGE_CONTEXT.len() + 64];
    let (context, rest) = preimage.split_at_mut(CHALLENGE_CONTEXT.len());
    let (seed_bytes, worker_bytes) = rest.split_at_mut(32);
    context.copy_from_slice(CHALLENGE_CONTEXT);
    seed_bytes.copy_from_slice(seed.as_bytes());
    worker_bytes.copy_from_slice(worker.as_bytes());
    U256::from_big_endian(&sp_crypto_hashing::blake2_256(&preimage)) <= *target
}
