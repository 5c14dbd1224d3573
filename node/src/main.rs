//! The chain's node: BABE makes blocks, GRANDPA finalises them, JSON-RPC serves them.
//!
//! - [`cli`]: the command line
//! - [`command`]: what each command does
//! - [`chain_spec`]: the networks that the node knows by name
//! - [`service`]: the running node
//! - [`rpc`]: the RPC methods beyond those of every Substrate node

#![allow(clippy::result_large_err)] // the SDK's errors are as large as they are

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;

fn main() -> sc_cli::Result<()> {
    command::run()
}
