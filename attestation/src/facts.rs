//! What signatures have proven, and what follows from it at a time.
//!
//! Facts do not change; what they are worth does, with the collateral. So a chain keeps the [`Facts`] of a worker, about 300
//! bytes, and can judge them again at any time without the quote.

use crate::{
    advisory::Advisory,
    certs::CertificateFacts,
    checks,
    documents::{CaHash, Documents, Revocations, RootKeyHash},
    error::Error,
    finding::Finding,
    measurement,
    part::Part,
    pck::Platform,
    qe_identity::QeFacts,
    quote::{Quote, Report, TdReport, PCK_CERT_CHAIN, QE_REPORT_CERTIFICATION_DATA},
    shortfall::Shortfall,
    tcb::{self, Standing},
};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{MeasurementDigest, TcbStatus, Tee};
use scale_info::TypeInfo;

/// Most findings about one quote; there are fewer kinds.
pub const MAX_FINDINGS: u32 = 32;

/// What the signatures of a quote prove of the platform and of its quoting enclave.
///
/// It depends on the certification bytes of the quote alone, which stay the same from quote to quote of a worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Certified {
    /// The root that the PCK chain leads to.
    pub root_key_hash: RootKeyHash,
    /// The PCK CA.
    pub ca_hash: CaHash,
    /// The PCK certificate.
    pub leaf: CertificateFacts,
    /// What the PCK certificate says.
    pub platform: Platform,
    /// What the QE report says.
    pub qe: QeFacts,
    /// The PCK chain is leaf, CA and trusted root, and nothing else.
    pub plain_chain: bool,
}

/// What a report says of the code, as far as it is needed to judge it again.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ReportFacts {
    /// Which code runs.
    pub measurement: MeasurementDigest,
    /// TDX: what runs the TD. `None` for an enclave.
    pub td: Option<TdFacts>,
    /// What is wrong with report and quote whatever the collateral says.
    pub findings: BoundedVec<Finding, ConstU32<MAX_FINDINGS>>,
}

/// What a TD's report says of the TDX module.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TdFacts {
    /// Security version of TDX when the TD was started.
    pub tee_tcb_svn: [u8; 16],
    /// Security version of TDX now, where the report says it.
    pub tee_tcb_svn_now: Option<[u8; 16]>,
    /// Hash of the key that signed the TDX module.
    pub mr_signer_seam: [u8; 48],
    /// Attributes of the TDX module.
    pub seam_attributes: [u8; 8],
}

/// All facts of one quote.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Facts {
    /// Of the platform.
    pub certified: Certified,
    /// Of the code.
    pub report: ReportFacts,
}

/// What facts are worth by some collateral at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evaluation {
    /// At this time, in seconds since 1970.
    pub at_secs: u64,
    /// Status of platform, TDX module and quoting enclave together. Never Revoked.
    pub status: TcbStatus,
    /// Intel's advisories that apply: the platform's, then the TDX module's, then the quoting enclave's.
    pub advisories: Vec<Advisory>,
    /// Evaluation number of the TCB info.
    pub tcb_evaluation_data_number: u32,
    /// Evaluation number of the QE identity.
    pub qe_evaluation_data_number: u32,
    /// Last second, since 1970, at which it is worth this, grace included.
    pub expires_at_secs: u64,
    /// What platform and quoting enclave lack for their newest TCB levels.
    pub shortfalls: Vec<Shortfall>,
    /// Why it may not register a worker: the facts' findings, then the collateral's.
    pub findings: Vec<Finding>,
}

impl TdFacts {
    fn of(report: &TdReport) -> Self {
        Self {
            tee_tcb_svn: report.tee_tcb_svn,
            tee_tcb_svn_now: report.td15.as_ref().map(|td15| td15.tee_tcb_svn2),
            mr_signer_seam: report.mr_signer_seam,
            seam_attributes: report.seam_attributes,
        }
    }
}

impl ReportFacts {
    /// Reads them from a quote whose signature is verified.
    pub fn of(quote: &Quote<'_>) -> Self {
        let findings = findings_in_form(quote).chain(checks::find_in_report(&quote.report));
        Self {
            measurement: measurement::of(&quote.report),
            td: match &quote.report {
                Report::Sgx(_) => None,
                Report::Td(report) => Some(TdFacts::of(report)),
            },
            findings: BoundedVec::truncate_from(findings.collect()),
        }
    }

