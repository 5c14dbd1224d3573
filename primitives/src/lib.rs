//! Wire types shared by the chain, the enclave and the tools.
//!
//! Everything that crosses a process boundary is defined here once: what a worker signs
//! ([`WorkerInfo`], [`Heartbeat`], [`BenchmarkResult`], [`Renewal`]), how it is signed ([`signing`]), how a
//! challenge is computed ([`challenge`]) and what the chain answers when it is asked
//! ([`status`]). SCALE is the binary form, JSON (camelCase, bytes as `0x` hex, amounts as decimal strings) the
//! readable one. No type here depends on how blocks are made.
//!
//! What a watcher of the chain reports ([`reports`]) is decided here too, so that relayers and nodes decide alike.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

extern crate alloc;

pub mod benchmark;
pub mod bytes;
pub mod challenge;
pub mod collateral;
pub mod evidence;
pub mod heartbeat;
pub mod keys;
pub mod operator_change;
pub mod renewal;
pub mod reports;
pub mod signing;
pub mod status;
pub mod transaction;
pub mod worker_info;

pub use benchmark::BenchmarkResult;
pub use challenge::{Challenge, Seed};
pub use evidence::{ConfidenceLevel, Evidence, MeasurementDigest, PlatformId, TcbStatus, Tee};
pub use heartbeat::{Heartbeat, SignedHeartbeat, MAX_BATCH};
pub use keys::{EcdhPublicKey, Instance, OperatorSignature, WorkerPublicKey, WorkerSignature};
pub use operator_change::OperatorChange;
pub use renewal::Renewal;
pub use reports::{Miss, Reports};
pub use sp_core::{crypto::AccountId32, H256, U256};
pub use transaction::general_transaction;
pub use worker_info::{Freshness, PRuntimeVersion, WorkerInfo};

/// Number of a block.
pub type BlockNumber = u32;
/// An amount of PHA in planck: 1 PHA = 10^12 planck.
pub type Balance = u128;
/// Number of a stake pool.
pub type PoolId = u32;
/// Number of a vault.
pub type VaultId = u32;
/// Number of a request in the queue of a stake pool or a vault; each counts its own.
pub type RequestId = u64;
/// Number of a mining session. A session is created when a worker joins a pool.
pub type SessionId = u64;
/// Planck in one PHA.
pub const PHA: Balance = 1_000_000_000_000;
/// The network's SS58 prefix.
pub const SS58_PREFIX: u16 = 30;
