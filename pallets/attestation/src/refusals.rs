//! Why evidence is refused, with the facts, and how a call's error says it.
//!
//! A call's error has no room for facts, so many faults share one of the pallet's errors: those after which a user does the
//! same thing. The facts go to the node's log and, for evidence that a worker renews its lease with, to an event and to what
//! the chain tells of the worker.

use crate::{Config, DocumentKind, Error, MeasurementStanding, Pallet};
use alloc::string::{String, ToString};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_attestation::{error::Error as Fault, part::Part, policy::PolicyError};
use khala_primitives::MeasurementDigest;
use scale_info::TypeInfo;

const LOG_TARGET: &str = "khala::attestation";

/// Why evidence is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Refusal {
    /// The quote is longer than any genuine one.
    #[codec(index = 0)]
    QuoteTooLong,
    /// The evidence says SGX and holds a TDX quote, or the other way round.
    #[codec(index = 1)]
    OtherTee,
    /// The verifier's word.
    #[codec(index = 2)]
    Evidence(Fault),
    /// The policy's word.
    #[codec(index = 3)]
    Policy(PolicyError),
    /// The code may not run.
    #[codec(index = 4)]
    Measurement {
        /// Which code.
        measurement: MeasurementDigest,
        /// How it stands.
        standing: MeasurementStanding,
    },
    /// The chain has no document of this kind for the platform.
    #[codec(index = 5)]
    Missing(DocumentKind),
    /// More advisories apply than the chain keeps.
    #[codec(index = 6)]
    TooManyAdvisories,
    /// The evidence is of another platform than the worker's.
    #[codec(index = 7)]
    OtherPlatform,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Evidence(fault)
    }
}

impl From<PolicyError> for Refusal {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::QuoteTooLong => f.write_str("the quote is longer than any genuine one"),
            Self::OtherTee => f.write_str("the evidence says SGX and holds a TDX quote, or the other way round"),
            Self::Evidence(fault) => write!(f, "{fault}"),
            Self::Policy(error) => write!(f, "{error}"),
            Self::Measurement { measurement, standing } => {
                let (why, advice) = match standing {
                    MeasurementStanding::NotYetActive => ("may not run yet", "wait, or run the version before"),
                    MeasurementStanding::Deprecated => ("may run no longer", "upgrade the pRuntime"),
                    MeasurementStanding::NotAllowed | MeasurementStanding::Active => {
                        ("is not on the list of what may run as a worker", "run a released pRuntime")
                    }
                };
                write!(f, "the code {measurement} {why}; {advice}")
            }
            Self::Missing(kind) => {
                let document = match kind {
                    DocumentKind::RootCrl => "revocation list of the root",
                    DocumentKind::PckCrl => "revocation list of the platform's PCK CA",
                    DocumentKind::TcbInfo => "TCB info of the platform's family",
                    DocumentKind::QeIdentity => "QE identity of its TEE",
                };
                write!(
                    f,
                    "the chain has no {document}; bring it there, as a relayer with a collateral source does"
                )
            }
            Self::OtherPlatform => f.write_str("the evidence is of another platform; rebind the worker there"),
            Self::TooManyAdvisories => f.write_str("more advisories apply than the chain keeps; update the platform's firmware"),
        }
    }
}

impl Refusal {
    /// In words, for people.
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// Does it speak against the worker itself? Documents that are missing, late or signed by somebody revoked do not: they say
    /// nothing of it.
    pub fn is_against_worker(&self) -> bool {
        match self {
            Self::Missing(_) => false,
            Self::Evidence(Fault::Expired { part, .. } | Fault::NotYetValid { part, .. }) => is_of_platform(*part),
            // Whoever signs documents is Intel's; a list that revokes it asks for newer documents.
            Self::Evidence(Fault::Revoked {
                part: Part::TcbInfoSigner | Part::QeIdentitySigner,
            }) => false,
            Self::Policy(PolicyError::EvaluationNumber { .. }) => false,
            _ => true,
        }
    }
}

