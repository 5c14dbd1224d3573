//! Runs random calls until all are made or an invariant breaks. `docs/fuzzing.md`.

use clap::Parser;
use khala_pallet_fuzz::{run, Options};
use std::{process::ExitCode, time::Instant};

/// Makes random calls to mining, the stake pools and vaults, and compares the chain with a ledger of its own after each.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let options = Arguments::parse().options;
    let began = Instant::now();
    let outcome = run(&options, |seed, report| {
        eprintln!("seed {seed}: {} calls in {:.0} s", report.calls(), began.elapsed().as_secs_f64());
    });
    match outcome {
        Ok(report) => {
            println!("{report}, {:.0} s; no invariant was broken", began.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
