//! What is signed: `khala/<purpose>/v1`, then the genesis hash, then SCALE data.
//!
//! The host's sr25519 context is fixed (`substrate`), so the purpose is a prefix of the message. No prefix is a
//! prefix of another, so no two purposes share bytes.

use crate::H256;
use alloc::vec::Vec;
use codec::Encode;

/// Prefix of the hash in a quote's report data; WorkerInfo carries its genesis hash itself.
pub const WORKER_INFO_CONTEXT: &[u8] = b"khala/worker-info/v1";
/// Prefix of a challenge's seed.
pub const SEED_CONTEXT: &[u8] = b"khala/seed/v1";
/// Prefix of the hash that says which workers a challenge hits.
pub const CHALLENGE_CONTEXT: &[u8] = b"khala/challenge/v1";

/// What an IdentityKey signs, or an operator about a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// A [`crate::Heartbeat`].
    Heartbeat,
    /// A [`crate::BenchmarkResult`].
    BenchmarkResult,
    /// A [`crate::Renewal`].
    Renewal,
    /// A [`crate::OperatorChange`].
    OperatorChange,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Heartbeat, Self::BenchmarkResult, Self::Renewal, Self::OperatorChange];

    /// The first bytes of every message signed for this purpose.
    pub const fn context(self) -> &'static [u8] {
        match self {
            Self::Heartbeat => b"khala/heartbeat/v1",
            Self::BenchmarkResult => b"khala/benchmark-result/v1",
            Self::Renewal => b"khala/renewal/v1",
            Self::OperatorChange => b"khala/operator-change/v1",
        }
    }
}

/// The bytes to sign: `context ++ genesis_hash ++ SCALE(data)`.
pub fn message<T: Encode>(purpose: Purpose, genesis_hash: &H256, data: &T) -> Vec<u8> {
    let (context, genesis) = (purpose.context(), genesis_hash.as_bytes());
    // At once as long as it will be: in a runtime each allocation is a call of the host.
    let mut bytes = Vec::with_capacity(context.len().saturating_add(genesis.len()).saturating_add(data.size_hint()));
    bytes.extend_from_slice(context);
    bytes.extend_from_slice(genesis);
    data.encode_to(&mut bytes);
    bytes
}
