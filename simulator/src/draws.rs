//! Whom each block asks, looked up before the runs.
//!
//! A challenge compares one hash of every worker with a target, which is 1e9 hashes for a million workers and a few hours. The hashes
//! depend on the seed and the keys alone, and all runs draw the same seeds: so they are computed once, four at a time, and only those
//! below twice the expected target are kept. A target above that is looked up in the plain way.

use blake2b_simd::many::{hash_many, HashManyJob};
use khala_primitives::{
    challenge::{next_seed, target},
    signing::CHALLENGE_CONTEXT,
    BlockNumber, Challenge, WorkerPublicKey, H256, U256,
};

/// Hashes that are computed together.
const LANES: usize = 8;
const PREIMAGE: usize = CHALLENGE_CONTEXT.len() + 32 + WorkerPublicKey::LEN;

/// The seeds of all blocks, and whom they may ask.
pub struct Draws {
    seeds: Vec<H256>,
    /// Where each block's candidates begin.
    starts: Vec<usize>,
    candidates: Vec<Candidate>,
    /// Hashes whose first eight bytes are at or above this were not kept.
    limit: u64,
}

#[derive(Clone, Copy)]
struct Candidate {
    rank: u64,
    worker: u32,
}

/// What a block's consensus draws in a run with this seed.
pub fn randomness(seed: u64, block: BlockNumber) -> H256 {
    let mut preimage = b"simulated randomness".to_vec();
    preimage.extend(seed.to_le_bytes());
    preimage.extend(block.to_le_bytes());
    H256(sp_crypto_hashing::blake2_256(&preimage))
}

impl Draws {
    /// The draws of the blocks 1 to `blocks` with the production network's rates.
    pub fn new(keys: &[WorkerPublicKey], blocks: BlockNumber, seed: u64) -> Self {
        let mining = khala_pallet_mining::MiningParameters::khala();
        let usual = target(
            u32::try_from(keys.len()).unwrap_or(u32::MAX),
            mining.challenges_per_hour,
            mining.max_heartbeats_per_block,
            crate::SLOT_SECS * 1_000,
        );
        let limit = first_eight(&usual).saturating_mul(2);
        let mut draws = Self {
            seeds: vec![H256::zero()],
            starts: vec![0, 0],
            candidates: Vec::new(),
            limit,
        };
        let mut newest = H256::zero();
        for block in 1..=blocks {
            newest = next_seed(&newest, randomness(seed, block).as_bytes());
            draws.seeds.push(newest);
            draws.keep(&newest, keys);
            draws.starts.push(draws.candidates.len());
        }
        draws
    }

    /// The seed of a block; zero if it was not drawn.
    pub fn seed(&self, block: BlockNumber) -> H256 {
        self.seeds.get(block as usize).copied().unwrap_or_default()
    }

    /// Adds to `hits` the workers that a challenge asks, in rising order.
    pub fn hits(&self, challenge: &Challenge, keys: &[WorkerPublicKey], hits: &mut Vec<u32>) {
        hits.clear();
        assert_eq!(
            challenge.seed,
            self.seed(challenge.block),
            "the chain has drawn another seed than it must"
        );
        let top = first_eight(&challenge.target);
        let block = challenge.block as usize;
        if top >= self.limit {
            let asked = (0u32..).zip(keys).filter(|(_, key)| challenge.hits(key));
            return hits.extend(asked.map(|(worker, _)| worker));
        }
        let candidates = &self.candidates[self.starts[block]..self.starts[block + 1]];
        let asked = candidates
            .iter()
            .filter(|candidate| candidate.rank < top || (candidate.rank == top && challenge.hits(&keys[candidate.worker as usize])));
        hits.extend(asked.map(|candidate| candidate.worker));
    }

    /// Keeps the candidates of a seed.
    fn keep(&mut self, seed: &H256, keys: &[WorkerPublicKey]) {
        let mut params = blake2b_simd::Params::new();
        params.hash_length(32);
        let mut head = [0; PREIMAGE];
        let (context, rest) = head.split_at_mut(CHALLENGE_CONTEXT.len());
        context.copy_from_slice(CHALLENGE_CONTEXT);
        rest[..32].copy_from_slice(seed.as_bytes());
        let mut inputs = [head; LANES];
        for (number, some) in keys.chunks(LANES).enumerate() {
            for (input, key) in inputs.iter_mut().zip(some) {
                input[PREIMAGE - WorkerPublicKey::LEN..].copy_from_slice(key.as_bytes());
            }
            let mut jobs: [_; LANES] = std::array::from_fn(|lane| HashManyJob::new(&params, &inputs[lane]));
            hash_many(jobs.iter_mut().take(some.len()));
            for (lane, job) in jobs.iter().take(some.len()).enumerate() {
                let hash = job.to_hash();
                let rank = hash.as_bytes().first_chunk().map_or(u64::MAX, |first| u64::from_be_bytes(*first));
                if rank < self.limit {
                    let worker = (number * LANES + lane) as u32;
                    self.candidates.push(Candidate { rank, worker });
                }
            }
        }
    }
}

/// The first eight bytes of a number in big-endian order.
fn first_eight(number: &U256) -> u64 {
    (*number >> 192).low_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(count: u32) -> Vec<WorkerPublicKey> {
        (0..count)
            .map(|worker| WorkerPublicKey(sp_crypto_hashing::blake2_256(&worker.to_le_bytes())))
            .collect()
    }

    fn asked_plainly(challenge: &Challenge, keys: &[WorkerPublicKey]) -> Vec<u32> {
        (0u32..)
            .zip(keys)
            .filter(|(_, key)| challenge.hits(key))
            .map(|(worker, _)| worker)
            .collect()
    }

    #[test]
    fn a_block_asks_whom_the_chain_says_it_asks() {
        let keys = keys(1_003);
        let draws = Draws::new(&keys, 40, 7);
        let mut hits = Vec::new();
        let mut all = 0;
        for block in 1..=40 {
            // From nobody over the usual target up to one that is not kept.
            for idle in [0, 1_003, 600, 1] {
                let target = target(idle, 12 * (1 + block / 10), 2_000, 6_000);
                let challenge = Challenge {
                    block,
                    seed: draws.seed(block),
                    target,
                };
                draws.hits(&challenge, &keys, &mut hits);
                assert_eq!(hits, asked_plainly(&challenge, &keys));
                all += hits.len();
            }
        }
        assert!(all > 1_000);
        let everybody = Challenge {
            block: 1,
            seed: draws.seed(1),
            target: U256::MAX,
        };
        draws.hits(&everybody, &keys, &mut hits);
        assert_eq!(hits.len(), keys.len());
    }

    #[test]
    fn another_seed_draws_other_challenges() {
        let keys = keys(10);
        assert_ne!(Draws::new(&keys, 1, 1).seed(1), Draws::new(&keys, 1, 2).seed(1));
    }
}
