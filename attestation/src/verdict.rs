//! What verification says: a value, never a bool.

use crate::{
    advisory::Advisory,
    facts::{Evaluation, Facts},
    finding::Finding,
    hex_bytes::Fmspc,
    quote::{Quote, Report},
    shortfall::Shortfall,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{MeasurementDigest, PlatformId, TcbStatus, Tee};
use scale_info::TypeInfo;

/// Properties of a platform that its PCK certificate names; `None` where it does not.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PlatformFlags {
    /// Packages may be added to the platform.
    pub dynamic_platform: Option<bool>,
    /// Intel's registration service keeps the platform's root keys.
    pub cached_keys: Option<bool>,
    /// Simultaneous multithreading is on.
    pub smt_enabled: Option<bool>,
}

/// What genuine evidence proves, at the time at which it was verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// When it was verified, in seconds since 1970.
    pub at_secs: u64,
    /// Kind of TEE.
    pub tee: Tee,
    /// Version of the quote: 3 for SGX, 4 or 5 for TDX.
    pub quote_version: u16,
    /// Status of the trusted computing base, of platform, TDX module and quoting enclave together. Never Revoked.
    pub status: TcbStatus,
    /// Intel's advisories that apply: the platform's, then the TDX module's, then the quoting enclave's.
    pub advisories: Vec<Advisory>,
    /// Which code runs.
    pub measurement: MeasurementDigest,
    /// The signed report.
    pub report: Report,
    /// The 64 bytes that the code chose.
    pub report_data: [u8; 64],
    /// `blake2_256("khala/platform/v1" ++ PPID)`.
    pub platform_id: PlatformId,
    /// The processor family.
    pub fmspc: Fmspc,
    /// The platform's properties.
    pub platform_flags: PlatformFlags,
    /// Evaluation number of the TCB info.
    pub tcb_evaluation_data_number: u32,
    /// Evaluation number of the QE identity.
    pub qe_evaluation_data_number: u32,
    /// Last second, since 1970, at which this evidence verifies with this collateral.
    pub expires_at_secs: u64,
    /// What the platform and its quoting enclave lack for their newest TCB levels. Empty when nothing.
    pub shortfalls: Vec<Shortfall>,
    /// Why this evidence may not register a worker though it is genuine. Empty for good evidence.
    pub not_for_registration: Vec<Finding>,
}

impl Verdict {
    pub(crate) fn new(quote: &Quote<'_>, facts: Facts, evaluation: Evaluation) -> Self {
        let platform = facts.certified.platform;
        Self {
            at_secs: evaluation.at_secs,
            tee: quote.report.tee(),
            quote_version: quote.header.version,
            status: evaluation.status,
            advisories: evaluation.advisories,
            measurement: facts.report.measurement,
            report_data: *quote.report.report_data(),
            report: quote.report.clone(),
            platform_id: platform.id,
            fmspc: platform.fmspc,
            platform_flags: platform.flags,
            tcb_evaluation_data_number: evaluation.tcb_evaluation_data_number,
            qe_evaluation_data_number: evaluation.qe_evaluation_data_number,
            expires_at_secs: evaluation.expires_at_secs,
            shortfalls: evaluation.shortfalls,
            not_for_registration: evaluation.findings,
        }
    }
}

/// `blake2_256("khala/platform/v1" ++ PPID)`: the key under which the chain knows a machine.
pub fn platform_id(ppid: &[u8; 16]) -> PlatformId {
    let mut preimage = b"khala/platform/v1".to_vec();
    preimage.extend_from_slice(ppid);
    PlatformId(sp_crypto_hashing::blake2_256(&preimage))
}
