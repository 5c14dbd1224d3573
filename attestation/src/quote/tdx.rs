//! A trust domain's report, of TDX 1.0, 1.5 and 1.5 extended.

use super::reader::Reader;
use crate::{error::Error, part::QuoteField};

/// Size of the body of TDX 1.0 in bytes.
pub const TD_REPORT_10_SIZE: usize = 584;
/// Size of the body of TDX 1.5 in bytes.
pub const TD_REPORT_15_SIZE: usize = 648;
/// Size of the extended body of TDX 1.5 in bytes.
pub const TD_REPORT_15_EX_SIZE: usize = 885;

const FIELD: QuoteField = QuoteField::Body;

/// A trust domain's report (`sgx_report2_body_t`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TdReport {
    /// Security version of TDX when the TD was started.
    pub tee_tcb_svn: [u8; 16],
    /// Hash of the TDX module.
    pub mr_seam: [u8; 48],
    /// Hash of the key that signed the TDX module; zero for Intel's.
    pub mr_signer_seam: [u8; 48],
    /// Attributes of the TDX module.
    pub seam_attributes: [u8; 8],
    /// Attributes of the TD.
    pub td_attributes: [u8; 8],
    /// Which extended features of the processor the TD may use.
    pub xfam: [u8; 8],
    /// Hash of the TD's initial contents.
    pub mr_td: [u8; 48],
    /// Set by the host: configuration.
    pub mr_config_id: [u8; 48],
    /// Set by the host: owner.
    pub mr_owner: [u8; 48],
    /// Set by the host: the owner's configuration.
    pub mr_owner_config: [u8; 48],
    /// Runtime measurement registers 0 to 3.
    pub rtmr: [[u8; 48]; 4],
    /// What the TD chose.
    pub report_data: [u8; 64],
    /// What TDX 1.5 adds.
    pub td15: Option<TdReport15>,
}

/// What the body of TDX 1.5 adds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TdReport15 {
    /// Security version of TDX now; the module may have been updated under the running TD.
    pub tee_tcb_svn2: [u8; 16],
    /// Hash of the service TDs that are bound to the TD; zero for none.
    pub mr_service_td: [u8; 48],
}

impl Default for TdReport {
    fn default() -> Self {
        Self {
            tee_tcb_svn: [0; 16],
            mr_seam: [0; 48],
            mr_signer_seam: [0; 48],
            seam_attributes: [0; 8],
            td_attributes: [0; 8],
            xfam: [0; 8],
            mr_td: [0; 48],
            mr_config_id: [0; 48],
            mr_owner: [0; 48],
            mr_owner_config: [0; 48],
            rtmr: [[0; 48]; 4],
            report_data: [0; 64],
            td15: None,
        }
    }
}

impl TdReport {
    /// The host can read the TD's memory.
    pub const DEBUG: u64 = 1 << 0;
    /// The TD can be profiled, in one way or another.
    pub const PROFILING: u64 = 0b111 << 4;
    /// The report includes service TDs.
    pub const SERVTD_EXT: u64 = 1 << 17;
    /// The host cannot inject exceptions by taking pages away.
    pub const SEPT_VE_DISABLE: u64 = 1 << 28;
    /// The TD can be moved to another machine.
    pub const MIGRATABLE: u64 = 1 << 29;
    /// The TD may use performance counters.
    pub const PERFMON: u64 = 1 << 63;
    /// Bits that must be zero (Intel TDX Module ABI 348551-008US, table 3.23): 1 to 3, 7 to 15, 23 to 26, 32 to 61.
    pub const RESERVED: u64 = (0b111 << 1) | (0x1ff << 7) | (0xf << 23) | (0x3fff_ffff << 32);

    /// The attributes as a number.
    pub fn attributes(&self) -> u64 {
        u64::from_le_bytes(self.td_attributes)
    }

    pub(super) fn read_10(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            tee_tcb_svn: reader.array(FIELD)?,
            mr_seam: reader.array(FIELD)?,
            mr_signer_seam: reader.array(FIELD)?,
            seam_attributes: reader.array(FIELD)?,
            td_attributes: reader.array(FIELD)?,
            xfam: reader.array(FIELD)?,
            mr_td: reader.array(FIELD)?,
            mr_config_id: reader.array(FIELD)?,
            mr_owner: reader.array(FIELD)?,
            mr_owner_config: reader.array(FIELD)?,
            rtmr: [
                reader.array(FIELD)?,
                reader.array(FIELD)?,
                reader.array(FIELD)?,
                reader.array(FIELD)?,
            ],
            report_data: reader.array(FIELD)?,
            td15: None,
        })
    }

    pub(super) fn read_15(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let base = Self::read_10(reader)?;
        let td15 = TdReport15 {
            tee_tcb_svn2: reader.array(FIELD)?,
            mr_service_td: reader.array(FIELD)?,
        };
        Ok(Self { td15: Some(td15), ..base })
    }

    /// The extension is about service TDs and migration; a TD that has either is refused by its other fields.
    pub(super) fn read_15_ex(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let report = Self::read_15(reader)?;
        reader.take(TD_REPORT_15_EX_SIZE.saturating_sub(TD_REPORT_15_SIZE), FIELD)?;
        Ok(report)
    }
}
