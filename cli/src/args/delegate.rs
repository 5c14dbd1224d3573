//! `khala delegate`.

use super::{PoolSigning, Target};
use crate::amount::{self, Amount, Ppm};
use clap::{Args, Subcommand};
use khala_primitives::{AccountId32, Balance, RequestId};

/// Verbs of `delegate`.
#[derive(Debug, Subcommand)]
pub enum DelegateVerb {
    /// What an account has in all pools and vaults: shares, their value, and requests with their dates.
    Positions {
        /// The account: an SS58 address, or 0x and 64 hexadecimal digits.
        #[arg(value_parser = super::account)]
        account: AccountId32,
    },
    /// Gives coins to a pool or a vault, for shares of it.
    ///
    /// The shares' price rises with the rewards of the pool's workers, and falls when workers lose stake. A vault spreads the coins over
    /// pools: its price follows theirs.
    Add(AddDelegation),
    /// Takes coins out of a pool or a vault: at once as far as it has free coins, the rest by a date that is fixed now.
    ///
    /// What is queued earns and loses as before until it is paid. Nobody has to do anything for the payment.
    Withdraw(Withdraw),
    /// Takes a request out of a queue, before its deadline; its shares are held again.
    Cancel(CancelRequest),
    /// Gives shares to another account.
    Transfer(Transfer),
    /// When coins would come out of a pool or a vault, how much at today's price, and from which workers.
    Forecast(Forecast),
    /// Pays what the chain could not pay out, because the account did not exist.
    PayBooked(PayBooked),
}

/// How far the price may move between what is shown and the block.
#[derive(Clone, Copy, Debug, Args)]
pub struct Slippage {
    /// The change is refused by the chain when the price is worse than shown by more than this, in per cent.
    #[arg(long, value_name = "PERCENT", default_value = "0.5", value_parser = amount::percent)]
    pub slippage: Ppm,
}

/// Arguments of `delegate add`.
#[derive(Clone, Debug, Args)]
pub struct AddDelegation {
    /// A pool's number, or `vault:` and a vault's.
    #[arg(value_name = "POOL|vault:N")]
    pub target: Target,
    /// How much, in PHA: at least 1.
    #[arg(value_parser = amount::pha)]
    pub amount: Balance,
    /// How far the price may move.
    #[command(flatten)]
    pub slippage: Slippage,
    /// The delegator's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `delegate withdraw`.
#[derive(Clone, Debug, Args)]
pub struct Withdraw {
    /// A pool's number, or `vault:` and a vault's.
    #[arg(value_name = "POOL|vault:N")]
    pub target: Target,
    /// How much, in PHA, or `all`.
    #[arg(value_parser = amount::pha_or_all)]
    pub amount: Amount,
    /// How far the price may move.
    #[command(flatten)]
    pub slippage: Slippage,
    /// The delegator's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `delegate cancel`.
#[derive(Clone, Debug, Args)]
pub struct CancelRequest {
    /// A pool's number, or `vault:` and a vault's.
    #[arg(value_name = "POOL|vault:N")]
    pub target: Target,
    /// The request's number in that queue, as `khala delegate positions` shows it.
    pub request: RequestId,
    /// The delegator's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `delegate transfer`.
#[derive(Clone, Debug, Args)]
pub struct Transfer {
    /// A pool's number, or `vault:` and a vault's.
    #[arg(value_name = "POOL|vault:N")]
    pub target: Target,
    /// Who gets the shares.
    #[arg(value_parser = super::account)]
    pub to: AccountId32,
    /// Shares worth how much, in PHA, or `all`.
    #[arg(value_parser = amount::pha_or_all)]
    pub amount: Amount,
    /// The delegator's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `delegate forecast`.
#[derive(Clone, Debug, Args)]
pub struct Forecast {
    /// A pool's number, or `vault:` and a vault's.
    #[arg(value_name = "POOL|vault:N")]
    pub target: Target,
    /// How much would be withdrawn, in PHA, or `all` that an account has.
    #[arg(value_parser = amount::pha_or_all, required_unless_present = "request", conflicts_with = "request")]
    pub amount: Option<Amount>,
    /// The account whose shares are meant by `all`.
    #[arg(long, value_name = "ACCOUNT", value_parser = super::account, conflicts_with = "request")]
    pub account: Option<AccountId32>,
    /// A request that is in the queue already.
    #[arg(long, value_name = "NUMBER")]
    pub request: Option<RequestId>,
}

/// Arguments of `delegate pay-booked`.
#[derive(Clone, Debug, Args)]
pub struct PayBooked {
    /// The key of the account that is owed.
    #[command(flatten)]
    pub signing: PoolSigning,
}

#[cfg(test)]
mod tests {
    use crate::args::Cli;
    use clap::Parser;

    const ACCOUNT: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    fn parses(line: &str) -> bool {
        let words = line.replace("ACCOUNT", ACCOUNT);
        Cli::try_parse_from(words.split_whitespace()).is_ok()
    }

    #[test]
    fn changes_of_delegations_need_what_they_move_and_a_key() {
        for line in [
            "khala delegate add 3 1.5",
            "khala delegate add vault:3 1.5",
            "khala delegate add 3 1.5 --slippage 0",
            "khala delegate withdraw 3 all",
            "khala delegate withdraw vault:3 all",
            "khala delegate cancel 3 7",
            "khala delegate transfer 3 ACCOUNT 2",
            "khala delegate pay-booked",
        ] {
            assert!(!parses(line), "{line}");
            let signed = format!("{line} --key-file - --yes --dry-run --wait best --proxy-for ACCOUNT");
            assert!(parses(&signed), "{signed}");
        }
        for line in [
            "khala delegate add 3 -1 --key-file -",
            "khala delegate add three 1 --key-file -",
            "khala delegate add vault:three 1 --key-file -",
            "khala delegate add 3 1 --slippage 101 --key-file -",
            "khala delegate transfer 3 somebody 2 --key-file -",
        ] {
            assert!(!parses(line), "{line}");
        }
    }

    #[test]
    fn a_forecast_is_of_an_amount_or_of_a_request() {
        for (line, good) in [
            ("khala delegate forecast 3", false),
            ("khala delegate forecast 3 10", true),
            ("khala delegate forecast 3 all --account ACCOUNT", true),
            ("khala delegate forecast 3 --request 7", true),
            ("khala delegate forecast vault:3 --request 7", true),
            ("khala delegate forecast 3 10 --request 7", false),
        ] {
            assert_eq!(parses(line), good, "{line}");
        }
    }
}
