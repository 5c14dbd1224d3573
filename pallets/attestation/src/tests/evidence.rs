//! Evidence of the forge: good evidence gives a record, and each single fault its own error.

use super::{forged::*, mock::*};
use crate::{AllowedMeasurement, Error, Roles, TrustedRoots, Verification, MAX_ADVISORIES};
use frame_support::{assert_noop, assert_ok, BoundedVec};
use khala_attestation::{
    development,
    forge::{sgx_extension, CertificateDraft, Key, Pki, Platform, TcbClass, EVALUATION_DATA_NUMBER, FMSPC, NOT_BEFORE_SECS},
    measurement,
    policy::{AttestationPolicy, FlagRules, StatusRule, StatusRules},
    quote::{SgxReport, TdReport},
    rollback::EvaluationNumbers,
    roots, Collateral,
};
use khala_primitives::{ConfidenceLevel, Evidence, PlatformId, TcbStatus, Tee, WorkerInfo};
use serde_json::json;
use x509_cert::der::oid::ObjectIdentifier;

/// Intel's extension of PCK certificates.
const SGX_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1");

/// SGX evidence with a fault in the quote.
fn quote_refused(evidence: &Evidence, error: Error<Test>) {
    on_chain_with_documents(|| assert_refused(verify(evidence, NOW), error));
}

/// TDX evidence with a fault in the quote.
fn td_quote_refused(evidence: &Evidence, error: Error<Test>) {
    on_chain_with_documents(|| {
        bring_signed(&pki().td_collateral(NOW));
        assert_refused(verify(evidence, NOW), error);
    });
}

/// Good evidence is refused by these documents, which the chain keeps.
fn documents_refuse(collateral: &Collateral, error: Error<Test>) {
    on_chain(|| {
        bring(collateral);
        assert_refused(verify(&evidence(), NOW), error);
    });
}

#[test]
fn good_evidence_is_recorded() {
    on_chain_with_documents(|| {
        let record = verify(&evidence(), NOW).unwrap();
        assert_eq!(
            (record.tee(), record.status, record.level),
            (Tee::Sgx, TcbStatus::UpToDate, ConfidenceLevel::One)
        );
        assert!(record.advisories.is_empty());
        assert_eq!(record.measurement(), development::measurement());
        assert_eq!((record.fmspc(), record.policy_version), (FMSPC, 1));
        assert_ne!(record.platform_id(), PlatformId([0; 32]));
        assert!(record.expires_at_secs > NOW && record.expires_at_secs <= NOW + 30 * DAY);
    });
}

#[test]
fn each_class_of_machines_gets_the_level_of_the_design() {
    use ConfidenceLevel::{Five, Four, One, Two};
    let levels = [
        (TcbClass::UpToDate, One),
        (TcbClass::SWHardeningNeeded, Two),
        (TcbClass::ConfigurationNeeded, Four),
        (TcbClass::ConfigurationAndSWHardeningNeeded, Four),
        (TcbClass::OutOfDate, Five),
        (TcbClass::OutOfDateConfigurationNeeded, Five),
    ];
    on_chain_with_documents(|| {
        for (class, level) in levels {
            let record = verify(&machine(class).sgx(info().report_data()), NOW).unwrap();
            assert_eq!(record.level, level, "{class}");
        }
    });
}

#[test]
fn td_evidence_of_both_versions_is_recorded() {
    on_chain_with_documents(|| {
        bring_signed(&pki().td_collateral(NOW));
        let machine = machine(TcbClass::UpToDate);
        for evidence in [machine.tdx(info().report_data()), machine.tdx15(info().report_data())] {
            let record = verify(&evidence, NOW).unwrap();
            assert_eq!((record.tee(), record.measurement()), (Tee::Tdx, development::td_measurement()));
        }
    });
}

