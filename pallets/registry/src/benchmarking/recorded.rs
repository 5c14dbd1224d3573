//! The recorded registration.

use codec::{Decode, DecodeAll, Encode};
use khala_primitives::{Evidence, WorkerInfo};

/// A registration that verifies with the recorded collateral below the development root.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub(crate) struct Recorded {
    /// What the worker says of itself. Its freshness is block 1.
    pub(crate) info: WorkerInfo,
    /// Bound to `info`.
    pub(crate) evidence: Evidence,
}

impl Recorded {
    /// The recorded registration.
    pub(crate) fn read() -> Self {
        Self::decode_all(&mut &include_bytes!("evidence.scale")[..]).expect("a test proves that the record can be read")
    }

    /// A time at which it is good, in seconds since 1970.
    pub(crate) fn at_secs() -> u64 {
        khala_pallet_attestation::benchmarking::recorded().1
    }
}
