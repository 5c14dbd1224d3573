//! `try_state` notices each way in which the storage may be wrong.

use super::mock::*;
use crate::{AllowedMeasurement, AllowedMeasurements, Policy, Roles, TrustedRoots};
use frame_support::assert_ok;
use khala_attestation::{development, policy::AttestationPolicy};
use sp_runtime::DispatchError;

fn noticed(message: &'static str, corrupt: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        assert_ok!(Attestation::do_try_state());
        corrupt();
        assert_eq!(Attestation::do_try_state(), Err(DispatchError::Other(message)));
    });
}

#[test]
fn a_root_that_is_no_certificate_is_noticed() {
    noticed("a trusted root is no root certificate", || {
        TrustedRoots::<Test>::mutate(|roots| roots[0].certificate = certificate_of(&[1]));
    });
}

#[test]
fn a_root_that_is_trusted_twice_is_noticed() {
    noticed("a root is trusted twice", || {
        TrustedRoots::<Test>::mutate(|roots| roots.try_push(root_of(development::ROOT_DER, 0)).unwrap());
    });
}

#[test]
fn a_policy_for_looking_is_noticed() {
    noticed("the policy is not valid", || Policy::<Test>::put(AttestationPolicy::looking()));
}

#[test]
fn code_that_is_allowed_for_nothing_is_noticed() {
    noticed("code is allowed for roles that do not exist", || {
        AllowedMeasurements::<Test>::insert(development::measurement(), AllowedMeasurement { roles: Roles(4), ..ALWAYS });
    });
}
