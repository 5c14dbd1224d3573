//! The chain-timed benchmark behind a worker's initial score.

use crate::{
    signing::{self, Purpose},
    BlockNumber, WorkerPublicKey, H256,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a worker did since the chain asked for its benchmark in block `block`.
///
/// The chain takes the time itself: `P = floor(iterations * 6000 / (t_inclusion - t_block - slot_ms))`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BenchmarkResult {
    /// Who worked.
    pub worker: WorkerPublicKey,
    /// The block of the registration that asked for it; its seed is the kernel's input.
    pub block: BlockNumber,
    /// Iterations of the kernel, over all granted cores.
    pub iterations: u64,
}

impl BenchmarkResult {
    /// The bytes that the IdentityKey signs.
    pub fn message(&self, genesis_hash: &H256) -> Vec<u8> {
        signing::message(Purpose::BenchmarkResult, genesis_hash, self)
    }
}
