//! The workers' programs.

use super::{
    data::DataDir,
    process::{Line, Process},
    wait::{until, Seen},
    Binaries, WorkerSpec,
};
use crate::services::PRuntime;
use std::time::Duration;

/// Memory that a worker says it has, in MiB.
const MEMORY_MIB: u32 = 512;
/// How long a pRuntime may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A worker's program.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) spec: WorkerSpec,
    pub(super) port: u16,
    pub(super) url: String,
    pub(super) process: Process,
}

impl Running {
    /// Waits until it answers.
    pub(super) async fn answers(&mut self) -> anyhow::Result<()> {
        let client = PRuntime::at(&self.url)?;
        let process = tokio::sync::Mutex::new(&mut self.process);
        until(format!("the pRuntime of {}", self.spec.name), START_LIMIT, || async {
            process.lock().await.ensure_alive()?;
            Ok(match client.info().await {
                Ok(_) => Seen::Now(()),
                Err(failure) => Seen::NotYet(failure.message),
            })
        })
        .await
    }
}

/// What starts a worker's program.
pub(super) fn line(spec: &WorkerSpec, port: u16, data: &DataDir, binaries: &Binaries) -> anyhow::Result<Line> {
    let listen = format!("127.0.0.1:{port}");
    Ok(Line::new(&binaries.pruntime)
        .args(["--data".into(), data.pruntime(&spec.name)?])
        .args(["--listen", &listen, "--tee", "software", "--tcb", spec.tcb.as_str()])
        .args(["--platform-seed", &spec.name, "--build", &spec.build.to_string()])
        .args(["--memory-mib", &MEMORY_MIB.to_string()]))
}

/// Starts them all and waits until each answers. Each is granted all cores of the machine (that is the default): they share them.
pub(super) async fn start(specs: &[WorkerSpec], ports: &[u16], data: &DataDir, binaries: &Binaries) -> anyhow::Result<Vec<Running>> {
    let mut all = Vec::new();
    for (spec, port) in specs.iter().zip(ports) {
        let line = line(spec, *port, data, binaries)?;
        let process = Process::start(&spec.name, &binaries.khala, line, &data.logs())?;
        all.push(Running {
            spec: spec.clone(),
            port: *port,
            url: format!("http://127.0.0.1:{port}"),
            process,
        });
    }
    for running in &mut all {
        running.answers().await?;
    }
    Ok(all)
}
