//! Changing what is trusted.
//!
//! Each change applies at once and raises [`PolicyVersion`], so that a verdict shows under which state of trust it was made.

use crate::{
    root_certificate::is_root, types::is_for_chain, AllowedMeasurement, AllowedMeasurements, Config, Error, Event, Pallet, Policy,
    PolicyVersion, TrustedRoot, TrustedRoots,
};
use alloc::vec::Vec;
use frame_support::ensure;
use khala_attestation::policy::AttestationPolicy;
use khala_primitives::{MeasurementDigest, H256};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_policy(policy: AttestationPolicy) -> DispatchResult {
        ensure!(is_for_chain(&policy), Error::<T>::InvalidPolicy);
        Policy::<T>::put(policy);
        let version = Self::raise_version();
        Self::deposit_event(Event::PolicyChanged { version });
        Ok(())
    }

    pub(crate) fn do_allow_measurement(measurement: MeasurementDigest, allowed: AllowedMeasurement) -> DispatchResult {
        ensure!(!allowed.roles.is_empty() && allowed.roles.is_known(), Error::<T>::InvalidRoles);
        ensure!(
            allowed.deprecated_from_secs.is_none_or(|end| allowed.active_from_secs < end),
            Error::<T>::EmptyPeriod
        );
        AllowedMeasurements::<T>::insert(measurement, allowed);
        Self::raise_version();
        Self::deposit_event(Event::MeasurementAllowed {
            measurement,
            roles: allowed.roles,
            active_from_secs: allowed.active_from_secs,
            deprecated_from_secs: allowed.deprecated_from_secs,
        });
        Ok(())
    }

    pub(crate) fn do_deprecate_measurement(measurement: MeasurementDigest, from_secs: u64) -> DispatchResult {
        AllowedMeasurements::<T>::try_mutate(measurement, |entry| {
            let allowed = entry.as_mut().ok_or(Error::<T>::UnknownMeasurement)?;
            allowed.deprecated_from_secs = Some(from_secs);
            Ok::<_, Error<T>>(())
        })?;
        Self::raise_version();
        Self::deposit_event(Event::MeasurementDeprecated { measurement, from_secs });
        Ok(())
    }

    pub(crate) fn do_add_trusted_root(root: Vec<u8>) -> DispatchResult {
        ensure!(is_root(&root), Error::<T>::InvalidRoot);
        let root = TrustedRoot::try_from(root).map_err(|_| Error::<T>::InvalidRoot)?;
        let hash = root_hash(&root);
        TrustedRoots::<T>::try_mutate(|trusted| {
            ensure!(!trusted.contains(&root), Error::<T>::RootAlreadyTrusted);
            trusted.try_push(root).map_err(|_| Error::<T>::TooManyRoots)
        })?;
        Self::raise_version();
        Self::deposit_event(Event::RootTrusted { root: hash });
        Ok(())
    }

    pub(crate) fn do_remove_trusted_root(root: H256) -> DispatchResult {
        TrustedRoots::<T>::try_mutate(|trusted| {
            let place = trusted
                .iter()
                .position(|known| root_hash(known) == root)
                .ok_or(Error::<T>::UnknownRoot)?;
            trusted.remove(place);
            Ok::<_, Error<T>>(())
        })?;
        Self::raise_version();
        Self::deposit_event(Event::RootDistrusted { root });
        Ok(())
    }

    fn raise_version() -> u32 {
        PolicyVersion::<T>::mutate(|version| {
            *version = version.saturating_add(1);
            *version
        })
    }
}

/// By this a root is named in calls and events.
pub(crate) fn root_hash(root: &[u8]) -> H256 {
    H256(sp_io::hashing::blake2_256(root))
}
