//! `try_state` notices each way in which the storage may be wrong.

use super::{forged::*, mock::*};
use crate::{AllowedMeasurement, AllowedMeasurements, NextPolicy, PckCrls, Policy, QeIdentities, Roles, RootCrls, TcbInfos, TrustedRoots};
use frame_support::assert_ok;
use khala_attestation::{
    development::{self, EVALUATION_DATA_NUMBER},
    hex_bytes::Fmspc,
    policy::AttestationPolicy,
    rollback::{EvaluationNumbers, NextNumber},
};
use khala_primitives::Tee;
use sp_runtime::DispatchError;

/// A good state with all documents, made wrong by `corrupt`, is noticed with `message`.
fn noticed(message: &'static str, corrupt: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        bring(&collateral_with(Tee::Sgx, |draft| {
            (draft.root_crl.revoked, draft.pck_crl.revoked) = (vec![vec![1; 19]], vec![vec![2; 19]]);
        }));
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

#[test]
fn a_root_under_another_key_is_noticed() {
    noticed("a trusted root has another key", || {
        TrustedRoots::<Test>::mutate(|roots| roots[0].key_hash[0] ^= 1);
    });
}

#[test]
fn a_policy_without_rising_numbers_is_noticed() {
    noticed("the policy is not valid", || {
        Policy::<Test>::mutate(|policy| policy.evaluation_numbers = None);
    });
    noticed("the policy is not valid", || {
        let next = NextNumber { number: 18, from_secs: 0 };
        let numbers = EvaluationNumbers {
            current: 18,
            next: Some(next),
        };
        Policy::<Test>::mutate(|policy| policy.evaluation_numbers = Some(numbers));
    });
}

#[test]
fn an_announced_policy_for_looking_is_noticed() {
    noticed("the announced policy is not valid", || {
        NextPolicy::<Test>::put((AttestationPolicy::looking(), NOW));
    });
}

#[test]
fn a_list_under_another_authority_is_noticed() {
    noticed("a root's list is kept under another root", || {
        RootCrls::<Test>::insert([9; 32], RootCrls::<Test>::get(root_key()).unwrap());
    });
    noticed("a PCK CA's list is kept under another CA", || {
        PckCrls::<Test>::insert([9; 32], PckCrls::<Test>::get(ca_hash()).unwrap());
    });
}

#[test]
fn revocations_without_a_list_are_noticed() {
    noticed("a certificate is revoked by a root without a list", || {
        RootCrls::<Test>::remove(root_key())
    });
    noticed("a certificate is revoked by a PCK CA without a list", || {
        PckCrls::<Test>::remove(ca_hash())
    });
}

#[test]
fn tcb_info_under_another_name_is_noticed() {
    let message = "TCB info is kept under another name";
    let good = family(Tee::Sgx);
    for (wrong, number) in [
        (crate::Family { root: [9; 32], ..good }, EVALUATION_DATA_NUMBER),
        (crate::Family { tee: Tee::Tdx, ..good }, EVALUATION_DATA_NUMBER),
        (
            crate::Family {
                fmspc: Fmspc([9; 6]),
                ..good
            },
            EVALUATION_DATA_NUMBER,
        ),
        (good, EVALUATION_DATA_NUMBER + 1),
    ] {
        noticed(message, || {
            TcbInfos::<Test>::insert(wrong, number, TcbInfos::<Test>::get(good, EVALUATION_DATA_NUMBER).unwrap());
        });
    }
}

#[test]
fn a_qe_identity_under_another_name_is_noticed() {
    let message = "a QE identity is kept under another name";
    let good = quoting_enclave(Tee::Sgx);
    for (wrong, number) in [
        (crate::QuotingEnclave { root: [9; 32], ..good }, EVALUATION_DATA_NUMBER),
        (crate::QuotingEnclave { tee: Tee::Tdx, ..good }, EVALUATION_DATA_NUMBER),
        (good, EVALUATION_DATA_NUMBER + 1),
    ] {
        noticed(message, || {
            QeIdentities::<Test>::insert(wrong, number, QeIdentities::<Test>::get(good, EVALUATION_DATA_NUMBER).unwrap());
        });
    }
}
