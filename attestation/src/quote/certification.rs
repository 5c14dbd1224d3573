//! The authentication data of a quote: signature, attestation key, and who vouches for the key.
//!
//! ```text
//! SGX:  signature (64) | attestation key (64) | QE part
//! TDX:  signature (64) | attestation key (64) | type (2) = 6 | size (4) | QE part
//! QE part:  QE report (384) | signature (64) | size (2) | QE authentication data | type (2) = 5 | size (4) | PCK chain
//! ```

use super::{reader::Reader, sgx::SgxReport};
use crate::{collateral::saturate, error::Error, part::QuoteField};
use khala_primitives::Tee;

/// Certification data that is a PEM chain of PCK certificates.
pub const PCK_CERT_CHAIN: u16 = 5;
/// Certification data that is a QE report with certification data of its own.
pub const QE_REPORT_CERTIFICATION_DATA: u16 = 6;

/// Length of the QE authentication data in bytes.
const QE_AUTH_DATA_SIZE: usize = 32;

/// Who says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authentication<'a> {
    /// Signature over header and body by the attestation key, `r ++ s`.
    pub signature: [u8; 64],
    /// The attestation key: coordinates x and y.
    pub attestation_key: [u8; 64],
    /// The report by which the quoting enclave vouches for the attestation key.
    pub qe_report: SgxReport,
    /// The report's bytes.
    pub qe_report_bytes: &'a [u8],
    /// Signature over the QE report by the PCK, `r ++ s`.
    pub qe_report_signature: [u8; 64],
    /// Authentication data that the QE report covers, too.
    pub qe_auth_data: [u8; 32],
    /// Type of the certification data around the QE report; `None` in SGX quotes.
    pub outer_type: Option<u16>,
    /// Type of the certification data.
    pub certification_type: u16,
    /// The certification data.
    pub certification_data: &'a [u8],
    /// Everything behind the signature: the key, and what certifies it.
    pub certification: &'a [u8],
    /// A length covers more than its content.
    pub slack: bool,
}

impl<'a> Authentication<'a> {
    pub(super) fn parse(tee: Tee, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let signature = reader.array(QuoteField::Signature)?;
        let mut rest = reader;
        let certification = rest.take(rest.left(), QuoteField::CertificationData)?;
        let attestation_key = reader.array(QuoteField::AttestationKey)?;
        let mut outer_type = None;
        let mut slack = false;
        if tee == Tee::Tdx {
            outer_type = Some(reader.u16(QuoteField::CertificationData)?);
            let inner = reader.sized_u32(QuoteField::CertificationData)?;
            slack = reader.left() > 0;
            reader = Reader::new(inner);
        }

        let mut qe_reader = reader;
        let qe_report = SgxReport::read(&mut qe_reader, QuoteField::QeReport)?;
        let qe_report_bytes = reader.take(super::SGX_REPORT_SIZE, QuoteField::QeReport)?;
        let qe_report_signature = reader.array(QuoteField::QeReportSignature)?;
        let auth_data = reader.sized_u16(QuoteField::QeAuthData)?;
        let qe_auth_data = auth_data
            .first_chunk::<QE_AUTH_DATA_SIZE>()
            .filter(|_| auth_data.len() == QE_AUTH_DATA_SIZE)
            .ok_or(Error::QeAuthDataLength {
                found: u16::try_from(saturate(auth_data.len())).unwrap_or(u16::MAX),
            })?;
        let certification_type = reader.u16(QuoteField::CertificationData)?;
        let certification_data = reader.sized_u32(QuoteField::CertificationData)?;
        slack |= reader.left() > 0;

        Ok(Self {
            signature,
            certification,
            attestation_key,
            qe_report,
            qe_report_bytes,
            qe_report_signature,
            qe_auth_data: *qe_auth_data,
            outer_type,
            certification_type,
            certification_data,
            slack,
        })
    }
}
