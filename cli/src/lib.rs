//! The network's command line, `khala`, and what is behind it.
//!
//! | module | what it does |
//! |---|---|
//! | [`args`] | the command line's grammar |
//! | [`command`] | one module for each noun: `attest`, `collateral`, `delegate`, `economics`, `network`, `pool`, `vault`, `worker` |
//! | `network` | starts, watches and stops a whole network of real processes on this machine; the whole-network tests use it too |
//! | [`keys`] | keys that sign, from files that nobody else can read |
//! | [`services`] | what the relayer and the pRuntime answer over JSON-RPC |
//! | [`failure`] | errors at the edge: one sentence each, with an exit code |
//! | [`output`], [`units`], [`amount`] | tables, JSON and numbers as people read and write them |
//!
//! `network` is behind the feature `local-network` (on by default), and with it everything that makes development evidence. What
//! operators run is built with `--no-default-features`.

pub mod amount;
pub mod args;
pub mod command;
pub mod failure;
pub mod keys;
#[cfg(feature = "local-network")]
pub mod network;
pub mod output;
pub mod services;
pub mod units;
