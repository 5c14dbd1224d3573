//! Quotes in the genuine formats.

use super::{keys::Key, platform::Platform};
use crate::{
    development,
    quote::{
        Report, SgxReport, TdReport, TdReport15, INTEL_QE_VENDOR_ID, PCK_CERT_CHAIN, QE_REPORT_CERTIFICATION_DATA, TD_REPORT_15_EX_SIZE,
        TD_REPORT_15_SIZE,
    },
};
use khala_primitives::Tee;
use sha2::{Digest, Sha256};
use std::vec::Vec;

/// MRSIGNER of the forge's quoting enclaves.
pub const QE_MRSIGNER: [u8; 32] = *b"khala-development-qe-signer-0001";
/// ISVSVN of the forge's quoting enclaves.
pub const QE_ISV_SVN: u16 = 8;
/// Attributes of the forge's quoting enclaves: INIT, MODE64, PROVISION_KEY, as Intel's have.
pub const QE_ATTRIBUTES: [u8; 16] = [0x15, 0, 0, 0, 0, 0, 0, 0, 0xe7, 0, 0, 0, 0, 0, 0, 0];
/// TEE_TCB_SVN of the forge's TDs: version 1 of the TDX module with ISVSVN 5, TDX SVN 3.
pub const TEE_TCB_SVN: [u8; 16] = [5, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Size of what follows a TDX 1.5 body to make it an extended one, in bytes.
const EXTENSION_SIZE: usize = TD_REPORT_15_EX_SIZE.saturating_sub(TD_REPORT_15_SIZE);

/// ISVPRODID of the quoting enclave.
pub fn qe_prod_id(tee: Tee) -> u16 {
    match tee {
        Tee::Sgx => 1,
        Tee::Tdx => 2,
    }
}

/// A quote to be signed. Change what you like before: all signatures are made over the changed contents.
#[derive(Clone)]
pub struct QuoteDraft {
    /// Version in the header.
    pub version: u16,
    /// Attestation key type in the header.
    pub attestation_key_type: u16,
    /// TEE type in the header.
    pub tee_type: u32,
    /// Vendor of the quoting enclave in the header.
    pub qe_vendor_id: [u8; 16],
    /// Version 5: type and size of the body, where they shall not be the right ones.
    pub body_header: Option<(u16, u32)>,
    /// The report body.
    pub report: Report,
    /// What follows a TDX 1.5 body to make it an extended one.
    pub extension: Option<[u8; EXTENSION_SIZE]>,
    /// The QE report, whose report data is set by signing.
    pub qe_report: SgxReport,
    /// Second half of the QE report's report data.
    pub qe_report_data_tail: [u8; 32],
    /// QE authentication data.
    pub qe_auth_data: Vec<u8>,
    /// Type of the certification data around the QE report, in TDX quotes.
    pub outer_type: u16,
    /// Type of the certification data.
    pub certification_type: u16,
    /// The certification data.
    pub certification_data: Vec<u8>,
    /// Signs the quote.
    pub attestation_key: Key,
    /// Signs the QE report.
    pub pck: Key,
}

impl QuoteDraft {
    pub(super) fn sgx(platform: &Platform, report_data: [u8; 64]) -> Self {
        let report = SgxReport {
            cpu_svn: [1; 16],
            attributes: [0x05, 0, 0, 0, 0, 0, 0, 0, 0xe7, 0, 0, 0, 0, 0, 0, 0],
            mr_enclave: development::MRENCLAVE,
            mr_signer: development::MRSIGNER,
            isv_prod_id: development::ISV_PROD_ID,
            isv_svn: development::ISV_SVN,
            report_data,
            ..SgxReport::default()
        };
        Self::new(platform, 3, Report::Sgx(report))
    }

    pub(super) fn tdx(platform: &Platform, report_data: [u8; 64]) -> Self {
        Self::new(platform, 4, Report::Td(td_report(report_data)))
    }

    pub(super) fn tdx15(platform: &Platform, report_data: [u8; 64]) -> Self {
        let td15 = TdReport15 {
            tee_tcb_svn2: TEE_TCB_SVN,
            mr_service_td: [0; 48],
        };
        Self::new(
            platform,
            5,
            Report::Td(TdReport {
                td15: Some(td15),
                ..td_report(report_data)
            }),
        )
    }

    fn new(platform: &Platform, version: u16, report: Report) -> Self {
        let tee = report.tee();
        let qe_report = SgxReport {
            attributes: QE_ATTRIBUTES,
            mr_enclave: *b"khala-development-qe-enclave-001",
            mr_signer: QE_MRSIGNER,
            isv_prod_id: qe_prod_id(tee),
            isv_svn: QE_ISV_SVN,
            ..SgxReport::default()
        };
        let mut chain = platform.chain().as_bytes().to_vec();
        // Intel's quoting libraries write the end of the C string, too.
        chain.push(0);
        Self {
            version,
            attestation_key_type: 2,
            tee_type: match tee {
                Tee::Sgx => 0,
                Tee::Tdx => 0x81,
            },
            qe_vendor_id: INTEL_QE_VENDOR_ID,
            body_header: None,
            report,
            extension: None,
            qe_report,
            qe_report_data_tail: [0; 32],
            qe_auth_data: (0..32).collect(),
            outer_type: QE_REPORT_CERTIFICATION_DATA,
            certification_type: PCK_CERT_CHAIN,
            certification_data: chain,
            attestation_key: platform.attestation_key(),
            pck: platform.key().clone(),
        }
    }

    /// The same as a TDX 1.5 extended quote, where it is a TDX 1.5 one.
    pub fn extended(self) -> Self {
        Self {
            extension: Some([0; EXTENSION_SIZE]),
            ..self
        }
    }

    /// The report, where it is an enclave's.
    pub fn sgx_report(&mut self) -> Option<&mut SgxReport> {
        match &mut self.report {
            Report::Sgx(report) => Some(report),
            Report::Td(_) => None,
        }
    }

    /// The report, where it is a TD's.
    pub fn td_report(&mut self) -> Option<&mut TdReport> {
        match &mut self.report {
            Report::Td(report) => Some(report),
            Report::Sgx(_) => None,
        }
    }

    /// The quote.
    pub fn sign(&self) -> Vec<u8> {
        let mut quote = self.header();
        let mut body = match &self.report {
            Report::Sgx(report) => sgx_bytes(report),
            Report::Td(report) => td_bytes(report),
        };
        body.extend(self.extension.iter().flatten());
        if self.version == 5 {
            let size = u32::try_from(body.len()).unwrap_or(u32::MAX);
            let (body_type, size) = self.body_header.unwrap_or((self.body_type(), size));
            quote.extend_from_slice(&body_type.to_le_bytes());
            quote.extend_from_slice(&size.to_le_bytes());
        }
        quote.extend_from_slice(&body);
        let signature = self.attestation_key.sign(&quote);

        let mut authentication = Vec::from(signature);
        authentication.extend_from_slice(&self.attestation_key.coordinates());
        let qe_part = self.qe_part();
        match self.report {
            Report::Sgx(_) => authentication.extend_from_slice(&qe_part),
            Report::Td(_) => {
                authentication.extend_from_slice(&self.outer_type.to_le_bytes());
                authentication.extend_from_slice(&sized(&qe_part));
            }
        }
        quote.extend_from_slice(&sized(&authentication));
        quote
    }

    fn header(&self) -> Vec<u8> {
        let mut header = Vec::new();
        header.extend_from_slice(&self.version.to_le_bytes());
        header.extend_from_slice(&self.attestation_key_type.to_le_bytes());
        header.extend_from_slice(&self.tee_type.to_le_bytes());
        header.extend_from_slice(&[0; 4]);
        header.extend_from_slice(&self.qe_vendor_id);
        header.extend_from_slice(&[0; 20]);
        header
    }

    fn body_type(&self) -> u16 {
        match &self.report {
            Report::Sgx(_) => 1,
            Report::Td(TdReport { td15: None, .. }) => 2,
            Report::Td(_) if self.extension.is_none() => 3,
            Report::Td(_) => 4,
        }
    }

    fn qe_part(&self) -> Vec<u8> {
        let binding = Sha256::new()
            .chain_update(self.attestation_key.coordinates())
            .chain_update(&self.qe_auth_data)
            .finalize();
        let mut report = self.qe_report.clone();
        report
            .report_data
            .iter_mut()
            .zip(binding.iter().chain(&self.qe_report_data_tail))
            .for_each(|(out, byte)| *out = *byte);
        let mut part = sgx_bytes(&report);
        let signature = self.pck.sign(&part);
        part.extend_from_slice(&signature);
        part.extend_from_slice(&u16::try_from(self.qe_auth_data.len()).unwrap_or(u16::MAX).to_le_bytes());
        part.extend_from_slice(&self.qe_auth_data);
        part.extend_from_slice(&self.certification_type.to_le_bytes());
        part.extend_from_slice(&sized(&self.certification_data));
        part
    }
}

fn td_report(report_data: [u8; 64]) -> TdReport {
    TdReport {
        tee_tcb_svn: TEE_TCB_SVN,
        mr_seam: *b"khala-development-tdx-module-0001-for-intel-td-0",
        td_attributes: TdReport::SEPT_VE_DISABLE.to_le_bytes(),
        xfam: [0xe7, 0, 0, 0, 0, 0, 0, 0],
        mr_td: development::MRTD,
        rtmr: [
            *b"khala-development-guest-shape-00001-for-intel-td",
            development::RTMR1,
            development::RTMR2,
            [0; 48],
        ],
        report_data,
        ..TdReport::default()
    }
}

/// Bytes with their count in front.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&count.to_le_bytes(), bytes].concat()
}

