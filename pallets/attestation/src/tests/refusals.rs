//! Each of the verifier's and the policy's errors has one of the pallet's.

use super::mock::*;
use crate::{DocumentKind, Error, MeasurementStanding, Refusal};
use khala_attestation::{
    advisory::Advisory,
    error::Error as Fault,
    finding::Finding,
    hex_bytes::Fmspc,
    part::{Part, PckField, QuoteField},
    policy::{Flag, PolicyError},
    shortfall::{Component, Shortfall},
};
use khala_primitives::{PlatformId, TcbStatus, Tee};

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
