//! Who signs, in whose name, and what to wait for.

use clap::{Args, ValueEnum};
use khala_client::Wait;
use khala_primitives::AccountId32;
use std::path::PathBuf;

/// When a change counts as done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum WaitFor {
    /// In a block of the best chain, which may still be reorganised away.
    Best,
    /// In a final block.
    #[default]
    Finalized,
}

impl From<WaitFor> for Wait {
    fn from(wait: WaitFor) -> Self {
        match wait {
            WaitFor::Best => Self::InBlock,
            WaitFor::Finalized => Self::Finalized,
        }
    }
}

/// The key of whoever signs a change, and how.
#[derive(Clone, Debug, Args)]
pub struct Signing {
    /// A file with the secret phrase or seed of the account that signs; `-` reads a line of standard input.
    ///
    /// Nobody but you may be able to use the file (chmod 600). The secret is never shown.
    #[arg(long, value_name = "FILE")]
    pub key_file: PathBuf,
    /// Show the call, who signs it, what it costs and what it will do, and send nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// The key of whoever signs a change of pools, vaults or delegations.
#[derive(Clone, Debug, Args)]
pub struct PoolSigning {
    /// The key.
    #[command(flatten)]
    pub signing: Signing,
    /// Act in the name of this account, whose proxy the key's account is (pallet Proxy, type StakePool).
    #[arg(long, value_name = "ACCOUNT", value_parser = super::account)]
    pub proxy_for: Option<AccountId32>,
}
