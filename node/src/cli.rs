//! The command line.

use clap::Parser;
use sc_cli::RunCmd;
use std::path::PathBuf;

/// Blocks between two stored finality proofs unless told otherwise.
pub(crate) const DEFAULT_JUSTIFICATION_PERIOD: u32 = 512;

/// Arguments of `khala-node`. Without a command the node runs.
#[derive(Debug, Parser)]
#[command(
    after_help = "Networks for --chain: development (one validator, 1 s slots), local_testnet (Alice to Dave, 2 s slots), \
                  khala (needs validators: see export-chain-spec), or the path of a chain specification.\n\n\
                  A development network on one machine, forgotten at the end:\n  \
                  khala-node --chain development --alice --tmp --justification-period 1"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    #[clap(flatten)]
    pub(crate) run: RunCmd,

    #[clap(flatten)]
    pub(crate) khala: KhalaArgs,
}

/// What only this node has.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Khala")]
pub(crate) struct KhalaArgs {
    /// Keep a finality proof at least every BLOCKS blocks.
    ///
    /// 1 lets `grandpa_proveFinality` answer for every block at once, at the price of disk.
    #[arg(long, value_name = "BLOCKS", default_value_t = DEFAULT_JUSTIFICATION_PERIOD, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) justification_period: u32,

    /// Report workers that missed a challenge, seen by this node after each new best block.
    ///
    /// Anybody may report, and the chain checks every report by itself. Without this a validator reports and another node
    /// does not.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) report_offline: Option<bool>,
}

impl KhalaArgs {
    /// Does this node report missed challenges?
    pub(crate) fn reports_offline(&self, is_validator: bool) -> bool {
        self.report_offline.unwrap_or(is_validator)
    }
}

/// Everything but running.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Generate, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a network's chain specification, with changes of its genesis if wanted.
    ExportChainSpec(ExportChainSpecCmd),

    /// Check a block again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state of a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove a chain's data.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back some blocks, at most to the last finalised one.
    Revert(sc_cli::RevertCmd),

    /// Show what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),
}

/// Arguments of `export-chain-spec`.
#[derive(Debug, Clone, Parser)]
pub(crate) struct ExportChainSpecCmd {
    /// A network's name, or the path of a chain specification.
    #[arg(long, default_value = "khala")]
    pub(crate) chain: String,

    /// A JSON file that is merged into the genesis (RFC 7396), such as the validators' keys of a new network.
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: Option<PathBuf>,

    /// Where to write it; standard output if not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// As storage keys and values, which does not depend on this node's runtime any more.
    #[arg(long)]
    pub(crate) raw: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(arguments: &[&str]) -> (bool, bool) {
        let arguments = ["khala-node", "--chain", "development"].iter().chain(arguments);
        let cli = Cli::try_parse_from(arguments).unwrap();
        (cli.khala.reports_offline(true), cli.khala.reports_offline(false))
    }

    #[test]
    fn validators_report_missed_challenges_unless_told_otherwise() {
        assert_eq!(reports(&[]), (true, false));
        assert_eq!(reports(&["--report-offline"]), (true, true));
        assert_eq!(reports(&["--report-offline", "--alice"]), (true, true));
        assert_eq!(reports(&["--report-offline", "true"]), (true, true));
        assert_eq!(reports(&["--report-offline=false"]), (false, false));
        assert!(Cli::try_parse_from(["khala-node", "--report-offline=perhaps"]).is_err());
    }
}
