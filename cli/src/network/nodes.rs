//! The validators.

use super::{
    data::{self, DataDir},
    ports::NodePorts,
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
/// How long a node may take until it answers. Its first start compiles the runtime.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long the chain may take until a block is final.
const FINALITY_LIMIT: Duration = Duration::from_secs(120);
/// Where a chain specification has its genesis.
const GENESIS: &str = "/genesis/runtimeGenesis/patch";
/// Where it has its validators.
const SESSION_KEYS: &str = "/genesis/runtimeGenesis/patch/session/keys";

/// The validators, started and finalising.
pub(super) struct Nodes {
    pub(super) processes: Vec<Process>,
    pub(super) urls: Vec<String>,
    /// The first one's.
    pub(super) chain: Chain,
}

/// Starts a validator for each of the ports and waits until the chain finalises.
pub(super) async fn start(ports: &[NodePorts], genesis: &Value, data: &DataDir, binaries: &Binaries) -> anyhow::Result<Nodes> {
    let chain = chain_argument(ports.len(), genesis, data, &binaries.node)?;
    let mut processes: Vec<Process> = Vec::new();
    let mut urls = Vec::new();
    let mut first: Option<(Chain, String)> = None;
    for ((number, NodePorts { rpc, peer }), validator) in (1u8..).zip(ports).zip(VALIDATORS) {
        let mut line = Line::new(&binaries.node)
            .args(["--chain", &chain, &format!("--{validator}"), "--base-path"])
            .args([data.node(number)?])
            .args(["--rpc-port", &rpc.to_string(), "--listen-addr"])
            .args([format!("/ip4/127.0.0.1/tcp/{peer}")])
            // A fixed key for each: the others find the first one by it.
            .args(["--node-key", &format!("{number:064x}")])
            .args([
                "--rpc-cors",
                "all",
                "--justification-period",
                "1",
                // The indexer reads what the chain said at old blocks.
                "--state-pruning",
                "archive",
                "--blocks-pruning",
                "archive",
                "--no-telemetry",
                "--no-prometheus",
                "--no-mdns",
            ]);
        if let Some((_, address)) = &first {
            line = line.args(["--bootnodes", address]);
        }
        let url = format!("ws://127.0.0.1:{rpc}");
        let mut process = Process::start(&format!("node-{number}"), &binaries.khala, line, &data.logs())?;
        let connection = connect(&url, &mut process).await?;
        if first.is_none() {
            let peer_id = Node::at(&format!("http://127.0.0.1:{rpc}"))?.peer_id().await?;
            first = Some((connection, format!("/ip4/127.0.0.1/tcp/{peer}/p2p/{peer_id}")));
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
        Ok(if number > 0 {
            Seen::Now(())
        } else {
            Seen::NotYet("only the genesis is final".into())
        })
    })
    .await
}

/// What `--chain` gets: a preset, or a specification with as many of its validators as shall run and with this in its genesis.
fn chain_argument(count: usize, genesis: &Value, data: &DataDir, node: &Path) -> anyhow::Result<String> {
    let preset = if count == 1 { "development" } else { "local_testnet" };
    if count == 1 && genesis.is_null() {
        return Ok(preset.into());
    }
    let path = data.chain_spec();
    if !path.exists() {
        let output = Command::new(node).args(["export-chain-spec", "--chain", preset]).output();
        let output = output.with_context(|| format!("{} cannot be run", node.display()))?;
        anyhow::ensure!(
            output.status.success(),
            "khala-node export-chain-spec failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut spec: Value = serde_json::from_slice(&output.stdout).context("khala-node wrote a chain specification that is no JSON")?;
        keep_validators(&mut spec, count)?;
        merge(
            spec.pointer_mut(GENESIS).context("the chain specification has no genesis")?,
            genesis,
        );
        data::write(&path, spec.to_string().as_bytes(), 0o644)?;
    }
    Ok(path.display().to_string())
}

/// Puts the members of one object into another one, objects inside of them too; what is no object replaces what was there.
pub fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (_, Value::Null) => {}
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Keeps the first `count` validators of a specification: with fewer than two thirds of them nothing would be finalised.
fn keep_validators(spec: &mut Value, count: usize) -> anyhow::Result<()> {
    let keys = spec
        .pointer_mut(SESSION_KEYS)
        .and_then(Value::as_array_mut)
        .context("the chain specification has no session keys")?;
    anyhow::ensure!(keys.len() >= count, "the preset has {} validators, {count} are wanted", keys.len());
    keys.truncate(count);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_genesis_is_changed_in_its_leaves() {
        let mut genesis = json!({ "a": { "b": 1, "c": 2 }, "d": [1] });
        merge(&mut genesis, &Value::Null);
        merge(&mut genesis, &json!({ "a": { "b": 3 }, "d": [], "e": { "f": 4 } }));
        assert_eq!(genesis, json!({ "a": { "b": 3, "c": 2 }, "d": [], "e": { "f": 4 } }));
    }

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
