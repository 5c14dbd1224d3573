//! The indexer: see the library's documentation.

use anyhow::Context;
use clap::Parser;
use khala_indexer::{
    api::App,
    config::Arguments,
    console,
    health::Health,
    run, server,
    store::{Readers, Store},
};
use std::{future::IntoFuture, io::IsTerminal, process::ExitCode, sync::Arc, time::Duration};
use tokio::{net::TcpListener, signal, sync::oneshot};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    match start(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("khala-indexer: {error:#}");
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
    let console = match &arguments.console {
        Some(folder) => console::router(folder, &arguments.origins())?,
        None => console::absent(),
    };
    let store = Store::open(&arguments.database, arguments.sample_secs)?;
    let readers = Readers::open(&arguments.database, arguments.readers.into(), arguments.deadline());
    let readers = readers.with_context(|| format!("{} cannot be read", arguments.database.display()))?;
    let health = Arc::new(Health::new(arguments.sample_secs));
    let trail = store.trail()?;
    if trail.block > 0 {
        health.indexed(trail.block, trail.time_ms);
    }
    // The site can see what happens before the first connection is tried.
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {} (--listen)", arguments.listen))?;
    tracing::info!(
        listen = %listener.local_addr()?,
        database = %arguments.database.display(),
        "khala-indexer {}",
        env!("CARGO_PKG_VERSION")
    );
    let app = App {
        readers: Arc::new(readers),
        health: health.clone(),
        public_node: arguments.public_node.clone(),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, server::router(app, console)).with_graceful_shutdown(async { drop(stopped.await) });
    let serving = tokio::spawn(serving.into_future());
    let result = tokio::select! {
        result = run::follow(&arguments.node, store, arguments.until, &health) => result,
        reason = wait_for_signal() => reason.map(|reason| tracing::info!(reason, "stopping")),
    };
    if let Err(error) = &result {
        health.stopped(format!("{error:#}"));
    }
    drop(stop);
    // A client that keeps its connection open does not hold the process up.
    let _ = tokio::time::timeout(Duration::from_secs(2), serving).await;
    result
}

async fn wait_for_signal() -> anyhow::Result<&'static str> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        result = signal::ctrl_c() => result.map(|()| "SIGINT").context("cannot listen for SIGINT"),
        _ = terminate.recv() => Ok("SIGTERM"),
    }
}
