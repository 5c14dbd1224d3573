//! Names of the things that evidence is made of, for errors and findings.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A signed or dated piece of evidence or collateral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Part {
    /// The trusted root certificate.
    Root,
    /// The certificates that say whose the platform is, leaf first.
    PckChain,
    /// The PCK certificate of the platform.
    PckLeaf,
    /// The PCK Processor CA or PCK Platform CA.
    PckCa,
    /// The certificates behind the TCB info.
    TcbInfoChain,
    /// The certificate that signs the TCB info.
    TcbInfoSigner,
    /// The certificates behind the QE identity.
    QeIdentityChain,
    /// The certificate that signs the QE identity.
    QeIdentitySigner,
    /// The root's certificate revocation list.
    RootCrl,
    /// The PCK CA's certificate revocation list.
    PckCrl,
    /// The TCB info: which security versions count for what.
    TcbInfo,
    /// The identity of the quoting enclave.
    QeIdentity,
    /// The issuer chain of the PCK CRL, as it comes with the collateral.
    PckCrlChain,
}

impl Part {
    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::PckChain => "pck-chain",
            Self::PckLeaf => "pck-certificate",
            Self::PckCa => "pck-ca",
            Self::TcbInfoChain => "tcb-info-chain",
            Self::TcbInfoSigner => "tcb-info-signer",
            Self::QeIdentityChain => "qe-identity-chain",
            Self::QeIdentitySigner => "qe-identity-signer",
            Self::RootCrl => "root-crl",
            Self::PckCrl => "pck-crl",
            Self::TcbInfo => "tcb-info",
            Self::QeIdentity => "qe-identity",
            Self::PckCrlChain => "pck-crl-chain",
        }
    }
}

impl core::fmt::Display for Part {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Root => "root certificate",
            Self::PckChain => "PCK certificate chain",
            Self::PckLeaf => "PCK certificate",
            Self::PckCa => "PCK CA certificate",
            Self::TcbInfoChain => "issuer chain of the TCB info",
            Self::TcbInfoSigner => "certificate that signs the TCB info",
            Self::QeIdentityChain => "issuer chain of the QE identity",
            Self::QeIdentitySigner => "certificate that signs the QE identity",
            Self::RootCrl => "root CA's CRL",
            Self::PckCrl => "PCK CA's CRL",
            Self::TcbInfo => "TCB info",
            Self::QeIdentity => "QE identity",
            Self::PckCrlChain => "issuer chain of the PCK CRL",
        })
    }
}

/// A field of a quote, where bytes may be missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[allow(missing_docs)]
pub enum QuoteField {
    Header,
    Body,
    AuthenticationData,
    Signature,
    AttestationKey,
    QeReport,
    QeReportSignature,
    QeAuthData,
    CertificationData,
}

impl core::fmt::Display for QuoteField {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Body => "report body",
            Self::AuthenticationData => "authentication data",
            Self::Signature => "signature",
            Self::AttestationKey => "attestation key",
            Self::QeReport => "QE report",
            Self::QeReportSignature => "signature of the QE report",
            Self::QeAuthData => "QE authentication data",
            Self::CertificationData => "certification data",
        })
    }
}

/// A value in the SGX extension of a PCK certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[allow(missing_docs)]
pub enum PckField {
    Extension,
    Ppid,
    Tcb,
    CpuSvn,
    PceSvn,
    PceId,
    Fmspc,
    SgxType,
    PlatformInstanceId,
    Configuration,
}

impl core::fmt::Display for PckField {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Extension => "SGX extension",
            Self::Ppid => "PPID",
            Self::Tcb => "TCB",
            Self::CpuSvn => "CPU SVN",
            Self::PceSvn => "PCE SVN",
            Self::PceId => "PCE id",
            Self::Fmspc => "FMSPC",
            Self::SgxType => "SGX type",
            Self::PlatformInstanceId => "platform instance id",
            Self::Configuration => "configuration",
        })
    }
}
