//! What others ask, and what always holds.

use crate::{AllowedMeasurements, Config, MeasurementStanding, Pallet, Roles};
use khala_primitives::MeasurementDigest;

impl<T: Config> Pallet<T> {
    /// How code stands for a role at `now_secs`, in seconds since 1970 of the chain's time.
    pub fn measurement_standing(measurement: &MeasurementDigest, role: Roles, now_secs: u64) -> MeasurementStanding {
        AllowedMeasurements::<T>::get(measurement).map_or(MeasurementStanding::NotAllowed, |allowed| allowed.standing(role, now_secs))
    }
}

#[cfg(any(feature = "try-runtime", test))]
impl<T: Config> Pallet<T> {
    /// Checks that only what the calls accept is trusted.
    pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        use crate::{root_certificate::is_root, types::is_for_chain, Policy, TrustedRoots};
        use alloc::collections::BTreeSet;
        use frame_support::ensure;

        let roots = TrustedRoots::<T>::get();
        ensure!(roots.iter().all(|root| is_root(root)), "a trusted root is no root certificate");
        ensure!(
            roots.iter().collect::<BTreeSet<_>>().len() == roots.len(),
            "a root is trusted twice"
        );
        ensure!(is_for_chain(&Policy::<T>::get()), "the policy is not valid");
        for (_, allowed) in AllowedMeasurements::<T>::iter() {
            ensure!(
                !allowed.roles.is_empty() && allowed.roles.is_known(),
                "code is allowed for roles that do not exist"
            );
        }
        Ok(())
    }
}