#[test]
fn a_quote_of_the_wrong_form_is_malformed() {
    let Evidence::Sgx { quote } = evidence() else { panic!("SGX") };
    let longer = |length: usize| Evidence::Sgx {
        quote: [quote.clone(), vec![0; length - quote.len()]].concat(),
    };
    quote_refused(&longer(Evidence::MAX_QUOTE), Error::MalformedQuote);
    quote_refused(&longer(Evidence::MAX_QUOTE + 1), Error::QuoteTooLong);
    quote_refused(&Evidence::Sgx { quote: Vec::new() }, Error::MalformedQuote);
    quote_refused(
        &Evidence::Sgx {
            quote: quote[..quote.len() - 1].to_vec(),
        },
        Error::MalformedQuote,
    );
    quote_refused(&Evidence::Tdx { quote }, Error::OtherTee);
}

#[test]
fn a_quote_that_was_changed_is_tampered() {
    let Evidence::Sgx { mut quote } = evidence() else { panic!("SGX") };
    quote[48 + 64] ^= 1; // MRENCLAVE
    quote_refused(&Evidence::Sgx { quote }, Error::TamperedQuote);
}

#[test]
fn another_root_is_not_trusted() {
    let stranger = Pki::stranger("of the same names");
    let evidence = stranger.platform(TcbClass::UpToDate, "Machine").sgx(info().report_data());
    on_chain_with_documents(|| {
        // Its documents are refused, so none are kept of its PCK CA.
        assert_noop!(bring_pck_crl(&stranger.collateral(NOW)), Error::<Test>::UntrustedRoot);
        assert_refused(verify(&evidence, NOW), Error::NoPckCrl);
    });
    on_chain_with_documents(|| {
        TrustedRoots::<Test>::put(BoundedVec::truncate_from(vec![root_of(roots::INTEL, 0)]));
        assert_refused(verify(&self::evidence(), NOW), Error::UntrustedRoot);
        TrustedRoots::<Test>::kill();
        assert_refused(verify(&self::evidence(), NOW), Error::UntrustedRoot);
    });
}

#[test]
fn a_bad_certificate_of_the_platform_is_refused() {
    let no_certificates = sgx_with(|draft| draft.certification_data = b"none".to_vec());
    quote_refused(&no_certificates, Error::InvalidPlatformCertificate);
}

#[test]
fn a_revoked_platform_is_refused() {
    let machine = machine(TcbClass::UpToDate);
    let serial = serial_of(machine.leaf_der());
    documents_refuse(
        &collateral_with(Tee::Sgx, |draft| draft.pck_crl.revoked.push(serial)),
        Error::CertificateRevoked,
    );
}

#[test]
fn collateral_that_was_changed_is_refused() {
    on_chain(|| {
        let mut changed = collateral();
        changed.tcb_info = changed.tcb_info.replace("UpToDate", "upToDate");
        assert_noop!(bring_tcb_info(&changed), Error::<Test>::InvalidCollateral);
    });
}

#[test]
fn collateral_counts_until_it_expires() {
    on_chain_with_documents(|| {
        let last = verify(&evidence(), NOW).unwrap().expires_at_secs;
        for (now, good) in [(last - 1, true), (last, true), (last + 1, false)] {
            let result = verify(&evidence(), now);
            if good {
                assert_eq!(result.unwrap().expires_at_secs, last);
            } else {
                assert_refused(result, Error::CollateralExpired);
            }
        }
    });
}

#[test]
fn what_is_not_valid_yet_is_refused() {
    on_chain_with_documents(|| assert_refused(verify(&evidence(), NOW - DAY), Error::NotYetValid));
    for (now, good) in [(NOT_BEFORE_SECS - 1, false), (NOT_BEFORE_SECS, true), (NOT_BEFORE_SECS + 1, true)] {
        on_chain(|| {
            NowSecs::set(now);
            if good {
                bring(&collateral());
                assert_ok!(verify(&evidence(), now));
            } else {
                assert_noop!(bring_root_crl(&collateral()), Error::<Test>::NotYetValid);
            }
        });
    }
}

#[test]
fn a_platform_counts_until_its_certificate_expires() {
    for (last, good) in [(NOW - 1, false), (NOW, true), (NOW + 1, true)] {
        on_chain_with_documents(|| {
            let evidence = machine_until(last).sgx(info().report_data());
            let result = verify(&evidence, NOW);
            if good {
                assert_eq!(result.unwrap().expires_at_secs, last);
            } else {
                assert_refused(result, Error::PlatformCertificateExpired);
            }
        });
    }
}

