//! Which workers a block asks: `design/mining.md`, Challenges.

use khala_primitives::{
    challenge::{is_hit, mean_interval, next_seed, target},
    Challenge, WorkerPublicKey, H256, U256,
};

const SLOT_MS: u64 = 6_000;

fn worker(number: u32) -> WorkerPublicKey {
    let mut key = [0; 32];
    key[..4].copy_from_slice(&number.to_le_bytes());
    WorkerPublicKey(key)
}

#[test]
fn seeds_are_chained_and_randomness_may_be_missing() {
    let first = next_seed(&H256::zero(), &[]);
    assert_eq!(
        first.0,
        sp_crypto_hashing::blake2_256(&[b"khala/seed/v1".as_slice(), &[0; 32]].concat())
    );
    let second = next_seed(&first, &[5; 32]);
    assert_eq!(
        second.0,
        sp_crypto_hashing::blake2_256(&[b"khala/seed/v1".as_slice(), first.as_bytes(), &[5; 32]].concat())
    );
}

#[test]
fn the_target_is_the_share_of_workers_to_be_asked() {
    // 12 an hour in blocks of 6 s: one worker in 50.
    let f = (12u128 * 6_000 * (1 << 32)) / 3_600_000;
    assert_eq!(target(1, 12, 2_000, SLOT_MS), (U256::MAX >> 32) * U256::from(f));
    // The same for any number of workers, up to the most that a block may ask for.
    assert_eq!(target(100_000, 12, 2_000, SLOT_MS), target(1, 12, 2_000, SLOT_MS));
    assert!(target(100_001, 12, 2_000, SLOT_MS) < target(100_000, 12, 2_000, SLOT_MS));
}

#[test]
fn nobody_is_asked_when_nobody_is_idle() {
    assert_eq!(target(0, 12, 2_000, SLOT_MS), U256::zero());
    assert_eq!(target(5, 0, 2_000, SLOT_MS), U256::zero());
    assert!(!is_hit(&H256::zero(), &U256::zero(), &worker(1)));
}

#[test]
fn everybody_is_asked_at_the_largest_target() {
    // 600 an hour in blocks of 6 s is one a block.
    assert_eq!(target(3, 600, 2_000, SLOT_MS), U256::MAX);
    assert!(target(3, 599, 2_000, SLOT_MS) < U256::MAX);
    assert_eq!(target(u32::MAX, u32::MAX, u32::MAX, u64::MAX), U256::MAX);
    assert!((0..100).all(|number| is_hit(&H256::repeat_byte(3), &U256::MAX, &worker(number))));
}

#[test]
fn a_worker_is_asked_every_so_many_blocks() {
    // 12 an hour in blocks of 6 s, up to the most that a block may ask for.
    for (idle, interval) in [(0, 50), (1, 50), (100_000, 50), (100_001, 51), (1_000_000, 500)] {
        assert_eq!(mean_interval(idle, 12, 2_000, SLOT_MS), interval, "{idle}");
    }
    // Once a block at most.
    assert_eq!([600, 601, u32::MAX].map(|hourly| mean_interval(3, hourly, 2_000, SLOT_MS)), [1; 3]);
    assert_eq!(mean_interval(u32::MAX, 12, 1, SLOT_MS), u32::MAX);
}

#[test]
fn a_worker_is_hit_up_to_the_target_and_not_above_it() {
    let seed = H256::repeat_byte(7);
    let preimage = [b"khala/challenge/v1".as_slice(), seed.as_bytes(), worker(1).as_bytes()].concat();
    let hash = U256::from_big_endian(&sp_crypto_hashing::blake2_256(&preimage));
    for (target, hit) in [(hash - 1, false), (hash, true), (hash + 1, true)] {
        assert_eq!(Challenge { block: 1, seed, target }.hits(&worker(1)), hit);
    }
}

#[test]
fn about_the_wanted_number_of_workers_is_hit() {
    // 100,000 workers at one in 50: 2,000 in the mean, a standard deviation of 44.
    let target = target(100_000, 12, 2_000, SLOT_MS);
    let hits = (0..100_000)
        .filter(|number| is_hit(&H256::repeat_byte(9), &target, &worker(*number)))
        .count();
    assert!((1_780..2_220).contains(&hits), "{hits}");
}
