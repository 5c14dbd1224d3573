//! The trusted roots.

use super::mock::*;
use crate::{dispatchable_impls::root_hash, Error, Event, PolicyVersion, RootCertificate, TrustedRoot, TrustedRoots, MAX_ROOTS};
use frame_support::{assert_noop, assert_ok, BoundedVec};
use khala_attestation::{development, forge::Pki, roots};
use khala_primitives::H256;
use sp_runtime::DispatchError;

fn intel() -> RootCertificate {
    certificate_of(roots::INTEL)
}

#[test]
fn roots_come_and_go() {
    on_chain(|| {
        assert_ok!(Attestation::add_trusted_root(root(), intel()));
        assert_eq!(
            TrustedRoots::<Test>::get().into_inner(),
            [root_of(development::ROOT_DER, 0), root_of(roots::INTEL, NOW + NOTICE)]
        );
        assert_eq!(PolicyVersion::<Test>::get(), 2);
        let development = root_hash(development::ROOT_DER);
        assert_ok!(Attestation::remove_trusted_root(root(), development));
        assert_eq!(TrustedRoots::<Test>::get().into_inner(), [root_of(roots::INTEL, NOW + NOTICE)]);
        assert_eq!(PolicyVersion::<Test>::get(), 3);
        assert_eq!(
            events(),
            [
                Event::RootTrusted {
                    root: root_hash(roots::INTEL),
                    active_from_secs: NOW + NOTICE
                },
                Event::RootDistrusted { root: development }
            ]
        );
    });
}

#[test]
fn a_certificate_that_another_one_issued_is_no_root() {
    on_chain(|| {
        let ca = RootCertificate::try_from(Pki::development().ca_der().to_vec()).unwrap();
        assert_noop!(Attestation::add_trusted_root(root(), ca), Error::<Test>::InvalidRoot);
    });
}

#[test]
fn what_is_no_certificate_is_no_root() {
    on_chain(|| {
        let with_tail = [roots::INTEL, &[0]].concat();
        let cut = roots::INTEL[..roots::INTEL.len() - 1].to_vec();
        for bytes in [Vec::new(), b"not a certificate".to_vec(), with_tail, cut] {
            let bytes = RootCertificate::try_from(bytes).unwrap();
            assert_noop!(Attestation::add_trusted_root(root(), bytes), Error::<Test>::InvalidRoot);
        }
    });
}

#[test]
fn a_root_is_trusted_once() {
    on_chain(|| {
        assert_ok!(Attestation::add_trusted_root(root(), intel()));
        assert_noop!(Attestation::add_trusted_root(root(), intel()), Error::<Test>::RootAlreadyTrusted);
    });
}

#[test]
fn no_more_roots_are_trusted_than_there_is_room_for() {
    for (others, good) in [(MAX_ROOTS - 1, true), (MAX_ROOTS, false)] {
        new_test_ext().execute_with(|| {
            // Genuine certificates are rare, so the places are taken by other bytes.
            let others: Vec<TrustedRoot> = (0..others)
                .map(|index| TrustedRoot {
                    certificate: vec![index as u8].try_into().unwrap(),
                    ..root_of(roots::INTEL, 0)
                })
                .collect();
            TrustedRoots::<Test>::put(BoundedVec::try_from(others).unwrap());
            if good {
                assert_ok!(Attestation::add_trusted_root(root(), intel()));
            } else {
                assert_noop!(Attestation::add_trusted_root(root(), intel()), Error::<Test>::TooManyRoots);
            }
        });
    }
}

#[test]
fn an_unknown_root_is_not_removed() {
    on_chain(|| {
        assert_noop!(Attestation::remove_trusted_root(root(), H256::zero()), Error::<Test>::UnknownRoot);
    });
}

#[test]
fn only_the_admin_changes_the_roots() {
    on_chain(|| {
        assert_noop!(Attestation::add_trusted_root(nobody(), intel()), DispatchError::BadOrigin);
        assert_noop!(
            Attestation::remove_trusted_root(nobody(), root_hash(development::ROOT_DER)),
            DispatchError::BadOrigin
        );
    });
}
