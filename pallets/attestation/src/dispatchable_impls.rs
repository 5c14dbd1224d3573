//! Changing what is trusted.
//!
//! Trusting less applies at once, trusting more after a notice of [`crate::Parameters::loosening_delay_secs`]. Each change raises
//! [`PolicyVersion`], so that a verdict shows under which state of trust it was made.

use crate::{
    types::is_for_chain, AllowedMeasurement, AllowedMeasurements, Config, Error, Event, MeasurementStanding, NextPolicy, Pallet, Params,
    Policy, PolicyVersion, RootCertificate, TrustedRoot, TrustedRoots,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::UnixTime};
use khala_attestation::{policy::AttestationPolicy, roots};
use khala_primitives::{MeasurementDigest, H256};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// What both the old and the new policy accept counts from now on; the new policy, if it accepts more, after its notice.
    pub(crate) fn do_set_policy(policy: AttestationPolicy) -> DispatchResult {
        ensure!(is_for_chain(&policy), Error::<T>::InvalidPolicy);
        let current = Policy::<T>::get();
        let now_secs = Self::now_secs();
        let numbers = [&current, &policy].map(|policy| policy.evaluation_numbers.map_or(0, |numbers| numbers.current_at(now_secs)));
        ensure!(numbers[0] <= numbers[1], Error::<T>::InvalidPolicy);
        let strict = current.stricter(&policy).ok_or(Error::<T>::PolicyTooLong)?;
        if strict == policy {
            if let Some((_, from_secs)) = NextPolicy::<T>::take() {
                Self::deposit_event(Event::PolicyWithdrawn { from_secs });
            }
        } else {
            let from_secs = Self::earliest_secs();
            NextPolicy::<T>::put((policy, from_secs));
            Self::deposit_event(Event::PolicyAnnounced { from_secs });
        }
        if strict != current {
            Self::put_policy(strict);
        }
        Ok(())
    }

    /// Applies the announced policy when its time has come.
    pub(crate) fn apply_next_policy() {
        let due = NextPolicy::<T>::get().filter(|(_, from_secs)| *from_secs <= Self::now_secs());
        if let Some((policy, _)) = due {
            NextPolicy::<T>::kill();
            Self::put_policy(policy);
        }
    }

    fn put_policy(policy: AttestationPolicy) {
        Policy::<T>::put(policy);
        let version = Self::raise_version();
        Self::deposit_event(Event::PolicyChanged { version });
    }

    pub(crate) fn do_allow_measurement(measurement: MeasurementDigest, mut allowed: AllowedMeasurement) -> DispatchResult {
        ensure!(!allowed.roles.is_empty() && allowed.roles.is_known(), Error::<T>::InvalidRoles);
        let earliest_secs = Self::earliest_secs();
        let before = AllowedMeasurements::<T>::get(measurement);
        match before.filter(|before| before.standing(before.roles, Self::now_secs()) == MeasurementStanding::Active) {
            Some(before) => {
                ensure!(before.roles.contains(allowed.roles), Error::<T>::RolesFixed);
                // It runs already: what may be loosened is its end, while the old one is far enough away.
                let is_longer = match (before.deprecated_from_secs, allowed.deprecated_from_secs) {
                    (None, _) => false,
                    (Some(before), after) => after.is_none_or(|after| after > before),
                };
                let has_notice = before.deprecated_from_secs.is_none_or(|end| end >= earliest_secs);
                ensure!(!is_longer || has_notice, Error::<T>::TooSoon);
            }
            None => allowed.active_from_secs = allowed.active_from_secs.max(earliest_secs),
        }
        Self::put_measurement(measurement, allowed)
    }

    pub(crate) fn put_measurement(measurement: MeasurementDigest, allowed: AllowedMeasurement) -> DispatchResult {
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
            let is_longer = allowed.deprecated_from_secs.is_some_and(|end| from_secs > end);
            ensure!(!is_longer, Error::<T>::TooSoon);
            allowed.deprecated_from_secs = Some(from_secs);
            Ok::<_, Error<T>>(())
        })?;
        Self::raise_version();
        Self::deposit_event(Event::MeasurementDeprecated { measurement, from_secs });
        Ok(())
    }

    pub(crate) fn do_add_trusted_root(certificate: Vec<u8>, active_from_secs: u64) -> DispatchResult {
        let key_hash = roots::key_hash(&certificate).map_err(|_| Error::<T>::InvalidRoot)?;
        let certificate = RootCertificate::try_from(certificate).map_err(|_| Error::<T>::InvalidRoot)?;
        let root = root_hash(&certificate);
        TrustedRoots::<T>::try_mutate(|trusted| {
            let is_known = trusted.iter().any(|known| known.certificate == certificate);
            ensure!(!is_known, Error::<T>::RootAlreadyTrusted);
            let entry = TrustedRoot {
                certificate,
                key_hash,
                active_from_secs,
            };
            trusted.try_push(entry).map_err(|_| Error::<T>::TooManyRoots)
        })?;
        Self::raise_version();
        Self::deposit_event(Event::RootTrusted { root, active_from_secs });
        Ok(())
    }

    pub(crate) fn do_remove_trusted_root(root: H256) -> DispatchResult {
        TrustedRoots::<T>::try_mutate(|trusted| {
            let place = trusted
                .iter()
                .position(|known| root_hash(&known.certificate) == root)
                .ok_or(Error::<T>::UnknownRoot)?;
            trusted.remove(place);
            Ok::<_, Error<T>>(())
        })?;
        Self::raise_version();
        Self::deposit_event(Event::RootDistrusted { root });
        Ok(())
    }

    /// The chain's time, in seconds since 1970.
    pub(crate) fn now_secs() -> u64 {
        T::Time::now().as_secs()
    }

    /// The first moment at which more may be trusted than now, in seconds since 1970.
    pub(crate) fn earliest_secs() -> u64 {
        Self::now_secs().saturating_add(Params::<T>::get().loosening_delay_secs)
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
