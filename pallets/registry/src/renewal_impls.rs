//! Renewing a registration without a fee, and judging again what is known of a worker.

use crate::{
    authorized::{is_signed_by, PRIORITY},
    Config, Error, Event, OnWorkerChange, Pallet, Params, RefusalRecord, Refusals, WorkerState, Workers,
};
use frame_support::pallet_prelude::*;
use khala_pallet_attestation::Refusal;
use khala_primitives::{Evidence, Renewal, WorkerInfo, WorkerPublicKey, WorkerSignature};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, ValidTransaction},
    DispatchError,
};

/// What judging a worker again did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Judged {
    /// Something is different: its worth, or its lease.
    Changed,
    /// It is worth what it was worth.
    Same,
}

/// How much of the evidence of a renewal had to be verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verified {
    /// The quote's own signature: the certification bytes were those of before.
    Quote,
    /// Perhaps every signature.
    Everything,
}

impl<T: Config> Pallet<T> {
    /// Cheap checks on the state, then one signature. The evidence itself is looked at in the body alone, so that bad evidence
    /// costs a renewal.
    pub(crate) fn authorize_renew_worker(
        _source: TransactionSource,
        info: &WorkerInfo,
        evidence: &Evidence,
        signature: &WorkerSignature,
    ) -> TransactionValidityWithRefund {
        let worker = info.identity_key;
        // Before anything is hashed: what is too long costs nobody anything.
        ensure!(evidence.quote().len() <= Evidence::MAX_QUOTE, InvalidTransaction::Call);
        let stored = Workers::<T>::get(worker).ok_or(InvalidTransaction::Stale)?;
        let parameters = Params::<T>::get();
        Self::check_same_worker(&stored.info, info).map_err(|_| InvalidTransaction::Stale)?;
        Self::check_info(info, parameters.freshness_blocks).map_err(|error| match error {
            Error::<T>::FreshnessInFuture => InvalidTransaction::Future,
            _ => InvalidTransaction::Stale,
        })?;
        // A refused renewal changes nothing else that would stop anybody from sending it again.
        ensure!(info.freshness.number > stored.refused_freshness, InvalidTransaction::Stale);
        let left = stored.renewals.at(&parameters, Self::now_ms() / 1000).left;
        // Not ExhaustsResources: that would tell block authors that the block is full.
        ensure!(left > 0, InvalidTransaction::Stale);
        let renewal = Renewal::new(worker, evidence, info.freshness);
        let message = renewal.message(&Self::genesis_hash());
        ensure!(is_signed_by(&worker, &message, signature), InvalidTransaction::BadProof);

        let age = Self::block_number().saturating_sub(info.freshness.number);
        let valid = ValidTransaction::with_tag_prefix("khala/renewal")
            .and_provides((worker, info.freshness.number))
            .priority(PRIORITY)
            .longevity(u64::from(parameters.freshness_blocks.saturating_sub(age)).max(1))
            .propagate(true)
            .into();
        Ok((valid, Weight::zero()))
    }

    pub(crate) fn do_renew_worker(info: WorkerInfo, evidence: &Evidence) -> Result<Verified, DispatchError> {
        let worker = info.identity_key;
        let mut stored = Workers::<T>::get(worker).ok_or(Error::<T>::UnknownWorker)?;
        let parameters = Params::<T>::get();
        let now_ms = Self::now_ms();
        stored.renewals = stored.renewals.spend(&parameters, now_ms / 1000).ok_or(Error::<T>::NoRenewalLeft)?;
        match Self::verify_again(&stored, &info, evidence, now_ms) {
            Ok(verdict) => {
                let is_known = verdict.certification_hash == stored.verdict.certification_hash;
                Self::renew(stored, info, verdict, &parameters, now_ms);
                Ok(if is_known { Verified::Quote } else { Verified::Everything })
            }
            Err(why) => {
                stored.refused_freshness = stored.refused_freshness.max(info.freshness.number);
                Workers::<T>::insert(worker, stored);
                Self::note_refusal(&worker, why);
                Ok(Verified::Everything)
            }
        }
    }

    /// Judges a worker again by what is stored of it. What speaks against it ends its lease.
    ///
    /// # Errors
    /// Documents are missing or late: nothing is known, and nothing changes.
    pub(crate) fn judge_stored(worker: &WorkerPublicKey, mut state: WorkerState) -> Result<Judged, DispatchError> {
        let now_secs = Self::now_ms() / 1000;
        let before = (state.verdict.level, state.verdict.status, state.lease_end_secs);
        match khala_pallet_attestation::Pallet::<T>::judge_again(&state.verdict, now_secs) {
            Ok(verdict) => {
                state.lease_end_secs = state.lease_end_secs.min(verdict.expires_at_secs);
                state.verdict = verdict;
                if before.0 != state.verdict.level || before.1 != state.verdict.status {
                    let level = state.verdict.level;
                    Self::deposit_event(Event::WorkerReverified { worker: *worker, level });
                }
            }
            Err(why) if why.is_against_worker() => {
                // Judged, under this version of the policy, and found wanting.
                state.verdict.policy_version = khala_pallet_attestation::PolicyVersion::<T>::get();
                state.lease_end_secs = state.lease_end_secs.min(now_secs);
                Self::note_refusal(worker, why);
            }
            Err(why) => return Err(khala_pallet_attestation::Error::<T>::from(why).into()),
        }
        let after = (state.verdict.level, state.verdict.status, state.lease_end_secs);
        let facts = Self::facts_of(&state);
        Workers::<T>::insert(worker, state);
        T::OnChange::on_judged(worker, &facts);
        Ok(if after == before { Judged::Same } else { Judged::Changed })
    }

    fn note_refusal(worker: &WorkerPublicKey, why: Refusal) {
        let block = Self::block_number();
        Refusals::<T>::insert(worker, RefusalRecord { why, block });
        Self::deposit_event(Event::EvidenceRefused { worker: *worker, why });
    }
}
