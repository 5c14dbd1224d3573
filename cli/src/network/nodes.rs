//! The validators.

use super::{
    data::{self, DataDir},
    ports::Picker,
    process::{Line, Process},
    wait::{until, Seen},
    Binaries,
};
use crate::services::Node;
use anyhow::Context;
use khala_client::Chain;
use serde_json::Value;
use std::{path::Path, process::Command, time::Duration};

/// Well-known validators, in the order of the preset.
const VALIDATORS: [&str; 4] = ["alice", "bob", "charlie", "dave"];
/// Where the first validator listens if it can.
const USUAL_RPC_PORT: u16 = 9944;
/// Where the first validator talks to its peers if it can.
const USUAL_PEER_PORT: u16 = 30333;
/// How long a node may take until it answers. Its first start compiles the runtime.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long the chain may take until a block is final.
const FINALITY_LIMIT: Duration = Duration::from_secs(120);
/// Where a chain specification has its validators.
const SESSION_KEYS: &str = "/genesis/runtimeGenesis/patch/session/keys";

/// The validators, started and finalising.
pub(super) struct Nodes {
    pub(super) processes: Vec<Process>,
    pub(super) urls: Vec<String>,
    /// The first one's.
    pub(super) chain: Chain,
}

/// Starts `count` validators and waits until the chain finalises.
pub(super) async fn start(count: u8, data: &DataDir, binaries: &Binaries, ports: &mut Picker) -> anyhow::Result<Nodes> {
    let chain = chain_argument(count, data, &binaries.node)?;
    let mut places = Vec::new();
    for number in 1..=count {
        let offset = u16::from(number.saturating_sub(1));
        places.push((number, ports.pick(USUAL_RPC_PORT.saturating_add(offset))?, ports.pick(USUAL_PEER_PORT.saturating_add(offset))?));
    }
    let mut processes: Vec<Process> = Vec::new();
    let mut urls = Vec::new();
    let mut first: Option<(Chain, String)> = None;
    for ((number, rpc_port, peer_port), validator) in places.into_iter().zip(VALIDATORS) {
        let mut line = Line::new(&binaries.node)
            .args(["--chain", &chain, &format!("--{validator}"), "--base-path"])
            .args([data.node(number)?])
            .args(["--rpc-port", &rpc_port.to_string(), "--port", &peer_port.to_string(), "--listen-addr"])
            .args([format!("/ip4/127.0.0.1/tcp/{peer_port}")])
            // A fixed key for each: the others find the first one by it.
            .args(["--node-key", &format!("{number:064x}")])
            .args(["--rpc-cors", "all", "--justification-period", "1", "--no-telemetry", "--no-prometheus", "--no-mdns"]);
        if let Some((_, address)) = &first {
            line = line.args(["--bootnodes", address]);
        }
        let url = format!("ws://127.0.0.1:{rpc_port}");
        let mut process = Process::start(&format!("node-{number}"), &binaries.khala, line, &data.logs())?;
        let connection = connect(&url, &mut process).await?;
        if first.is_none() {
            let peer = Node::at(&format!("http://127.0.0.1:{rpc_port}"))?.peer_id().await?;
            first = Some((connection, format!("/ip4/127.0.0.1/tcp/{peer_port}/p2p/{peer}")));
        }
        processes.push(process);
        urls.push(url);
    }
    let (chain, _) = first.context("a network has at least one validator")?;
    wait_for_finality(&chain, &mut processes).await?;
    Ok(Nodes { processes, urls, chain })
}

/// Connects as soon as the node answers.
pub(super) async fn connect(url: &str, process: &mut Process) -> anyhow::Result<Chain> {
    let process = tokio::sync::Mutex::new(process);
    until(format!("the node at {url}"), START_LIMIT, || async {
        process.lock().await.ensure_alive()?;
        Ok(match Chain::connect(url).await {
            Ok(chain) => Seen::Now(chain),
            Err(error) => Seen::NotYet(error.to_string()),
        })
    })
    .await
}

async fn wait_for_finality(chain: &Chain, processes: &mut [Process]) -> anyhow::Result<()> {
    let processes = tokio::sync::Mutex::new(processes);
    until("a finalised block", FINALITY_LIMIT, || async {
        processes.lock().await.iter_mut().try_for_each(Process::ensure_alive)?;
        let number = chain.finalized().await?.number;
        Ok(if number > 0 { Seen::Now(()) } else { Seen::NotYet("only the genesis is final".into()) })
    })
    .await
}

/// What `--chain` gets: a preset, or a specification with as many of its validators as shall run.
fn chain_argument(count: u8, data: &DataDir, node: &Path) -> anyhow::Result<String> {
    if count == 1 {
        return Ok("development".into());
    }
    let path = data.chain_spec();
    if !path.exists() {
        let output = Command::new(node).args(["export-chain-spec", "--chain", "local_testnet"]).output();
        let output = output.with_context(|| format!("{} cannot be run", node.display()))?;
        anyhow::ensure!(output.status.success(), "khala-node export-chain-spec failed: {}", String::from_utf8_lossy(&output.stderr));
        let mut spec: Value = serde_json::from_slice(&output.stdout).context("khala-node wrote a chain specification that is no JSON")?;
        keep_validators(&mut spec, count.into())?;
        data::write(&path, spec.to_string().as_bytes(), 0o644)?;
    }
    Ok(path.display().to_string())
}

/// Keeps the first `count` validators of a specification: with fewer than two thirds of them nothing would be finalised.
fn keep_validators(spec: &mut Value, count: usize) -> anyhow::Result<()> {
    let keys = spec.pointer_mut(SESSION_KEYS).and_then(Value::as_array_mut).context("the chain specification has no session keys")?;
    anyhow::ensure!(keys.len() >= count, "the preset has {} validators, {count} are wanted", keys.len());
    keys.truncate(count);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_specification_keeps_as_many_validators_as_run() {
        let spec = json!({ "genesis": { "runtimeGenesis": { "patch": { "session": { "keys": ["a", "b", "c"] } } } } });
        for (count, good) in [(2, true), (3, true), (4, false)] {
            let mut spec = spec.clone();
            assert_eq!(keep_validators(&mut spec, count).is_ok(), good);
            if good {
                assert_eq!(spec.pointer(SESSION_KEYS).unwrap().as_array().unwrap().len(), count);
            }
        }
        assert!(keep_validators(&mut json!({}), 1).is_err());
    }
}
