//! Evidence and known facts are judged by what the chain keeps at that moment, each time anew.

use super::{forged::*, mock::*};
use crate::{DocumentKind, Error, PckCrls, QeIdentities, RootCrls, TcbInfos, TrustedRoots, VerdictRecord};
use frame_support::{assert_ok, BoundedVec};
use khala_attestation::{
    development::{self, EVALUATION_DATA_NUMBER},
    forge::{CollateralDraft, TcbClass},
    roots,
};
use khala_primitives::{Evidence, TcbStatus, Tee};
use serde_json::json;

/// Good evidence of each TEE is judged in each way, before and after a change, which makes all of it end with an error.
#[track_caller]
fn refused_after(change: impl Fn(Tee), error: fn() -> Error<Test>) {
    for evidence in [evidence(), td_evidence()] {
        on_chain_with_documents(|| {
            bring_signed(&pki().td_collateral(NOW));
            let known = verify(&evidence, NOW).unwrap();
            assert_eq!(
                verify_again(&known, &evidence, NOW).map(|record| record.facts),
                Ok(known.facts.clone())
            );
            assert_eq!(judge(&known).map(|record| record.facts), Ok(known.facts.clone()));
            change(known.tee());
            assert_refused(verify(&evidence, NOW), error());
            assert_refused(verify_again(&known, &evidence, NOW), error());
            assert_refused(verify_again(&known, &of_same_machine(&evidence), NOW), error());
            assert_refused(judge(&known), error());
        });
    }
}

fn judge(known: &VerdictRecord) -> Result<VerdictRecord, crate::Refusal> {
    Attestation::judge_again(known, NOW)
}

/// Evidence of the same machine with other certification bytes.
fn of_same_machine(evidence: &Evidence) -> Evidence {
    match evidence {
        Evidence::Sgx { .. } => sgx_with(|draft| draft.qe_auth_data[0] ^= 1),
        Evidence::Tdx { .. } => tdx_with(|draft| draft.qe_auth_data[0] ^= 1),
    }
}

/// Lists made half an hour ago, newer than those that are kept.
fn newer_lists(change: impl FnOnce(&mut CollateralDraft)) -> khala_attestation::Collateral {
    let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NOW + HOUR / 2);
    change(&mut draft);
    draft.sign(&pki())
}

#[test]
fn each_document_is_needed() {
    refused_after(|_| RootCrls::<Test>::remove(root_key()), || Error::NoRootCrl);
    refused_after(|_| PckCrls::<Test>::remove(ca_hash()), || Error::NoPckCrl);
    refused_after(
        |tee| TcbInfos::<Test>::remove(family(tee), EVALUATION_DATA_NUMBER),
        || Error::NoTcbInfo,
    );
    refused_after(
        |tee| QeIdentities::<Test>::remove(quoting_enclave(tee), EVALUATION_DATA_NUMBER),
        || Error::NoQeIdentity,
    );
}

#[test]
fn a_chain_without_documents_registers_nobody_until_the_last_one_is_there() {
    on_chain(|| {
        let collateral = collateral();
        for (kind, error) in [
            (DocumentKind::PckCrl, Error::NoPckCrl),
            (DocumentKind::RootCrl, Error::NoRootCrl),
            (DocumentKind::TcbInfo, Error::NoTcbInfo),
            (DocumentKind::QeIdentity, Error::NoQeIdentity),
        ] {
            assert_refused(verify(&evidence(), NOW), error);
            assert_ok!(bring_one(kind, &collateral));
        }
        assert_ok!(verify(&evidence(), NOW));
    });
}

#[test]
fn a_root_that_is_no_longer_trusted_takes_all_below_it_along() {
    let development = crate::dispatchable_impls::root_hash(development::ROOT_DER);
    refused_after(
        |_| {
            assert_ok!(Attestation::remove_trusted_root(root(), development));
        },
        || Error::UntrustedRoot,
    );
    refused_after(
        |_| TrustedRoots::<Test>::put(BoundedVec::truncate_from(vec![root_of(roots::INTEL, 0)])),
        || Error::UntrustedRoot,
    );
}

