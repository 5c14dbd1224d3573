//! What an operator signs to hand a worker over to another one.

use crate::{
    signing::{self, Purpose},
    AccountId32, WorkerPublicKey, H256,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A worker goes to another operator. The pRuntime seals it, the chain takes it from a worker without a session.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OperatorChange {
    /// Which worker.
    pub worker: WorkerPublicKey,
    /// Whose it will be.
    pub operator: AccountId32,
    /// Number of changes of its operator before this one: each permission counts once.
    pub change: u32,
}

impl OperatorChange {
    /// The bytes that the old operator's sr25519 account signs.
    pub fn message(&self, genesis_hash: &H256) -> Vec<u8> {
        signing::message(Purpose::OperatorChange, genesis_hash, self)
    }

    /// The same as wallets sign it, which put every message that is no transaction between two tags.
    pub fn wrapped_message(&self, genesis_hash: &H256) -> Vec<u8> {
        [b"<Bytes>".as_slice(), &self.message(genesis_hash), b"</Bytes>"].concat()
    }
}
