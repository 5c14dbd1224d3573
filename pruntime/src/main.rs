//! `pruntime`: the worker's program inside the enclave. `pruntime --help` says how to start it.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

mod args;

use args::{Args, Provider};
use clap::Parser;
use pruntime::{
    api::PRuntimeApiServer,
    enclave::{self, Enclave, Grant},
    seal::{Directory, Generation, SealStore},
    server::{self, Limits, Service},
    tee::{software, Software, Tee},
};
use std::{
    error::Error,
    fs::{self, File, TryLockError},
    io,
    path::Path,
    process::ExitCode,
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    signal::unix::{signal, SignalKind},
};
use tracing::{error, info, warn};
use tracing_subscriber::EnvFilter;

/// Where it listens, for whoever started it with port 0.
const ADDRESS_FILE: &str = "address";
const LOCK_FILE: &str = "lock";

fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!(%error, "cannot start threads: see to the limits of processes and memory");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(run(&args));
    // A benchmark that is running is not waited for.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    args.check_listen()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;

    let mut directory =
        Directory::open(&args.data).map_err(|error| format!("cannot make or open the data folder {}: {error}", args.data.display()))?;
    let _lock = lock(&args.data)?;
    let tee = start_tee(args)?;
    let (store, opened) = SealStore::open(directory.clone(), &*tee)?;
    if let Some(Generation::Previous) = opened.as_ref().map(|opened| opened.generation) {
        warn!("continuing with the previous generation of the sealed state");
    }
    let grant = Grant {
        cores: args.cores(),
        memory_mib: args.memory_mib,
    };
    let enclave = Enclave::start(tee, grant, opened.map(|opened| opened.state))?;
    match enclave.public_identity() {
        Some(identity) => {
            info!(worker = %identity.identity_key, operator = enclave::ss58(&identity.operator), "continuing with this worker's sealed keys")
        }
        None => info!("no keys yet: the first request for WorkerInfo or evidence makes them"),
    }

    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        format!(
            "cannot listen on {}: {error}; stop what uses the port, or choose another with --listen",
            args.listen
        )
    })?;
    let running = server::start(listener, Service::new(enclave, store).into_rpc(), Limits::default())?;
    let address = running.address();
    directory.replace(ADDRESS_FILE, format!("{address}\n").as_bytes())?;
    info!(cores = grant.cores, memory_mib = grant.memory_mib, "listening on {address}");

    tokio::select! {
        _ = terminate.recv() => info!("SIGTERM: stopping"),
        _ = interrupt.recv() => info!("SIGINT: stopping"),
    }
    running.stop().await;
    fs::remove_file(args.data.join(ADDRESS_FILE))?;
    Ok(())
}

/// Two pRuntimes with one state would be two clones of a worker: the folder's lock lets one in. An `address` that a
/// killed pRuntime left is removed.
fn lock(data: &Path) -> Result<File, String> {
    let path = data.join(LOCK_FILE);
    let cannot = |error| format!("cannot lock {}: {error}", path.display());
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(format!(
                "another pRuntime uses the data folder {}: stop it, or choose another with --data",
                data.display()
            ))
        }
        Err(TryLockError::Error(error)) => return Err(cannot(error)),
    }
    match fs::remove_file(data.join(ADDRESS_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(format!("cannot remove the old {ADDRESS_FILE} file: {error}")),
        _ => Ok(file),
    }
}

fn start_tee(args: &Args) -> Result<Arc<dyn Tee>, Box<dyn Error>> {
    let tee = match args.provider {
        Provider::Software => {
            let options = software::Options {
                tcb: args.tcb,
                platform_seed: args.platform_seed.clone(),
            };
            Arc::new(Software::open(&args.data, options)?)
        }
    };
    Ok(tee)
}
