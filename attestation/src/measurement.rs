//! The digest by which the chain knows the code in a TEE.
//!
//! - SGX: `blake2_256("khala/measurement/sgx/v1" ++ MRENCLAVE ++ MRSIGNER ++ ISVPRODID ++ ISVSVN)`, numbers as two
//!   bytes, little-endian.
//! - TDX: `blake2_256("khala/measurement/tdx/v1" ++ mask ++ MRTD ++ RTMR0 ++ RTMR1 ++ RTMR2 ++ RTMR3)`; the mask is one
//!   byte, bit `i` for RTMR`i`, and a register that does not count is 48 zero bytes.

use crate::quote::{Report, SgxReport, TdReport};
use alloc::vec::Vec;
use khala_primitives::MeasurementDigest;

const SGX_CONTEXT: &[u8] = b"khala/measurement/sgx/v1";
const TDX_CONTEXT: &[u8] = b"khala/measurement/tdx/v1";

/// Which runtime measurement registers of a TD count beside MRTD, RTMR1 and RTMR2, which always do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RtmrMask {
    /// RTMR0: firmware configuration; it varies with the shape of the VM.
    pub rtmr0: bool,
    /// RTMR3: what the guest itself measures after its start.
    pub rtmr3: bool,
}

impl RtmrMask {
    /// What a verdict's measurement counts: any shape of the VM, and nothing measured by the guest but what is allowed.
    pub const DEFAULT: Self = Self { rtmr0: false, rtmr3: true };
    /// Every mask, the default first.
    pub const ALL: [Self; 4] = [
        Self::DEFAULT,
        Self { rtmr0: true, rtmr3: true },
        Self {
            rtmr0: false,
            rtmr3: false,
        },
        Self { rtmr0: true, rtmr3: false },
    ];

    /// Bit `i` for RTMR`i`.
    fn bits(self) -> u8 {
        0b0110 | u8::from(self.rtmr0) | (u8::from(self.rtmr3) << 3)
    }
}

/// Digest of an enclave.
pub fn of_sgx(report: &SgxReport) -> MeasurementDigest {
    let mut preimage = SGX_CONTEXT.to_vec();
    preimage.extend_from_slice(&report.mr_enclave);
    preimage.extend_from_slice(&report.mr_signer);
    preimage.extend_from_slice(&report.isv_prod_id.to_le_bytes());
    preimage.extend_from_slice(&report.isv_svn.to_le_bytes());
    MeasurementDigest(sp_crypto_hashing::blake2_256(&preimage))
}

/// Digest of a TD under a mask.
pub fn of_td(report: &TdReport, mask: RtmrMask) -> MeasurementDigest {
    let mut preimage = TDX_CONTEXT.to_vec();
    preimage.push(mask.bits());
    preimage.extend_from_slice(&report.mr_td);
    let [rtmr0, rtmr1, rtmr2, rtmr3] = &report.rtmr;
    for (register, counts) in [(rtmr0, mask.rtmr0), (rtmr1, true), (rtmr2, true), (rtmr3, mask.rtmr3)] {
        preimage.extend_from_slice(if counts { register } else { &[0; 48] });
    }
    MeasurementDigest(sp_crypto_hashing::blake2_256(&preimage))
}

/// The digest that a verdict carries.
pub fn of(report: &Report) -> MeasurementDigest {
    match report {
        Report::Sgx(report) => of_sgx(report),
        Report::Td(report) => of_td(report, RtmrMask::DEFAULT),
    }
}

/// Every digest under which an allow-list may have this code; the first is the verdict's.
pub fn candidates(report: &Report) -> Vec<MeasurementDigest> {
    match report {
        Report::Sgx(report) => [of_sgx(report)].into(),
        Report::Td(report) => RtmrMask::ALL.into_iter().map(|mask| of_td(report, mask)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_of_an_enclave_counts() {
        let base = SgxReport::default();
        let digests = [
            of_sgx(&base),
            of_sgx(&SgxReport {
                mr_enclave: [1; 32],
                ..base.clone()
            }),
            of_sgx(&SgxReport {
                mr_signer: [1; 32],
                ..base.clone()
            }),
            of_sgx(&SgxReport {
                isv_prod_id: 1,
                ..base.clone()
            }),
            of_sgx(&SgxReport {
                isv_svn: 1,
                ..base.clone()
            }),
        ];
        for (i, a) in digests.iter().enumerate() {
            assert!(digests.iter().skip(i + 1).all(|b| a != b), "{i}");
        }
        assert_eq!(
            of_sgx(&base),
            of_sgx(&SgxReport {
                config_id: [1; 64],
                cpu_svn: [3; 16],
                ..base
            })
        );
    }

    #[test]
    fn registers_of_a_td_count_by_the_mask() {
        let base = TdReport::default();
        let with = |index: usize| {
            let mut report = base.clone();
            report.rtmr[index] = [7; 48];
            report
        };
        for mask in RtmrMask::ALL {
            let changes = |index| of_td(&with(index), mask) != of_td(&base, mask);
            assert_eq!((changes(0), changes(3)), (mask.rtmr0, mask.rtmr3));
            assert!(changes(1) && changes(2));
            assert_ne!(
                of_td(
                    &TdReport {
                        mr_td: [7; 48],
                        ..base.clone()
                    },
                    mask
                ),
                of_td(&base, mask)
            );
        }
    }

    #[test]
    fn masks_never_share_a_digest() {
        let digests = candidates(&Report::Td(TdReport::default()));
        assert_eq!(digests.len(), 4);
        for (i, a) in digests.iter().enumerate() {
            assert!(digests.iter().skip(i + 1).all(|b| a != b), "{i}");
        }
        assert_eq!(digests.first(), Some(&of(&Report::Td(TdReport::default()))));
    }
}
