//! What the registry keeps.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_pallet_attestation::VerdictRecord;
use khala_primitives::{Balance, BlockNumber, Seed, WorkerInfo, PHA};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A benchmark result is taken until so many times the benchmark's length has passed. Being late lowers the score by itself;
/// the limit only ends the waiting.
pub const BENCHMARK_DEADLINE_FACTOR: u64 = 10;

/// The registry's values of one network (`design/mining.md`, Constants).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// Longest lease, in seconds.
    pub lease_secs: u64,
    /// Age in blocks up to which evidence is fresh.
    pub freshness_blocks: BlockNumber,
    /// Time that a worker works for its score, in seconds.
    pub benchmark_secs: u32,
    /// Most score that the workers of one platform have together.
    pub max_platform_score: u32,
    /// Most workers of one platform.
    pub workers_per_platform: u32,
    /// Held from the operator for each worker, in planck.
    pub worker_deposit: Balance,
}

impl Parameters {
    /// The production network's.
    pub const KHALA: Self = Self {
        lease_secs: 7 * 24 * 3600,
        freshness_blocks: 100,
        benchmark_secs: 60,
        max_platform_score: 20_000,
        workers_per_platform: 1,
        worker_deposit: PHA,
    };

    /// Those of a network on one machine.
    pub const LOCAL: Self = Self {
        lease_secs: 600,
        freshness_blocks: 300,
        benchmark_secs: 6,
        workers_per_platform: 8,
        ..Self::KHALA
    };

    /// Every period and limit lets something happen, and what is stored is paid for.
    pub fn are_valid(&self) -> bool {
        self.lease_secs > 0
            && self.freshness_blocks > 0
            && self.benchmark_secs > 0
            && self.max_platform_score > 0
            && self.workers_per_platform > 0
            && self.worker_deposit > 0
    }

    /// The length of the benchmark, in milliseconds.
    pub fn benchmark_ms(&self) -> u64 {
        u64::from(self.benchmark_secs).saturating_mul(1000)
    }
}

/// A registered worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct WorkerState {
    /// What the worker says of itself; the evidence is bound to it.
    pub info: WorkerInfo,
    /// What the evidence is worth.
    pub verdict: VerdictRecord,
    /// End of the lease, in seconds since 1970.
    pub lease_end_secs: u64,
    /// Block of the first registration.
    pub registered_at: BlockNumber,
    /// Block of the newest registration.
    pub renewed_at: BlockNumber,
    /// Held from the operator, in planck.
    pub deposit: Balance,
    /// What the benchmark measured.
    pub score: Option<Score>,
    /// The benchmark that the chain waits for.
    pub benchmark: Option<PendingBenchmark>,
}

/// A measured score.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Score {
    /// Score P: iterations of the kernel in six seconds.
    pub value: u32,
    /// When the last benchmark was asked for, in seconds since 1970.
    pub asked_secs: u64,
}

/// A benchmark that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PendingBenchmark {
    /// Block of the registration that asked for it.
    pub block: BlockNumber,
    /// That block's time, in milliseconds since 1970.
    pub started_ms: u64,
    /// That block's seed: the kernel's input.
    pub seed: Seed,
}

/// What the workers of one platform take of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PlatformLoad {
    /// Registered workers.
    pub workers: u32,
    /// Sum of their scores.
    pub score: u32,
}
