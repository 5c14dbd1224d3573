//! Tests of the composed runtime: real genesis, real blocks with VRF pre-digests, real transactions.

mod chain;
mod network;
mod presets;
mod production;
mod status;
mod transactions;
mod worker;
