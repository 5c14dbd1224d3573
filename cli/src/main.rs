//! The network's command line. What it can do stands in [`khala::args`].

use clap::{CommandFactory, Parser};
#[cfg(feature = "local-network")]
use khala::{args::NetworkVerb, command::network};
use khala::{
    args::{AttestVerb, Cli, CollateralVerb, DelegateVerb, EconomicsVerb, Global, Noun, PoolVerb, VaultVerb, WorkerVerb},
    command::{attest, collateral, delegate, economics, maintenance, operator, pool, registration, vault, worker},
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
        Noun::Attest(AttestVerb::Verify(args)) => attest::verify(&args, cli.global.output),
        Noun::Economics(EconomicsVerb::Replay { scenario }) => economics::replay(&scenario),
        Noun::Economics(EconomicsVerb::Stake(args)) => economics::stake(&args, cli.global.output),
        Noun::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "khala", &mut std::io::stdout());
            Ok(Exit::Done)
        }
        #[cfg(feature = "local-network")]
        Noun::Supervised(args) => Err(khala::network::exec_supervised(&args)),
        #[cfg(feature = "local-network")]
        Noun::Network(NetworkVerb::Up(args)) => block_on(network::up(&args)),
        Noun::Worker(WorkerVerb::Status { worker, relayer }) => {
            block_on(worker::status(&cli.global.url, &relayer, worker.as_deref(), cli.global.output))
        }
        Noun::Worker(WorkerVerb::Explain { worker, relayer }) => {
            block_on(worker::explain(&cli.global.url, &relayer, &worker, cli.global.output))
        }
        Noun::Worker(WorkerVerb::Reverify(args)) => block_on(registration::reverify(&cli.global, &args)),
        Noun::Worker(WorkerVerb::Rebind(args)) => block_on(registration::rebind(&cli.global, &args)),
        Noun::Worker(WorkerVerb::HandOver(args)) => block_on(operator::hand_over(&cli.global, &args)),
        Noun::Worker(WorkerVerb::TakeOver(args)) => block_on(operator::take_over(&cli.global, &args)),
        Noun::Worker(WorkerVerb::Pause(args)) => block_on(maintenance::pause(&cli.global, &args)),
        Noun::Worker(WorkerVerb::Resume(args)) => block_on(maintenance::resume(&cli.global, &args)),
        Noun::Collateral(CollateralVerb::List) => block_on(collateral::list(&cli.global.url, cli.global.output)),
        Noun::Collateral(CollateralVerb::Upload(args)) => block_on(collateral::upload(&cli.global, &args)),
        Noun::Pool(verb) => block_on(run_pool(&cli.global, verb)),
        Noun::Vault(verb) => block_on(run_vault(&cli.global, verb)),
        Noun::Delegate(verb) => block_on(run_delegate(&cli.global, verb)),
    }
}

async fn run_pool(global: &Global, verb: PoolVerb) -> Result<Exit, Failure> {
    match verb {
        PoolVerb::List => pool::list(&global.url, global.output).await,
        PoolVerb::Show { pool, days } => pool::show(global, pool, days).await,
        PoolVerb::Create(args) => pool::create(global, &args).await,
        PoolVerb::Commission(args) => pool::set_commission(global, &args).await,
        PoolVerb::Cap(args) => pool::set_cap(global, &args).await,
        PoolVerb::Allow(args) => pool::allow(global, &args, true).await,
        PoolVerb::Disallow(args) => pool::allow(global, &args, false).await,
        PoolVerb::Profile(args) => pool::set_profile(global, &args).await,
        PoolVerb::Claim(args) => pool::claim(global, &args).await,
        PoolVerb::AddWorker(args) => pool::add_worker(global, &args).await,
        PoolVerb::RemoveWorker(args) => pool::remove_worker(global, &args).await,
        PoolVerb::Order(args) => pool::order(global, &args).await,
        PoolVerb::Start(args) => pool::start(global, &args).await,
        PoolVerb::Stop(args) => pool::stop(global, &args).await,
        PoolVerb::AddStake(args) => pool::add_stake(global, &args).await,
        PoolVerb::ReduceStake(args) => pool::reduce_stake(global, &args).await,
    }
}

async fn run_vault(global: &Global, verb: VaultVerb) -> Result<Exit, Failure> {
    match verb {
        VaultVerb::List => vault::list(&global.url, global.output).await,
        VaultVerb::Show { vault } => vault::show(global, vault).await,
        VaultVerb::Create(args) => vault::create(global, &args).await,
        VaultVerb::Fee(args) => vault::set_fee(global, &args).await,
        VaultVerb::CommissionLimit(args) => vault::set_commission_limit(global, &args).await,
        VaultVerb::Cap(args) => vault::set_cap(global, &args).await,
        VaultVerb::Claim(args) => vault::claim(global, &args).await,
        VaultVerb::Invest(args) => vault::invest(global, &args).await,
        VaultVerb::Divest(args) => vault::divest(global, &args).await,
        VaultVerb::CancelDivest(args) => vault::cancel_divest(global, &args).await,
    }
}

async fn run_delegate(global: &Global, verb: DelegateVerb) -> Result<Exit, Failure> {
    match verb {
        DelegateVerb::Positions { account } => delegate::positions(global, &account).await,
        DelegateVerb::Add(args) => delegate::add(global, &args).await,
        DelegateVerb::Withdraw(args) => delegate::withdraw(global, &args).await,
        DelegateVerb::Cancel(args) => delegate::cancel(global, &args).await,
        DelegateVerb::Transfer(args) => delegate::transfer(global, &args).await,
        DelegateVerb::Forecast(args) => delegate::forecast(global, &args).await,
        DelegateVerb::PayBooked(args) => delegate::pay_booked(global, &args).await,
    }
}

fn block_on(work: impl std::future::Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime
        .map_err(|error| Failure::failed(format!("the async runtime cannot start: {error}")))?
        .block_on(work)
}
