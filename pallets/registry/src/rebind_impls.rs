//! Giving a worker another key, when the old one is lost in a seal that does not open any more.

use crate::{
    registration_impls::refusal_of_call, Config, Error, Event, OnWorkerChange, Pallet, Parameters, Params, Platforms, Refusals, Tombstones,
    WorkerState, Workers,
};
use frame_support::ensure;
use khala_pallet_attestation::{AllowedMeasurements, VerdictRecord};
use khala_primitives::{AccountId32, Evidence, WorkerInfo, WorkerPublicKey};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_rebind_worker(who: &AccountId32, old: &WorkerPublicKey, info: WorkerInfo, evidence: &Evidence) -> DispatchResult {
        let stored = Workers::<T>::get(old).ok_or(Error::<T>::UnknownWorker)?;
        Self::check_registrar(who, &stored.info.operator)?;
        ensure!(info.operator == stored.info.operator, Error::<T>::OperatorDiffers);
        let new = info.identity_key;
        ensure!(!Workers::<T>::contains_key(new), Error::<T>::KeyInUse);
        ensure!(!Tombstones::<T>::contains_key(new), Error::<T>::KeyGivenUp);
        let parameters = Params::<T>::get();
        Self::check_info(&info, parameters.freshness_blocks)?;
        ensure!(info.freshness.number > stored.info.freshness.number, Error::<T>::EvidenceReplayed);
        let now_ms = Self::now_ms();
        let verdict = Self::verify(&info, evidence, now_ms).map_err(refusal_of_call::<T>)?;
        Self::check_rebind(&stored, &verdict, &parameters, now_ms / 1000)?;

        let elsewhere = verdict.platform_id() != stored.verdict.platform_id();
        let state = WorkerState {
            rebound_secs: now_ms / 1000,
            // The new key's pRuntime counts from its first start; permissions name the key, so none is good twice.
            operator_changes: 0,
            // Another machine has another speed: the score is measured anew, and never rises by it.
            benchmark: if elsewhere {
                Some(Self::new_benchmark(now_ms)?)
            } else {
                stored.benchmark
            },
            ..stored
        };
        if elsewhere {
            Self::enter_platform(&verdict.platform_id(), parameters.workers_per_platform)?;
            Self::leave_platform(&state.verdict.platform_id(), state.score);
            Platforms::<T>::try_mutate(verdict.platform_id(), |load| {
                let score = state.score.map_or(0, |score| score.value);
                load.score = load.score.saturating_add(score);
                ensure!(load.score <= parameters.max_platform_score, Error::<T>::PlatformFull);
                Ok::<_, Error<T>>(())
            })?;
        }
        Workers::<T>::remove(old);
        Refusals::<T>::remove(old);
        Tombstones::<T>::insert(old, new);
        Self::deposit_event(Event::WorkerRebound {
            old: *old,
            new,
            platform_id: verdict.platform_id(),
        });
        Self::renew(state, info, verdict, &parameters, now_ms);
        if let Some(state) = Workers::<T>::get(new) {
            T::OnChange::on_rebound(old, &new, &Self::facts_of(&state));
        }
        Ok(())
    }

    /// Not too often: a worker that changes its key or its machine at will could answer for whichever is hit.
    fn check_rebind(stored: &WorkerState, verdict: &VerdictRecord, parameters: &Parameters, now_secs: u64) -> Result<(), Error<T>> {
        let since = now_secs.saturating_sub(stored.rebound_secs);
        let is_over = |least_secs| stored.rebound_secs == 0 || since >= least_secs;
        let may = if verdict.platform_id() != stored.verdict.platform_id() {
            is_over(parameters.rebind_elsewhere_secs)
        } else {
            is_over(parameters.rebind_secs) || Self::is_upgrade(stored, verdict)
        };
        ensure!(may, Error::<T>::ReboundRecently);
        Ok(())
    }

    /// Does it run other code than before, which was allowed since the last rebind? Each such code counts once.
    fn is_upgrade(stored: &WorkerState, verdict: &VerdictRecord) -> bool {
        verdict.measurement() != stored.verdict.measurement()
            && AllowedMeasurements::<T>::get(verdict.measurement()).is_some_and(|allowed| allowed.active_from_secs > stored.rebound_secs)
    }
}
