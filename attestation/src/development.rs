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

/// MRENCLAVE of a build of the development pRuntime, 1 to 99,999: upgrades are tried out with another one. [`MRENCLAVE`] is that
/// of build 1.
pub fn mr_enclave(build: u32) -> [u8; 32] {
    let mut enclave = MRENCLAVE;
    let mut rest = build;
    for digit in enclave.iter_mut().rev().take(5) {
        // A digit is below ten.
        *digit = b'0' | (rest % 10) as u8;
        rest /= 10;
    }
    enclave
}

/// Digest of the development pRuntime in SGX.
pub fn measurement() -> MeasurementDigest {
    measurement_of(1)
}

/// Digest of a build of the development pRuntime in SGX.
pub fn measurement_of(build: u32) -> MeasurementDigest {
    measurement::of_sgx(&SgxReport {
        mr_enclave: mr_enclave(build),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_have_enclaves_of_their_own_and_the_first_is_the_usual_one() {
        assert_eq!(mr_enclave(1), MRENCLAVE);
        assert_eq!(mr_enclave(12_345), *b"khala-development-pruntime-12345");
        assert_eq!(measurement_of(1), measurement());
        assert_ne!(measurement_of(2), measurement());
    }
}