impl<T: Config> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        log::debug!(target: LOG_TARGET, "evidence refused: {refusal}");
        match refusal {
            Refusal::QuoteTooLong => Error::QuoteTooLong,
            Refusal::OtherTee => Error::OtherTee,
            Refusal::Evidence(fault) => Pallet::<T>::error_of(&fault),
            Refusal::Policy(error) => error_of_policy(&error),
            Refusal::Measurement { standing, .. } => match standing {
                MeasurementStanding::NotYetActive => Error::MeasurementNotYetActive,
                MeasurementStanding::Deprecated => Error::MeasurementDeprecated,
                MeasurementStanding::NotAllowed | MeasurementStanding::Active => Error::MeasurementNotAllowed,
            },
            Refusal::Missing(kind) => match kind {
                DocumentKind::RootCrl => Error::NoRootCrl,
                DocumentKind::PckCrl => Error::NoPckCrl,
                DocumentKind::TcbInfo => Error::NoTcbInfo,
                DocumentKind::QeIdentity => Error::NoQeIdentity,
            },
            Refusal::TooManyAdvisories => Error::TooManyAdvisories,
            Refusal::OtherPlatform => Error::OtherPlatform,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The pallet's error for a document with this fault.
    pub(crate) fn refuse_document(fault: &Fault) -> Error<T> {
        log::debug!(target: LOG_TARGET, "document refused: {fault}");
        match fault {
            // Who signed a document is part of it.
            Fault::Signature {
                part: Part::PckCa | Part::TcbInfoSigner | Part::QeIdentitySigner,
            }
            | Fault::UnknownIssuer { .. }
            | Fault::NoTrustedRoot => Error::UntrustedRoot,
            Fault::Signature { .. } | Fault::Pem { .. } | Fault::ChainLength { .. } => Error::InvalidCollateral,
            fault => match Self::error_of(fault) {
                Error::InvalidPlatformCertificate => Error::InvalidCollateral,
                Error::PlatformCertificateExpired => Error::CollateralExpired,
                error => error,
            },
        }
    }

    fn error_of(fault: &Fault) -> Error<T> {
        match fault {
            Fault::QuoteTooLong { .. } => Error::QuoteTooLong,
            Fault::QuoteTruncated { .. }
            | Fault::QuoteVersion { .. }
            | Fault::TeeType { .. }
            | Fault::BodyType { .. }
            | Fault::BodySize { .. }
            | Fault::AttestationKeyType { .. }
            | Fault::QeVendor
            | Fault::TrailingBytes { .. }
            | Fault::QeAuthDataLength { .. }
            | Fault::CertificationDataType { .. } => Error::MalformedQuote,
            Fault::AttestationKey | Fault::QuoteSignature | Fault::QeReportBinding | Fault::QeReportSignature => Error::TamperedQuote,

            // A root with the right name and another key, too, is not trusted.
            Fault::Signature { part: Part::PckCa } => Error::UntrustedRoot,
            Fault::NoTrustedRoot | Fault::RootMalformed | Fault::UnknownIssuer { .. } => Error::UntrustedRoot,
            Fault::Pem { part }
            | Fault::ChainLength { part, .. }
            | Fault::CertificateMalformed { part }
            | Fault::CertificateExtension { part }
            | Fault::CertificateAuthority { part, .. }
            | Fault::SignatureAlgorithm { part }
            | Fault::PublicKey { part }
            | Fault::Signature { part } => {
                if is_of_platform(*part) {
                    Error::InvalidPlatformCertificate
                } else {
                    Error::InvalidCollateral
                }
            }
            Fault::PathLength | Fault::PckExtension { .. } => Error::InvalidPlatformCertificate,
            Fault::Expired { part, .. } => {
                if is_of_platform(*part) {
                    Error::PlatformCertificateExpired
                } else {
                    Error::CollateralExpired
                }
            }
            Fault::NotYetValid { .. } => Error::NotYetValid,
            Fault::Revoked { .. } => Error::CertificateRevoked,

            Fault::CrlMalformed { .. }
            | Fault::CrlIssuer { .. }
            | Fault::CrlSigner { .. }
            | Fault::CollateralTooLarge { .. }
            | Fault::Json { .. }
            | Fault::Date { .. }
            | Fault::HexValue { .. }
            | Fault::StatusNotAllowed { .. }
            | Fault::ComponentCount { .. }
            | Fault::TdxModuleMissing => Error::InvalidCollateral,
            Fault::TcbInfoKind { .. } | Fault::TcbInfoFmspc { .. } | Fault::QeIdentityKind { .. } => Error::CollateralOfOtherPlatform,
            Fault::EvaluationNumber { .. } | Fault::RolledBack { .. } => Error::CollateralNotCurrent,

            Fault::NoTcbLevel { .. } | Fault::TdxModuleSvn { .. } | Fault::QeSvn { .. } => Error::NoTcbLevel,
            Fault::TcbRevoked => Error::TcbRevoked,
            Fault::TdxModuleVersion { .. } | Fault::TdxModuleSigner | Fault::SeamAttributes { .. } => Error::UnknownTdxModule,
            Fault::QeSigner | Fault::QeDebug | Fault::QeProduct { .. } | Fault::QeMiscSelect { .. } | Fault::QeAttributes { .. } => {
                Error::UnknownQuotingEnclave
            }

            Fault::Debug => Error::DebugOn,
            Fault::TdProfiling
            | Fault::TdReservedAttributes { .. }
            | Fault::TdMigratable
            | Fault::TdServiceTdExt
            | Fault::TdSeptVeDisable
            | Fault::ServiceTd => Error::UnsafeTd,
            Fault::Binding => Error::InfoMismatch,
        }
    }
}

fn error_of_policy<T: Config>(error: &PolicyError) -> Error<T> {
    match error {
        PolicyError::Status(_) => Error::StatusNotAccepted,
        PolicyError::Advisory(_) => Error::AdvisoryDenied,
        PolicyError::Fmspc(_) | PolicyError::Platform(_) => Error::PlatformDenied,
        PolicyError::Flag(_) => Error::PlatformPropertyDenied,
        PolicyError::EvaluationNumber { .. } => Error::CollateralNotCurrent,
        PolicyError::NotForRegistration(_) => Error::NotForRegistration,
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
