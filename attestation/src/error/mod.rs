//! Why evidence is refused: one variant for each check, with the facts in it.

mod message;

use crate::{
    hex_bytes::Fmspc,
    part::{Part, PckField, QuoteField},
    shortfall::Shortfall,
};
use alloc::{format, string::String};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{TcbStatus, Tee};
use scale_info::TypeInfo;

/// The eight groups of checks of `design/attestation.md`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Group {
    /// 1: the quote's form.
    Quote,
    /// 2: the three signatures that tie the report to the PCK certificate.
    Signatures,
    /// 3: certificates and revocation lists.
    Certificates,
    /// 4: TCB info and the level that follows from it.
    TcbInfo,
    /// 5: the quoting enclave's identity.
    QeIdentity,
    /// 6: what the report itself must say.
    Report,
    /// 7: collateral that is older than what was known before.
    RollBack,
    /// 8: the report data is not what was submitted.
    Binding,
}

/// Why evidence is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Error {
    // Group 1: the quote.
    /// The quote is longer than any genuine one.
    QuoteTooLong {
        /// Its length in bytes.
        length: u32,
        /// The longest that is taken.
        max: u32,
    },
    /// The quote ends inside a field.
    QuoteTruncated {
        /// The field.
        field: QuoteField,
        /// Bytes that the field needs.
        needs: u32,
        /// Bytes that are left.
        has: u32,
    },
    /// A quote format that this verifier does not know.
    QuoteVersion {
        /// The version in the header.
        found: u16,
    },
    /// The header's TEE type does not exist or not in this quote version.
    TeeType {
        /// The version in the header.
        version: u16,
        /// The TEE type in the header.
        found: u32,
    },
    /// A version 5 quote with a body that is not a TD report.
    BodyType {
        /// The body type.
        found: u16,
    },
    /// A version 5 quote whose body has not the size of its type.
    BodySize {
        /// The declared size.
        found: u32,
        /// The size of the type.
        expected: u32,
    },
    /// Not ECDSA-256 with the P-256 curve.
    AttestationKeyType {
        /// The key type in the header.
        found: u16,
    },
    /// The quoting enclave is not Intel's.
    QeVendor,
    /// There is something behind the quote's declared end.
    TrailingBytes {
        /// How many bytes.
        count: u32,
    },
    /// The QE authentication data is not 32 bytes long.
    QeAuthDataLength {
        /// Its length.
        found: u16,
    },
    /// Certification data of this type carries no certificate chain, and the collateral brings none.
    CertificationDataType {
        /// The type.
        found: u16,
    },

    // Group 2: signatures of the quote.
    /// The attestation key is not a point of the curve.
    AttestationKey,
    /// The quote is not signed by its attestation key.
    QuoteSignature,
    /// The QE report does not name this attestation key and QE authentication data.
    QeReportBinding,
    /// The QE report is not signed by the PCK certificate.
    QeReportSignature,

    // Group 3: certificates and revocation lists.
    /// No trusted root is given.
    NoTrustedRoot,
    /// A trusted root cannot be read.
    RootMalformed,
    /// The text is not PEM.
    Pem {
        /// Which text.
        part: Part,
    },
    /// There are more certificates than any genuine chain has, or none.
    ChainLength {
        /// Which chain.
        part: Part,
        /// Certificates in it.
        found: u32,
        /// The most that are taken.
        max: u32,
    },
    /// A certificate cannot be read.
    CertificateMalformed {
        /// Which certificate.
        part: Part,
    },
    /// A certificate has a critical extension that is unknown, an extended key usage, or the same extension twice.
    CertificateExtension {
        /// Which certificate.
        part: Part,
    },
    /// A certificate is an authority and must not be, or the other way round.
    CertificateAuthority {
        /// Which certificate.
        part: Part,
        /// Is it an authority?
        is_ca: bool,
    },
    /// The root allows no authority below it.
    PathLength,
    /// No certificate of the chain issued this one, or none that leads to a trusted root.
    UnknownIssuer {
        /// Which certificate.
        part: Part,
    },
    /// A certificate or revocation list is not signed with ECDSA P-256 and SHA-256.
    SignatureAlgorithm {
        /// Which.
        part: Part,
    },
    /// A key is not a point of the P-256 curve.
    PublicKey {
        /// Whose.
        part: Part,
    },
    /// The signature is wrong.
    Signature {
        /// Of what.
        part: Part,
    },
    /// Not valid yet.
    NotYetValid {
        /// What.
        part: Part,
        /// Seconds until it is.
        in_secs: u64,
    },
    /// Not valid any more.
    Expired {
        /// What.
        part: Part,
        /// Seconds since then.
        secs_ago: u64,
    },
    /// The certificate stands on its issuer's revocation list.
    Revoked {
        /// Which certificate.
        part: Part,
    },
    /// A revocation list cannot be read.
    CrlMalformed {
        /// Which list.
        part: Part,
    },
    /// A revocation list is not by the authority that issued the certificate.
    CrlIssuer {
        /// Which list.
        part: Part,
    },
    /// The authority may not sign revocation lists.
    CrlSigner {
        /// Which list.
        part: Part,
    },
    /// A piece of collateral is larger than any genuine one.
    CollateralTooLarge {
        /// Which piece.
        part: Part,
        /// Its size, in bytes or entries.
        size: u32,
        /// The largest that is taken.
        max: u32,
    },
    /// The PCK certificate's SGX extension lacks a value or has it in an unknown form.
    PckExtension {
        /// Which value.
        field: PckField,
    },

    // Groups 4 and 5: the signed JSON documents.
    /// Not the JSON that is expected.
    Json {
        /// Which document.
        part: Part,
        /// Line of the problem, from 1.
        line: u32,
        /// Column of the problem, from 1.
        column: u32,
    },
    /// A date is not of the form `2026-04-01T12:00:00Z`.
    Date {
        /// Which document.
        part: Part,
    },
    /// A hexadecimal value has the wrong length or digits.
    HexValue {
        /// Which document.
        part: Part,
    },
    /// The TCB info is for the other TEE, or of an unknown version.
    TcbInfoKind {
        /// What the quote is.
        tee: Tee,
        /// The document's version.
        version: u8,
    },
    /// The TCB info is for another processor family.
    TcbInfoFmspc {
        /// The TCB info's.
        found: Fmspc,
        /// The PCK certificate's.
        expected: Fmspc,
    },
    /// A TCB level has not sixteen components.
    ComponentCount {
        /// Are they TDX's?
        tdx: bool,
        /// How many.
        found: u32,
    },
    /// The platform meets no TCB level.
    NoTcbLevel {
        /// What is short of the last level, if there is one.
        shortfall: Option<Shortfall>,
    },
    /// The status does not exist in this document.
    StatusNotAllowed {
        /// Which document.
        part: Part,
        /// The status.
        status: TcbStatus,
    },
    /// The platform's keys may be known to others.
    TcbRevoked,
    /// TDX TCB info without a TDX module.
    TdxModuleMissing,
    /// The TCB info does not know this version of the TDX module.
    TdxModuleVersion {
        /// The version.
        found: u8,
    },
    /// The TDX module is older than all levels.
    TdxModuleSvn {
        /// What it has and needs.
        shortfall: Shortfall,
    },
    /// The TDX module is signed by somebody else.
    TdxModuleSigner,
    /// The TDX module's attributes are not the expected ones.
    SeamAttributes {
        /// First byte that differs.
        byte: u8,
    },
    /// The QE identity is for another quoting enclave, or of an unknown version.
    QeIdentityKind {
        /// What the quote is.
        tee: Tee,
        /// The document's version.
        version: u8,
    },
    /// The quoting enclave is signed by somebody else.
    QeSigner,
    /// The quoting enclave can be debugged.
    QeDebug,
    /// The quoting enclave is another product.
    QeProduct {
        /// The QE report's.
        found: u16,
        /// The QE identity's.
        expected: u16,
    },
    /// The quoting enclave's MISCSELECT is not the expected one.
    QeMiscSelect {
        /// The QE report's, masked.
        found: u32,
        /// The QE identity's, masked.
        expected: u32,
    },
    /// The quoting enclave's attributes are not the expected ones.
    QeAttributes {
        /// First byte that differs.
        byte: u8,
    },
    /// The quoting enclave is older than all levels.
    QeSvn {
        /// What it has.
        found: u16,
        /// The least that a level needs; `None` when there are no levels.
        needed: Option<u16>,
    },

    // Group 6: the report.
    /// The enclave or TD can be debugged: its memory is not secret.
    Debug,
    /// The TD can be profiled.
    TdProfiling,
    /// The TD has attributes that do not exist.
    TdReservedAttributes {
        /// The bits.
        bits: u64,
    },
    /// The TD can be moved to another machine.
    TdMigratable,
    /// The TD's report includes service TDs.
    TdServiceTdExt,
    /// The host can inject exceptions into the TD.
    TdSeptVeDisable,
    /// A service TD is bound to the TD.
    ServiceTd,

    // Group 7: roll-back.
    /// The evaluation number is neither the current nor the next one.
    EvaluationNumber {
        /// Which document.
        part: Part,
        /// The document's number.
        found: u32,
        /// The current number.
        current: u32,
    },
    /// A newer one is known.
    RolledBack {
        /// What.
        part: Part,
        /// Seconds by which the known one is newer; 0 when the number went back.
        by_secs: u64,
    },

    // Group 8: binding.
    /// The report data is not the hash of the submitted WorkerInfo.
    Binding,
}

