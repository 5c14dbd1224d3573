//! Random calls to mining, the stake pools and vaults, beside a ledger of their own. `docs/fuzzing.md` says how to run it.
//!
//! | module | idea |
//! |---|---|
//! | `runtime`, `state` | the pallets as they are, on a registry that is a table and a state that knows a digest of itself |
//! | `world`, `parameters` | a fresh chain by a seed, its blocks, and random parameters |
//! | `calls` | one random call |
//! | `tally` | what happened how often |
//! | `ledger` | what should be true, computed without the pallets' code, and the comparison with the chain |

mod calls;
mod dice;
mod last;
mod ledger;
mod parameters;
mod runtime;
mod state;
mod tally;
#[cfg(test)]
mod tests;
mod world;

use std::{
    fmt,
    panic::{catch_unwind, AssertUnwindSafe},
};
pub use tally::Tally;

/// What to run. The same options run the same calls.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Calls on the chain of each seed.
    #[arg(long, default_value_t = 100_000)]
    pub calls: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// How many seeds, each with a chain of its own.
    #[arg(long, default_value_t = 1)]
    pub seeds: u64,
    /// Accounts that own pools, operate workers and delegate; at most 100.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub accounts: u64,
    /// Most registered workers.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=200))]
    pub workers: u64,
    /// Most pools.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=200))]
    pub pools: u64,
    /// Most vaults.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=100))]
    pub vaults: u64,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Blocks.
    pub blocks: u64,
    /// Kinds of calls: how many were made, how many succeeded.
    pub kinds: Vec<(&'static str, u64, u64)>,
    /// What vaults told, and what they and the pools refused.
    pub tally: Tally,
}

/// A broken invariant, and how to see it again.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The chain's seed.
    pub seed: u64,
    /// Number of the call during or just before which it broke, from 1; 0 when it was before all of them.
    pub call: u64,
    /// What is wrong.
    pub why: String,
    /// The last calls.
    pub last: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, call, why, last } = self;
        write!(f, "{why}\nafter these calls:\n{last}again with: --seed {seed} --calls {call}")
    }
}

impl std::error::Error for Failure {}

impl Report {
    fn new() -> Self {
        Self {
            blocks: 0,
            kinds: calls::names().map(|name| (name, 0, 0)).collect(),
            tally: Tally::default(),
        }
    }

    /// All calls.
    pub fn calls(&self) -> u64 {
        self.kinds.iter().map(|(_, made, _)| made).sum()
    }

    fn add(&mut self, other: &Self) {
        self.blocks += other.blocks;
        self.tally.add(&other.tally);
        for (ours, theirs) in self.kinds.iter_mut().zip(&other.kinds) {
            ours.1 += theirs.1;
            ours.2 += theirs.2;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| call | made | succeeded |\n|---|---:|---:|")?;
        for (name, made, succeeded) in &self.kinds {
            writeln!(f, "| {name} | {made} | {succeeded} |")?;
        }
        write!(f, "\n{}", self.tally)?;
        write!(f, "{} calls in {} blocks", self.calls(), self.blocks)
    }
}

/// Runs all seeds; stops at the first broken invariant. `done` is told after each seed, with what was done so far.
pub fn run(options: &Options, mut done: impl FnMut(u64, &Report)) -> Result<Report, Failure> {
    let mut report = Report::new();
    for seed in options.seed..options.seed.saturating_add(options.seeds) {
        report.add(&run_seed(options, seed)?);
        done(seed, &report);
    }
    Ok(report)
}

fn run_seed(options: &Options, seed: u64) -> Result<Report, Failure> {
    let (mut chain, mut world) = world::create(options, seed);
    let mut report = Report::new();
    let mut call = 0;
    // A panic is a failure like another: that of an assertion in the pallets, or of arithmetic.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        chain.execute_with(|| {
            world.begin()?;
            for number in 1..=options.calls {
                call = number;
                let (kind, succeeded) = world.step()?;
                if let Some((_, made, good)) = report.kinds.get_mut(kind) {
                    *made += 1;
                    *good += u64::from(succeeded);
                }
            }
            Ok(())
        })
    }));
    let why = match outcome {
        Ok(Ok(())) => {
            (report.blocks, report.tally) = (world.blocks, world.tally);
            return Ok(report);
        }
        Ok(Err(why)) => why,
        Err(panic) => match panic.downcast_ref::<String>() {
            Some(text) => format!("panic: {text}"),
            None => format!("panic: {}", panic.downcast_ref::<&str>().unwrap_or(&"of another kind")),
        },
    };
    Err(Failure {
        seed,
        call,
        why,
        last: world.last.to_string(),
    })
}
