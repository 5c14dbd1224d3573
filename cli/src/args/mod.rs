//! The command line's grammar: a noun, then a verb.

mod delegate;
mod pool;
mod signing;
mod target;
mod vault;

pub use delegate::*;
pub use pool::*;
pub use signing::*;
pub use target::*;
pub use vault::*;

use crate::output::Output;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use khala_primitives::{AccountId32, OperatorSignature, WorkerPublicKey};
#[cfg(feature = "local-network")]
use std::ffi::OsString;
use std::{path::PathBuf, str::FromStr};

/// Where a node listens unless told otherwise.
pub const DEFAULT_NODE: &str = "ws://127.0.0.1:9944";
/// Where a relayer of the local network listens unless told otherwise.
pub const DEFAULT_RELAYER: &str = "http://127.0.0.1:9950";

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 the answer is no, or something failed; 2 unusable arguments; 3 node, relayer or pRuntime not reachable.";

/// Khala: a network of confidential workers.
#[derive(Debug, Parser)]
#[command(name = "khala", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub noun: Noun,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The node's WebSocket address.
    #[arg(long, global = true, env = "KHALA_URL", default_value = DEFAULT_NODE, value_name = "URL")]
    pub url: String,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
    /// When a change of pools, vaults or delegations counts as done: in a block of the best chain, or in a final block.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "BLOCK")]
    pub wait: WaitFor,
    /// Sign what is shown without asking.
    #[arg(long, global = true)]
    pub yes: bool,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// A whole network on this machine.
    #[cfg(feature = "local-network")]
    #[command(subcommand)]
    Network(NetworkVerb),
    /// Workers: their state, and why they earn or do not.
    #[command(subcommand)]
    Worker(WorkerVerb),
    /// Stake pools: look at them, and run your own.
    #[command(subcommand)]
    Pool(PoolVerb),
    /// Vaults, which spread coins over stake pools: look at them, and run your own.
    #[command(subcommand)]
    Vault(VaultVerb),
    /// Delegation: give coins to pools and vaults, and take them back by a date.
    #[command(subcommand)]
    Delegate(DelegateVerb),
    /// Intel's documents on the chain, with which it judges every worker's evidence.
    #[command(subcommand)]
    Collateral(CollateralVerb),
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
    #[cfg(feature = "local-network")]
    #[command(hide = true)]
    Supervised(Supervised),
}

/// Verbs of `network`.
#[cfg(feature = "local-network")]
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
#[cfg(feature = "local-network")]
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
    /// Has the chain judge a worker again, with the collateral and the policy of now.
    ///
    /// The chain does that by itself at heartbeats and renewals. Use it to see at once what newer collateral or a firmware update
    /// by Intel means for a worker. If what is known of the worker does not hold any more, its lease ends. Anybody may ask; the fee
    /// comes back when something changed.
    Reverify(Reverify),
    /// Gives a worker that has lost its key the new key of its pRuntime.
    ///
    /// A pRuntime loses its key when its seal does not open any more: another processor, a new version of the program, newer
    /// microcode, and in TDX every restart. Start it, then rebind: pool, stake, value and session stay with the worker. On the same
    /// machine that is possible about once a day, to another machine once a week. Signed by the operator or its registrar.
    Rebind(Rebind),
    /// Hands a worker over to another operator: signs the permission, and tells the worker's pRuntime.
    ///
    /// The first of two steps. The worker must be in no pool. From now on its pRuntime answers for the new operator alone; the chain
    /// follows when that one runs `khala worker take-over` with the signature that this prints. It can be run again, should an
    /// answer get lost.
    HandOver(HandOver),
    /// Takes over a worker that another operator has handed over.
    ///
    /// The second of two steps, for the new operator: gets evidence from the worker's pRuntime and tells the chain. The worker's
    /// deposit is held from the new operator, and the old one gets its own back.
    TakeOver(TakeOver),
    /// Pauses a mining worker, to work on its machine: nobody can report it, and it earns nothing.
    ///
    /// What it earned since its last heartbeat is lost. Its value stays as it is as long as its allowance of maintenance lasts, and
    /// decays after that. The chain takes no pause while a challenge is open: this waits until it is answered. Signed by the worker's
    /// operator.
    Pause(Maintain),
    /// Ends a worker's pause. Its relayer brings it back with its next sign of life.
    ///
    /// Signed by the worker's operator.
    Resume(Maintain),
}

/// A worker, and where its name is looked up.
#[derive(Clone, Debug, Args)]
pub struct OneWorker {
    /// A key (0x…), or a name in the relayer's configuration.
    pub worker: String,
    /// The relayer's address, to look the name up.
    #[arg(long, env = "KHALA_RELAYER", default_value = DEFAULT_RELAYER, value_name = "URL")]
    pub relayer: String,
}

/// Arguments of `worker reverify`.
#[derive(Clone, Debug, Args)]
pub struct Reverify {
    /// The worker.
    #[command(flatten)]
    pub worker: OneWorker,
    /// Anybody's key.
    #[command(flatten)]
    pub signing: Signing,
}