    /// Kind of TEE.
    pub fn tee(&self) -> Tee {
        match self.td {
            None => Tee::Sgx,
            Some(_) => Tee::Tdx,
        }
    }
}

/// What is wrong with the way in which a quote is put together.
fn findings_in_form(quote: &Quote<'_>) -> impl Iterator<Item = Finding> {
    let authentication = &quote.authentication;
    let (_, qe_tail) = authentication.qe_report.report_data.split_at(32);
    let form = [
        (authentication.slack, Finding::Slack),
        (
            authentication.outer_type.is_some_and(|outer| outer != QE_REPORT_CERTIFICATION_DATA),
            Finding::OuterCertificationData,
        ),
        (authentication.certification_type != PCK_CERT_CHAIN, Finding::PckChainNotInQuote),
        (qe_tail.iter().any(|byte| *byte != 0), Finding::QeReportDataTail),
    ];
    form.into_iter().filter_map(|(found, finding)| found.then_some(finding))
}

impl Facts {
    /// Judges them: dates, revocation, TCB level and quoting enclave. Documents count `grace_secs` longer than they say.
    ///
    /// # Errors
    /// Groups 3 to 5.
    pub fn evaluate(
        &self,
        documents: &Documents,
        revocations: &impl Revocations,
        at_secs: u64,
        grace_secs: u64,
    ) -> Result<Evaluation, Error> {
        let Certified { leaf, platform, qe, .. } = &self.certified;
        let (tee, td) = (self.report.tee(), self.report.td.as_ref());
        let (info, identity) = (&documents.tcb_info.info, &documents.qe_identity.identity);
        documents.check_at(revocations, at_secs, grace_secs)?;
        leaf.check_dates(Part::PckLeaf, at_secs)?;
        if revocations.by_ca(&documents.pck_crl.ca_hash, &leaf.serial) {
            return Err(Error::Revoked { part: Part::PckLeaf });
        }
        if identity.tee != tee {
            return Err(Error::QeIdentityKind {
                tee,
                version: identity.version,
            });
        }
        let qe_level = identity.evaluate(qe)?;
        let qe_standing = Standing {
            status: qe_level.status,
            advisories: qe_level.advisories.to_vec(),
        };
        if info.fmspc != platform.fmspc {
            return Err(Error::TcbInfoFmspc {
                found: info.fmspc,
                expected: platform.fmspc,
            });
        }
        if info.tee != tee {
            return Err(Error::TcbInfoKind {
                tee,
                version: info.version,
            });
        }
        let standing = tcb::evaluate(info, platform, td, &qe_standing)?;
        let mut shortfalls = tcb::shortfalls_to_newest(info, platform, td);
        shortfalls.extend(identity.shortfall(qe.isv_svn));
        Ok(Evaluation {
            at_secs,
            status: standing.status,
            advisories: standing.advisories,
            tcb_evaluation_data_number: info.evaluation_data_number,
            qe_evaluation_data_number: identity.evaluation_data_number,
            expires_at_secs: documents.expires_at_secs(grace_secs).min(leaf.not_after_secs),
            shortfalls,
            findings: self.findings(documents),
        })
    }

    fn findings(&self, documents: &Documents) -> Vec<Finding> {
        let certified = &self.certified;
        let usage = |part, facts: &CertificateFacts| (!facts.usage_fits, Finding::KeyUsage(part));
        let found = [
            (!certified.plain_chain, Finding::PckChainForm),
            (documents.tcb_info.info.pce_id != Some(certified.platform.pce_id), Finding::PceId),
            usage(Part::Root, &documents.root_crl.root),
            usage(Part::PckCa, &documents.pck_crl.ca),
            usage(Part::PckLeaf, &certified.leaf),
            usage(Part::TcbInfoSigner, &documents.tcb_info.signer),
            usage(Part::QeIdentitySigner, &documents.qe_identity.signer),
        ];
        let found = found.into_iter().filter_map(|(found, finding)| found.then_some(finding));
        self.report.findings.iter().copied().chain(found).collect()
    }
}
