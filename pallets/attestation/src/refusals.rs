//! From the verifier's errors to the pallet's.
//!
//! A call's error has no room for facts, so many of the verifier's errors share one of the pallet's: those after which a user
//! does the same thing. The facts go to the node's log, and `khala attest verify` tells them to whoever has the quote.

use crate::{Config, Error, Pallet};
use khala_attestation::{error::Error as Refusal, part::Part, policy::PolicyError};

const LOG_TARGET: &str = "khala::attestation";

impl<T: Config> Pallet<T> {
    /// The pallet's error for one of the verifier's.
    pub(crate) fn refuse(refusal: &Refusal) -> Error<T> {
        log::debug!(target: LOG_TARGET, "evidence refused: {refusal}");
        match refusal {
            Refusal::QuoteTooLong { .. } => Error::QuoteTooLong,
            Refusal::QuoteTruncated { .. }
            | Refusal::QuoteVersion { .. }
            | Refusal::TeeType { .. }
            | Refusal::BodyType { .. }
            | Refusal::BodySize { .. }
            | Refusal::AttestationKeyType { .. }
            | Refusal::QeVendor
            | Refusal::TrailingBytes { .. }
            | Refusal::QeAuthDataLength { .. }
            | Refusal::CertificationDataType { .. } => Error::MalformedQuote,
            Refusal::AttestationKey | Refusal::QuoteSignature | Refusal::QeReportBinding | Refusal::QeReportSignature => {
                Error::TamperedQuote
            }

            // A root with the right name and another key, too, is not trusted.
            Refusal::Signature { part: Part::PckCa } => Error::UntrustedRoot,
            Refusal::NoTrustedRoot | Refusal::RootMalformed | Refusal::UnknownIssuer { .. } => Error::UntrustedRoot,
            Refusal::Pem { part }
            | Refusal::ChainLength { part, .. }
            | Refusal::CertificateMalformed { part }
            | Refusal::CertificateExtension { part }
            | Refusal::CertificateAuthority { part, .. }
            | Refusal::SignatureAlgorithm { part }
            | Refusal::PublicKey { part }
            | Refusal::Signature { part } => {
                if is_of_platform(*part) {
                    Error::InvalidPlatformCertificate
                } else {
                    Error::InvalidCollateral
                }
            }
            Refusal::PathLength | Refusal::PckExtension { .. } => Error::InvalidPlatformCertificate,
            Refusal::Expired { part, .. } => {
                if is_of_platform(*part) {
                    Error::PlatformCertificateExpired
                } else {
                    Error::CollateralExpired
                }
            }
            Refusal::NotYetValid { .. } => Error::NotYetValid,
            Refusal::Revoked { .. } => Error::CertificateRevoked,

            Refusal::CrlMalformed { .. }
            | Refusal::CrlIssuer { .. }
            | Refusal::CrlSigner { .. }
            | Refusal::CollateralTooLarge { .. }
            | Refusal::Json { .. }
            | Refusal::Date { .. }
            | Refusal::HexValue { .. }
            | Refusal::StatusNotAllowed { .. }
            | Refusal::ComponentCount { .. }
            | Refusal::TdxModuleMissing => Error::InvalidCollateral,
            Refusal::TcbInfoKind { .. } | Refusal::TcbInfoFmspc { .. } | Refusal::QeIdentityKind { .. } => Error::CollateralOfOtherPlatform,
            Refusal::EvaluationNumber { .. } | Refusal::RolledBack { .. } => Error::CollateralNotCurrent,

            Refusal::NoTcbLevel { .. } | Refusal::TdxModuleSvn { .. } | Refusal::QeSvn { .. } => Error::NoTcbLevel,
            Refusal::TcbRevoked => Error::TcbRevoked,
            Refusal::TdxModuleVersion { .. } | Refusal::TdxModuleSigner | Refusal::SeamAttributes { .. } => Error::UnknownTdxModule,
            Refusal::QeSigner
            | Refusal::QeDebug
            | Refusal::QeProduct { .. }
            | Refusal::QeMiscSelect { .. }
            | Refusal::QeAttributes { .. } => Error::UnknownQuotingEnclave,

            Refusal::Debug => Error::DebugOn,
            Refusal::TdProfiling
            | Refusal::TdReservedAttributes { .. }
            | Refusal::TdMigratable
            | Refusal::TdServiceTdExt
            | Refusal::TdSeptVeDisable
            | Refusal::ServiceTd => Error::UnsafeTd,
            Refusal::Binding => Error::InfoMismatch,
        }
    }

    /// The pallet's error for one of the policy's.
    pub(crate) fn refuse_by_policy(refusal: &PolicyError) -> Error<T> {
        log::debug!(target: LOG_TARGET, "evidence refused by policy: {refusal}");
        match refusal {
            PolicyError::Status(_) => Error::StatusNotAccepted,
            PolicyError::Advisory(_) => Error::AdvisoryDenied,
            PolicyError::Fmspc(_) | PolicyError::Platform(_) => Error::PlatformDenied,
            PolicyError::Flag(_) => Error::PlatformPropertyDenied,
            PolicyError::EvaluationNumber { .. } => Error::CollateralNotCurrent,
            PolicyError::NotForRegistration(_) => Error::NotForRegistration,
        }
    }
}

/// Does it come with the quote, from the platform itself, and not with the collateral?
fn is_of_platform(part: Part) -> bool {
    match part {
        Part::PckChain | Part::PckLeaf | Part::PckCa => true,
        Part::Root
        | Part::TcbInfoChain
        | Part::TcbInfoSigner
        | Part::QeIdentityChain
        | Part::QeIdentitySigner
        | Part::RootCrl
        | Part::PckCrl
        | Part::TcbInfo
        | Part::QeIdentity
        | Part::PckCrlChain => false,
    }
}
