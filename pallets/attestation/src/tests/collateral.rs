//! Bringing documents: who may, what it costs, and that what is kept only gets newer.

use super::{forged::*, mock::*};
use crate::{
    DocumentKind, Error, Event, PckCrls, QeIdentities, RevokedByCa, RevokedByRoot, RootCrls, TcbInfos, WORTH_LEFT_SECS, WORTH_NEWER_SECS,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use khala_attestation::{development::EVALUATION_DATA_NUMBER, forge::FMSPC, Collateral};
use khala_primitives::{
    collateral::{CollateralStatus, DocumentName, KeptDocument},
    AccountId32, Tee, H256,
};
use sp_runtime::DispatchError;

/// Documents that were issued at `secs`. The forge's count for thirty days.
fn issued(secs: u64) -> Collateral {
    pki().collateral(secs + HOUR)
}

const LIFE: u64 = 30 * DAY;

fn fee(kind: DocumentKind, collateral: &Collateral) -> Pays {
    bring_one(kind, collateral).unwrap().pays_fee
}

fn kept(kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::RootCrl => RootCrls::<Test>::contains_key(root_key()),
        DocumentKind::PckCrl => PckCrls::<Test>::contains_key(ca_hash()),
        DocumentKind::TcbInfo => TcbInfos::<Test>::contains_key(family(Tee::Sgx), EVALUATION_DATA_NUMBER),
        DocumentKind::QeIdentity => QeIdentities::<Test>::contains_key(quoting_enclave(Tee::Sgx), EVALUATION_DATA_NUMBER),
    }
}

#[test]
fn anybody_brings_a_document_and_the_first_one_is_free() {
    for kind in KINDS {
        on_chain(|| {
            assert!(!kept(kind));
            assert_eq!(fee(kind, &issued(NOW - DAY)), Pays::No, "{kind:?}");
            assert!(kept(kind));
            let brought = Event::CollateralKept {
                kind,
                root: H256(root_key()),
                next_update_secs: NOW - DAY + LIFE,
                revoked: 0,
            };
            assert_eq!(events(), [brought]);
        });
    }
}

#[test]
fn bringing_a_document_takes_a_signature() {
    on_chain(|| {
        let collateral = collateral();
        let chain = || collateral.tcb_info_issuer_chain.clone().into_bytes().try_into().unwrap();
        let crl = || collateral.root_ca_crl.clone().try_into().unwrap();
        let json = || collateral.tcb_info.clone().into_bytes();
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Attestation::upsert_root_crl(origin.clone(), crl()), DispatchError::BadOrigin);
            assert_noop!(
                Attestation::upsert_pck_crl(origin.clone(), chain(), crl()),
                DispatchError::BadOrigin
            );
            assert_noop!(
                Attestation::upsert_tcb_info(origin.clone(), chain(), json().try_into().unwrap(), [0; 64]),
                DispatchError::BadOrigin
            );
            assert_noop!(
                Attestation::upsert_qe_identity(origin, chain(), json().try_into().unwrap(), [0; 64]),
                DispatchError::BadOrigin
            );
        }
        let admin = RuntimeOrigin::signed(AccountId32::new([7; 32]));
        assert_ok!(Attestation::upsert_root_crl(admin, crl()));
    });
}

#[test]
fn a_document_is_free_when_the_kept_one_is_twelve_hours_older() {
    let kept = NOW - DAY;
    for kind in KINDS {
        for (newer, fee_kept) in [
            (WORTH_NEWER_SECS - 1, Pays::Yes),
            (WORTH_NEWER_SECS, Pays::No),
            (WORTH_NEWER_SECS + 1, Pays::No),
        ] {
            on_chain(|| {
                assert_ok!(bring_one(kind, &issued(kept)));
                assert_eq!(fee(kind, &issued(kept + newer)), fee_kept, "{kind:?} {newer}");
            });
        }
    }
    assert_eq!(WORTH_NEWER_SECS, 12 * HOUR);
}

#[test]
fn a_document_is_free_when_the_kept_one_has_less_than_seven_days_left() {
    for kind in KINDS {
        for (left, fee_kept) in [
            (WORTH_LEFT_SECS - 1, Pays::No),
            (WORTH_LEFT_SECS, Pays::Yes),
            (WORTH_LEFT_SECS + 1, Pays::Yes),
        ] {
            on_chain(|| {
                let kept = NOW + left - LIFE;
                assert_ok!(bring_one(kind, &issued(kept)));
                assert_eq!(fee(kind, &issued(kept + 1)), fee_kept, "{kind:?} {left}");
            });
        }
    }
    assert_eq!(WORTH_LEFT_SECS, 7 * DAY);
}

#[test]
fn a_document_that_is_paid_for_is_kept_all_the_same() {
    for kind in KINDS {
        on_chain(|| {
            assert_ok!(bring_one(kind, &issued(NOW - DAY)));
            assert_eq!(fee(kind, &issued(NOW - DAY + 1)), Pays::Yes);
            let Some(Event::CollateralKept { next_update_secs, .. }) = events().pop() else {
                panic!("kept")
            };
            assert_eq!(next_update_secs, NOW - DAY + 1 + LIFE);
            assert_noop!(bring_one(kind, &issued(NOW - DAY)), Error::<Test>::CollateralNotCurrent);
        });
    }
}

