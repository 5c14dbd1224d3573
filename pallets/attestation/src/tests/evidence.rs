//! Evidence of the forge: good evidence gives a record, and each single fault its own error.

use super::mock::*;
use crate::{AllowedMeasurement, Error, Roles, TrustedRoots, VerdictRecord, MAX_ADVISORIES};
use frame_support::{assert_ok, BoundedVec};
use khala_attestation::{
    collateral::Collateral,
    development,
    forge::{
        sgx_extension, CertificateDraft, CollateralDraft, Key, Pki, Platform, QuoteDraft, TcbClass, EVALUATION_DATA_NUMBER, FMSPC,
        NOT_BEFORE_SECS,
    },
    policy::{AttestationPolicy, FlagRules, StatusRule, StatusRules},
    quote::{SgxReport, TdReport},
    rollback::EvaluationNumbers,
    roots,
};
use khala_primitives::{
    AccountId32, ConfidenceLevel, EcdhPublicKey, Evidence, Freshness, Instance, PRuntimeVersion, PlatformId, TcbStatus, Tee, WorkerInfo,
    WorkerPublicKey, H256,
};
use x509_cert::der::{oid::ObjectIdentifier, Decode};

/// When the tests verify, in seconds since 1970.
const NOW: u64 = 1_790_000_000;
const DAY: u64 = 24 * 3600;
/// Intel's extension of PCK certificates.
const SGX_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1");

fn info() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 0,
            minor: 1,
            patch: 0,
        },
        genesis_hash: H256::zero(),
        identity_key: WorkerPublicKey([1; 32]),
        ecdh_key: EcdhPublicKey([2; 32]),
        operator: AccountId32::new([3; 32]),
        instance: Instance([4; 16]),
        freshness: Freshness {
            number: 1,
            hash: H256::zero(),
        },
        cores: 1,
        memory_mib: 1024,
        features: 0,
    }
}

fn pki() -> Pki {
    Pki::development()
}

fn machine(class: TcbClass) -> Platform {
    pki().platform(class, "Machine")
}

/// Good evidence for [`info`].
fn evidence() -> Evidence {
    machine(TcbClass::UpToDate).sgx(info().report_data())
}

fn collateral() -> Collateral {
    pki().collateral(NOW)
}

/// The evidence of a quote with one change.
fn sgx_with(change: impl FnOnce(&mut QuoteDraft)) -> Evidence {
    let mut draft = machine(TcbClass::UpToDate).sgx_draft(info().report_data());
    change(&mut draft);
    Evidence::Sgx { quote: draft.sign() }
}

fn td_with(change: impl FnOnce(&mut TdReport)) -> Evidence {
    let mut draft = machine(TcbClass::UpToDate).tdx_draft(info().report_data());
    change(draft.td_report().unwrap());
    Evidence::Tdx { quote: draft.sign() }
}

fn collateral_with(tee: Tee, change: impl FnOnce(&mut CollateralDraft)) -> Collateral {
    let mut draft = CollateralDraft::new(&pki(), tee, NOW);
    change(&mut draft);
    draft.sign(&pki())
}

fn verify(evidence: &Evidence, collateral: &Collateral, now_secs: u64) -> Result<VerdictRecord, Error<Test>> {
    Attestation::verify_evidence(&info(), evidence, collateral, now_secs)
}

/// Errors of calls have no equality, so their names are compared.
fn assert_refused(result: Result<VerdictRecord, Error<Test>>, error: Error<Test>) {
    assert_eq!(format!("{:?}", result.unwrap_err()), format!("{error:?}"));
}

/// SGX evidence with a fault in the quote.
fn quote_refused(evidence: &Evidence, error: Error<Test>) {
    on_chain(|| assert_refused(verify(evidence, &collateral(), NOW), error));
}

/// Good evidence with a fault in the collateral.
fn collateral_refused(collateral: &Collateral, error: Error<Test>) {
    on_chain(|| assert_refused(verify(&evidence(), collateral, NOW), error));
}

fn set_policy(change: impl FnOnce(&mut AttestationPolicy)) {
    let mut policy = AttestationPolicy::default_for_chain();
    change(&mut policy);
    assert_ok!(Attestation::set_policy(root(), policy));
}