impl Error {
    /// The group of checks that this belongs to.
    pub fn group(&self) -> Group {
        match self {
            Self::QuoteTooLong { .. }
            | Self::QuoteTruncated { .. }
            | Self::QuoteVersion { .. }
            | Self::TeeType { .. }
            | Self::BodyType { .. }
            | Self::BodySize { .. }
            | Self::AttestationKeyType { .. }
            | Self::QeVendor
            | Self::TrailingBytes { .. }
            | Self::QeAuthDataLength { .. }
            | Self::CertificationDataType { .. } => Group::Quote,
            Self::AttestationKey | Self::QuoteSignature | Self::QeReportBinding | Self::QeReportSignature => Group::Signatures,
            Self::NoTrustedRoot | Self::RootMalformed | Self::PathLength | Self::PckExtension { .. } => Group::Certificates,
            Self::Pem { part }
            | Self::ChainLength { part, .. }
            | Self::CertificateMalformed { part }
            | Self::CertificateExtension { part }
            | Self::CertificateAuthority { part, .. }
            | Self::UnknownIssuer { part }
            | Self::SignatureAlgorithm { part }
            | Self::PublicKey { part }
            | Self::Signature { part }
            | Self::NotYetValid { part, .. }
            | Self::Expired { part, .. }
            | Self::Revoked { part }
            | Self::CrlMalformed { part }
            | Self::CrlIssuer { part }
            | Self::CrlSigner { part }
            | Self::CollateralTooLarge { part, .. }
            | Self::Json { part, .. }
            | Self::Date { part }
            | Self::HexValue { part }
            | Self::StatusNotAllowed { part, .. } => group_of(*part),
            Self::TcbInfoKind { .. }
            | Self::TcbInfoFmspc { .. }
            | Self::ComponentCount { .. }
            | Self::NoTcbLevel { .. }
            | Self::TcbRevoked
            | Self::TdxModuleMissing
            | Self::TdxModuleVersion { .. }
            | Self::TdxModuleSvn { .. }
            | Self::TdxModuleSigner
            | Self::SeamAttributes { .. } => Group::TcbInfo,
            Self::QeIdentityKind { .. }
            | Self::QeSigner
            | Self::QeDebug
            | Self::QeProduct { .. }
            | Self::QeMiscSelect { .. }
            | Self::QeAttributes { .. }
            | Self::QeSvn { .. } => Group::QeIdentity,
            Self::Debug
            | Self::TdProfiling
            | Self::TdReservedAttributes { .. }
            | Self::TdMigratable
            | Self::TdServiceTdExt
            | Self::TdSeptVeDisable
            | Self::ServiceTd => Group::Report,
            Self::EvaluationNumber { .. } | Self::RolledBack { .. } => Group::RollBack,
            Self::Binding => Group::Binding,
        }
    }

