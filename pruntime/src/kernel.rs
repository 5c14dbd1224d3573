//! The benchmark kernel: work that cannot be done before its seed is known and whose steps cannot be done side by side.
//!
//! Each granted core runs one *lane*. A lane has a memory of [`PAGES`] pages of [`PAGE_BYTES`] bytes and a digest, both
//! made from the challenge's seed, the worker's key and the lane's number. One round picks a page by the digest, writes
//! the digest into it and hashes the page: `digest = blake2_512(page)`. So a round needs the one before it, and every
//! lane of every worker at every challenge is work of its own.
//!
//! # Calibration
//!
//! A score is `iterations * 6000 / elapsed_ms` (`design/mining.md`, Heartbeats), and an 8-core desktop i5 of the 10th
//! generation shall have about 2,000. That is 333 iterations a second on eight cores, 42 on one, or 24 ms for one. Such
//! a core runs at about 4.1 GHz with all cores busy and needs about 3.0 cycles per byte for BLAKE2b, which is
//! 1.37 GB/s, or 33 MB in 24 ms: 8,000 rounds of 4 KiB. BLAKE2b is taken because no instruction set has it built in:
//! a core's score says how fast the core is, not whether it has SHA extensions. The memory of a lane (256 KiB) stays in
//! the second-level cache. Tried on a virtual core of a 4th generation Xeon (2.3 GHz nominal): 27 iterations in a second
//! of its time, 0.87 GB/s, which is what its clock leaves one to expect.
//!
//! What a lane computes is a claim by the enclave. The chain times benchmarks itself and caps samples.

use khala_primitives::{Seed, WorkerPublicKey};
use sp_crypto_hashing::blake2_512;
use std::{
    thread,
    time::{Duration, Instant},
};

/// Rounds that count as one iteration; see the module's documentation for the reasoning.
pub const ROUNDS_PER_ITERATION: u64 = 8_000;
/// Bytes that one round hashes.
pub const PAGE_BYTES: usize = 4096;
/// Pages of a lane's memory.
pub const PAGES: usize = 64;

/// Rounds between two looks at the clock: about a millisecond.
const ROUNDS_PER_LOOK: u64 = 256;
const CONTEXT: &[u8] = b"khala/kernel/v1";

/// What makes one run of the kernel differ from all others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KernelInput {
    /// The challenge's seed.
    pub seed: Seed,
    /// Who works.
    pub worker: WorkerPublicKey,
}

/// Work done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Work {
    /// Whole iterations, over all lanes.
    pub iterations: u64,
    /// Time they took, in milliseconds.
    pub elapsed_ms: u32,
}

impl Work {
    /// No sample. The chain counts it as no speed until the next heartbeat: the worker is paid, its value grows less.
    pub const NONE: Self = Self {
        iterations: 0,
        elapsed_ms: 0,
    };
}

struct Lane {
    digest: [u8; 64],
    pages: Vec<[u8; PAGE_BYTES]>,
}

impl Lane {
    fn new(input: &KernelInput, number: u16) -> Self {
        let mut preimage = CONTEXT.to_vec();
        preimage.extend_from_slice(input.seed.as_bytes());
        preimage.extend_from_slice(input.worker.as_bytes());
        preimage.extend_from_slice(&number.to_le_bytes());
        let mut digest = blake2_512(&preimage);
        let mut pages = vec![[0; PAGE_BYTES]; PAGES];
        for chunk in pages.iter_mut().flat_map(|page| page.chunks_exact_mut(64)) {
            chunk.copy_from_slice(&digest);
            digest = blake2_512(&digest);
        }
        Self { digest, pages }
    }

    fn rounds(&mut self, count: u64) {
        for _ in 0..count {
            let [low, high, ..] = self.digest;
            let index = usize::from(u16::from_le_bytes([low, high])) % PAGES;
            let Some(page) = self.pages.get_mut(index) else { return };
            if let Some(head) = page.first_chunk_mut::<64>() {
                *head = self.digest;
            }
            self.digest = blake2_512(page);
        }
    }