/// A machine whose PCK certificate ends at `not_after_secs`.
fn machine_until(not_after_secs: u64) -> Platform {
    let key = Key::named("short-lived machine");
    let sgx = (SGX_EXTENSION, false, sgx_extension("Machine", &TcbClass::UpToDate.cpu_svn()));
    let leaf = CertificateDraft {
        subject: "Short-lived".into(),
        issuer: pki().ca_draft().subject,
        key: key.coordinates(),
        not_after_secs,
        extensions: vec![sgx],
        ..pki().signer_draft()
    };
    Platform::with_leaf(&pki(), "Machine", key, leaf.sign(&pki().ca_key()))
}

#[test]
fn documents_of_the_other_tee_do_not_serve() {
    on_chain(|| {
        bring(&pki().td_collateral(NOW));
        assert_refused(verify(&evidence(), NOW), Error::NoTcbInfo);
        assert_ok!(verify(&td_evidence(), NOW));
    });
}

#[test]
fn documents_of_no_tee_are_refused() {
    on_chain(|| {
        let no_tee = collateral_with(Tee::Sgx, |draft| {
            draft.tcb_info["id"] = json!("SEV");
            draft.qe_identity["id"] = json!("QVE");
        });
        assert_noop!(bring_tcb_info(&no_tee), Error::<Test>::CollateralOfOtherPlatform);
        assert_noop!(bring_qe_identity(&no_tee), Error::<Test>::CollateralOfOtherPlatform);
    });
}

#[test]
fn a_machine_below_all_levels_or_revoked_is_refused() {
    quote_refused(&machine(TcbClass::BelowAllLevels).sgx(info().report_data()), Error::NoTcbLevel);
    quote_refused(&machine(TcbClass::Revoked).sgx(info().report_data()), Error::TcbRevoked);
}

#[test]
fn a_foreign_tdx_module_is_refused() {
    td_quote_refused(&td_with(|report| report.mr_signer_seam[0] ^= 1), Error::UnknownTdxModule);
}

#[test]
fn a_foreign_quoting_enclave_is_refused() {
    quote_refused(&sgx_with(|draft| draft.qe_report.mr_signer[0] ^= 1), Error::UnknownQuotingEnclave);
}

#[test]
fn an_enclave_in_debug_mode_is_refused() {
    let debug = SgxReport::DEBUG as u8;
    quote_refused(
        &sgx_with(|draft| draft.sgx_report().unwrap().attributes[0] |= debug),
        Error::DebugOn,
    );
}

#[test]
fn a_td_that_can_be_moved_is_refused() {
    let movable = td_with(|report| report.td_attributes = (report.attributes() | TdReport::MIGRATABLE).to_le_bytes());
    td_quote_refused(&movable, Error::UnsafeTd);
}

#[test]
fn what_the_host_configured_is_not_for_registration() {
    quote_refused(
        &sgx_with(|draft| draft.sgx_report().unwrap().config_id[0] = 1),
        Error::NotForRegistration,
    );
}

#[test]
fn evidence_for_other_info_is_refused() {
    on_chain_with_documents(|| {
        let other = WorkerInfo { cores: 2, ..info() };
        let result = Attestation::verify_evidence(&other, &evidence(), Verification::Complete, NOW);
        assert_refused(result, Error::InfoMismatch);
    });
}

#[test]
fn code_that_is_not_on_the_list_is_refused() {
    quote_refused(
        &sgx_with(|draft| draft.sgx_report().unwrap().mr_enclave[0] ^= 1),
        Error::MeasurementNotAllowed,
    );
    on_chain_with_documents(|| {
        let gatekeeper = AllowedMeasurement {
            roles: Roles::GATEKEEPER,
            ..ALWAYS
        };
        let mut code = SgxReport::default();
        let evidence = sgx_with(|draft| {
            let report = draft.sgx_report().unwrap();
            report.mr_enclave[0] ^= 1;
            code = report.clone();
        });
        assert_ok!(Attestation::allow_measurement(root(), measurement::of_sgx(&code), gatekeeper));
        pass(NOTICE);
        assert_refused(verify(&evidence, NowSecs::get()), Error::MeasurementNotAllowed);
    });
}

