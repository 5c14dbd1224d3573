//! The relayer: its configuration, its key, the collateral that it uses.

use super::{
    cast,
    data::{self, DataDir},
    process::{Line, Process},
    pruntimes::Running,
    wait::{until, Seen},
    Binaries,
};
use crate::{services::Relayer, units};
use anyhow::Context;
use khala_attestation::forge::Pki;
use khala_client::Account;
use serde::Serialize;
use std::{path::PathBuf, time::Duration};

/// How long the relayer may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The relayer's configuration file.
#[derive(Serialize)]
struct Config {
    nodes: Vec<String>,
    listen: String,
    collateral_dir: PathBuf,
    registrar: Registrar,
    worker: Vec<Worker>,
}

#[derive(Serialize)]
struct Registrar {
    key_file: PathBuf,
}

#[derive(Serialize)]
struct Worker {
    name: String,
    endpoint: String,
    operator: String,
}

/// Writes its files and starts it, and waits until it answers.
pub(super) async fn start(
    nodes: &[String],
    port: u16,
    workers: &[Running],
    operator: impl Fn(&Running) -> Account,
    data: &DataDir,
    binaries: &Binaries,
) -> anyhow::Result<Process> {
    write_collateral(data)?;
    data::write(&data.registrar_key(), cast::REGISTRAR.as_bytes(), 0o600)?;
    let config = Config {
        nodes: nodes.to_vec(),
        listen: format!("127.0.0.1:{port}"),
        collateral_dir: data.collateral(),
        registrar: Registrar {
            key_file: data.registrar_key(),
        },
        worker: workers
            .iter()
            .map(|running| Worker {
                name: running.spec.name.clone(),
                endpoint: running.url.clone(),
                operator: operator(running).address(),
            })
            .collect(),
    };
    let text = toml::to_string(&config).context("the relayer's configuration cannot be written as TOML")?;
    data::write(&data.relayer_config(), text.as_bytes(), 0o644)?;
    let line = Line::new(&binaries.relayer).args(["--config".into(), data.relayer_config()]);
    let mut process = Process::start("relayer", &binaries.khala, line, &data.logs())?;
    let client = Relayer::at(&url(port))?;
    let watched = tokio::sync::Mutex::new(&mut process);
    until("the relayer", START_LIMIT, || async {
        watched.lock().await.ensure_alive()?;
        Ok(match client.workers().await {
            Ok(_) => Seen::Now(()),
            Err(failure) => Seen::NotYet(failure.message),
        })
    })
    .await?;
    Ok(process)
}

/// The relayer's address.
pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Collateral of the development platforms, issued now and good for thirty days: what a collateral service would answer.
pub(super) fn write_collateral(data: &DataDir) -> anyhow::Result<()> {
    let collateral = Pki::development().collateral(units::now_secs());
    let text = serde_json::to_string_pretty(&collateral).context("collateral cannot be written as JSON")?;
    data::write(&data.collateral().join("development.json"), text.as_bytes(), 0o644)
}
