//! What a worker signs so that anybody may bring its new evidence to the chain.

use crate::{
    signing::{self, Purpose},
    Evidence, Freshness, WorkerPublicKey, H256,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_crypto_hashing::blake2_256;

/// Names evidence that a worker has made of itself. Its signature stands for a fee: the chain verifies it before it looks
/// at the evidence, which costs much more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Renewal {
    /// Whose evidence it is.
    pub worker: WorkerPublicKey,
    /// `blake2_256(SCALE(Evidence))`.
    pub evidence_hash: H256,
    /// The block that the evidence names as recent.
    pub freshness: Freshness,
}

impl Renewal {
    /// Of this evidence.
    pub fn new(worker: WorkerPublicKey, evidence: &Evidence, freshness: Freshness) -> Self {
        Self {
            worker,
            evidence_hash: H256(blake2_256(&evidence.encode())),
            freshness,
        }
    }

    /// The bytes that the IdentityKey signs.
    pub fn message(&self, genesis_hash: &H256) -> Vec<u8> {
        signing::message(Purpose::Renewal, genesis_hash, self)
    }
}