#[test]
fn code_counts_from_its_first_second_until_before_its_last() {
    on_chain_with_documents(|| {
        let allowed = AllowedMeasurement {
            active_from_secs: NOW,
            deprecated_from_secs: Some(NOW + 2),
            ..ALWAYS
        };
        assert_ok!(Attestation::allow_measurement(root(), development::measurement(), allowed));
        assert_refused(verify(&evidence(), NOW - 1), Error::MeasurementNotYetActive);
        assert!(verify(&evidence(), NOW).is_ok());
        assert!(verify(&evidence(), NOW + 1).is_ok());
        assert_refused(verify(&evidence(), NOW + 2), Error::MeasurementDeprecated);
    });
}

#[test]
fn the_policy_has_the_last_word() {
    let hardening = machine(TcbClass::SWHardeningNeeded).sgx(info().report_data());
    let refused = |change: fn(&mut AttestationPolicy), error| {
        on_chain_with_documents(|| {
            assert!(verify(&hardening, NOW).is_ok());
            tighten(change);
            assert_refused(verify(&hardening, NOW), error);
        });
    };
    refused(
        |policy| {
            policy.statuses = StatusRules {
                sw_hardening_needed: StatusRule::Refused,
                ..StatusRules::DESIGN
            }
        },
        Error::StatusNotAccepted,
    );
    refused(
        |policy| policy.denied_advisories.try_push("INTEL-SA-00615".parse().unwrap()).unwrap(),
        Error::AdvisoryDenied,
    );
    refused(|policy| policy.denied_fmspcs.try_push(FMSPC).unwrap(), Error::PlatformDenied);
    refused(
        |policy| {
            policy.evaluation_numbers = Some(EvaluationNumbers {
                current: EVALUATION_DATA_NUMBER + 1,
                next: None,
            })
        },
        Error::NoTcbInfo,
    );
}

#[test]
fn a_denied_machine_is_refused() {
    on_chain_with_documents(|| {
        let platform = verify(&evidence(), NOW).unwrap().platform_id();
        tighten(|policy| policy.denied_platforms.try_push(platform).unwrap());
        assert_refused(verify(&evidence(), NOW), Error::PlatformDenied);
    });
}

#[test]
fn a_machine_with_a_property_that_is_not_accepted_is_refused() {
    on_chain_with_documents(|| {
        // The extension ends with the flag of SMT.
        let mut extension = sgx_extension("Machine", &TcbClass::UpToDate.cpu_svn());
        *extension.last_mut().unwrap() = 0xff;
        let evidence = Platform::with_extension(&pki(), "Machine", "SMT", &extension).sgx(info().report_data());
        assert!(verify(&evidence, NOW).is_ok());
        tighten(|policy| {
            policy.flags = FlagRules {
                smt_enabled: false,
                ..FlagRules::ALL
            }
        });
        assert_refused(verify(&evidence, NOW), Error::PlatformPropertyDenied);
    });
}

#[test]
fn a_record_names_the_policy_that_judged_it() {
    on_chain_with_documents(|| {
        tighten(|policy| {
            policy.flags = FlagRules {
                dynamic_platform: false,
                ..FlagRules::ALL
            }
        });
        assert_eq!(verify(&evidence(), NOW).unwrap().policy_version, 2);
    });
}

#[test]
fn advisories_are_kept_up_to_the_bound() {
    // The quoting enclave's advisories come behind the platform's.
    let of_level = |count: u32| (0..count).map(|index| format!("INTEL-SA-{index:05}")).collect::<Vec<_>>();
    for (count, good) in [(MAX_ADVISORIES - 1, true), (MAX_ADVISORIES, true), (MAX_ADVISORIES + 1, false)] {
        on_chain(|| {
            bring(&collateral_with(Tee::Sgx, |draft| {
                draft.tcb_info["tcbLevels"][0]["advisoryIDs"] = json!(of_level(count - 1));
                draft.qe_identity["tcbLevels"][0]["advisoryIDs"] = json!(["INTEL-SA-90000"]);
            }));
            let result = verify(&evidence(), NOW);
            if good {
                assert_eq!(result.unwrap().advisories.len(), count as usize);
            } else {
                assert_refused(result, Error::TooManyAdvisories);
            }
        });
    }
}
