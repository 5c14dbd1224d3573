//! One module for each noun of the command line; those of `worker` that change something are in `registration`, `operator` and
//! `maintenance`.

pub mod attest;
pub mod collateral;
pub mod economics;
mod explanation;
pub mod maintenance;
#[cfg(feature = "local-network")]
pub mod network;
pub mod operator;
pub mod pool;
pub mod registration;
#[cfg(test)]
pub(crate) mod testing;
mod transaction;
pub mod worker;
