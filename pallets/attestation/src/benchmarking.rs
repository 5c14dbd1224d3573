//! Benchmarks of the calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)] // a benchmark that cannot be set up has to stop

use crate::{dispatchable_impls::root_hash, AllowedMeasurement, Call, Config, Pallet, Roles, TrustedRoot, MAX_ROOTS};
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use khala_attestation::{hex_bytes::Fmspc, policy::AttestationPolicy, roots};
use khala_primitives::{MeasurementDigest, PlatformId};

const MEASUREMENT: MeasurementDigest = MeasurementDigest([7; 32]);
const ALLOWED: AllowedMeasurement = AllowedMeasurement {
    roles: Roles::WORKER.with(Roles::GATEKEEPER),
    active_from_secs: 1,
    deprecated_from_secs: Some(2),
};

/// A policy whose lists are full, but for advisories: these are named by text.
fn largest_policy() -> AttestationPolicy {
    let mut policy = AttestationPolicy::default_for_chain();
    while policy.denied_fmspcs.try_push(Fmspc([1; 6])).is_ok() {}
    while policy.denied_platforms.try_push(PlatformId([1; 32])).is_ok() {}
    policy
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn set_policy() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        let policy = largest_policy();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, policy);
    }

    #[benchmark]
    fn allow_measurement() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MEASUREMENT, ALLOWED);
    }

    #[benchmark]
    fn deprecate_measurement() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        Pallet::<T>::do_allow_measurement(MEASUREMENT, ALLOWED).unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, MEASUREMENT, 5);
    }

    #[benchmark]
    fn add_trusted_root() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        crate::TrustedRoots::<T>::put(other_roots(MAX_ROOTS - 1));
        let root = TrustedRoot::try_from(roots::INTEL.to_vec()).unwrap();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, root);
    }

    #[benchmark]
    fn remove_trusted_root() {
        let origin = T::AdminOrigin::try_successful_origin().unwrap();
        let mut trusted = other_roots(MAX_ROOTS - 1);
        trusted.try_push(TrustedRoot::try_from(roots::INTEL.to_vec()).unwrap()).unwrap();
        crate::TrustedRoots::<T>::put(trusted);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, root_hash(roots::INTEL));
    }

    /// Roots as long as roots can be.
    fn other_roots(count: u32) -> BoundedVec<TrustedRoot, frame_support::traits::ConstU32<MAX_ROOTS>> {
        let roots = (0..count).map(|index| {
            let byte = u8::try_from(index).unwrap();
            TrustedRoot::try_from(alloc::vec![byte; crate::MAX_ROOT_LEN as usize]).unwrap()
        });
        BoundedVec::try_from(roots.collect::<alloc::vec::Vec<_>>()).unwrap()
    }

    impl_benchmark_test_suite!(Pallet, crate::tests::mock::new_test_ext(), crate::tests::mock::Test);
}