#[test]
fn good_evidence_is_recorded() {
    on_chain(|| {
        let record = verify(&evidence(), &collateral(), NOW).unwrap();
        assert_eq!(
            (record.tee, record.status, record.level),
            (Tee::Sgx, TcbStatus::UpToDate, ConfidenceLevel::One)
        );
        assert!(record.advisories.is_empty());
        assert_eq!(record.measurement, development::measurement());
        assert_eq!((record.fmspc, record.policy_version), (FMSPC, 1));
        assert_ne!(record.platform_id, PlatformId([0; 32]));
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
    on_chain(|| {
        for (class, level) in levels {
            let record = verify(&machine(class).sgx(info().report_data()), &collateral(), NOW).unwrap();
            assert_eq!(record.level, level, "{class}");
        }
    });
}

#[test]
fn td_evidence_of_both_versions_is_recorded() {
    on_chain(|| {
        assert_ok!(Attestation::allow_measurement(root(), development::td_measurement(), ALWAYS));
        let machine = machine(TcbClass::UpToDate);
        for evidence in [machine.tdx(info().report_data()), machine.tdx15(info().report_data())] {
            let record = verify(&evidence, &pki().td_collateral(NOW), NOW).unwrap();
            assert_eq!((record.tee, record.measurement), (Tee::Tdx, development::td_measurement()));
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
    on_chain(|| assert_refused(verify(&evidence, &stranger.collateral(NOW), NOW), Error::UntrustedRoot));
    on_chain(|| {
        TrustedRoots::<Test>::put(BoundedVec::truncate_from(vec![root_of(roots::INTEL)]));
        assert_refused(verify(&self::evidence(), &collateral(), NOW), Error::UntrustedRoot);
        TrustedRoots::<Test>::kill();
        assert_refused(verify(&self::evidence(), &collateral(), NOW), Error::UntrustedRoot);
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
    collateral_refused(
        &collateral_with(Tee::Sgx, |draft| draft.pck_crl.revoked.push(serial)),
        Error::CertificateRevoked,
    );
}

fn serial_of(der: &[u8]) -> Vec<u8> {
    let certificate = x509_cert::Certificate::from_der(der).unwrap();
    certificate.tbs_certificate().serial_number().as_bytes().to_vec()
}

#[test]
fn collateral_that_was_changed_is_refused() {
    let mut changed = collateral();
    changed.tcb_info = changed.tcb_info.replace("UpToDate", "upToDate");
    collateral_refused(&changed, Error::InvalidCollateral);
}

#[test]
fn collateral_counts_until_it_expires() {
    on_chain(|| {
        let last = verify(&evidence(), &collateral(), NOW).unwrap().expires_at_secs;
        for (now, good) in [(last - 1, true), (last, true), (last + 1, false)] {
            let result = verify(&evidence(), &collateral(), now);
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
    on_chain(|| {
        assert_refused(verify(&evidence(), &collateral(), NOW - DAY), Error::NotYetValid);
        assert_refused(
            verify(&evidence(), &pki().collateral(NOT_BEFORE_SECS - 1), NOT_BEFORE_SECS - 1),
            Error::NotYetValid,
        );
    });
}

#[test]
fn a_platform_counts_until_its_certificate_expires() {
    for (last, good) in [(NOW - 1, false), (NOW, true), (NOW + 1, true)] {
        on_chain(|| {
            let evidence = machine_until(last).sgx(info().report_data());
            let result = verify(&evidence, &collateral(), NOW);
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
fn collateral_of_the_other_tee_is_refused() {
    on_chain(|| {
        assert_refused(
            verify(&evidence(), &pki().td_collateral(NOW), NOW),
            Error::CollateralOfOtherPlatform,
        )
    });
}

#[test]
fn a_machine_below_all_levels_or_revoked_is_refused() {
    quote_refused(&machine(TcbClass::BelowAllLevels).sgx(info().report_data()), Error::NoTcbLevel);
    quote_refused(&machine(TcbClass::Revoked).sgx(info().report_data()), Error::TcbRevoked);
}

#[test]
fn a_foreign_tdx_module_is_refused() {
    on_chain(|| {
        let evidence = td_with(|report| report.mr_signer_seam[0] ^= 1);
        assert_refused(verify(&evidence, &pki().td_collateral(NOW), NOW), Error::UnknownTdxModule);
    });
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
    on_chain(|| {
        let evidence = td_with(|report| report.td_attributes = (report.attributes() | TdReport::MIGRATABLE).to_le_bytes());
        assert_refused(verify(&evidence, &pki().td_collateral(NOW), NOW), Error::UnsafeTd);
    });
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
    on_chain(|| {
        let other = WorkerInfo { cores: 2, ..info() };
        let result = Attestation::verify_evidence(&other, &evidence(), &collateral(), NOW);
        assert_refused(result, Error::InfoMismatch);
    });
}

#[test]
fn code_that_is_not_on_the_list_is_refused() {
    quote_refused(
        &sgx_with(|draft| draft.sgx_report().unwrap().mr_enclave[0] ^= 1),
        Error::MeasurementNotAllowed,
    );
    on_chain(|| {
        let gatekeeper = AllowedMeasurement {
            roles: Roles::GATEKEEPER,
            ..ALWAYS
        };
        assert_ok!(Attestation::allow_measurement(root(), development::measurement(), gatekeeper));
        assert_refused(verify(&evidence(), &collateral(), NOW), Error::MeasurementNotAllowed);
    });
}

#[test]
fn code_counts_from_its_first_second_until_before_its_last() {
    on_chain(|| {
        let allowed = AllowedMeasurement {
            active_from_secs: NOW,
            deprecated_from_secs: Some(NOW + 2),
            ..ALWAYS
        };
        assert_ok!(Attestation::allow_measurement(root(), development::measurement(), allowed));
        assert_refused(verify(&evidence(), &collateral(), NOW - 1), Error::MeasurementNotYetActive);
        assert!(verify(&evidence(), &collateral(), NOW).is_ok());
        assert!(verify(&evidence(), &collateral(), NOW + 1).is_ok());
        assert_refused(verify(&evidence(), &collateral(), NOW + 2), Error::MeasurementDeprecated);
    });
}

#[test]
fn the_policy_has_the_last_word() {
    let hardening = machine(TcbClass::SWHardeningNeeded).sgx(info().report_data());
    let refused = |change: fn(&mut AttestationPolicy), error| {
        on_chain(|| {
            assert!(verify(&hardening, &collateral(), NOW).is_ok());
            set_policy(change);
            assert_refused(verify(&hardening, &collateral(), NOW), error);
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
        Error::CollateralNotCurrent,
    );
}

#[test]
fn a_denied_machine_is_refused() {
    on_chain(|| {
        let platform = verify(&evidence(), &collateral(), NOW).unwrap().platform_id;
        set_policy(|policy| policy.denied_platforms.try_push(platform).unwrap());
        assert_refused(verify(&evidence(), &collateral(), NOW), Error::PlatformDenied);
    });
}

#[test]
fn a_machine_with_a_property_that_is_not_accepted_is_refused() {
    on_chain(|| {
        // The extension ends with the flag of SMT.
        let mut extension = sgx_extension("Machine", &TcbClass::UpToDate.cpu_svn());
        *extension.last_mut().unwrap() = 0xff;
        let evidence = Platform::with_extension(&pki(), "Machine", "SMT", &extension).sgx(info().report_data());
        assert!(verify(&evidence, &collateral(), NOW).is_ok());
        set_policy(|policy| {
            policy.flags = FlagRules {
                smt_enabled: false,
                ..FlagRules::ALL
            }
        });
        assert_refused(verify(&evidence, &collateral(), NOW), Error::PlatformPropertyDenied);
    });
}

#[test]
fn a_record_names_the_policy_that_judged_it() {
    on_chain(|| {
        set_policy(|policy| {
            policy.flags = FlagRules {
                dynamic_platform: false,
                ..FlagRules::ALL
            }
        });
        assert_eq!(verify(&evidence(), &collateral(), NOW).unwrap().policy_version, 2);
    });
}

#[test]
fn advisories_are_kept_up_to_the_bound() {
    on_chain(|| {
        let quote = evidence();
        let verdict = khala_attestation::verify::verify(quote.quote(), &collateral(), &[development::ROOT_DER], NOW).unwrap();
        for (count, good) in [(MAX_ADVISORIES - 1, true), (MAX_ADVISORIES, true), (MAX_ADVISORIES + 1, false)] {
            let mut verdict = verdict.clone();
            verdict.advisories = (0..count).map(|index| format!("INTEL-SA-{index:05}").parse().unwrap()).collect();
            let result = Attestation::record(verdict, ConfidenceLevel::One);
            if good {
                assert_eq!(result.unwrap().advisories.len(), count as usize);
            } else {
                assert_refused(result, Error::TooManyAdvisories);
            }
        }
    });
}
