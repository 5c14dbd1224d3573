//! How the registry is seen by the pallets that put workers to use.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
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

    /// Version of the policy that counts now.
    fn policy_version() -> u32;

    /// Most that [`Self::judge_again`] costs.
    fn judge_weight() -> Weight;

    /// Judges what is known of a worker again when the policy has changed, without a signature; its facts after that. Whoever
    /// puts workers to use calls it before it relies on facts that were judged under another version.
    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId>>;

    /// Makes a worker known without evidence, for benchmarks of other pallets.
    #[cfg(feature = "runtime-benchmarks")]
    fn bench_insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId>);
}

/// Is told of changes, and asked before a worker goes.
pub trait OnWorkerChange<AccountId> {
    /// A worker was registered, or its registration was renewed: instance, lease and level may be new.
    fn on_registered(worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId>);

    /// What the worker's evidence is worth was judged again, or its score was measured again: level, lease and score may be new.
    fn on_judged(worker: &WorkerPublicKey, facts: &WorkerFacts<AccountId>);

    /// The worker has another key from now on; `facts` are those of the new evidence.
    fn on_rebound(old: &WorkerPublicKey, new: &WorkerPublicKey, facts: &WorkerFacts<AccountId>);

    /// May the worker be retired, or go to another operator, now? Not while it has a session with something at stake.
    fn can_retire(worker: &WorkerPublicKey) -> bool;

    /// The worker, who could be, was retired or went to another operator: its pool is not its pool any more.
    fn on_retired(worker: &WorkerPublicKey);
}

/// Nobody listens, and everybody may go.
impl<AccountId> OnWorkerChange<AccountId> for () {
    fn on_registered(_worker: &WorkerPublicKey, _facts: &WorkerFacts<AccountId>) {}

    fn on_judged(_worker: &WorkerPublicKey, _facts: &WorkerFacts<AccountId>) {}

    fn on_rebound(_old: &WorkerPublicKey, _new: &WorkerPublicKey, _facts: &WorkerFacts<AccountId>) {}

    fn can_retire(_worker: &WorkerPublicKey) -> bool {
        true
    }

    fn on_retired(_worker: &WorkerPublicKey) {}
}
