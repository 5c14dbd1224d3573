//! The relayer: see the library's documentation.

use anyhow::Context;
use clap::Parser;
use relayer::{config::Config, node, registrar, server, shell::Shell};
use std::{io::IsTerminal, path::PathBuf, process::ExitCode};
use tokio::{net::TcpListener, signal, sync::oneshot};
use tracing_subscriber::EnvFilter;

/// Carries bytes between the chain and the workers of a site: registers, answers challenges, reports.
///
/// The configuration is a TOML file; changes of its [[worker]] entries need no restart:
///
///   nodes = ["ws://127.0.0.1:9944"]      # WebSocket; the first that answers is used
///   listen = "127.0.0.1:9955"            # /metrics, /healthz, /readyz, /health; JSON-RPC by POST to /
///   state = "relayer.state.json"         # optional: where the workers' last keys are kept
///
///   [collateral]                         # Intel's documents about platforms, which the relayer keeps fresh on the chain
///   sources = [                          # asked in this order
///       { pccs = "https://pccs.example.org/sgx/certification/v4/" },
///       { pcs = "https://api.trustedservices.intel.com/sgx/certification/v4/" },
///       { folder = "collateral" },       # QuoteCollateralV3 JSON files
///   ]
///
///   [registrar]                          # the account named with registry.set_registrar
///   key_file = "registrar.key"           # mode 0600; or key_stdin = true;
///                                        # or the environment variable KHALA_REGISTRAR_KEY
///   [[worker]]
///   name = "rack-1"
///   endpoint = "http://127.0.0.1:8001"   # its pRuntime
///   operator = "5F..."                   # SS58
///   pool = 0                             # optional
///   replaces = "0x..."                   # optional: a lost key that its new one takes the place of
///
/// Logs go to standard error. Exit code 0 after SIGINT or SIGTERM, 1 when it cannot start.
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Check the configuration and the registrar's key, and exit.
    #[arg(long)]
    check: bool,
    /// Accept an operator's own key as the registrar's, although it can move the stake.
    #[arg(long)]
    insecure_operator_key: bool,
    /// What is logged: error, warn, info, debug, trace, or a filter like relayer=debug. RUST_LOG has priority.
    #[arg(long, default_value = "info", value_name = "FILTER")]
    log: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match start(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("relayer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start(arguments: Arguments) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env()
        .or_else(|_| EnvFilter::try_new(&arguments.log))
        .context("the filter of --log is wrong")?;
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal)
        .init();
    let config = Config::load(&arguments.config)?;
    let registrar = registrar::load(&config, arguments.insecure_operator_key)?;
    if arguments.check {
        println!("the configuration is good: {} workers, registrar {registrar}", config.workers.len());
        return Ok(());
    }
    run(arguments.config, config, registrar).await
}

async fn run(path: PathBuf, config: Config, registrar: khala_client::Account) -> anyhow::Result<()> {
    // The site can see what happens before the first connection is tried.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {} (key listen)", config.listen))?;
    tracing::info!(listen = %listener.local_addr()?, %registrar, workers = config.workers.len(), "relayer {}", env!("CARGO_PKG_VERSION"));
    let shell = Shell::new(&config, registrar);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server::serve(listener, shell.clone(), async { drop(stopped.await) }));
    let tasks = [
        tokio::spawn(node::follow(shell.clone())),
        tokio::spawn(shell.clone().tick()),
        tokio::spawn(shell.watch_config(path, config)),
    ];
    let reason = wait_for_signal().await?;
    tracing::info!(reason, "stopping");
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    drop(stop);
    // A client that keeps its connection open does not hold the process up.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), serving).await;
    Ok(())
}

async fn wait_for_signal() -> anyhow::Result<&'static str> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        result = signal::ctrl_c() => result.map(|()| "SIGINT").context("cannot listen for SIGINT"),
        _ = terminate.recv() => Ok("SIGTERM"),
    }
}
