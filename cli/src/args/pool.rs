//! `khala pool`.

use super::{PoolSigning, DEFAULT_RELAYER};
use crate::amount::{self, Limit, Ppm, Stake};
use clap::{ArgGroup, Args, Subcommand};
use khala_primitives::{AccountId32, Balance, PoolId};

/// Verbs of `pool`.
#[derive(Debug, Subcommand)]
pub enum PoolVerb {
    /// All stake pools.
    List,
    /// One pool: value, price, yield, commission, room, coins, queue with dates, workers.
    Show {
        /// The pool's number.
        pool: PoolId,
        /// The yield is told of at most so many days.
        #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=32))]
        days: u32,
    },
    /// Creates a pool. A deposit is held from its owner.
    Create(CreatePool),
    /// Changes the commission: a lower one at once, a higher one after an announcement, by at most ten points.
    Commission(SetCommission),
    /// Sets the value above which nobody may delegate.
    Cap(SetCap),
    /// Puts an account on the list of those who may hold the pool's shares. A pool without a list is open to everybody.
    Allow(OneDelegator),
    /// Takes an account off the list of those who may hold the pool's shares.
    Disallow(OneDelegator),
    /// Says what the pool is about.
    Profile(SetProfile),
    /// Pays the commission to the pool's owner.
    Claim(OnePool),
    /// Takes a registered worker of the owner into a pool.
    AddWorker(AddWorker),
    /// Takes a worker that does not run out of its pool.
    RemoveWorker(PoolWorker),
    /// Sets the order in which the chain takes stakes back from the pool's workers.
    Order(OrderWorkers),
    /// Lets a worker mine with a stake of the pool's spare coins.
    Start(StakedWorker),
    /// Stops a worker. Its stake comes back to the pool after the cool-down, by itself.
    Stop(PoolWorker),
    /// Puts more of the pool's spare coins on top of a worker's stake, without stopping it.
    AddStake(StakedWorker),
    /// Takes a part of a worker's stake back, without stopping it. It comes back after the cool-down, by itself.
    ReduceStake(ReducedWorker),
}

/// Arguments of `pool create`.
#[derive(Clone, Debug, Args)]
pub struct CreatePool {
    /// The owner's part of rewards, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent)]
    pub commission: Ppm,
    /// What the commission will never exceed, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = amount::percent)]
    pub max_commission: Ppm,
    /// The value above which nobody may delegate, in PHA; no limit if not given.
    #[arg(long, value_name = "PHA", value_parser = amount::pha)]
    pub cap: Option<Balance>,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool commission`.
#[derive(Clone, Debug, Args)]
pub struct SetCommission {
    /// The pool's number.
    pub pool: PoolId,
    /// The owner's part of rewards, in per cent. The rate in force withdraws a rise that was announced.
    #[arg(value_parser = amount::percent)]
    pub commission: Ppm,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool cap`.
#[derive(Clone, Debug, Args)]
pub struct SetCap {
    /// The pool's number.
    pub pool: PoolId,
    /// The value, in PHA, or `none`.
    #[arg(value_parser = amount::pha_or_none)]
    pub cap: Limit,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool allow` and `pool disallow`.
#[derive(Clone, Debug, Args)]
pub struct OneDelegator {
    /// The pool's number.
    pub pool: PoolId,
    /// The delegator.
    #[arg(value_parser = super::account)]
    pub account: AccountId32,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool profile`. What is not named stays.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["description", "link", "no_links"])))]
pub struct SetProfile {
    /// The pool's number.
    pub pool: PoolId,
    /// What it is about: at most 400 bytes.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Where to read more: at most four, each at most 120 bytes. They take the place of the present ones.
    #[arg(long, value_name = "URL")]
    pub link: Vec<String>,
    /// Take the links away.
    #[arg(long, conflicts_with = "link")]
    pub no_links: bool,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool claim`.
#[derive(Clone, Debug, Args)]
pub struct OnePool {
    /// The pool's number.
    pub pool: PoolId,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool add-worker`.
#[derive(Clone, Debug, Args)]
pub struct AddWorker {
    /// The pool's number.
    pub pool: PoolId,
    /// The worker.
    #[command(flatten)]
    pub worker: super::OneWorker,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool remove-worker` and `pool stop`.
#[derive(Clone, Debug, Args)]
pub struct PoolWorker {
    /// The worker.
    #[command(flatten)]
    pub worker: super::OneWorker,
    /// The key of the pool's owner.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool order`.
#[derive(Clone, Debug, Args)]
pub struct OrderWorkers {
    /// The pool's number.
    pub pool: PoolId,
    /// All of the pool's workers, by keys (0x…) or names in the relayer's configuration; the first gives first.
    #[arg(required = true, value_name = "WORKER")]
    pub workers: Vec<String>,
    /// The relayer's address, to look names up.
    #[arg(long, env = "KHALA_RELAYER", default_value = DEFAULT_RELAYER, value_name = "URL")]
    pub relayer: String,
    /// The owner's key.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool start` and `pool add-stake`.
#[derive(Clone, Debug, Args)]
pub struct StakedWorker {
    /// The worker.
    #[command(flatten)]
    pub worker: super::OneWorker,
    /// How much, in PHA; or `min`, the smallest stake, or `max`, the largest that the pool can give.
    #[arg(value_parser = amount::pha_or_bound)]
    pub amount: Stake,
    /// The key of the pool's owner.
    #[command(flatten)]
    pub signing: PoolSigning,
}

/// Arguments of `pool reduce-stake`.
#[derive(Clone, Debug, Args)]
pub struct ReducedWorker {
    /// The worker.
    #[command(flatten)]
    pub worker: super::OneWorker,
    /// By how much, in PHA; or `max`, down to the smallest stake.
    #[arg(value_parser = amount::pha_or_bound)]
    pub amount: Stake,
    /// The key of the pool's owner.
    #[command(flatten)]
    pub signing: PoolSigning,
}

#[cfg(test)]
mod tests {
    use crate::args::Cli;
    use clap::Parser;

    #[test]
    fn changes_of_pools_need_what_they_set_and_a_key() {
        let parses = |line: &str| Cli::try_parse_from(line.split_whitespace()).is_ok();
        for line in [
            "khala pool create --commission 10 --max-commission 20",
            "khala pool commission 3 12.5%",
            "khala pool cap 3 none",
            "khala pool profile 3 --description text",
            "khala pool profile 3 --link a --link b",
            "khala pool profile 3 --no-links",
            "khala pool claim 3",
            "khala pool order 3 worker-1 worker-2",
            "khala pool start worker-1 min",
            "khala pool reduce-stake worker-1 max",
        ] {
            assert!(!parses(line), "{line}");
            let signed = format!("{line} --key-file -");
            assert!(parses(&signed), "{signed}");
        }
        for line in [
            "khala pool profile 3 --key-file -",
            "khala pool profile 3 --link a --no-links --key-file -",
            "khala pool order 3 --key-file -",
            "khala pool create --commission 10 --key-file -",
            "khala pool show 3 --days 0",
            "khala pool show 3 --days 33",
        ] {
            assert!(!parses(line), "{line}");
        }
        assert!(parses("khala pool show 3 --days 1") && parses("khala pool show 3 --days 32"));
    }
}
