//! The chain's state machine: FRAME pallets composed into one Wasm that serves every network.
//!
//! - [`config`]: the pallets' configurations, a file per group
//! - [`network`]: slot time and epoch length, given at genesis
//! - [`apis`]: what the node and its clients can ask; [`khala_api`] is our part of it
//! - [`presets`]: the genesis of each network
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// FRAME's macros put hundreds of items into this crate that nobody can document.
#![allow(missing_docs)]
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

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod config;
pub mod khala_api;
pub mod network;
pub mod presets;
mod status;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use khala_primitives::{Balance, BlockNumber, SS58_PREFIX};

/// A signature of an account.
pub type Signature = MultiSignature;
/// An account.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Transactions that an account has sent.
pub type Nonce = u32;
/// Hash of a block.
pub type Hash = sp_core::H256;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction as it travels.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// What is checked of a transaction before it is executed, in this order. Authorised calls come first: they have no
/// signer, so nothing behind may ask for one. Clients depend on the order (`design/mining.md`, Heartbeats).
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Executes blocks.
pub type Executive = frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

/// Blocks as the node handles them: it stores and serves transactions as bytes, so that a runtime upgrade may change what they mean.
pub mod opaque {
    use super::{generic, Header};
    use sp_runtime::OpaqueExtrinsic;

    /// A block of transactions that nobody has looked into.
    pub type Block = generic::Block<Header, OpaqueExtrinsic>;
}

impl_opaque_keys! {
    /// What a validator signs blocks and finality votes with.
    pub struct SessionKeys {
        pub babe: Babe,
        pub grandpa: Grandpa,
    }
}

/// Version of the runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: alloc::borrow::Cow::Borrowed("khala"),
    impl_name: alloc::borrow::Cow::Borrowed("khala-node"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// Indices are part of every transaction's bytes: never reuse or move one.
#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    /// The runtime.
    pub struct Runtime;

    // The chain.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Network = crate::network;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type Babe = pallet_babe;
    #[runtime::pallet_index(4)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(5)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(6)]
    pub type Migrations = pallet_migrations;

    // Accounts and money.
    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(12)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(13)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(14)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(15)]
    pub type Sudo = pallet_sudo;

    // The network of workers.
    #[runtime::pallet_index(20)]
    pub type Attestation = khala_pallet_attestation;
    #[runtime::pallet_index(21)]
    pub type Registry = khala_pallet_registry;
    #[runtime::pallet_index(22)]
    pub type Mining = khala_pallet_mining;
    #[runtime::pallet_index(23)]
    pub type StakePool = khala_pallet_stake_pool;
    #[runtime::pallet_index(24)]
    pub type Vault = khala_pallet_vault;
}