fn sgx_bytes(report: &SgxReport) -> Vec<u8> {
    let reserved = if report.reserved_zero { 0 } else { 1 };
    [
        &report.cpu_svn[..],
        &report.misc_select.to_le_bytes(),
        &[reserved; 12],
        &report.isv_ext_prod_id,
        &report.attributes,
        &report.mr_enclave,
        &[0; 32],
        &report.mr_signer,
        &[0; 32],
        &report.config_id,
        &report.isv_prod_id.to_le_bytes(),
        &report.isv_svn.to_le_bytes(),
        &report.config_svn.to_le_bytes(),
        &[0; 42],
        &report.isv_family_id,
        &report.report_data,
    ]
    .concat()
}

fn td_bytes(report: &TdReport) -> Vec<u8> {
    let mut bytes = [
        &report.tee_tcb_svn[..],
        &report.mr_seam,
        &report.mr_signer_seam,
        &report.seam_attributes,
        &report.td_attributes,
        &report.xfam,
        &report.mr_td,
        &report.mr_config_id,
        &report.mr_owner,
        &report.mr_owner_config,
        &report.rtmr.concat(),
        &report.report_data,
    ]
    .concat();
    if let Some(td15) = &report.td15 {
        bytes.extend_from_slice(&td15.tee_tcb_svn2);
        bytes.extend_from_slice(&td15.mr_service_td);
    }
    bytes
}
