//! Benchmarks of the calls and hooks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects
)] // a benchmark that cannot be set up has to stop

mod documents;

pub use documents::recorded;

use crate::{
    dispatchable_impls::root_hash, AllowedMeasurement, AllowedMeasurements, Call, Config, NextPolicy, Pallet, Parameters, Params, Policy,
    QeIdentities, RevokedByCa, RevokedByRoot, Roles, RootCertificate, TcbInfos, TrustedRoot, TrustedRoots, MAX_ROOTS, MAX_ROOT_LEN,
};
use alloc::vec::Vec;
use documents::{largest_qe_identity, largest_tcb_info, list, PCK_CA, ROOT};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{ConstU32, EnsureOrigin, Hooks},
    weights::WeightMeter,
    BoundedVec,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use khala_attestation::{
    collateral::Collateral,
    crl::MAX_REVOKED,
    development,
    hex_bytes::Fmspc,
    policy::{AttestationPolicy, MAX_DENIED_PLATFORMS, MAX_LIST},
    rollback::EvaluationNumbers,
    roots,
};
use khala_primitives::{MeasurementDigest, PlatformId};

const MEASUREMENT: MeasurementDigest = MeasurementDigest([7; 32]);
const ALLOWED: AllowedMeasurement = AllowedMeasurement {
    roles: Roles::WORKER.with(Roles::GATEKEEPER),
    active_from_secs: 1,
    deprecated_from_secs: Some(u64::MAX),
};
/// Evaluation numbers of documents that are kept and count no more.
const PAST_NUMBERS: [u32; 2] = [1, 2];

fn development_policy() -> AttestationPolicy {
    AttestationPolicy {
        evaluation_numbers: Some(EvaluationNumbers {
            current: development::EVALUATION_DATA_NUMBER,
            next: None,
        }),
        ..AttestationPolicy::default_for_chain()
    }
}

/// A policy whose lists are half full, but for advisories: these are named by text.
fn half_full_policy(byte: u8) -> AttestationPolicy {
    let mut policy = development_policy();
    for index in 0..MAX_LIST / 2 {
        let [.., low] = index.to_be_bytes();
        policy.denied_fmspcs.try_push(Fmspc([byte, low, 0, 0, 0, 0])).unwrap();
    }
    for index in 0..MAX_DENIED_PLATFORMS / 2 {
        let [.., low] = index.to_be_bytes();
        let mut platform = [byte; 32];
        platform[0] = low;
        policy.denied_platforms.try_push(PlatformId(platform)).unwrap();
    }
    policy
}

/// Trusts the development TEE, and Intel's root beside it.
pub fn trust_development<T: Config>() {
    TrustedRoots::<T>::kill();
    for root in [roots::INTEL, development::ROOT_DER] {
        Pallet::<T>::do_add_trusted_root(root.to_vec(), 0).unwrap();
    }
    let always = AllowedMeasurement {
        roles: Roles::WORKER,
        active_from_secs: 0,
        deprecated_from_secs: None,
    };
    AllowedMeasurements::<T>::insert(development::measurement(), always);
    Policy::<T>::put(development_policy());
    Params::<T>::put(Parameters::KHALA);
}

/// Keeps the recorded collateral. The chain's time has to be the recorded one.
pub fn keep_recorded<T: Config>() {
    let (collateral, _) = recorded();
    let chain = collateral.pck_crl_issuer_chain.as_bytes();
    Pallet::<T>::do_upsert_root_crl(&collateral.root_ca_crl).unwrap();
    Pallet::<T>::do_upsert_pck_crl(chain, &collateral.pck_crl).unwrap();
    let (chain, signature) = (collateral.tcb_info_issuer_chain.as_bytes(), &collateral.tcb_info_signature);
    Pallet::<T>::do_upsert_tcb_info(chain, collateral.tcb_info.as_bytes(), signature).unwrap();
    let (chain, signature) = (collateral.qe_identity_issuer_chain.as_bytes(), &collateral.qe_identity_signature);
    Pallet::<T>::do_upsert_qe_identity(chain, collateral.qe_identity.as_bytes(), signature).unwrap();
}

/// A chain that trusts the development TEE, at the recorded time.
fn open<T: Config + pallet_timestamp::Config<Moment = u64>>() -> Collateral {
    let (collateral, at_secs) = recorded();
    pallet_timestamp::Now::<T>::put(at_secs * 1000);
    trust_development::<T>();
    collateral
}

/// As [`open`], with documents that are a second older than the recorded ones, and with some that count no more.
fn open_with_documents<T: Config + pallet_timestamp::Config<Moment = u64>>() -> Collateral {
    let collateral = open::<T>();
    keep_recorded::<T>();
    let (family, number, mut info) = TcbInfos::<T>::iter().next().unwrap();
    let (enclave, _, mut identity) = QeIdentities::<T>::iter().next().unwrap();
    info.info.issued_secs -= 1;
    identity.identity.issued_secs -= 1;
    for number in PAST_NUMBERS.into_iter().chain([number]) {
        TcbInfos::<T>::insert(family, number, &info);
        QeIdentities::<T>::insert(enclave, number, &identity);
    }
    collateral
}

