//! Documents that are not kept, each for a single fault.

use super::{forged::*, mock::*};
use crate::{DocumentKind, Error, RevokedByRoot, TrustedRoots};
use frame_support::{assert_noop, assert_ok, BoundedVec};
use khala_attestation::{
    certs::Serial,
    development,
    forge::{pem, CertificateDraft, CollateralDraft, Key, Pki, TcbClass, NOT_AFTER_SECS},
    roots, Collateral,
};
use khala_primitives::Tee;

type PalletError = Error<Test>;

/// Of the forge's documents.
const LIFE: u64 = 30 * DAY;
/// Those that come with the chain of their signer.
const CHAINED: [DocumentKind; 3] = [DocumentKind::PckCrl, DocumentKind::TcbInfo, DocumentKind::QeIdentity];

/// Good documents but for the certificate of whoever signed them: a PCK CA for its list, Intel's signer for the others.
fn signed_by(kind: DocumentKind, change: impl Fn(&mut CertificateDraft)) -> Collateral {
    let mut collateral = collateral();
    let chain = |mut draft: CertificateDraft| {
        change(&mut draft);
        pem(&[&draft.sign(&pki().root_key()), pki().root_der()])
    };
    match kind {
        DocumentKind::PckCrl => collateral.pck_crl_issuer_chain = chain(pki().ca_draft()),
        _ => {
            collateral.tcb_info_issuer_chain = chain(pki().signer_draft());
            collateral.qe_identity_issuer_chain = collateral.tcb_info_issuer_chain.clone();
        }
    }
    collateral
}

/// Good documents with another chain.
fn with_chain(chain: &str) -> Collateral {
    Collateral {
        pck_crl_issuer_chain: chain.into(),
        tcb_info_issuer_chain: chain.into(),
        qe_identity_issuer_chain: chain.into(),
        ..collateral()
    }
}

#[track_caller]
fn refused(kind: DocumentKind, collateral: &Collateral, error: PalletError) {
    assert_noop!(bring_one(kind, collateral), error);
}

#[test]
fn a_document_is_taken_from_its_issue_on() {
    for kind in KINDS {
        on_chain(|| {
            refused(kind, &pki().collateral(NOW + HOUR + 1), Error::NotYetValid);
            assert_ok!(bring_one(kind, &pki().collateral(NOW + HOUR)));
        });
    }
}

#[test]
fn a_document_is_taken_until_it_expires() {
    // A list does not count any more in the second of its next update; signed documents do.
    for (kind, last) in [
        (DocumentKind::RootCrl, LIFE - 1),
        (DocumentKind::PckCrl, LIFE - 1),
        (DocumentKind::TcbInfo, LIFE),
        (DocumentKind::QeIdentity, LIFE),
    ] {
        for (age, good) in [(last - 1, true), (last, true), (last + 1, false)] {
            on_chain(|| {
                let old = pki().collateral(NOW + HOUR - age);
                if good {
                    assert_ok!(bring_one(kind, &old));
                } else {
                    refused(kind, &old, Error::CollateralExpired);
                }
            });
        }
    }
}

#[test]
fn a_document_is_taken_while_its_signer_is_valid() {
    for kind in CHAINED {
        for (not_after, good) in [(NOW - 1, false), (NOW, true), (NOW + 1, true)] {
            on_chain(|| {
                let document = signed_by(kind, |signer| signer.not_after_secs = not_after);
                if good {
                    assert_ok!(bring_one(kind, &document));
                } else {
                    refused(kind, &document, Error::CollateralExpired);
                }
            });
        }
        for (not_before, good) in [(NOW - 1, true), (NOW, true), (NOW + 1, false)] {
            on_chain(|| {
                let document = signed_by(kind, |signer| signer.not_before_secs = not_before);
                if good {
                    assert_ok!(bring_one(kind, &document));
                } else {
                    refused(kind, &document, Error::NotYetValid);
                }
            });
        }
    }
}

#[test]
fn the_list_of_a_root_is_taken_while_the_root_is_valid() {
    for (now, good) in [(NOT_AFTER_SECS - 1, true), (NOT_AFTER_SECS, true), (NOT_AFTER_SECS + 1, false)] {
        on_chain(|| {
            NowSecs::set(now);
            if good {
                assert_ok!(bring_root_crl(&collateral()));
            } else {
                refused(DocumentKind::RootCrl, &collateral(), Error::CollateralExpired);
            }
        });
    }
}

#[test]
fn a_document_of_a_revoked_signer_is_refused() {
    let (ca, signer) = (serial_of(pki().ca_der()), serial_of(pki().signer_der()));
    for (revoked, kinds) in [(ca, &CHAINED[..1]), (signer, &CHAINED[1..])] {
        on_chain(|| {
            let list = collateral_with(Tee::Sgx, |draft| draft.root_crl.revoked.push(revoked.clone()));
            assert_ok!(bring_root_crl(&list));
            for kind in CHAINED {
                if kinds.contains(&kind) {
                    refused(kind, &collateral(), Error::CertificateRevoked);
                } else {
                    assert_ok!(bring_one(kind, &collateral()));
                }
            }
        });
    }
}

#[test]
fn a_root_may_take_back_that_it_revoked_itself() {
    on_chain(|| {
        let root = serial_of(development::ROOT_DER);
        let is_revoked = || RevokedByRoot::<Test>::contains_key(root_key(), Serial::try_from(root.clone()).unwrap());
        assert_ok!(bring_root_crl(&collateral_with(Tee::Sgx, |draft| draft
            .root_crl
            .revoked
            .push(root.clone()))));
        assert!(is_revoked());
        NowSecs::set(NOW + DAY);
        assert_ok!(bring_root_crl(&collateral()));
        assert!(!is_revoked());
    });
}

