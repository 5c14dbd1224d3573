//! Each of the verifier's and the policy's errors has one of the pallet's.

use super::mock::*;
use crate::{DocumentKind, Error, MeasurementStanding, Refusal};
use codec::{Decode, Encode, MaxEncodedLen};
use khala_attestation::{
    advisory::Advisory,
    error::Error as Fault,
    finding::Finding,
    hex_bytes::Fmspc,
    part::{Part, PckField, QuoteField},
    policy::{Flag, PolicyError},
    shortfall::{Component, Shortfall},
};
use khala_primitives::{MeasurementDigest, PlatformId, TcbStatus, Tee};

type PalletError = Error<Test>;

const OF_PLATFORM: [Part; 3] = [Part::PckChain, Part::PckLeaf, Part::PckCa];
const OF_COLLATERAL: [Part; 10] = [
    Part::Root,
    Part::TcbInfoChain,
    Part::TcbInfoSigner,
    Part::QeIdentityChain,
    Part::QeIdentitySigner,
    Part::RootCrl,
    Part::PckCrl,
    Part::TcbInfo,
    Part::QeIdentity,
    Part::PckCrlChain,
];

/// Errors of calls have no equality, so their names are compared.
#[track_caller]
fn becomes(refusal: Refusal, error: &PalletError) {
    assert_eq!(format!("{:?}", PalletError::from(refusal)), format!("{error:?}"), "{refusal:?}");
}

/// All of `faults` become `error`.
#[track_caller]
fn all_become(faults: &[Fault], error: PalletError) {
    for fault in faults {
        becomes(Refusal::Evidence(*fault), &error);
    }
}

#[test]
fn a_bad_form_is_a_malformed_quote() {
    all_become(&[Fault::QuoteTooLong { length: 2, max: 1 }], Error::QuoteTooLong);
    let malformed = [
        Fault::QuoteTruncated {
            field: QuoteField::Header,
            needs: 2,
            has: 1,
        },
        Fault::QuoteVersion { found: 2 },
        Fault::TeeType { version: 3, found: 1 },
        Fault::BodyType { found: 9 },
        Fault::BodySize { found: 1, expected: 2 },
        Fault::AttestationKeyType { found: 3 },
        Fault::QeVendor,
        Fault::TrailingBytes { count: 1 },
        Fault::QeAuthDataLength { found: 1 },
        Fault::CertificationDataType { found: 1 },
    ];
    all_become(&malformed, Error::MalformedQuote);
}

#[test]
fn a_bad_signature_in_the_quote_is_a_tampered_quote() {
    let tampered = [
        Fault::AttestationKey,
        Fault::QuoteSignature,
        Fault::QeReportBinding,
        Fault::QeReportSignature,
    ];
    all_become(&tampered, Error::TamperedQuote);
}

#[test]
fn what_leads_to_no_trusted_root_is_untrusted() {
    all_become(
        &[
            Fault::NoTrustedRoot,
            Fault::RootMalformed,
            Fault::UnknownIssuer { part: Part::PckCa },
        ],
        Error::UntrustedRoot,
    );
}

#[test]
fn a_bad_certificate_is_the_platforms_or_the_collaterals() {
    fn of(part: Part) -> [Fault; 7] {
        [
            Fault::Pem { part },
            Fault::ChainLength { part, found: 9, max: 3 },
            Fault::CertificateMalformed { part },
            Fault::CertificateExtension { part },
            Fault::CertificateAuthority { part, is_ca: true },
            Fault::SignatureAlgorithm { part },
            Fault::PublicKey { part },
        ]
    }
    all_become(
        &[Fault::Signature { part: Part::PckLeaf }, Fault::PathLength],
        Error::InvalidPlatformCertificate,
    );
    all_become(&[Fault::Signature { part: Part::TcbInfo }], Error::InvalidCollateral);
    for part in OF_PLATFORM {
        all_become(&of(part), Error::InvalidPlatformCertificate);
        all_become(&[Fault::Expired { part, secs_ago: 1 }], Error::PlatformCertificateExpired);
    }
    for part in OF_COLLATERAL {
        all_become(&of(part), Error::InvalidCollateral);
        all_become(&[Fault::Expired { part, secs_ago: 1 }], Error::CollateralExpired);
    }
    all_become(&[Fault::PckExtension { field: PckField::Ppid }], Error::InvalidPlatformCertificate);
    all_become(
        &[Fault::NotYetValid {
            part: Part::TcbInfo,
            in_secs: 1,
        }],
        Error::NotYetValid,
    );
    all_become(&[Fault::Revoked { part: Part::PckLeaf }], Error::CertificateRevoked);
}

