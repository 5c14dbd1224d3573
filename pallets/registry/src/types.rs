//! What the registry keeps.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_pallet_attestation::{Refusal, VerdictRecord};
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
    /// Most renewals that a worker can have saved up; each is one without a fee.
    pub renewal_tokens: u32,
    /// Time after which a spent renewal is back, in seconds.
    pub renewal_token_secs: u64,
    /// Least time between two rebinds on the same platform, in seconds.
    pub rebind_secs: u64,
    /// Least time between two rebinds when the worker goes to another platform, in seconds.
    pub rebind_elsewhere_secs: u64,
    /// Time after the end of its lease at which anybody may remove a worker without a session, in seconds.
    pub removal_secs: u64,
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
        renewal_tokens: 4,
        renewal_token_secs: 15 * 60,
        rebind_secs: 24 * 3600,
        rebind_elsewhere_secs: 7 * 24 * 3600,
        removal_secs: 30 * 24 * 3600,
    };

    /// Those of a network on one machine.
    pub const LOCAL: Self = Self {
        lease_secs: 600,
        freshness_blocks: 300,
        benchmark_secs: 6,
        workers_per_platform: 8,
        renewal_tokens: 10,
        renewal_token_secs: 10,
        rebind_secs: 60,
        rebind_elsewhere_secs: 300,
        removal_secs: 3600,
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
            && self.renewal_tokens > 0
            && self.renewal_token_secs > 0
            && self.rebind_secs > 0
            && self.rebind_elsewhere_secs > 0
            && self.removal_secs > 0
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
    /// Renewals that cost no fee.
    pub renewals: Renewals,
    /// Freshness of the newest evidence that a renewal was refused with; 0 for none. Nothing as old spends a renewal again.
    pub refused_freshness: BlockNumber,
    /// Times that it went to another operator with this key.
    pub operator_changes: u32,
    /// When it was last bound to another key, in seconds since 1970; 0 for never.
    pub rebound_secs: u64,
}

/// Renewals that a worker has left: a bucket of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Renewals {
    /// Left at that time.
    pub left: u32,
    /// Since when the next one is on its way back, in seconds since 1970.
    pub since_secs: u64,
}

impl Renewals {
    /// A full bucket.
    pub fn full(parameters: &Parameters, now_secs: u64) -> Self {
        Self {
            left: parameters.renewal_tokens,
            since_secs: now_secs,
        }
    }

    /// With what has come back until now.
    pub fn at(self, parameters: &Parameters, now_secs: u64) -> Self {
        let passed = now_secs.saturating_sub(self.since_secs);
        let back = passed.checked_div(parameters.renewal_token_secs).unwrap_or(0);
        let left = u64::from(self.left).saturating_add(back);
        if left >= u64::from(parameters.renewal_tokens) {
            return Self::full(parameters, now_secs);
        }
        Self {
            left: u32::try_from(left).unwrap_or(parameters.renewal_tokens),
            since_secs: self.since_secs.saturating_add(back.saturating_mul(parameters.renewal_token_secs)),
        }
    }

    /// With one spent; `None` when none is left.
    pub fn spend(self, parameters: &Parameters, now_secs: u64) -> Option<Self> {
        let now = self.at(parameters, now_secs);
        Some(Self {
            left: now.left.checked_sub(1)?,
            ..now
        })
    }
}

/// Why the newest evidence of a worker was refused, or its lease was ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RefusalRecord {
    /// Why.
    pub why: Refusal,
    /// In which block.
    pub block: BlockNumber,
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
