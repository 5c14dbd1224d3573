//! Nodes of a chain of the production preset, on this machine.

use crate::{
    rpc::{hex_of, Connection},
    scene::Scene,
};
use anyhow::{bail, Context, Result};
use serde_json::{json, Value};
use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a node may take until it answers: its first start builds the genesis and compiles the runtime.
const START_LIMIT: Duration = Duration::from_secs(300);
/// Between two looks at something that is waited for.
const LOOK: Duration = Duration::from_millis(20);
/// Ticks of a processor's time in a second, as Linux tells them to programs (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

/// A running node; it ends with this.
pub struct Node {
    process: Child,
    rpc: u16,
    metrics: u16,
    log: PathBuf,
}

impl Node {
    /// Starts Alice, who makes the blocks.
    pub fn author(program: &Path, data: &Path, chain: &Path) -> Result<Self> {
        Self::start(program, data, chain, "author", &["--alice".into()])
    }

    /// Starts a node that makes no blocks and knows `peer`.
    pub fn follower(program: &Path, data: &Path, chain: &Path, name: &str, peer: &Self) -> Result<Self> {
        let id = peer.connect()?.call("system_localPeerId", json!([]))?;
        let addresses = peer.connect()?.call("system_localListenAddresses", json!([]))?;
        let local = addresses.as_array().into_iter().flatten().filter_map(Value::as_str);
        let address = local
            .into_iter()
            .find(|address| address.starts_with("/ip4/127.0.0.1/"))
            .with_context(|| format!("the author listens nowhere on this machine: {addresses}, {id}"))?;
        Self::start(program, data, chain, name, &["--bootnodes".into(), address.into()])
    }

    fn start(program: &Path, data: &Path, chain: &Path, name: &str, more: &[String]) -> Result<Self> {
        let [rpc, metrics, peer] = [free_port()?, free_port()?, free_port()?];
        let log = data.join(format!("{name}.log"));
        let process = Command::new(program)
            .arg("--chain")
            .arg(chain)
            .arg("--base-path")
            .arg(data.join(name))
            .args(["--rpc-port", &rpc.to_string(), "--prometheus-port", &metrics.to_string()])
            .args([
                "--listen-addr",
                &format!("/ip4/127.0.0.1/tcp/{peer}"),
                "--no-mdns",
                "--no-telemetry",
            ])
            .args(["--unsafe-force-node-key-generation"])
            .args(more)
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("{} cannot be started: build it, or name another one with --node", program.display()))?;
        let mut node = Self {
            process,
            rpc,
            metrics,
            log,
        };
        node.wait("it answers", |node| Ok(node.connect().and_then(|mut rpc| rpc.best()).ok()))?;
        Ok(node)
    }

    /// A connection to its RPC.
    pub fn connect(&self) -> Result<Connection> {
        Connection::open(self.rpc)
    }

    /// Waits until there is something to be seen, as long as the node lives.
    pub fn wait<T>(&mut self, what: &str, mut look: impl FnMut(&mut Self) -> Result<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(seen) = look(self)? {
                return Ok(seen);
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the node ended with {status}: see {}", self.log.display());
            }
            if started.elapsed() > START_LIMIT {
                bail!("waited {} s until {what}: see {}", START_LIMIT.as_secs(), self.log.display());
            }
            thread::sleep(LOOK);
        }
    }

    /// A number of the node's metrics; 0 before it is there.
    pub fn metric(&self, name: &str) -> Result<f64> {
        let page = Connection::open(self.metrics)?.get("/metrics")?;
        let value = page.lines().find_map(|line| {
            let rest = line.strip_prefix(name)?;
            // Behind the name stand labels, or the number.
            rest.starts_with(['{', ' '])
                .then(|| rest.rsplit(' ').next()?.parse().ok())
                .flatten()
        });
        Ok(value.unwrap_or_default())
    }

    /// Time of processors that it has used, in seconds.
    pub fn processor_secs(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name of the program stands in brackets and may contain anything.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let ticks: u64 = behind
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        Ok(ticks as f64 / TICKS)
    }

    /// Stops its clock; it does nothing more until it ends.
    pub fn freeze(&self) -> Result<()> {
        let status = Command::new("kill").args(["-STOP", &self.process.id().to_string()]).status()?;
        anyhow::ensure!(status.success(), "the node cannot be stopped");
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes the chain specification of a scene.
pub fn write_chain_spec(scene: &Scene, path: &Path) -> Result<()> {
    let top: serde_json::Map<String, Value> = scene
        .storage
        .top
        .iter()
        .map(|(key, value)| (hex_of(key), Value::String(hex_of(value))))
        .collect();
    let spec = json!({
        "name": "Khala",
        "id": "khala_mining_bench",
        "chainType": "Live",
        "bootNodes": [],
        "telemetryEndpoints": null,
        "protocolId": "khala_mining_bench",
        "properties": null,
        "codeSubstitutes": {},
        "genesis": { "raw": { "top": top, "childrenDefault": {} } },
    });
    std::fs::write(path, spec.to_string()).with_context(|| format!("{} cannot be written", path.display()))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
