//! WorkerInfo: what a worker's evidence is about.

use crate::{keys::Instance, signing::WORKER_INFO_CONTEXT, AccountId32, BlockNumber, EcdhPublicKey, WorkerPublicKey, H256};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Version of a pRuntime.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct PRuntimeVersion {
    /// Changed when the protocol changes.
    pub major: u16,
    /// Changed when something is added.
    pub minor: u16,
    /// Changed when something is mended.
    pub patch: u16,
}

impl core::fmt::Display for PRuntimeVersion {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A recent block of the chain that the evidence is for. Evidence older than the chain's FreshnessBlocks is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
pub struct Freshness {
    /// The block's number.
    pub number: BlockNumber,
    /// The block's hash.
    pub hash: H256,
}

/// What a worker says of itself; its hash stands in the quote's report data (`design/attestation.md`).
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerInfo {
    /// Version of the program.
    pub version: PRuntimeVersion,
    /// Genesis hash of the chain that the worker serves.
    pub genesis_hash: H256,
    /// The worker's name, and what it signs with.
    pub identity_key: WorkerPublicKey,
    /// For channels and key delivery.
    pub ecdh_key: EcdhPublicKey,
    /// Who may bind the worker to a pool or retire it; fixed in the sealed state at first start.
    pub operator: AccountId32,
    /// This run of the enclave.
    pub instance: Instance,
    /// Proof that the evidence is not older than this block.
    pub freshness: Freshness,
    /// Cores granted to the worker.
    pub cores: u16,
    /// Memory granted to the worker, in MiB.
    pub memory_mib: u32,
    /// Bit set of what the program can do; no bit has a meaning yet.
    pub features: u32,
}

impl WorkerInfo {
    /// The 64 bytes of a quote's report data: `blake2_256("khala/worker-info/v1" ++ SCALE(self))`, then 32 zero bytes.
    pub fn report_data(&self) -> [u8; 64] {
        let mut preimage = WORKER_INFO_CONTEXT.to_vec();
        self.encode_to(&mut preimage);
        let mut out = [0; 64];
        let (hash, _zero) = out.split_at_mut(32);
        hash.copy_from_slice(&sp_crypto_hashing::blake2_256(&preimage));
        out
    }
}
