//! Documents that are late still serve workers that are known, for a while, and register nobody.

use super::{forged::*, mock::*};
use crate::{Error, VerdictRecord};
use frame_support::assert_ok;
use khala_attestation::forge::{pem, CollateralDraft};
use khala_primitives::Tee;
use serde_json::json;

/// The second of the next update of the documents that are kept.
const NEXT_UPDATE: u64 = NOW - HOUR + 30 * DAY;

fn known() -> VerdictRecord {
    verify(&evidence(), NOW).unwrap()
}

#[test]
fn late_documents_register_nobody() {
    on_chain_with_documents(|| {
        for (now, good) in [(NEXT_UPDATE - 2, true), (NEXT_UPDATE - 1, true), (NEXT_UPDATE, false)] {
            let result = verify(&evidence(), now);
            if good {
                assert_eq!(result.unwrap().expires_at_secs, NEXT_UPDATE - 1);
            } else {
                assert_refused(result, Error::CollateralExpired);
            }
        }
    });
}

#[test]
fn late_documents_serve_renewals_until_their_grace_is_over() {
    on_chain_with_documents(|| {
        let known = known();
        let other_bytes = sgx_with(|draft| draft.qe_auth_data[0] ^= 1);
        let last = NEXT_UPDATE + GRACE - 1;
        for (now, good) in [(NEXT_UPDATE, true), (last - 1, true), (last, true), (last + 1, false)] {
            for result in [
                verify_again(&known, &evidence(), now),
                verify_again(&known, &other_bytes, now),
                Attestation::judge_again(&known, now),
            ] {
                if good {
                    assert_eq!(result.unwrap().expires_at_secs, last, "{now}");
                } else {
                    assert_refused(result, Error::CollateralExpired);
                }
            }
        }
    });
}

#[test]
fn each_late_document_has_its_own_grace() {
    // Only one of them ends early.
    const EARLY: u64 = NOW + 100;
    const EARLY_DATE: &str = "2026-09-21T14:15:00Z";
    type Change = fn(&mut CollateralDraft);
    let changes: [(Change, u64); 4] = [
        (|draft| draft.root_crl.next_update_secs = EARLY, EARLY - 1),
        (|draft| draft.pck_crl.next_update_secs = EARLY, EARLY - 1),
        (|draft| draft.tcb_info["nextUpdate"] = json!(EARLY_DATE), EARLY),
        (|draft| draft.qe_identity["nextUpdate"] = json!(EARLY_DATE), EARLY),
    ];
    for (change, last) in changes {
        on_chain(|| {
            bring(&collateral_with(Tee::Sgx, change));
            let known = known();
            assert_eq!(known.expires_at_secs, last);
            assert_refused(verify(&evidence(), last + 1), Error::CollateralExpired);
            assert_ok!(verify_again(&known, &evidence(), last + GRACE));
            assert_refused(verify_again(&known, &evidence(), last + GRACE + 1), Error::CollateralExpired);
        });
    }
}

#[test]
fn certificates_have_no_grace() {
    on_chain(|| {
        let last = NOW + 100;
        let mut signer = pki().signer_draft();
        signer.not_after_secs = last;
        let chain = pem(&[&signer.sign(&pki().root_key()), pki().root_der()]);
        bring(&collateral_with(Tee::Sgx, |draft| draft.signer_chain = chain));
        let known = known();
        assert_eq!(known.expires_at_secs, last);
        for (now, good) in [(last - 1, true), (last, true), (last + 1, false)] {
            for result in [verify_again(&known, &evidence(), now), Attestation::judge_again(&known, now)] {
                if good {
                    assert_eq!(result.unwrap().expires_at_secs, last);
                } else {
                    assert_refused(result, Error::CollateralExpired);
                }
            }
        }
    });
}

#[test]
fn new_documents_end_the_grace() {
    on_chain_with_documents(|| {
        let known = known();
        NowSecs::set(NEXT_UPDATE + GRACE);
        assert_refused(verify_again(&known, &evidence(), NowSecs::get()), Error::CollateralExpired);
        bring(&collateral());
        let renewed = verify_again(&known, &evidence(), NowSecs::get()).unwrap();
        assert_eq!(renewed.expires_at_secs, NowSecs::get() - HOUR + 30 * DAY - 1 + GRACE);
    });
}
