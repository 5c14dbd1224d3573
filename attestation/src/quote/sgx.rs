//! An enclave's report. The quoting enclave has one, too.

use super::reader::Reader;
use crate::{error::Error, part::QuoteField};

/// Size of an enclave's report in bytes.
pub const SGX_REPORT_SIZE: usize = 384;

/// An enclave's report (`sgx_report_body_t`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SgxReport {
    /// Security version of the processor.
    pub cpu_svn: [u8; 16],
    /// Which extended features of the processor are saved.
    pub misc_select: u32,
    /// Extended product id, set by whoever signs the enclave.
    pub isv_ext_prod_id: [u8; 16],
    /// Attributes: flags, then XFRM.
    pub attributes: [u8; 16],
    /// Hash of the enclave's code and data.
    pub mr_enclave: [u8; 32],
    /// Hash of the key that signed the enclave.
    pub mr_signer: [u8; 32],
    /// Set by the host.
    pub config_id: [u8; 64],
    /// Product id, set by whoever signs the enclave.
    pub isv_prod_id: u16,
    /// Security version, set by whoever signs the enclave.
    pub isv_svn: u16,
    /// Set by the host.
    pub config_svn: u16,
    /// Product family, set by whoever signs the enclave.
    pub isv_family_id: [u8; 16],
    /// What the enclave chose.
    pub report_data: [u8; 64],
    /// Are all reserved bytes zero?
    pub reserved_zero: bool,
}

impl Default for SgxReport {
    fn default() -> Self {
        Self {
            cpu_svn: [0; 16],
            misc_select: 0,
            isv_ext_prod_id: [0; 16],
            attributes: [0; 16],
            mr_enclave: [0; 32],
            mr_signer: [0; 32],
            config_id: [0; 64],
            isv_prod_id: 0,
            isv_svn: 0,
            config_svn: 0,
            isv_family_id: [0; 16],
            report_data: [0; 64],
            reserved_zero: true,
        }
    }
}

impl SgxReport {
    /// The enclave is initialised.
    pub const INIT: u64 = 1 << 0;
    /// The enclave can be debugged.
    pub const DEBUG: u64 = 1 << 1;
    /// The enclave runs in 64-bit mode.
    pub const MODE64: u64 = 1 << 2;
    /// The enclave may derive the provisioning key.
    pub const PROVISION_KEY: u64 = 1 << 4;
    /// The enclave may derive the key of launch tokens.
    pub const EINITTOKEN_KEY: u64 = 1 << 5;

    /// The flags among the attributes.
    pub fn flags(&self) -> u64 {
        let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = self.attributes;
        u64::from_le_bytes([b0, b1, b2, b3, b4, b5, b6, b7])
    }

    pub(super) fn read(reader: &mut Reader<'_>, field: QuoteField) -> Result<Self, Error> {
        let cpu_svn = reader.array(field)?;
        let misc_select = reader.u32(field)?;
        let reserved1: [u8; 12] = reader.array(field)?;
        let isv_ext_prod_id = reader.array(field)?;
        let attributes = reader.array(field)?;
        let mr_enclave = reader.array(field)?;
        let reserved2: [u8; 32] = reader.array(field)?;
        let mr_signer = reader.array(field)?;
        let reserved3: [u8; 32] = reader.array(field)?;
        let config_id = reader.array(field)?;
        let isv_prod_id = reader.u16(field)?;
        let isv_svn = reader.u16(field)?;
        let config_svn = reader.u16(field)?;
        let reserved4: [u8; 42] = reader.array(field)?;
        let isv_family_id = reader.array(field)?;
        let report_data = reader.array(field)?;
        let reserved_zero = reserved1
            .iter()
            .chain(&reserved2)
            .chain(&reserved3)
            .chain(&reserved4)
            .all(|byte| *byte == 0);
        Ok(Self {
            cpu_svn,
            misc_select,
            isv_ext_prod_id,
            attributes,
            mr_enclave,
            mr_signer,
            config_id,
            isv_prod_id,
            isv_svn,
            config_svn,
            isv_family_id,
            report_data,
            reserved_zero,
        })
    }
}
