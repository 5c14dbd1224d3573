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
    /// Checks that only what the calls accept is trusted and kept.
    pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        use crate::{
            types::is_for_chain, NextPolicy, PckCrls, Policy, QeIdentities, RevokedByCa, RevokedByRoot, RootCrls, TcbInfos, TrustedRoots,
        };
        use alloc::collections::BTreeSet;
        use frame_support::ensure;
        use khala_attestation::roots;

        let roots = TrustedRoots::<T>::get();
        for root in &roots {
            let key_hash = roots::key_hash(&root.certificate).map_err(|_| "a trusted root is no root certificate")?;
            ensure!(key_hash == root.key_hash, "a trusted root has another key");
        }
        let certificates: BTreeSet<_> = roots.iter().map(|root| &root.certificate).collect();
        ensure!(certificates.len() == roots.len(), "a root is trusted twice");
        ensure!(is_for_chain(&Policy::<T>::get()), "the policy is not valid");
        if let Some((next, _)) = NextPolicy::<T>::get() {
            ensure!(is_for_chain(&next), "the announced policy is not valid");
        }
        for (_, allowed) in AllowedMeasurements::<T>::iter() {
            ensure!(
                !allowed.roles.is_empty() && allowed.roles.is_known(),
                "code is allowed for roles that do not exist"
            );
        }
        for (root, list) in RootCrls::<T>::iter() {
            ensure!(list.root_key_hash == root, "a root's list is kept under another root");
        }
        for (ca, list) in PckCrls::<T>::iter() {
            ensure!(list.ca_hash == ca, "a PCK CA's list is kept under another CA");
        }
        for (root, _, ()) in RevokedByRoot::<T>::iter() {
            ensure!(
                RootCrls::<T>::contains_key(root),
                "a certificate is revoked by a root without a list"
            );
        }
        for (ca, _, ()) in RevokedByCa::<T>::iter() {
            ensure!(
                PckCrls::<T>::contains_key(ca),
                "a certificate is revoked by a PCK CA without a list"
            );
        }
        for (family, number, kept) in TcbInfos::<T>::iter() {
            let info = kept.info;
            let name = (kept.root_key_hash, info.tee, info.fmspc, info.evaluation_data_number);
            ensure!(
                name == (family.root, family.tee, family.fmspc, number),
                "TCB info is kept under another name"
            );
        }
        for (enclave, number, kept) in QeIdentities::<T>::iter() {
            let name = (kept.root_key_hash, kept.identity.tee, kept.identity.evaluation_data_number);
            ensure!(
                name == (enclave.root, enclave.tee, number),
                "a QE identity is kept under another name"
            );
        }
        Ok(())
    }
}
