//! Each of the verifier's and the policy's errors has one of the pallet's.

use super::mock::*;
use crate::Error;
use khala_attestation::{
    advisory::Advisory,
    error::Error as Refusal,
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

/// All of `refusals` become `error`. Errors of calls have no equality, so their names are compared.
fn all_become(refusals: &[Refusal], error: PalletError) {
    for refusal in refusals {
        assert_eq!(format!("{:?}", Attestation::refuse(refusal)), format!("{error:?}"), "{refusal:?}");
    }
}

#[test]
fn a_bad_form_is_a_malformed_quote() {
    all_become(&[Refusal::QuoteTooLong { length: 2, max: 1 }], Error::QuoteTooLong);
    let malformed = [
        Refusal::QuoteTruncated {
            field: QuoteField::Header,
            needs: 2,
            has: 1,
        },
        Refusal::QuoteVersion { found: 2 },
        Refusal::TeeType { version: 3, found: 1 },
        Refusal::BodyType { found: 9 },
        Refusal::BodySize { found: 1, expected: 2 },
        Refusal::AttestationKeyType { found: 3 },
        Refusal::QeVendor,
        Refusal::TrailingBytes { count: 1 },
        Refusal::QeAuthDataLength { found: 1 },
        Refusal::CertificationDataType { found: 1 },
    ];
    all_become(&malformed, Error::MalformedQuote);
}

#[test]
fn a_bad_signature_in_the_quote_is_a_tampered_quote() {
    let tampered = [
        Refusal::AttestationKey,
        Refusal::QuoteSignature,
        Refusal::QeReportBinding,
        Refusal::QeReportSignature,
    ];
    all_become(&tampered, Error::TamperedQuote);
}

#[test]
fn what_leads_to_no_trusted_root_is_untrusted() {
    all_become(
        &[
            Refusal::NoTrustedRoot,
            Refusal::RootMalformed,
            Refusal::UnknownIssuer { part: Part::PckCa },
        ],
        Error::UntrustedRoot,
    );
}

#[test]
fn a_bad_certificate_is_the_platforms_or_the_collaterals() {
    fn of(part: Part) -> [Refusal; 7] {
        [
            Refusal::Pem { part },
            Refusal::ChainLength { part, found: 9, max: 3 },
            Refusal::CertificateMalformed { part },
            Refusal::CertificateExtension { part },
            Refusal::CertificateAuthority { part, is_ca: true },
            Refusal::SignatureAlgorithm { part },
            Refusal::PublicKey { part },
        ]
    }
    all_become(
        &[Refusal::Signature { part: Part::PckLeaf }, Refusal::PathLength],
        Error::InvalidPlatformCertificate,
    );
    all_become(&[Refusal::Signature { part: Part::TcbInfo }], Error::InvalidCollateral);
    for part in OF_PLATFORM {
        all_become(&of(part), Error::InvalidPlatformCertificate);
        all_become(&[Refusal::Expired { part, secs_ago: 1 }], Error::PlatformCertificateExpired);
    }
    for part in OF_COLLATERAL {
        all_become(&of(part), Error::InvalidCollateral);
        all_become(&[Refusal::Expired { part, secs_ago: 1 }], Error::CollateralExpired);
    }
    all_become(
        &[Refusal::PckExtension { field: PckField::Ppid }],
        Error::InvalidPlatformCertificate,
    );
    all_become(
        &[Refusal::NotYetValid {
            part: Part::TcbInfo,
            in_secs: 1,
        }],
        Error::NotYetValid,
    );
    all_become(&[Refusal::Revoked { part: Part::PckLeaf }], Error::CertificateRevoked);
}

#[test]
fn bad_collateral_is_to_be_fetched_again() {
    let part = Part::TcbInfo;
    let invalid = [
        Refusal::CrlMalformed { part },
        Refusal::CrlIssuer { part },
        Refusal::CrlSigner { part },
        Refusal::CollateralTooLarge { part, size: 2, max: 1 },
        Refusal::Json { part, line: 1, column: 1 },
        Refusal::Date { part },
        Refusal::HexValue { part },
        Refusal::StatusNotAllowed {
            part,
            status: TcbStatus::Revoked,
        },
        Refusal::ComponentCount { tdx: true, found: 1 },
        Refusal::TdxModuleMissing,
    ];
    all_become(&invalid, Error::InvalidCollateral);
    let fmspc = Fmspc([1; 6]);
    let other = [
        Refusal::TcbInfoKind { tee: Tee::Sgx, version: 3 },
        Refusal::TcbInfoFmspc {
            found: fmspc,
            expected: fmspc,
        },
        Refusal::QeIdentityKind { tee: Tee::Sgx, version: 2 },
    ];
    all_become(&other, Error::CollateralOfOtherPlatform);
    let old = [
        Refusal::EvaluationNumber {
            part,
            found: 1,
            current: 2,
        },
        Refusal::RolledBack { part, by_secs: 1 },
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
        Refusal::NoTcbLevel {
            shortfall: Some(shortfall),
        },
        Refusal::TdxModuleSvn { shortfall },
        Refusal::QeSvn { found: 1, needed: Some(2) },
    ];
    all_become(&short, Error::NoTcbLevel);
    all_become(&[Refusal::TcbRevoked], Error::TcbRevoked);
}

#[test]
fn foreign_helpers_of_the_platform_are_unknown() {
    let module = [
        Refusal::TdxModuleVersion { found: 9 },
        Refusal::TdxModuleSigner,
        Refusal::SeamAttributes { byte: 0 },
    ];
    all_become(&module, Error::UnknownTdxModule);
    let quoting_enclave = [
        Refusal::QeSigner,
        Refusal::QeDebug,
        Refusal::QeProduct { found: 1, expected: 2 },
        Refusal::QeMiscSelect { found: 1, expected: 2 },
        Refusal::QeAttributes { byte: 0 },
    ];
    all_become(&quoting_enclave, Error::UnknownQuotingEnclave);
}

#[test]
fn a_report_that_gives_power_to_the_host_is_refused() {
    all_become(&[Refusal::Debug], Error::DebugOn);
    let unsafe_td = [
        Refusal::TdProfiling,
        Refusal::TdReservedAttributes { bits: 1 },
        Refusal::TdMigratable,
        Refusal::TdServiceTdExt,
        Refusal::TdSeptVeDisable,
        Refusal::ServiceTd,
    ];
    all_become(&unsafe_td, Error::UnsafeTd);
    all_become(&[Refusal::Binding], Error::InfoMismatch);
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
    for (refusal, error) in cases {
        assert_eq!(format!("{:?}", Attestation::refuse_by_policy(&refusal)), format!("{error:?}"));
    }
}
