//! Heartbeats: the answers to challenges.

use crate::{
    signing::{self, Purpose},
    BlockNumber, Instance, SessionId, WorkerPublicKey, WorkerSignature, H256,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Most heartbeats in one batch.
pub const MAX_BATCH: u32 = 64;

/// A worker's answer to the challenge of one block, or the sign of life that ends its absence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// Who answers.
    pub worker: WorkerPublicKey,
    /// The session that the answer belongs to.
    pub session_id: SessionId,
    /// The run of the enclave that answers.
    pub instance: Instance,
    /// The challenge's block.
    pub block: BlockNumber,
    /// The challenge's seed.
    pub seed: H256,
    /// Iterations of the benchmark kernel done as a speed sample.
    pub iterations: u64,
    /// Time that the iterations took, in milliseconds.
    pub elapsed_ms: u32,
}

impl Heartbeat {
    /// The bytes that the IdentityKey signs.
    pub fn message(&self, genesis_hash: &H256) -> Vec<u8> {
        signing::message(Purpose::Heartbeat, genesis_hash, self)
    }
}

/// A heartbeat with its signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
pub struct SignedHeartbeat {
    /// What is signed.
    pub heartbeat: Heartbeat,
    /// By the IdentityKey of `heartbeat.worker`, over [`Heartbeat::message`].
    pub signature: WorkerSignature,
}