#[test]
fn what_is_kept_never_gets_older_and_is_not_brought_again() {
    let kept = NOW - DAY;
    for kind in KINDS {
        on_chain(|| {
            assert_ok!(bring_one(kind, &issued(kept)));
            assert_noop!(bring_one(kind, &issued(kept - 1)), Error::<Test>::CollateralNotCurrent);
            assert_noop!(bring_one(kind, &issued(kept)), Error::<Test>::CollateralKnown);
            assert_ok!(bring_one(kind, &issued(kept + 1)));
        });
    }
}

#[test]
fn the_number_of_a_list_never_goes_back() {
    let numbered = |secs, number| {
        let mut draft = khala_attestation::forge::CollateralDraft::new(&pki(), Tee::Sgx, secs + HOUR);
        (draft.root_crl.number, draft.pck_crl.number) = (number, number);
        draft.sign(&pki())
    };
    for kind in [DocumentKind::RootCrl, DocumentKind::PckCrl] {
        for (number, good) in [(4, false), (5, true), (6, true)] {
            on_chain(|| {
                assert_ok!(bring_one(kind, &numbered(NOW - DAY, 5)));
                let newer = numbered(NOW - HOUR, number);
                if good {
                    assert_ok!(bring_one(kind, &newer));
                } else {
                    assert_noop!(bring_one(kind, &newer), Error::<Test>::CollateralNotCurrent);
                }
            });
        }
        // A corrected list of the same second is another one, and hardly worth it.
        on_chain(|| {
            assert_ok!(bring_one(kind, &numbered(NOW - DAY, 5)));
            assert_eq!(fee(kind, &numbered(NOW - DAY, 6)), Pays::Yes);
            assert_noop!(bring_one(kind, &numbered(NOW - DAY, 5)), Error::<Test>::CollateralNotCurrent);
        });
    }
}

#[test]
fn a_new_list_replaces_all_that_the_old_one_revoked() {
    let [a, b, c] = [1u8, 2, 3].map(|byte| vec![byte; 19]);
    let revoking = |secs, serials: &[&Vec<u8>]| {
        let mut draft = khala_attestation::forge::CollateralDraft::new(&pki(), Tee::Sgx, secs + HOUR);
        let serials: Vec<_> = serials.iter().map(|serial| (*serial).clone()).collect();
        (draft.root_crl.revoked, draft.pck_crl.revoked) = (serials.clone(), serials);
        draft.sign(&pki())
    };
    let revoked = |kind| {
        let mut serials: Vec<Vec<u8>> = match kind {
            DocumentKind::RootCrl => RevokedByRoot::<Test>::iter_key_prefix(root_key()).map(Into::into).collect(),
            _ => RevokedByCa::<Test>::iter_key_prefix(ca_hash()).map(Into::into).collect(),
        };
        serials.sort();
        serials
    };
    for kind in [DocumentKind::RootCrl, DocumentKind::PckCrl] {
        on_chain(|| {
            assert_ok!(bring_one(kind, &revoking(NOW - 3 * HOUR, &[&a, &b])));
            assert_eq!(revoked(kind), [a.clone(), b.clone()]);
            assert_ok!(bring_one(kind, &revoking(NOW - 2 * HOUR, &[&b, &c])));
            assert_eq!(revoked(kind), [b.clone(), c.clone()]);
            assert!(matches!(events().last(), Some(Event::CollateralKept { revoked: 2, .. })));
            assert_ok!(bring_one(kind, &revoking(NOW - HOUR, &[])));
            assert!(revoked(kind).is_empty());
            assert!(matches!(events().last(), Some(Event::CollateralKept { revoked: 0, .. })));
        });
    }
}

#[test]
fn the_documents_of_both_tees_are_kept_side_by_side() {
    on_chain_with_documents(|| {
        assert_eq!(bring_tcb_info(&pki().td_collateral(NOW)).unwrap().pays_fee, Pays::No);
        assert_eq!(bring_qe_identity(&pki().td_collateral(NOW)).unwrap().pays_fee, Pays::No);
        for tee in [Tee::Sgx, Tee::Tdx] {
            assert!(TcbInfos::<Test>::contains_key(family(tee), EVALUATION_DATA_NUMBER));
            assert!(QeIdentities::<Test>::contains_key(quoting_enclave(tee), EVALUATION_DATA_NUMBER));
        }
    });
}

#[test]
fn the_status_tells_of_all_that_is_kept() {
    on_chain(|| {
        let empty = CollateralStatus {
            current_number: EVALUATION_DATA_NUMBER,
            next_number: None,
            roots: vec![H256(root_key())],
            documents: vec![],
        };
        assert_eq!(Attestation::collateral_status(), empty);
        bring(&issued(NOW - DAY));
        let documents = [
            DocumentName::RootCrl,
            DocumentName::PckCrl { ca: H256(ca_hash()) },
            DocumentName::TcbInfo {
                tee: Tee::Sgx,
                fmspc: FMSPC.to_string(),
                number: EVALUATION_DATA_NUMBER,
            },
            DocumentName::QeIdentity {
                tee: Tee::Sgx,
                number: EVALUATION_DATA_NUMBER,
            },
        ]
        .map(|name| KeptDocument {
            root: H256(root_key()),
            name,
            issued_secs: NOW - DAY,
            next_update_secs: NOW - DAY + LIFE,
        });
        let mut status = Attestation::collateral_status();
        status.documents.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(status.documents, documents);
    });
}
