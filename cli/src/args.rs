//! The command line's grammar: a noun, then a verb.

use crate::output::Output;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use khala_primitives::WorkerPublicKey;
use std::{ffi::OsString, path::PathBuf, str::FromStr};

/// Where a node listens unless told otherwise.
pub const DEFAULT_NODE: &str = "ws://127.0.0.1:9944";
/// Where a relayer of the local network listens unless told otherwise.
pub const DEFAULT_RELAYER: &str = "http://127.0.0.1:9950";

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 the answer is no, or something failed; 2 unusable arguments; 3 node or relayer not reachable.";

/// Khala: a network of confidential workers.
#[derive(Debug, Parser)]
#[command(name = "khala", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub noun: Noun,
    /// The node's WebSocket address.
    #[arg(long, global = true, env = "KHALA_URL", default_value = DEFAULT_NODE, value_name = "URL")]
    pub url: String,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// A whole network on this machine.
    #[command(subcommand)]
    Network(NetworkVerb),
    /// Workers: their state, and why they earn or do not.
    #[command(subcommand)]
    Worker(WorkerVerb),
    /// Stake pools.
    #[command(subcommand)]
    Pool(PoolVerb),
    /// Remote attestation.
    #[command(subcommand)]
    Attest(AttestVerb),
    /// The formulas behind rewards.
    #[command(subcommand)]
    Economics(EconomicsVerb),
    /// Prints a script that completes commands in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Runs a program that ends when the process that started this one ends. Used by `network up`.
    #[command(hide = true)]
    Supervised(Supervised),
}

/// Verbs of `network`.
#[derive(Debug, Subcommand)]
pub enum NetworkVerb {
    /// Starts a network with real parts, sets it up, and shows its workers until Ctrl-C.
    ///
    /// One validator (or more), workers in the development TEE with confidence levels 1, 2 and 4, one relayer. Accounts
    /// are funded, two pools opened and delegated to, the workers registered and started. A second start with the same
    /// data continues where the first one was.
    Up(Up),
}

/// Arguments of `network up`.
#[derive(Clone, Debug, Args)]
pub struct Up {
    /// Prove that the network works, print the evidence as JSON on the last line, and end.
    ///
    /// Waits until every worker was paid, kills one, waits until it was found offline, starts it again, waits until it is
    /// paid again, and compares what was paid with what left the subsidy account.
    #[arg(long)]
    pub check: bool,
    /// Validators: 1 has slots of 1 s, more have slots of 2 s.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub validators: u8,
    /// Workers.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub workers: u8,
    /// Where everything is kept.
    #[arg(long, value_name = "DIR", default_value = ".khala", conflicts_with = "ephemeral")]
    pub data: PathBuf,
    /// Keep nothing.
    #[arg(long)]
    pub ephemeral: bool,
    /// Print plain lines instead of a table that is redrawn.
    #[arg(long)]
    pub no_table: bool,
}

/// Verbs of `worker`.
#[derive(Debug, Subcommand)]
pub enum WorkerVerb {
    /// One worker, or all that the relayer knows.
    Status {
        /// A name in the relayer's configuration, or a key (0x…).
        worker: Option<String>,
        /// The relayer's address.
        #[arg(long, env = "KHALA_RELAYER", default_value = DEFAULT_RELAYER, value_name = "URL")]
        relayer: String,
    },
    /// Why a worker earns or does not, and what to do.
    Explain {
        /// A name in the relayer's configuration, or a key (0x…).
        worker: String,
        /// The relayer's address.
        #[arg(long, env = "KHALA_RELAYER", default_value = DEFAULT_RELAYER, value_name = "URL")]
        relayer: String,
    },
}

/// Verbs of `pool`.
#[derive(Debug, Subcommand)]
pub enum PoolVerb {
    /// All stake pools.
    List,
}

/// Verbs of `attest`.
#[derive(Debug, Subcommand)]
pub enum AttestVerb {
    /// Verifies a DCAP quote (SGX or TDX) and prints the full verdict.
    ///
    /// Ends with 0 when the quote is accepted, with 1 when it is refused, with 2 when a file is missing or unusable.
    Verify(Verify),
}

/// Arguments of `attest verify`.
#[derive(Clone, Debug, Args)]
pub struct Verify {
    /// The quote, raw or as hexadecimal digits. Zero bytes behind the declared end of a TDX quote do not count.
    pub quote: PathBuf,
    /// The collateral: JSON, in the form in which collateral services give it (QuoteCollateralV3).
    #[arg(long, value_name = "FILE")]
    pub collateral: PathBuf,
    /// The moment for which it is verified, in seconds since 1970; now if not given.
    #[arg(long, value_name = "UNIX_SECS")]
    pub at: Option<u64>,
    /// A trusted root certificate, DER; Intel's if not given.
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,
    /// A policy, JSON; if not given, every status but Revoked is accepted, and any measurement.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// Verbs of `economics`.
#[derive(Debug, Subcommand)]
pub enum EconomicsVerb {
    /// Computes what every worker of a scenario is paid. Prints JSON.
    Replay {
        /// The scenario: JSON with "params" and "events".
        scenario: PathBuf,
    },
    /// How much a worker must and may put at stake, and the value that a stake buys.
    Stake(Stake),
}

/// Arguments of `economics stake`.
#[derive(Clone, Copy, Debug, Args)]
pub struct Stake {
    /// The worker's score P.
    #[arg(long, value_name = "P")]
    pub score: u32,
    /// Its confidence level, 1 to 5.
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=5), default_value_t = 1)]
    pub level: u8,
    /// The stake, in whole PHA; the minimum if not given.
    #[arg(long, value_name = "PHA")]
    pub stake: Option<u64>,
}

/// Arguments of the program that starts a child.
#[derive(Clone, Debug, Args)]
pub struct Supervised {
    /// Process id of who started this; when it is another, that one has ended already.
    #[arg(long)]
    pub parent: u32,
    /// The program and its arguments.
    #[arg(last = true, required = true)]
    pub program: Vec<OsString>,
}

/// A worker by key or by its name in the relayer's configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorkerName {
    /// Its IdentityKey.
    Key(WorkerPublicKey),
    /// Its name.
    Name(String),
}

impl From<&str> for WorkerName {
    fn from(text: &str) -> Self {
        WorkerPublicKey::from_str(text).map_or_else(|_| Self::Name(text.into()), Self::Key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn validators_and_workers_are_bounded() {
        for (option, good, bad) in [("--validators", ["1", "4"], ["0", "5"]), ("--workers", ["1", "24"], ["0", "25"])] {
            for value in good {
                assert!(
                    Cli::try_parse_from(["khala", "network", "up", option, value]).is_ok(),
                    "{option} {value}"
                );
            }
            for value in bad {
                assert!(
                    Cli::try_parse_from(["khala", "network", "up", option, value]).is_err(),
                    "{option} {value}"
                );
            }
        }
    }

    #[test]
    fn global_options_may_stand_behind_the_verb() {
        let cli = Cli::try_parse_from(["khala", "pool", "list", "--output", "json", "--url", "ws://a:1"]).unwrap();
        assert_eq!((cli.output, cli.url.as_str()), (Output::Json, "ws://a:1"));
    }

    #[test]
    fn a_key_is_told_from_a_name() {
        let key = WorkerPublicKey([7; 32]);
        assert_eq!(WorkerName::from(key.to_string().as_str()), WorkerName::Key(key));
        assert_eq!(WorkerName::from("worker-1"), WorkerName::Name("worker-1".into()));
    }
}