/// Arguments of `worker pause` and `worker resume`.
#[derive(Clone, Debug, Args)]
pub struct Maintain {
    /// The worker.
    #[command(flatten)]
    pub worker: OneWorker,
    /// The operator's key.
    #[command(flatten)]
    pub signing: Signing,
}

/// Arguments of `worker rebind`.
#[derive(Clone, Debug, Args)]
pub struct Rebind {
    /// The key that is lost (0x…), as the chain has it.
    #[arg(value_name = "OLD_KEY")]
    pub old: WorkerPublicKey,
    /// Address of the pRuntime that has the new key.
    #[arg(long, value_name = "URL")]
    pub pruntime: String,
    /// The operator's key, or its registrar's.
    #[command(flatten)]
    pub signing: Signing,
}

/// Arguments of `worker hand-over`.
#[derive(Clone, Debug, Args)]
pub struct HandOver {
    /// The worker.
    #[command(flatten)]
    pub worker: OneWorker,
    /// Address of the worker's pRuntime.
    #[arg(long, value_name = "URL")]
    pub pruntime: String,
    /// The new operator: an SS58 address, or 0x and 64 hexadecimal digits.
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    pub to: AccountId32,
    /// The old operator's key.
    #[command(flatten)]
    pub signing: Signing,
}

/// Arguments of `worker take-over`.
#[derive(Clone, Debug, Args)]
pub struct TakeOver {
    /// The worker.
    #[command(flatten)]
    pub worker: OneWorker,
    /// Address of the worker's pRuntime.
    #[arg(long, value_name = "URL")]
    pub pruntime: String,
    /// The old operator's permission, as `khala worker hand-over` printed it or as a wallet signed it: 128 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    pub signature: OperatorSignature,
    /// The new operator's key.
    #[command(flatten)]
    pub signing: Signing,
}

pub(crate) fn account(text: &str) -> Result<AccountId32, String> {
    AccountId32::from_str(text).map_err(|reason| format!("{reason}; expected an SS58 address, or 0x and 64 hexadecimal digits"))
}

/// Verbs of `collateral`.
#[derive(Debug, Subcommand)]
pub enum CollateralVerb {
    /// Lists the documents that the chain keeps, and how long each counts.
    ///
    /// Four kinds of documents, all signed by Intel, say which processors and which firmware can be believed. Each counts until its
    /// next update is due. Relayers replace them in time; what is expired, or has less than a quarter of its validity left, is marked.
    List,
    /// Brings the documents of a file to the chain, those that it does not have.
    ///
    /// Anybody may: the chain checks Intel's signatures by itself, and never takes an older document for a newer one. The fee comes
    /// back for a document that the chain needed. Ends with 1 when the chain refused one.
    Upload(Upload),
}

/// Arguments of `collateral upload`.
#[derive(Clone, Debug, Args)]
pub struct Upload {
    /// The documents: JSON, in the form in which collateral services give them (QuoteCollateralV3).
    pub file: PathBuf,
    /// Anybody's key.
    #[command(flatten)]
    pub signing: Signing,
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
#[cfg(feature = "local-network")]
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

    #[cfg(feature = "local-network")]
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
        assert_eq!((cli.global.output, cli.global.url.as_str()), (Output::Json, "ws://a:1"));
    }

    #[test]
    fn a_permission_and_a_new_operator_are_read_or_refused() {
        let accepts = |option: &str, value: &str| {
            let (verb, other) = match option {
                "--to" => ("hand-over", "--pruntime=http://a:1"),
                _ => ("take-over", "--pruntime=http://a:1"),
            };
            Cli::try_parse_from(["khala", "worker", verb, "worker-1", other, "--key-file", "-", option, value]).is_ok()
        };
        for (digits, good) in [(126, false), (128, true), (130, false)] {
            assert_eq!(accepts("--signature", &"5".repeat(digits)), good, "{digits}");
            assert_eq!(accepts("--signature", &format!("0x{}", "5".repeat(digits))), good, "{digits}");
        }
        assert!(accepts("--to", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"));
        assert!(accepts("--to", &format!("0x{}", "5".repeat(64))));
        assert!(
            !accepts("--to", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"),
            "a wrong check sum"
        );
    }

    #[test]
    fn what_signs_needs_a_key() {
        for arguments in [&["worker", "reverify", "worker-1"][..], &["collateral", "upload", "file.json"]] {
            let mut line: Vec<_> = ["khala"].iter().chain(arguments).collect();
            assert!(Cli::try_parse_from(&line).is_err(), "{arguments:?}");
            line.extend([&"--key-file", &"key"]);
            assert!(Cli::try_parse_from(&line).is_ok(), "{arguments:?}");
        }
    }

    #[test]
    fn a_key_is_told_from_a_name() {
        let key = WorkerPublicKey([7; 32]);
        assert_eq!(WorkerName::from(key.to_string().as_str()), WorkerName::Key(key));
        assert_eq!(WorkerName::from("worker-1"), WorkerName::Name("worker-1".into()));
    }
}
