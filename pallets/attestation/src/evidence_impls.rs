//! Verifying a worker's evidence.

use crate::{Advisories, Config, Error, MeasurementStanding, Pallet, Policy, PolicyVersion, Roles, TrustedRoots, VerdictRecord};
use alloc::vec::Vec;
use frame_support::ensure;
use khala_attestation::{bind, collateral::Collateral, verdict::Verdict, verify};
use khala_primitives::{ConfidenceLevel, Evidence, WorkerInfo};

impl<T: Config> Pallet<T> {
    /// Verifies evidence completely, as of `now_secs` (seconds since 1970), for the role of a worker.
    ///
    /// The quote is checked with `collateral` up to a trusted root, must be bound to `info`, must come from allowed code with
    /// nothing set that its host could have chosen, and from a platform that the policy accepts. Every doubt refuses.
    pub fn verify_evidence(
        info: &WorkerInfo,
        evidence: &Evidence,
        collateral: &Collateral,
        now_secs: u64,
    ) -> Result<VerdictRecord, Error<T>> {
        ensure!(evidence.quote().len() <= Evidence::MAX_QUOTE, Error::<T>::QuoteTooLong);
        let trusted = TrustedRoots::<T>::get();
        let roots: Vec<&[u8]> = trusted.iter().map(|root| root.as_slice()).collect();
        let verdict = verify::verify(evidence.quote(), collateral, &roots, now_secs).map_err(|error| Self::refuse(&error))?;
        ensure!(verdict.tee == evidence.tee(), Error::<T>::OtherTee);
        bind::check_binding(&verdict, info).map_err(|error| Self::refuse(&error))?;
        Self::ensure_may_work(&verdict, now_secs)?;
        let level = Policy::<T>::get().judge(&verdict).map_err(|error| Self::refuse_by_policy(&error))?;
        Self::record(verdict, level)
    }

    fn ensure_may_work(verdict: &Verdict, now_secs: u64) -> Result<(), Error<T>> {
        match Self::measurement_standing(&verdict.measurement, Roles::WORKER, now_secs) {
            MeasurementStanding::Active => Ok(()),
            MeasurementStanding::NotAllowed => Err(Error::<T>::MeasurementNotAllowed),
            MeasurementStanding::NotYetActive => Err(Error::<T>::MeasurementNotYetActive),
            MeasurementStanding::Deprecated => Err(Error::<T>::MeasurementDeprecated),
        }
    }

    pub(crate) fn record(verdict: Verdict, level: ConfidenceLevel) -> Result<VerdictRecord, Error<T>> {
        Ok(VerdictRecord {
            tee: verdict.tee,
            status: verdict.status,
            advisories: Advisories::try_from(verdict.advisories).map_err(|_| Error::<T>::TooManyAdvisories)?,
            level,
            measurement: verdict.measurement,
            platform_id: verdict.platform_id,
            fmspc: verdict.fmspc,
            policy_version: PolicyVersion::<T>::get(),
            expires_at_secs: verdict.expires_at_secs,
        })
    }
}