#[test]
fn bad_collateral_is_to_be_fetched_again() {
    let part = Part::TcbInfo;
    let invalid = [
        Fault::CrlMalformed { part },
        Fault::CrlIssuer { part },
        Fault::CrlSigner { part },
        Fault::CollateralTooLarge { part, size: 2, max: 1 },
        Fault::Json { part, line: 1, column: 1 },
        Fault::Date { part },
        Fault::HexValue { part },
        Fault::StatusNotAllowed {
            part,
            status: TcbStatus::Revoked,
        },
        Fault::ComponentCount { tdx: true, found: 1 },
        Fault::TdxModuleMissing,
    ];
    all_become(&invalid, Error::InvalidCollateral);
    let fmspc = Fmspc([1; 6]);
    let other = [
        Fault::TcbInfoKind { tee: Tee::Sgx, version: 3 },
        Fault::TcbInfoFmspc {
            found: fmspc,
            expected: fmspc,
        },
        Fault::QeIdentityKind { tee: Tee::Sgx, version: 2 },
    ];
    all_become(&other, Error::CollateralOfOtherPlatform);
    let old = [
        Fault::EvaluationNumber {
            part,
            found: 1,
            current: 2,
        },
        Fault::RolledBack { part, by_secs: 1 },
    ];
    all_become(&old, Error::CollateralNotCurrent);
}

#[test]
fn a_platform_below_all_levels_is_to_be_updated() {
    let shortfall = Shortfall {
        component: Component::Pce,
        has: 1,
        needs: 2,
    };
    let short = [
        Fault::NoTcbLevel {
            shortfall: Some(shortfall),
        },
        Fault::TdxModuleSvn { shortfall },
        Fault::QeSvn { found: 1, needed: Some(2) },
    ];
    all_become(&short, Error::NoTcbLevel);
    all_become(&[Fault::TcbRevoked], Error::TcbRevoked);
}

#[test]
fn foreign_helpers_of_the_platform_are_unknown() {
    let module = [
        Fault::TdxModuleVersion { found: 9 },
        Fault::TdxModuleSigner,
        Fault::SeamAttributes { byte: 0 },
    ];
    all_become(&module, Error::UnknownTdxModule);
    let quoting_enclave = [
        Fault::QeSigner,
        Fault::QeDebug,
        Fault::QeProduct { found: 1, expected: 2 },
        Fault::QeMiscSelect { found: 1, expected: 2 },
        Fault::QeAttributes { byte: 0 },
    ];
    all_become(&quoting_enclave, Error::UnknownQuotingEnclave);
}

#[test]
fn a_report_that_gives_power_to_the_host_is_refused() {
    all_become(&[Fault::Debug], Error::DebugOn);
    let unsafe_td = [
        Fault::TdProfiling,
        Fault::TdReservedAttributes { bits: 1 },
        Fault::TdMigratable,
        Fault::TdServiceTdExt,
        Fault::TdSeptVeDisable,
        Fault::ServiceTd,
    ];
    all_become(&unsafe_td, Error::UnsafeTd);
    all_become(&[Fault::Binding], Error::InfoMismatch);
}

#[test]
fn each_reason_of_the_policy_has_its_error() {
    let advisory: Advisory = "INTEL-SA-00001".parse().unwrap();
    let cases: [(PolicyError, PalletError); 7] = [
        (PolicyError::Status(TcbStatus::OutOfDate), Error::StatusNotAccepted),
        (PolicyError::Advisory(advisory), Error::AdvisoryDenied),
        (PolicyError::Fmspc(Fmspc([1; 6])), Error::PlatformDenied),
        (PolicyError::Platform(PlatformId([1; 32])), Error::PlatformDenied),
        (PolicyError::Flag(Flag::SmtEnabled), Error::PlatformPropertyDenied),
        (PolicyError::EvaluationNumber { found: 1, current: 2 }, Error::CollateralNotCurrent),
        (PolicyError::NotForRegistration(Finding::ConfigId), Error::NotForRegistration),
    ];
    for (reason, error) in cases {
        becomes(Refusal::Policy(reason), &error);
    }
}

#[test]
fn what_the_pallet_itself_finds_has_its_error() {
    let measurement = MeasurementDigest([1; 32]);
    let of = |standing| Refusal::Measurement { measurement, standing };
    for (refusal, error) in [
        (Refusal::QuoteTooLong, Error::QuoteTooLong),
        (Refusal::OtherTee, Error::OtherTee),
        (of(MeasurementStanding::NotAllowed), Error::MeasurementNotAllowed),
        (of(MeasurementStanding::NotYetActive), Error::MeasurementNotYetActive),
        (of(MeasurementStanding::Deprecated), Error::MeasurementDeprecated),
        (Refusal::Missing(DocumentKind::RootCrl), Error::NoRootCrl),
        (Refusal::Missing(DocumentKind::PckCrl), Error::NoPckCrl),
        (Refusal::Missing(DocumentKind::TcbInfo), Error::NoTcbInfo),
        (Refusal::Missing(DocumentKind::QeIdentity), Error::NoQeIdentity),
        (Refusal::TooManyAdvisories, Error::TooManyAdvisories),
        (Refusal::OtherPlatform, Error::OtherPlatform),
    ] {
        becomes(refusal, &error);
    }
}

