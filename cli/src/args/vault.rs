//! `khala vault`.

use super::{PoolSigning, Slippage};
use crate::amount::{self, Amount, Limit, Ppm};
use clap::{Args, Subcommand};
use khala_primitives::{Balance, PoolId, RequestId, VaultId};

/// Verbs of `vault`.
#[derive(Debug, Subcommand)]
pub enum VaultVerb {
    /// All vaults.
    List,
    /// One vault: value, price, fee, high-water mark, coins, its pools, queue with dates.
    Show {
        /// The vault's number.
        vault: VaultId,
    },
    /// Creates a vault. A deposit is held from its owner.
    Create(CreateVault),
    /// Changes the fee: a lower one at once, a higher one after an announcement, by at most ten points.
    Fee(SetFee),
    /// Changes the highest commission of pools that the vault uses, like the fee. Pools above a lower one are left.
    CommissionLimit(SetCommissionLimit),
    /// Sets the value above which nobody may delegate.
    Cap(SetVaultCap),
    /// Gives the owner the shares that its fee was paid in.
    Claim(OneVault),
    /// Puts spare coins of the vault into a pool.
    Invest(Invest),
    /// Takes coins of the vault out of a pool: at once as far as the pool has free coins, the rest by a date.
    ///
    /// They are free in the vault then, and pay those who wait first.
    Divest(Divest),
    /// Takes a request of the vault out of a pool's queue, before its deadline.
    CancelDivest(CancelDivest),
}

/// Arguments of `vault create`.
#[derive(Clone, Debug, Args)]
pub struct CreateVault {
    /// The owner's part of gains over the highest price so far, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent)]
    pub fee: Ppm,
    /// What the fee will never exceed, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent)]
    pub max_fee: Ppm,
    /// The highest commission of pools that the vault uses, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent)]
    pub commission_limit: Ppm,
    /// The value above which nobody may delegate, in PHA; no limit if not given.
    #[arg(long, value_name = "PHA", value_parser = amount::pha)]
    pub cap: Option<Balance>,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault fee`.
#[derive(Clone, Debug, Args)]
pub struct SetFee {
    /// The vault's number.
    pub vault: VaultId,
    /// The owner's part of gains, in per cent. The rate in force withdraws a rise that was announced.
    #[arg(value_parser = amount::percent)]
    pub fee: Ppm,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault commission-limit`.
#[derive(Clone, Debug, Args)]
pub struct SetCommissionLimit {
    /// The vault's number.
    pub vault: VaultId,
    /// The highest commission, in per cent. The limit in force withdraws a rise that was announced.
    #[arg(value_parser = amount::percent)]
    pub limit: Ppm,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault cap`.
#[derive(Clone, Debug, Args)]
pub struct SetVaultCap {
    /// The vault's number.
    pub vault: VaultId,
    /// The value, in PHA, or `none`.
    #[arg(value_parser = amount::pha_or_none)]
    pub cap: Limit,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault claim`.
#[derive(Clone, Debug, Args)]
pub struct OneVault {
    /// The vault's number.
    pub vault: VaultId,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault invest`.
#[derive(Clone, Debug, Args)]
pub struct Invest {
    /// The vault's number.
    pub vault: VaultId,
    /// The pool's number.
    pub pool: PoolId,
    /// How much, in PHA: at least 1; or `all` that the vault has to spare.
    #[arg(value_parser = amount::pha_or_all)]
    pub amount: Amount,
    /// How far the price may move.
    #[command(flatten)]
    pub slippage: Slippage,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault divest`.
#[derive(Clone, Debug, Args)]
pub struct Divest {
    /// The vault's number.
    pub vault: VaultId,
    /// The pool's number.
    pub pool: PoolId,
    /// How much, in PHA, or `all` that the vault holds of the pool.
    #[arg(value_parser = amount::pha_or_all)]
    pub amount: Amount,
    /// How far the price may move.
    #[command(flatten)]
    pub slippage: Slippage,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `vault cancel-divest`.
#[derive(Clone, Debug, Args)]
pub struct CancelDivest {
    /// The vault's number.
    pub vault: VaultId,
    /// The pool's number.
    pub pool: PoolId,
    /// The request's number in the pool, as `khala vault show` shows it.
    pub request: RequestId,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

#[cfg(test)]
mod tests {
    use crate::args::Cli;
    use clap::Parser;

    #[test]
    fn changes_of_vaults_need_what_they_set_and_a_key() {
        let parses = |line: &str| Cli::try_parse_from(line.split_whitespace()).is_ok();
        for line in [
            "khala vault create --fee 5 --max-fee 10 --commission-limit 20",
            "khala vault create --fee 5 --max-fee 10 --commission-limit 20 --cap 1000",
            "khala vault fee 2 12.5%",
            "khala vault commission-limit 2 15",
            "khala vault cap 2 none",
            "khala vault claim 2",
            "khala vault invest 2 3 all",
            "khala vault invest 2 3 10 --slippage 0",
            "khala vault divest 2 3 all",
            "khala vault divest 2 3 10 --slippage 0",
            "khala vault cancel-divest 2 3 7",
        ] {
            assert!(!parses(line), "{line}");
            let signed = format!("{line} --key-file -");
            assert!(parses(&signed), "{signed}");
        }
        for line in [
            "khala vault create --fee 5 --max-fee 10 --key-file -",
            "khala vault create --fee 5 --commission-limit 20 --key-file -",
            "khala vault invest 2 3 none --key-file -",
            "khala vault invest 2 vault:3 10 --key-file -",
            "khala vault show",
        ] {
            assert!(!parses(line), "{line}");
        }
        assert!(parses("khala vault list") && parses("khala vault show 2"));
    }
}
