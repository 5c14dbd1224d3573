//! The relayer carries bytes between the chain and the pRuntimes of a site. It holds no worker's secret, only a
//! registrar's key that may register and nothing else, and nobody has to trust it: the chain checks all it brings.
//!
//! - [`core`]: what to do, as a state machine without I/O
//! - [`shell`]: doing it: [`node`] (the chain), [`pruntime`] (the workers), [`collateral`]
//! - [`config`], [`registrar`]: what the site wants; [`state_file`]: what is kept for the next start
//! - [`server`], [`metrics`]: what the site sees

pub mod collateral;
pub mod config;
pub mod core;
pub mod metrics;
pub mod node;
pub mod pruntime;
pub mod registrar;
pub mod server;
pub mod shell;
pub mod state_file;
