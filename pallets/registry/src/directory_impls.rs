//! How others see the workers.

use crate::{
    benchmark_impls::deadline_ms, Config, Pallet, Params, Refusals, WeightInfo, WorkerDirectory, WorkerFacts, WorkerState, Workers,
};
use alloc::string::ToString;
use frame_support::weights::Weight;
use khala_pallet_attestation::PolicyVersion;
use khala_primitives::{
    status::{BenchmarkRequest, RegistrationStatus},
    AccountId32, WorkerPublicKey, H256,
};

impl<T: Config> Pallet<T> {
    /// What the runtime API tells of a worker's registration.
    ///
    /// A benchmark is shown while it can be answered. When neither a score nor a benchmark is shown, the worker has to register
    /// again.
    pub fn registration_status(worker: &WorkerPublicKey) -> Option<RegistrationStatus> {
        let state = Workers::<T>::get(worker)?;
        let parameters = Params::<T>::get();
        let now_ms = Self::now_ms();
        let benchmark = state
            .benchmark
            .filter(|pending| now_ms <= deadline_ms(pending, &parameters))
            .map(|pending| BenchmarkRequest {
                block: pending.block,
                seed: pending.seed,
                secs: parameters.benchmark_secs,
            });
        Some(RegistrationStatus {
            operator: state.info.operator,
            version: state.info.version,
            instance: state.info.instance,
            freshness: state.info.freshness.number,
            tee: state.verdict.tee(),
            platform_id: state.verdict.platform_id(),
            fmspc: state.verdict.fmspc().to_string(),
            pck_ca: H256(state.verdict.facts.certified.ca_hash),
            renewals_left: state.renewals.at(&parameters, now_ms / 1000).left,
            operator_changes: state.operator_changes,
            refused: Refusals::<T>::get(worker).map(|refused| refused.why.message()),
            tcb_status: state.verdict.status,
            advisories: state.verdict.advisories.iter().map(|name| name.to_string()).collect(),
            confidence_level: state.verdict.level,
            measurement: state.verdict.measurement(),
            lease_end_secs: state.lease_end_secs,
            score: state.score.map(|score| score.value),
            benchmark,
        })
    }

    pub(crate) fn facts_of(state: &WorkerState) -> WorkerFacts<AccountId32> {
        WorkerFacts {
            operator: state.info.operator.clone(),
            instance: state.info.instance,
            lease_end_secs: state.lease_end_secs,
            level: state.verdict.level,
            score: state.score.map(|score| score.value),
            policy_version: state.verdict.policy_version,
            measurement: state.verdict.measurement(),
        }
    }
}

impl<T: Config> WorkerDirectory<AccountId32> for Pallet<T> {
    fn facts(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        Workers::<T>::get(worker).map(|state| Self::facts_of(&state))
    }

    fn policy_version() -> u32 {
        PolicyVersion::<T>::get()
    }

    fn judge_weight() -> Weight {
        <T as Config>::WeightInfo::reverify_worker()
    }

    fn judge_again(worker: &WorkerPublicKey) -> Option<WorkerFacts<AccountId32>> {
        let state = Workers::<T>::get(worker)?;
        if state.verdict.policy_version == PolicyVersion::<T>::get() {
            return Some(Self::facts_of(&state));
        }
        // Where documents are missing or late nothing is known that speaks against the worker; its lease ends by itself.
        let _ = Self::judge_stored(worker, state);
        Workers::<T>::get(worker).map(|state| Self::facts_of(&state))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn bench_insert(worker: WorkerPublicKey, facts: WorkerFacts<AccountId32>) {
        Workers::<T>::insert(worker, crate::benchmarking::worker_state(worker, facts));
    }
}
