//! The chain's calls, typed. Each makes a [`crate::Call`]; what it does and what it may answer stands in the pallet's documentation.

pub mod attestation;
pub mod balances;
pub mod mining;
pub mod registry;
pub mod stake_pool;
pub mod sudo;
pub mod utility;
