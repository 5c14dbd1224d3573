//! The network's command line. What it can do stands in [`khala::args`].

use clap::{CommandFactory, Parser};
#[cfg(feature = "local-network")]
use khala::{args::NetworkVerb, command::network};
use khala::{
    args::{AttestVerb, Cli, CollateralVerb, EconomicsVerb, Noun, PoolVerb, WorkerVerb},
    command::{attest, collateral, economics, maintenance, operator, pool, registration, worker},
    failure::{Exit, Failure},
    units,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    units::use_network_addresses();
    sp_core::crypto::set_default_ss58_version(khala_primitives::SS58_PREFIX.into());
    let result = run(Cli::parse());
    let exit = result.unwrap_or_else(|failure| {
        eprintln!("error: {}", failure.message);
        failure.exit
    });
    ExitCode::from(exit.code())
}

/// Does what was asked. Only what talks to others gets an async runtime.
fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.noun {
        Noun::Attest(AttestVerb::Verify(args)) => attest::verify(&args, cli.output),
        Noun::Economics(EconomicsVerb::Replay { scenario }) => economics::replay(&scenario),
        Noun::Economics(EconomicsVerb::Stake(args)) => economics::stake(&args, cli.output),
        Noun::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "khala", &mut std::io::stdout());
            Ok(Exit::Done)
        }
        #[cfg(feature = "local-network")]
        Noun::Supervised(args) => Err(khala::network::exec_supervised(&args)),
        #[cfg(feature = "local-network")]
        Noun::Network(NetworkVerb::Up(args)) => block_on(network::up(&args)),
        Noun::Worker(WorkerVerb::Status { worker, relayer }) => block_on(worker::status(&cli.url, &relayer, worker.as_deref(), cli.output)),
        Noun::Worker(WorkerVerb::Explain { worker, relayer }) => block_on(worker::explain(&cli.url, &relayer, &worker, cli.output)),
        Noun::Worker(WorkerVerb::Reverify(args)) => block_on(registration::reverify(&cli.url, &args, cli.output)),
        Noun::Worker(WorkerVerb::Rebind(args)) => block_on(registration::rebind(&cli.url, &args, cli.output)),
        Noun::Worker(WorkerVerb::HandOver(args)) => block_on(operator::hand_over(&cli.url, &args, cli.output)),
        Noun::Worker(WorkerVerb::TakeOver(args)) => block_on(operator::take_over(&cli.url, &args, cli.output)),
        Noun::Worker(WorkerVerb::Pause(args)) => block_on(maintenance::pause(&cli.url, &args, cli.output)),
        Noun::Worker(WorkerVerb::Resume(args)) => block_on(maintenance::resume(&cli.url, &args, cli.output)),
        Noun::Collateral(CollateralVerb::List) => block_on(collateral::list(&cli.url, cli.output)),
        Noun::Collateral(CollateralVerb::Upload(args)) => block_on(collateral::upload(&cli.url, &args, cli.output)),
        Noun::Pool(PoolVerb::List) => block_on(pool::list(&cli.url, cli.output)),
    }
}

fn block_on(work: impl std::future::Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime
        .map_err(|error| Failure::failed(format!("the async runtime cannot start: {error}")))?
        .block_on(work)
}