    /// Rounds done when the clock passes `deadline`; at least one look's worth.
    fn work_until(mut self, deadline: Instant) -> u64 {
        let mut done = 0u64;
        loop {
            self.rounds(ROUNDS_PER_LOOK);
            done = done.saturating_add(ROUNDS_PER_LOOK);
            if Instant::now() >= deadline {
                return done;
            }
        }
    }
}

/// The digest of a lane after a number of rounds: the definition of the kernel, for those who want to check it.
pub fn digest(input: &KernelInput, lane: u16, rounds: u64) -> [u8; 64] {
    let mut lane = Lane::new(input, lane);
    lane.rounds(rounds);
    lane.digest
}

/// Works on `lanes` threads for `duration` and blocks until they are done, about a millisecond later at most.
///
/// A thread that the system refuses to start is left out: the work is then less. `lanes` 0 counts as 1.
pub fn run(input: &KernelInput, lanes: u16, duration: Duration) -> Work {
    let start = Instant::now();
    let deadline = start.checked_add(duration).unwrap_or(start);
    let rounds: u64 = thread::scope(|scope| {
        let others: Vec<_> = (1..lanes)
            .filter_map(|number| {
                let name = format!("kernel-{number}");
                thread::Builder::new()
                    .name(name)
                    .spawn_scoped(scope, move || Lane::new(input, number).work_until(deadline))
                    .ok()
            })
            .collect();
        let own = Lane::new(input, 0).work_until(deadline);
        others
            .into_iter()
            .map(|thread| thread.join().unwrap_or(0))
            .fold(own, u64::saturating_add)
    });
    Work {
        iterations: rounds / ROUNDS_PER_ITERATION,
        elapsed_ms: u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::H256;

    fn input(seed: u8, worker: u8) -> KernelInput {
        KernelInput {
            seed: H256::repeat_byte(seed),
            worker: WorkerPublicKey([worker; 32]),
        }
    }

    #[test]
    fn a_lane_is_the_same_each_time() {
        assert_eq!(digest(&input(1, 2), 3, 500), digest(&input(1, 2), 3, 500));
    }

    #[test]
    fn the_kernel_stays_what_it_is() {
        // Made with another implementation of BLAKE2b. A change of these bytes is another kernel: scores of old and new versions could not be compared any more.
        assert_eq!(hex::encode(&digest(&input(1, 2), 3, 500)[..16]), "15ee01de362ebcbcd8ad4990bc81ca58");
        assert_eq!((ROUNDS_PER_ITERATION, PAGE_BYTES, PAGES), (8_000, 4096, 64));
    }

    #[test]
    fn seed_worker_lane_and_rounds_each_change_the_digest() {
        let digests = [
            digest(&input(1, 2), 3, 500),
            digest(&input(9, 2), 3, 500),
            digest(&input(1, 9), 3, 500),
            digest(&input(1, 2), 9, 500),
            digest(&input(1, 2), 3, 499),
            digest(&input(1, 2), 3, 501),
        ];
        for (i, one) in digests.iter().enumerate() {
            for other in &digests[i + 1..] {
                assert_ne!(one, other);
            }
        }
    }

    #[test]
    fn work_in_two_parts_is_the_same_work() {
        let mut lane = Lane::new(&input(1, 2), 0);
        lane.rounds(200);
        lane.rounds(300);
        assert_eq!(lane.digest, digest(&input(1, 2), 0, 500));
    }

    #[test]
    fn every_page_comes_to_its_turn() {
        let fresh = Lane::new(&input(1, 2), 0);
        let mut used = Lane::new(&input(1, 2), 0);
        used.rounds(20 * PAGES as u64);
        assert!(fresh.pages.iter().zip(&used.pages).all(|(before, after)| before != after));
    }

    #[test]
    fn a_run_says_how_long_it_took() {
        let work = run(&input(1, 2), 2, Duration::from_millis(20));
        assert!(work.elapsed_ms >= 20, "{work:?}");
    }

    #[test]
    fn a_run_without_lanes_or_time_ends() {
        run(&input(1, 2), 0, Duration::ZERO);
    }
}