#[test]
fn the_fault_of_whoever_signed_a_document_is_the_documents() {
    let becomes = |fault: Fault, error: PalletError| {
        assert_eq!(
            format!("{:?}", Attestation::refuse_document(&fault)),
            format!("{error:?}"),
            "{fault:?}"
        );
    };
    for part in OF_PLATFORM.into_iter().chain(OF_COLLATERAL) {
        becomes(Fault::CertificateMalformed { part }, Error::InvalidCollateral);
        becomes(Fault::CertificateAuthority { part, is_ca: true }, Error::InvalidCollateral);
        becomes(Fault::Pem { part }, Error::InvalidCollateral);
        becomes(Fault::ChainLength { part, found: 9, max: 3 }, Error::InvalidCollateral);
        becomes(Fault::Expired { part, secs_ago: 1 }, Error::CollateralExpired);
        becomes(Fault::NotYetValid { part, in_secs: 1 }, Error::NotYetValid);
        becomes(Fault::Revoked { part }, Error::CertificateRevoked);
        becomes(Fault::UnknownIssuer { part }, Error::UntrustedRoot);
    }
    becomes(Fault::PathLength, Error::InvalidCollateral);
    becomes(Fault::Signature { part: Part::PckCa }, Error::UntrustedRoot);
    becomes(Fault::Signature { part: Part::TcbInfo }, Error::InvalidCollateral);
    becomes(Fault::NoTrustedRoot, Error::UntrustedRoot);
}

#[test]
fn documents_that_are_missing_late_or_no_longer_signed_do_not_speak_against_a_worker() {
    let speaks = |refusal: Refusal| refusal.is_against_worker();
    for kind in [
        DocumentKind::RootCrl,
        DocumentKind::PckCrl,
        DocumentKind::TcbInfo,
        DocumentKind::QeIdentity,
    ] {
        assert!(!speaks(Refusal::Missing(kind)));
    }
    for part in OF_COLLATERAL {
        assert!(!speaks(Fault::Expired { part, secs_ago: 1 }.into()), "{part}");
        assert!(!speaks(Fault::NotYetValid { part, in_secs: 1 }.into()), "{part}");
    }
    for part in [Part::TcbInfoSigner, Part::QeIdentitySigner] {
        assert!(!speaks(Fault::Revoked { part }.into()), "{part}");
    }
    assert!(!speaks(PolicyError::EvaluationNumber { found: 1, current: 2 }.into()));
}

#[test]
fn everything_else_speaks_against_the_worker() {
    let measurement = MeasurementDigest([1; 32]);
    let standing = MeasurementStanding::Deprecated;
    let mut refusals = vec![
        Refusal::QuoteTooLong,
        Refusal::OtherTee,
        Refusal::Measurement { measurement, standing },
        Refusal::TooManyAdvisories,
        Refusal::OtherPlatform,
        PolicyError::Status(TcbStatus::OutOfDate).into(),
        PolicyError::Platform(PlatformId([1; 32])).into(),
        Fault::TcbRevoked.into(),
        Fault::NoTrustedRoot.into(),
        // A root that is revoked ends everything below it.
        Fault::Revoked { part: Part::Root }.into(),
    ];
    for part in OF_PLATFORM {
        refusals.push(Fault::Expired { part, secs_ago: 1 }.into());
        refusals.push(Fault::Revoked { part }.into());
    }
    for refusal in refusals {
        assert!(refusal.is_against_worker(), "{refusal:?}");
    }
}

#[test]
fn a_refusal_says_what_to_do() {
    let measurement = MeasurementDigest([1; 32]);
    let of = |standing| Refusal::Measurement { measurement, standing }.message();
    let mut messages = vec![
        Refusal::QuoteTooLong.message(),
        Refusal::OtherTee.message(),
        Refusal::TooManyAdvisories.message(),
        Refusal::OtherPlatform.message(),
        of(MeasurementStanding::NotAllowed),
        of(MeasurementStanding::NotYetActive),
        of(MeasurementStanding::Deprecated),
    ];
    for kind in [
        DocumentKind::RootCrl,
        DocumentKind::PckCrl,
        DocumentKind::TcbInfo,
        DocumentKind::QeIdentity,
    ] {
        messages.push(Refusal::Missing(kind).message());
    }
    let different: std::collections::BTreeSet<_> = messages.iter().collect();
    assert_eq!(different.len(), messages.len());
    // Those of the verifier and the policy are theirs.
    let expired = Fault::Expired {
        part: Part::TcbInfo,
        secs_ago: 312,
    };
    assert_eq!(
        Refusal::from(expired).message(),
        "the TCB info expired 312 s ago; get newer collateral"
    );
    let denied = PolicyError::Status(TcbStatus::OutOfDate);
    assert_eq!(Refusal::from(denied).message(), denied.to_string());
}

#[test]
fn a_refusal_comes_back_from_scale() {
    let refusals = [
        Refusal::OtherPlatform,
        Fault::TcbRevoked.into(),
        PolicyError::Status(TcbStatus::OutOfDate).into(),
        Refusal::Missing(DocumentKind::QeIdentity),
    ];
    for refusal in refusals {
        assert_eq!(Refusal::decode(&mut &refusal.encode()[..]), Ok(refusal));
        assert!(refusal.encoded_size() <= Refusal::max_encoded_len());
    }
}