#[test]
fn a_root_counts_when_its_notice_is_over() {
    for (from, good) in [(NOW - 1, true), (NOW, true), (NOW + 1, false)] {
        on_chain_with_documents(|| {
            TrustedRoots::<Test>::mutate(|roots| roots[0].active_from_secs = from);
            let result = verify(&evidence(), NOW);
            if good {
                assert_ok!(result);
            } else {
                assert_refused(result, Error::UntrustedRoot);
            }
        });
    }
}

#[test]
fn a_machine_that_is_revoked_later_is_refused() {
    let serial = serial_of(machine(TcbClass::UpToDate).leaf_der());
    refused_after(
        |_| {
            assert_ok!(bring_pck_crl(&newer_lists(|draft| draft.pck_crl.revoked.push(serial.clone()))));
        },
        || Error::CertificateRevoked,
    );
}

#[test]
fn whoever_signs_for_platforms_may_be_revoked_later() {
    let (root, ca, signer) = (pki().root_der().to_vec(), pki().ca_der().to_vec(), pki().signer_der().to_vec());
    for certificate in [root, ca, signer] {
        let serial = serial_of(&certificate);
        refused_after(
            |_| {
                assert_ok!(bring_root_crl(&newer_lists(|draft| draft.root_crl.revoked.push(serial.clone()))));
            },
            || Error::CertificateRevoked,
        );
    }
}

#[test]
fn another_machine_of_the_same_ca_is_not_touched() {
    let serial = serial_of(pki().platform(TcbClass::UpToDate, "Another machine").leaf_der());
    on_chain_with_documents(|| {
        assert_ok!(bring_pck_crl(&newer_lists(|draft| draft.pck_crl.revoked.push(serial))));
        assert_ok!(verify(&evidence(), NOW));
    });
}

#[test]
fn facts_are_worth_what_the_newest_documents_say() {
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        let with_status = |status: &str, secs| {
            let mut draft = CollateralDraft::new(&pki(), Tee::Sgx, NOW + secs);
            draft.tcb_info["tcbLevels"][0]["tcbStatus"] = json!(status);
            draft.sign(&pki())
        };
        for (secs, status) in [
            (1, TcbStatus::OutOfDate),
            (2, TcbStatus::SWHardeningNeeded),
            (3, TcbStatus::UpToDate),
        ] {
            assert_ok!(bring_tcb_info(&with_status(status.as_str(), secs)));
            let judged = judge(&known).unwrap();
            assert_eq!(judged.status, status);
            assert_eq!(verify_again(&known, &evidence(), NOW).unwrap(), judged);
        }
        assert_ok!(bring_tcb_info(&with_status("Revoked", 4)));
        assert_refused(judge(&known), Error::TcbRevoked);
        assert_refused(verify_again(&known, &evidence(), NOW), Error::TcbRevoked);
    });
}

#[test]
fn known_facts_are_judged_by_the_policy_of_now() {
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        let platform = known.platform_id();
        tighten(|policy| policy.denied_platforms.try_push(platform).unwrap());
        assert_refused(judge(&known), Error::PlatformDenied);
        assert_refused(verify_again(&known, &evidence(), NOW), Error::PlatformDenied);
    });
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        assert_ok!(Attestation::deprecate_measurement(root(), development::measurement(), NOW));
        assert_refused(judge(&known), Error::MeasurementDeprecated);
    });
}

#[test]
fn judging_again_keeps_what_was_proven() {
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        tighten(|policy| policy.flags.cached_keys = false);
        let judged = judge(&known).unwrap();
        let expires_at_secs = known.expires_at_secs + GRACE;
        assert_eq!(
            judged,
            VerdictRecord {
                policy_version: 2,
                expires_at_secs,
                ..known
            }
        );
    });
}
