//! One module for each noun of the command line; those of `worker` that change something are in `registration`, `operator` and
//! `maintenance`. A change of pools, vaults or delegations is made at a desk (`change`).

mod actor;
pub mod attest;
mod change;
pub mod collateral;
mod consent;
pub mod delegate;
pub mod economics;
mod explanation;
mod fund;
pub mod maintenance;
#[cfg(feature = "local-network")]
pub mod network;
pub mod operator;
mod outcome;
mod pages;
pub mod pool;
mod queue;
mod rate;
pub mod registration;
#[cfg(test)]
pub(crate) mod testing;
mod transaction;
pub mod vault;
pub mod worker;
