//! The relayer: its configuration and its key.

use super::{
    cast,
    data::{self, DataDir},
    process::{Line, Process},
    pruntimes::Running,
    wait::{until, Seen},
    Binaries,
};
use crate::services::Relayer;
use anyhow::Context;
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
    collateral: Collateral,
    registrar: Registrar,
    worker: Vec<Worker>,
}

#[derive(Serialize)]
struct Collateral {
    sources: Vec<Source>,
    every_secs: u64,
}

#[derive(Serialize)]
struct Source {
    pccs: String,
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

/// What it works with.
pub(super) struct Site<'n> {
    pub(super) nodes: &'n [String],
    pub(super) port: u16,
    pub(super) workers: &'n [Running],
    /// The collateral service.
    pub(super) collateral_url: String,
    /// How often it is asked for newer documents, in seconds.
    pub(super) collateral_every_secs: u64,
}

/// Writes its files and starts it, and waits until it answers.
pub(super) async fn start(
    site: &Site<'_>,
    operator: impl Fn(&Running) -> Account,
    data: &DataDir,
    binaries: &Binaries,
) -> anyhow::Result<Process> {
    let port = site.port;
    data::write(&data.registrar_key(), cast::REGISTRAR.as_bytes(), 0o600)?;
    let config = Config {
        nodes: site.nodes.to_vec(),
        listen: format!("127.0.0.1:{port}"),
        collateral: Collateral {
            sources: vec![Source {
                pccs: site.collateral_url.clone(),
            }],
            every_secs: site.collateral_every_secs,
        },
        registrar: Registrar {
            key_file: data.registrar_key(),
        },
        worker: site
            .workers
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
