//! How the registry is seen by the pallets that put workers to use.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{ConfidenceLevel, Instance, MeasurementDigest, WorkerPublicKey};
use scale_info::TypeInfo;

/// What mining must know of a worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct WorkerFacts<AccountId> {
    /// Who may bind the worker to a pool or retire it.
    pub operator: AccountId,
    /// The run of the enclave that the evidence is for: the only one that may answer.
    pub instance: Instance,
    /// End of the lease, in seconds since 1970. The lease lives while the chain's time is before it.
    pub lease_end_secs: u64,
    /// What the evidence is worth.
    pub level: ConfidenceLevel,
    /// Score P of the benchmark, when it was measured.
    pub score: Option<u32>,
    /// Version of the policy by which the evidence was judged.
    pub policy_version: u32,
    /// Which code runs.
    pub measurement: MeasurementDigest,
}

/// Reads what is known of workers.
pub trait WorkerDirectory<AccountId> {
    /// The facts of a worker; `None` when it is not registered.
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId>>;

    /// Makes a worker known without evidence, for benchmarks of other pallets.
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId>);
}

/// Is told of changes, and asked before a worker goes.
pub trait OnWorkerChange<AccountId> {
    /// A worker was registered, or its registration was renewed: instance, lease and level may be new.
    fn on_registered(worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId>);

    /// May the worker be retired now? Not while it has a session with something at stake.
    fn can_retire(worker: &WorkerPublicKey) -> bool;
}

/// Nobody listens, and everybody may go.
impl<AccountId> OnWorkerChange<AccountId> for () {
    fn on_registered(_worker: &WorkerPublicKey, _facts: &WorkerFacts<AccountId>) {}

    fn can_retire(_worker: &WorkerPublicKey) -> bool {
        true
    }
}
