//! The recorded registration.

use codec::{Decode, DecodeAll, Encode};
use khala_attestation::collateral::Collateral;
use khala_primitives::{Evidence, WorkerInfo};

/// A registration that verifies at `at_secs` below the development root.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) struct Recorded {
    /// What the worker says of itself. Its freshness is block 1.
    pub(crate) info: WorkerInfo,
    /// Bound to `info`.
    pub(crate) evidence: Evidence,
    /// In date at `at_secs`.
    pub(crate) collateral: Collateral,
    /// Seconds since 1970.
    pub(crate) at_secs: u64,
}

impl Recorded {
    /// The recorded bytes.
    pub(crate) const BYTES: &'static [u8] = include_bytes!("evidence.scale");

    /// The recorded registration.
    pub(crate) fn read() -> Self {
        Self::decode_all(&mut &Self::BYTES[..]).expect("a test proves that the record can be read")
    }
}
