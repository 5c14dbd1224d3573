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
#[cfg(feature = "software")]
use pruntime::tee::{software, Software};
use pruntime::{
    api::PRuntimeApiServer,
    enclave::{self, Enclave, Grant},
    seal::{Directory, Files, Generation, Memory, SealStore},
    server::{self, Limits, Service},
    tee::{gramine, tdx, Gramine, Tdx, Tee},
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
/// Most threads for calls that block: an enclave has room for few. Two work for real, the others wait for them.
const BLOCKING_THREADS: usize = 16;

fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build();
    let runtime = match runtime {
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
    let directory =
        Directory::open(&args.data).map_err(|error| format!("cannot make or open the data folder {}: {error}", args.data.display()))?;
    let _lock = lock(&args.data)?;
    let tee = start_tee(args)?;
    info!(provider = tee.provider(), trusted = tee.trusted(), measurement = %tee.measurement(), "the TEE is there");
    if tee.seal_lasts() {
        return serve(args, tee, directory.clone(), directory).await;
    }
    warn!(
        "this TEE has no key that outlasts a start: the worker's keys live in memory, and after each start it has fresh ones and is rebound"
    );
    serve(args, tee, Memory::default(), directory).await
}

/// Answers requests until a signal; the sealed state is kept in `state`.
async fn serve(args: &Args, tee: Arc<dyn Tee>, state: impl Files + 'static, mut data: Directory) -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (store, opened) = SealStore::open(state, &*tee)?;
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
    data.replace(ADDRESS_FILE, format!("{address}\n").as_bytes())?;
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
        // Gramine has no file locks, and could only lock out programs in its own enclave.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            warn!("this system cannot lock files: see to it that no other pRuntime uses the data folder");
        }
        Err(TryLockError::Error(error)) => return Err(cannot(error)),
    }
    match fs::remove_file(data.join(ADDRESS_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(format!("cannot remove the old {ADDRESS_FILE} file: {error}")),
        _ => Ok(file),
    }
}

fn start_tee(args: &Args) -> Result<Arc<dyn Tee>, Box<dyn Error>> {
    Ok(match args.tee {
        #[cfg(feature = "software")]
        Provider::Software => {
            let options = software::Options {
                tcb: args.tcb,
                platform_seed: args.platform_seed.clone(),
                build: args.build,
            };
            Arc::new(Software::open(&args.data, options)?)
        }
        Provider::Gramine => Arc::new(Gramine::open(Path::new(gramine::FOLDER))?),
        Provider::Tdx => Arc::new(Tdx::open(Path::new(tdx::FOLDER))?),
    })
}
