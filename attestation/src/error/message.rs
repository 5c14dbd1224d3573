//! Errors as sentences: what, by how much, and what to do.

use super::Error;

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::QuoteTooLong { length, max } => write!(f, "the quote is {length} bytes long, at most {max} are taken"),
            Self::QuoteTruncated { field, needs, has } => write!(f, "the quote ends in its {field}: {needs} bytes needed, {has} left"),
            Self::QuoteVersion { found } => write!(f, "quote version {found} is unknown; 3, 4 and 5 are known"),
            Self::TeeType { version, found } => {
                write!(
                    f,
                    "TEE type {found:#x} in a quote of version {version}; SGX (0x0) comes in version 3, TDX (0x81) in 4 and 5"
                )
            }
            Self::BodyType { found } => write!(f, "body type {found} is no TD report; 2, 3 and 4 are"),
            Self::BodySize { found, expected } => write!(f, "the report body is declared with {found} bytes, its type has {expected}"),
            Self::AttestationKeyType { found } => write!(f, "attestation key type {found} is unknown; 2 (ECDSA P-256) is known"),
            Self::QeVendor => f.write_str("the quoting enclave is not by Intel"),
            Self::TrailingBytes { count } => write!(f, "{count} bytes behind the quote's declared end; cut them"),
            Self::QeAuthDataLength { found } => write!(f, "the QE authentication data is {found} bytes long, not 32"),
            Self::CertificationDataType { found } => {
                write!(
                    f,
                    "certification data of type {found} carries no certificate chain (5 does), and the collateral brings none"
                )
            }
            Self::AttestationKey => f.write_str("the attestation key is not a point of the P-256 curve"),
            Self::QuoteSignature => f.write_str("the quote's signature is wrong: header, report or signature was changed"),
            Self::QeReportBinding => f.write_str("the QE report does not name this attestation key and QE authentication data"),
            Self::QeReportSignature => f.write_str("the QE report is not signed by the PCK certificate"),
            Self::NoTrustedRoot => f.write_str("no trusted root certificate is given"),
            Self::RootMalformed => f.write_str("a trusted root certificate cannot be read"),
            Self::Pem { part } => write!(f, "the {part} is not PEM"),
            Self::ChainLength { part, found, max } => write!(f, "the {part} has {found} certificates; 1 to {max} are taken"),
            Self::CertificateMalformed { part } => write!(f, "the {part} cannot be read"),
            Self::CertificateExtension { part } => {
                write!(
                    f,
                    "the {part} has an unknown critical extension, an extended key usage or an extension twice"
                )
            }
            Self::CertificateAuthority { part, is_ca: true } => write!(f, "the {part} is a certificate authority and must not be"),
            Self::CertificateAuthority { part, is_ca: false } => write!(f, "the {part} is not a certificate authority"),
            Self::PathLength => f.write_str("the root certificate allows no certificate authority below it"),
            Self::UnknownIssuer { part } => write!(f, "the {part} does not lead to a trusted root"),
            Self::SignatureAlgorithm { part } => write!(f, "the {part} is not signed with ECDSA P-256 and SHA-256"),
            Self::PublicKey { part } => write!(f, "the key of the {part} is not a point of the P-256 curve"),
            Self::Signature { part } => write!(f, "the signature of the {part} is wrong"),
            Self::NotYetValid { part, in_secs } => write!(f, "the {part} is valid in {in_secs} s"),
            Self::Expired { part, secs_ago } => write!(f, "the {part} expired {secs_ago} s ago; get newer collateral"),
            Self::Revoked { part } => write!(f, "the {part} is revoked"),
            Self::CrlMalformed { part } => write!(f, "the {part} cannot be read"),
            Self::CrlIssuer { part } => write!(f, "the {part} is by another authority than the certificate"),
            Self::CrlSigner { part } => write!(f, "the authority behind the {part} may not sign revocation lists"),
            Self::CollateralTooLarge { part, size, max } => write!(f, "the {part} has size {size}, at most {max} is taken"),
            Self::PckExtension { field } => write!(f, "the PCK certificate's {field} is missing or has an unknown form"),
            Self::Json { part, line, column } => write!(f, "the {part} is not the expected JSON at line {line}, column {column}"),
            Self::Date { part } => write!(f, "a date of the {part} is not of the form 2026-04-01T12:00:00Z"),
            Self::HexValue { part } => write!(f, "a hexadecimal value of the {part} has the wrong length or digits"),
            Self::TcbInfoKind { tee, version } => write!(f, "the TCB info (version {version}) is not for {tee}"),
            Self::TcbInfoFmspc { found, expected } => write!(f, "the TCB info is for FMSPC {found}, the platform has {expected}"),
            Self::ComponentCount { tdx, found } => {
                write!(f, "a TCB level has {found} {} components, not 16", if *tdx { "TDX" } else { "SGX" })
            }
            Self::NoTcbLevel {
                shortfall: Some(shortfall),
            } => write!(f, "the platform meets no TCB level; for the last one {shortfall}"),
            Self::NoTcbLevel { shortfall: None } => f.write_str("the platform meets no TCB level: there are none"),
            Self::StatusNotAllowed { part, status } => write!(f, "status {status} does not exist in the {part}"),
            Self::TcbRevoked => f.write_str("the TCB level is Revoked: the platform's keys may be known to others"),
            Self::TdxModuleMissing => f.write_str("the TCB info names no TDX module"),
            Self::TdxModuleVersion { found } => write!(f, "the TCB info does not know version {found} of the TDX module"),
            Self::TdxModuleSvn { shortfall } => write!(f, "the TDX module is too old: {shortfall}"),
            Self::TdxModuleSigner => f.write_str("the TDX module is signed by somebody else"),
            Self::SeamAttributes { byte } => write!(f, "the TDX module's attributes differ from the expected ones in byte {byte}"),
            Self::QeIdentityKind { tee, version } => {
                write!(f, "the QE identity (version {version}) is not for the quoting enclave of {tee}")
            }
            Self::QeSigner => f.write_str("the quoting enclave's MRSIGNER is not the expected one"),
            Self::QeDebug => f.write_str("the quoting enclave can be debugged"),
            Self::QeProduct { found, expected } => write!(f, "the quoting enclave's ISVPRODID is {found}, not {expected}"),
            Self::QeMiscSelect { found, expected } => write!(
                f,
                "the quoting enclave's MISCSELECT is {found:#x} under the mask, not {expected:#x}"
            ),
            Self::QeAttributes { byte } => write!(f, "the quoting enclave's attributes differ from the expected ones in byte {byte}"),
            Self::QeSvn {
                found,
                needed: Some(needed),
            } => write!(f, "the quoting enclave's ISVSVN is {found}, needs {needed}"),
            Self::QeSvn { found, needed: None } => write!(f, "the quoting enclave's ISVSVN is {found}, but the QE identity has no levels"),
            Self::Debug => f.write_str("debug is on: the host can read the memory"),
            Self::TdProfiling => f.write_str("profiling of the TD is on"),
            Self::TdReservedAttributes { bits } => write!(f, "the TD has reserved attributes: {bits:#018x}"),
            Self::TdMigratable => f.write_str("the TD is migratable"),
            Self::TdServiceTdExt => f.write_str("the TD has the attribute SERVTD_EXT"),
            Self::TdSeptVeDisable => f.write_str("SEPT_VE_DISABLE is off: the host can inject exceptions into the TD"),
            Self::ServiceTd => f.write_str("a service TD is bound to the TD"),
            Self::EvaluationNumber { part, found, current } => {
                write!(f, "the {part} has evaluation number {found}, the current one is {current}")
            }
            Self::RolledBack { part, by_secs: 0 } => write!(f, "a {part} with a higher number is known"),
            Self::RolledBack { part, by_secs } => write!(f, "a {part} is known that is {by_secs} s newer"),
            Self::Binding => f.write_str("the report data is not the hash of the WorkerInfo"),
        }
    }
}
