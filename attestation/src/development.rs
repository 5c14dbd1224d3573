//! What the development TEE is known by: its root certificate and its measurements.
//!
//! This is public data only. The keys are behind the feature `forge`, which no production build has; the
//! presets `development` and `local_testnet` trust this root, the preset `khala` does not.

use crate::{
    measurement,
    policy::AttestationPolicy,
    quote::{SgxReport, TdReport},
    rollback::EvaluationNumbers,
};
use khala_primitives::MeasurementDigest;

/// The development root certificate, DER. A test of the forge proves that its key signs it.
pub const ROOT_DER: &[u8] = include_bytes!("development-root-ca.der");

/// Evaluation number of the development collateral.
pub const EVALUATION_DATA_NUMBER: u32 = 18;

/// MRENCLAVE of the development pRuntime.
pub const MRENCLAVE: [u8; 32] = *b"khala-development-pruntime-00001";
/// MRSIGNER of the development pRuntime.
pub const MRSIGNER: [u8; 32] = *b"khala-development-signer-0000001";
/// ISVPRODID of the development pRuntime.
pub const ISV_PROD_ID: u16 = 1;
/// ISVSVN of the development pRuntime.
pub const ISV_SVN: u16 = 1;
/// MRTD of the development guest.
pub const MRTD: [u8; 48] = *b"khala-development-guest-image-00001-for-intel-td";
/// RTMR1 of the development guest.
pub const RTMR1: [u8; 48] = *b"khala-development-guest-kernel-0001-for-intel-td";
/// RTMR2 of the development guest.
pub const RTMR2: [u8; 48] = *b"khala-development-guest-system-0001-for-intel-td";

/// What a chain thinks of platforms that starts with the development TEE.
pub fn policy() -> AttestationPolicy {
    AttestationPolicy {
        evaluation_numbers: Some(EvaluationNumbers {
            current: EVALUATION_DATA_NUMBER,
            next: None,
        }),
        ..AttestationPolicy::default_for_chain()
    }
}

/// Digest of the development pRuntime in SGX.
pub fn measurement() -> MeasurementDigest {
    measurement::of_sgx(&SgxReport {
        mr_enclave: MRENCLAVE,
        mr_signer: MRSIGNER,
        isv_prod_id: ISV_PROD_ID,
        isv_svn: ISV_SVN,
        ..SgxReport::default()
    })
}

/// Digest of the development pRuntime in a TD.
pub fn td_measurement() -> MeasurementDigest {
    let report = TdReport {
        mr_td: MRTD,
        rtmr: [[0; 48], RTMR1, RTMR2, [0; 48]],
        ..TdReport::default()
    };
    measurement::of_td(&report, measurement::RtmrMask::DEFAULT)
}