#[test]
fn a_document_of_a_stranger_is_refused() {
    let theirs = Pki::stranger("of the same names").collateral(NOW);
    on_chain(|| {
        refused(DocumentKind::RootCrl, &theirs, Error::InvalidCollateral);
        refused(DocumentKind::PckCrl, &theirs, Error::UntrustedRoot);
        refused(DocumentKind::TcbInfo, &theirs, Error::UntrustedRoot);
        refused(DocumentKind::QeIdentity, &theirs, Error::UntrustedRoot);
    });
}

#[test]
fn a_document_that_another_key_signed_is_refused() {
    on_chain(|| {
        let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NOW);
        let other = Key::named("of nobody");
        (draft.root_key, draft.ca_key, draft.signer_key) = (other.clone(), other.clone(), other);
        for kind in KINDS {
            refused(kind, &draft.sign(&pki()), Error::InvalidCollateral);
        }
    });
}

#[test]
fn a_document_that_was_changed_or_cut_is_refused() {
    on_chain(|| {
        let good = collateral();
        let mut changed = good.clone();
        *changed.root_ca_crl.last_mut().unwrap() ^= 1;
        *changed.pck_crl.last_mut().unwrap() ^= 1;
        changed.tcb_info = changed.tcb_info.replacen("18", "19", 1);
        changed.qe_identity_signature[0] ^= 1;
        let cut = Collateral {
            root_ca_crl: good.root_ca_crl[..good.root_ca_crl.len() - 1].to_vec(),
            pck_crl: Vec::new(),
            tcb_info: good.tcb_info[..good.tcb_info.len() - 1].into(),
            qe_identity: String::new(),
            ..good
        };
        for kind in KINDS {
            refused(kind, &changed, Error::InvalidCollateral);
            refused(kind, &cut, Error::InvalidCollateral);
        }
    });
}

#[test]
fn a_platform_signs_no_documents() {
    on_chain(|| {
        let machine = machine(TcbClass::UpToDate);
        let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NOW);
        draft.signer_key = machine.key().clone();
        draft.ca_key = machine.key().clone();
        let theirs = Collateral {
            tcb_info_issuer_chain: machine.chain().into(),
            qe_identity_issuer_chain: machine.chain().into(),
            pck_crl_issuer_chain: machine.chain().into(),
            ..draft.sign(&pki())
        };
        // No root issued its certificate, and it is no authority.
        refused(DocumentKind::TcbInfo, &theirs, Error::UntrustedRoot);
        refused(DocumentKind::QeIdentity, &theirs, Error::UntrustedRoot);
        refused(DocumentKind::PckCrl, &theirs, Error::InvalidCollateral);
    });
}

#[test]
fn whoever_signs_one_kind_of_document_signs_no_other() {
    on_chain(|| {
        let ca = with_chain(&pem(&[pki().ca_der(), pki().root_der()]));
        refused(DocumentKind::TcbInfo, &ca, Error::InvalidCollateral);
        refused(DocumentKind::QeIdentity, &ca, Error::InvalidCollateral);
        let signer = with_chain(&pki().signer_chain());
        refused(DocumentKind::PckCrl, &signer, Error::InvalidCollateral);
    });
}

#[test]
fn a_chain_that_cannot_be_read_is_refused() {
    on_chain(|| {
        let not_a_certificate = pem(&[b"none", pki().root_der()]);
        let too_long = pki().signer_chain().repeat(3);
        for chain in ["", "none", &not_a_certificate, &too_long] {
            for kind in CHAINED {
                refused(kind, &with_chain(chain), Error::InvalidCollateral);
            }
        }
    });
}

#[test]
fn documents_of_a_root_that_is_not_trusted_are_refused() {
    on_chain(|| {
        TrustedRoots::<Test>::kill();
        for kind in KINDS {
            refused(kind, &collateral(), Error::UntrustedRoot);
        }
        TrustedRoots::<Test>::put(BoundedVec::truncate_from(vec![root_of(roots::INTEL, 0)]));
        // Intel has signed none of them, and is not named in any.
        refused(DocumentKind::RootCrl, &collateral(), Error::InvalidCollateral);
        for kind in CHAINED {
            refused(kind, &collateral(), Error::UntrustedRoot);
        }
    });
}

#[test]
fn documents_of_a_new_root_are_taken_when_its_notice_is_over() {
    for kind in KINDS {
        for (waited, good) in [(NOTICE - 1, false), (NOTICE, true), (NOTICE + 1, true)] {
            on_chain(|| {
                TrustedRoots::<Test>::kill();
                assert_ok!(Attestation::add_trusted_root(root(), certificate_of(development::ROOT_DER)));
                pass(waited);
                if good {
                    assert_ok!(bring_one(kind, &collateral()));
                } else {
                    refused(kind, &collateral(), Error::UntrustedRoot);
                }
            });
        }
    }
}

#[test]
fn a_list_is_found_among_several_roots() {
    on_chain(|| {
        TrustedRoots::<Test>::put(BoundedVec::truncate_from(vec![
            root_of(roots::INTEL, 0),
            root_of(development::ROOT_DER, 0),
        ]));
        bring(&collateral());
        assert_ok!(verify(&evidence(), NOW));
    });
}
