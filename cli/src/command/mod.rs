//! One module for each noun of the command line.

pub mod attest;
pub mod economics;
pub mod network;
pub mod pool;
pub mod worker;
