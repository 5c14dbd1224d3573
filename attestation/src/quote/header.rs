//! The header of a quote, and what body follows it.

use super::{reader::Reader, SGX_REPORT_SIZE, TD_REPORT_10_SIZE, TD_REPORT_15_EX_SIZE, TD_REPORT_15_SIZE};
use crate::{collateral::saturate, error::Error, part::QuoteField};

/// Size of the header in bytes.
pub const HEADER_SIZE: usize = 48;
/// The vendor id of Intel's quoting enclaves.
pub const INTEL_QE_VENDOR_ID: [u8; 16] = [
    0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
];

const TEE_SGX: u32 = 0x00;
const TEE_TDX: u32 = 0x81;
const ECDSA_P256: u16 = 2;

/// What follows the header.
pub(super) enum BodyKind {
    Sgx,
    Td10,
    Td15,
    Td15Ex,
}

/// The header of a quote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Version of the format: 3, 4 or 5.
    pub version: u16,
    /// Which algorithm the attestation key is for.
    pub attestation_key_type: u16,
    /// SGX or TDX.
    pub tee_type: u32,
    /// Whose quoting enclave it is.
    pub qe_vendor_id: [u8; 16],
}

impl Header {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let field = QuoteField::Header;
        let version = reader.u16(field)?;
        let attestation_key_type = reader.u16(field)?;
        let tee_type = reader.u32(field)?;
        // Version 3 has the SVNs of QE and PCE here, later ones reserve the bytes; certificates say it better.
        let _svns: [u8; 4] = reader.array(field)?;
        let qe_vendor_id = reader.array(field)?;
        // The platform's name in the eyes of its QE.
        let _user_data: [u8; 20] = reader.array(field)?;
        let header = Self {
            version,
            attestation_key_type,
            tee_type,
            qe_vendor_id,
        };
        header.check()?;
        Ok(header)
    }

    fn check(&self) -> Result<(), Error> {
        let tee_type = match self.version {
            3 => TEE_SGX,
            4 | 5 => TEE_TDX,
            found => return Err(Error::QuoteVersion { found }),
        };
        if self.tee_type != tee_type {
            return Err(Error::TeeType {
                version: self.version,
                found: self.tee_type,
            });
        }
        if self.attestation_key_type != ECDSA_P256 {
            return Err(Error::AttestationKeyType {
                found: self.attestation_key_type,
            });
        }
        if self.qe_vendor_id != INTEL_QE_VENDOR_ID {
            return Err(Error::QeVendor);
        }
        Ok(())
    }

    /// Versions 3 and 4 fix the body; version 5 declares it.
    pub(super) fn read_body_kind(&self, reader: &mut Reader<'_>) -> Result<BodyKind, Error> {
        match self.version {
            3 => return Ok(BodyKind::Sgx),
            4 => return Ok(BodyKind::Td10),
            _ => {}
        }
        let body_type = reader.u16(QuoteField::Body)?;
        let found = reader.u32(QuoteField::Body)?;
        let (kind, size) = match body_type {
            1 => (BodyKind::Sgx, SGX_REPORT_SIZE),
            2 => (BodyKind::Td10, TD_REPORT_10_SIZE),
            3 => (BodyKind::Td15, TD_REPORT_15_SIZE),
            4 => (BodyKind::Td15Ex, TD_REPORT_15_EX_SIZE),
            found => return Err(Error::BodyType { found }),
        };
        // An enclave's report has no place in a quote whose TEE type is TDX.
        if matches!(kind, BodyKind::Sgx) {
            return Err(Error::BodyType { found: body_type });
        }
        let expected = saturate(size);
        if found != expected {
            return Err(Error::BodySize { found, expected });
        }
        Ok(kind)
    }
}