/// Roots as long as roots can be.
fn other_roots(count: u32) -> BoundedVec<TrustedRoot, ConstU32<MAX_ROOTS>> {
    let roots = (0..count).map(|index| {
        let [.., byte] = index.to_be_bytes();
        TrustedRoot {
            certificate: RootCertificate::truncate_from(alloc::vec![byte; MAX_ROOT_LEN as usize]),
            key_hash: [byte; 32],
            active_from_secs: 0,
        }
    });
    BoundedVec::truncate_from(roots.collect::<Vec<_>>())
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benches {
    use super::*;

    /// It denies what the old one does not, and the other way round: one policy counts at once, one after the notice.
    #[benchmark]
    fn set_policy() {
        open::<T>();
        Policy::<T>::put(half_full_policy(1));
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, half_full_policy(2));
        assert!(NextPolicy::<T>::exists());
        assert_ne!(Policy::<T>::get(), half_full_policy(1));
    }

    #[benchmark]
    fn allow_measurement() {
        open::<T>();
        AllowedMeasurements::<T>::insert(MEASUREMENT, ALLOWED);
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MEASUREMENT, ALLOWED);
    }

    #[benchmark]
    fn deprecate_measurement() {
        open::<T>();
        AllowedMeasurements::<T>::insert(MEASUREMENT, ALLOWED);
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MEASUREMENT, 5);
    }

    #[benchmark]
    fn add_trusted_root() {
        open::<T>();
        TrustedRoots::<T>::put(other_roots(MAX_ROOTS - 1));
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        let root = RootCertificate::truncate_from(roots::INTEL.to_vec());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, root);
        assert_eq!(TrustedRoots::<T>::get().len(), MAX_ROOTS as usize);
    }

    #[benchmark]
    fn remove_trusted_root() {
        open::<T>();
        TrustedRoots::<T>::put(other_roots(MAX_ROOTS - 1));
        Pallet::<T>::do_add_trusted_root(roots::INTEL.to_vec(), 0).unwrap();
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, root_hash(roots::INTEL));
        assert_eq!(TrustedRoots::<T>::get().len(), MAX_ROOTS as usize - 1);
    }

    /// In place of a list of as many others. So each list pays for its entries when they come and when they go.
    #[benchmark]
    fn upsert_root_crl(n: Linear<0, MAX_REVOKED>) {
        let recorded = open::<T>().root_ca_crl;
        Pallet::<T>::do_upsert_root_crl(&list(&recorded, ROOT, n, 1)).unwrap();
        let newer = list(&recorded, ROOT, n, 2);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), newer);
        assert_eq!(RevokedByRoot::<T>::iter_keys().count(), n as usize);
    }

    /// As [`upsert_root_crl`].
    #[benchmark]
    fn upsert_pck_crl(n: Linear<0, MAX_REVOKED>) {
        let Collateral {
            pck_crl,
            pck_crl_issuer_chain,
            ..
        } = open::<T>();
        let chain = pck_crl_issuer_chain.into_bytes();
        Pallet::<T>::do_upsert_pck_crl(&chain, &list(&pck_crl, PCK_CA, n, 1)).unwrap();
        let newer = list(&pck_crl, PCK_CA, n, 2);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), chain.try_into().unwrap(), newer);
        assert_eq!(RevokedByCa::<T>::iter_keys().count(), n as usize);
    }

    #[benchmark]
    fn upsert_tcb_info() {
        let Collateral {
            tcb_info,
            tcb_info_issuer_chain,
            ..
        } = open_with_documents::<T>();
        let (json, signature) = largest_tcb_info(&tcb_info);
        let chain = tcb_info_issuer_chain.into_bytes().try_into().unwrap();
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), chain, json, signature);
        assert_eq!(TcbInfos::<T>::iter_keys().count(), 1);
    }

    #[benchmark]
    fn upsert_qe_identity() {
        let Collateral {
            qe_identity,
            qe_identity_issuer_chain,
            ..
        } = open_with_documents::<T>();
        let (json, signature) = largest_qe_identity(&qe_identity);
        let chain = qe_identity_issuer_chain.into_bytes().try_into().unwrap();
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), chain, json, signature);
        assert_eq!(QeIdentities::<T>::iter_keys().count(), 1);
    }

    /// To compare with: a TCB info of seven levels.
    #[benchmark(extra)]
    fn upsert_short_tcb_info() {
        let collateral = open_with_documents::<T>();
        let chain = collateral.tcb_info_issuer_chain.into_bytes().try_into().unwrap();
        let json = collateral.tcb_info.into_bytes().try_into().unwrap();
        let signature = collateral.tcb_info_signature.try_into().unwrap();
        #[extrinsic_call]
        upsert_tcb_info(RawOrigin::Signed(whitelisted_caller()), chain, json, signature);
        assert_eq!(TcbInfos::<T>::iter_keys().count(), 1);
    }

    /// An announced policy begins to count.
    #[benchmark]
    fn on_poll() {
        open::<T>();
        NextPolicy::<T>::put((half_full_policy(1), 0));
        Policy::<T>::put(half_full_policy(2));
        #[block]
        {
            Pallet::<T>::on_poll(BlockNumberFor::<T>::from(1u32), &mut WeightMeter::new());
        }
        assert_eq!(Policy::<T>::get(), half_full_policy(1));
    }
}