    /// A stable name for programs, such as `tcb-info-expired`.
    pub fn code(&self) -> String {
        let (part, what) = match self {
            Self::QuoteTooLong { .. } => (None, "quote-too-long"),
            Self::QuoteTruncated { .. } => (None, "quote-truncated"),
            Self::QuoteVersion { .. } => (None, "quote-version"),
            Self::TeeType { .. } => (None, "tee-type"),
            Self::BodyType { .. } => (None, "body-type"),
            Self::BodySize { .. } => (None, "body-size"),
            Self::AttestationKeyType { .. } => (None, "attestation-key-type"),
            Self::QeVendor => (None, "qe-vendor"),
            Self::TrailingBytes { .. } => (None, "trailing-bytes"),
            Self::QeAuthDataLength { .. } => (None, "qe-auth-data-length"),
            Self::CertificationDataType { .. } => (None, "certification-data-type"),
            Self::AttestationKey => (None, "attestation-key"),
            Self::QuoteSignature => (None, "quote-signature"),
            Self::QeReportBinding => (None, "qe-report-binding"),
            Self::QeReportSignature => (None, "qe-report-signature"),
            Self::NoTrustedRoot => (None, "no-trusted-root"),
            Self::RootMalformed => (None, "root-malformed"),
            Self::Pem { part } => (Some(part), "not-pem"),
            Self::ChainLength { part, .. } => (Some(part), "length"),
            Self::CertificateMalformed { part } | Self::CrlMalformed { part } => (Some(part), "malformed"),
            Self::CertificateExtension { part } => (Some(part), "extension"),
            Self::CertificateAuthority { part, .. } => (Some(part), "authority"),
            Self::PathLength => (None, "path-length"),
            Self::UnknownIssuer { part } => (Some(part), "unknown-issuer"),
            Self::SignatureAlgorithm { part } => (Some(part), "signature-algorithm"),
            Self::PublicKey { part } => (Some(part), "public-key"),
            Self::Signature { part } => (Some(part), "signature"),
            Self::NotYetValid { part, .. } => (Some(part), "not-yet-valid"),
            Self::Expired { part, .. } => (Some(part), "expired"),
            Self::Revoked { part } => (Some(part), "revoked"),
            Self::CrlIssuer { part } => (Some(part), "issuer"),
            Self::CrlSigner { part } => (Some(part), "signer"),
            Self::CollateralTooLarge { part, .. } => (Some(part), "too-large"),
            Self::PckExtension { .. } => (None, "pck-certificate-sgx-extension"),
            Self::Json { part, .. } => (Some(part), "json"),
            Self::Date { part } => (Some(part), "date"),
            Self::HexValue { part } => (Some(part), "hex-value"),
            Self::TcbInfoKind { .. } => (None, "tcb-info-kind"),
            Self::TcbInfoFmspc { .. } => (None, "tcb-info-fmspc"),
            Self::ComponentCount { .. } => (None, "tcb-info-component-count"),
            Self::NoTcbLevel { .. } => (None, "no-tcb-level"),
            Self::StatusNotAllowed { part, .. } => (Some(part), "status"),
            Self::TcbRevoked => (None, "tcb-revoked"),
            Self::TdxModuleMissing => (None, "tdx-module-missing"),
            Self::TdxModuleVersion { .. } => (None, "tdx-module-version"),
            Self::TdxModuleSvn { .. } => (None, "tdx-module-svn"),
            Self::TdxModuleSigner => (None, "tdx-module-signer"),
            Self::SeamAttributes { .. } => (None, "seam-attributes"),
            Self::QeIdentityKind { .. } => (None, "qe-identity-kind"),
            Self::QeSigner => (None, "qe-signer"),
            Self::QeDebug => (None, "qe-debug"),
            Self::QeProduct { .. } => (None, "qe-product"),
            Self::QeMiscSelect { .. } => (None, "qe-misc-select"),
            Self::QeAttributes { .. } => (None, "qe-attributes"),
            Self::QeSvn { .. } => (None, "qe-svn"),
            Self::Debug => (None, "debug"),
            Self::TdProfiling => (None, "td-profiling"),
            Self::TdReservedAttributes { .. } => (None, "td-reserved-attributes"),
            Self::TdMigratable => (None, "td-migratable"),
            Self::TdServiceTdExt => (None, "td-service-td-ext"),
            Self::TdSeptVeDisable => (None, "td-sept-ve-disable"),
            Self::ServiceTd => (None, "service-td"),
            Self::EvaluationNumber { part, .. } => (Some(part), "evaluation-number"),
            Self::RolledBack { part, .. } => (Some(part), "rolled-back"),
            Self::Binding => (None, "binding"),
        };
        match part {
            Some(part) => format!("{}-{what}", part.code()),
            None => what.into(),
        }
    }
}

/// The group whose checks read this part.
fn group_of(part: Part) -> Group {
    match part {
        Part::TcbInfo | Part::TcbInfoChain | Part::TcbInfoSigner => Group::TcbInfo,
        Part::QeIdentity | Part::QeIdentityChain | Part::QeIdentitySigner => Group::QeIdentity,
        Part::Root | Part::PckChain | Part::PckLeaf | Part::PckCa | Part::RootCrl | Part::PckCrl | Part::PckCrlChain => Group::Certificates,
    }
}

impl core::error::Error for Error {}
