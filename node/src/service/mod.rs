//! The running node.
//!
//! - [`partial`]: the parts that both running and the chain's commands need: client, pool, import queue
//! - [`full`]: the whole node: peers and RPC on top, in the order in which the parts start
//! - [`authorship`]: making blocks with BABE
//! - [`finality`]: voting with GRANDPA
//! - [`offchain`]: the runtime's hooks outside of blocks
//! - [`reports`]: reports of missed challenges

mod authorship;
mod finality;
mod full;
mod offchain;
mod partial;
mod reports;

pub(crate) use full::run;
pub(crate) use partial::{new_partial, FullBackend, FullClient, Partial, TransactionPool};
