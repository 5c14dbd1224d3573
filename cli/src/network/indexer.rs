//! The indexer: history of the chain over HTTP, and the console.

use super::{
    data::DataDir,
    process::{Line, Process},
    wait::{until, Seen},
    Binaries,
};
use std::{net::Ipv4Addr, time::Duration};
use tokio::net::TcpStream;

/// How long the indexer may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Time between two samples, in seconds: a local network is looked at for minutes, not for days.
const SAMPLE_SECS: u64 = 60;

/// Starts it and waits until it answers. The console's files are those of the environment variable `KHALA_CONSOLE`, if it is set.
pub(super) async fn start(node: &str, port: u16, data: &DataDir, binaries: &Binaries) -> anyhow::Result<Process> {
    let mut process = Process::start("indexer", &binaries.khala, line(node, port, data, binaries), &data.logs())?;
    let watched = tokio::sync::Mutex::new(&mut process);
    until("the indexer", START_LIMIT, || async {
        watched.lock().await.ensure_alive()?;
        Ok(match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
            Ok(_) => Seen::Now(()),
            Err(error) => Seen::NotYet(error.to_string()),
        })
    })
    .await?;
    Ok(process)
}

fn line(node: &str, port: u16, data: &DataDir, binaries: &Binaries) -> Line {
    Line::new(&binaries.indexer)
        .args(["--database".into(), data.indexer_database()])
        .args(["--node", node, "--public-node", node, "--listen", &format!("127.0.0.1:{port}")])
        .args(["--sample-secs", &SAMPLE_SECS.to_string()])
}

/// The indexer's address.
pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
