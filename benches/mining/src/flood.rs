//! Floods of transactions that are refused: what each of them costs the runtime in Wasm, and what a node.

use crate::{
    block::parent,
    kinds::{self, Kind},
    live,
    node::{self, Node},
    rpc::{Connection, Refusal},
    scene::{genesis_hash, seed, Scene, HEAD},
    signatures,
    stats::Series,
    transactions,
    trie::{self, Trie},
    wasm::Wasm,
};
use anyhow::{ensure, Context, Result};
use khala_primitives::{SignedHeartbeat, MAX_BATCH};
use serde_json::{json, Value};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Blocks of challenges that the node's chain has before it is frozen.
const BLOCKS: u32 = 8;
/// How long the node's own needs are watched.
const IDLE: Duration = Duration::from_secs(10);
const BATCH: usize = MAX_BATCH as usize;

/// What a kind of transactions met.
#[derive(Default)]
struct Measured {
    name: &'static str,
    /// Length of one, in bytes.
    bytes: usize,
    /// Time of `validate_transaction` in Wasm, in nanoseconds.
    validation: Series,
    /// What the runtime says.
    verdict: String,
    /// The node's processor time for each, in seconds.
    processor_secs: f64,
    /// What the pool says.
    answers: BTreeMap<String, u32>,
}

/// Sends `count` transactions of each kind and prints what they cost.
pub fn run(wasm: &Wasm, program: &Path, data: &Path, sessions: u32, count: u32) -> Result<()> {
    let mut measured: BTreeMap<&'static str, Measured> = BTreeMap::new();
    let verification = in_wasm(wasm, sessions, &mut measured)?;
    let order = on_node(wasm, program, data, sessions, count, &mut measured)?;
    println!(
        "one sr25519 verification {:.1} us; {count} transactions of each kind; in brackets, verifications\n",
        verification / 1e3
    );
    println!("| transactions | bytes | validated in Wasm, us | the runtime says | the node's processor time, us | the node says |");
    println!("|---|---:|---:|---|---:|---|");
    for name in order {
        let Some(measured) = measured.get(name) else { continue };
        let validation = measured.validation.median();
        let processor = measured.processor_secs * 1e9;
        let answers: Vec<_> = measured.answers.iter().map(|(words, count)| format!("{words} ({count})")).collect();
        println!(
            "| {name} | {} | {:.0} ({:.1}) | {} | {:.0} ({:.1}) | {} |",
            measured.bytes,
            validation / 1e3,
            validation / verification,
            measured.verdict,
            processor / 1e3,
            processor / verification,
            answers.join(", "),
        );
    }
    Ok(())
}

/// Validates some of each kind in this process; the time of one verification, in nanoseconds.
fn in_wasm(wasm: &Wasm, sessions: u32, measured: &mut BTreeMap<&'static str, Measured>) -> Result<f64> {
    const SAMPLES: u32 = 101;
    let scene = Scene::in_mid_life(wasm.code(), sessions, 2 * MAX_BATCH)?;
    let genesis = genesis_hash();
    let answers: Vec<_> = scene
        .workers
        .iter()
        .map(|worker| worker.heartbeat(HEAD, seed(HEAD), &genesis))
        .collect();
    let (full, other) = answers.split_at(BATCH);
    let trie = Trie::new(scene.storage);
    let cache = trie::empty_cache();
    let mut verification = Series::default();
    for kind in all(full, other, genesis) {
        let entry = measured.entry(kind.name).or_default();
        entry.name = kind.name;
        for number in 0..SAMPLES {
            verification.add(signatures::verify(full, &genesis)?, full.len());
            let transaction = kind.make(number);
            entry.bytes = transaction.len();
            let (validity, time) = trie.with(&cache, |state| wasm.validate(state, &transaction, parent()))?;
            entry.validation.add(time, 1);
            entry.verdict = match validity {
                Ok(_) => "valid".into(),
                Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => format!("code {code}"),
                Err(TransactionValidityError::Invalid(why)) => format!("{why:?}"),
                Err(why) => format!("{why:?}"),
            };
        }
    }
    Ok(verification.median())
}

fn all<'a>(full: &'a [SignedHeartbeat], other: &'a [SignedHeartbeat], genesis: khala_primitives::H256) -> Vec<Kind<'a>> {
    let mut all = kinds::transfers(genesis);
    all.extend(kinds::invalid(full));
    all.extend(kinds::copied(full, other));
    all
}

/// Floods a node whose chain does not go on meanwhile, so that what is live stays live. The kinds in order.
fn on_node(
    wasm: &Wasm,
    program: &Path,
    data: &Path,
    sessions: u32,
    count: u32,
    measured: &mut BTreeMap<&'static str, Measured>,
) -> Result<Vec<&'static str>> {
    let scene = Scene::genesis(wasm.code(), sessions, sessions)?;
    let chain = data.join("chain.json");
    node::write_chain_spec(&scene, &chain)?;
    let author = Node::author(program, data, &chain)?;
    let mut follower = Node::follower(program, data, &chain, "follower", &author)?;
    let mut rpc = follower.connect()?;
    follower.wait("blocks", |_| Ok((rpc.best()?.0 >= BLOCKS).then_some(())))?;
    author.freeze()?;

    let answers = live::answers(&mut rpc, &scene.workers)?;
    ensure!(
        answers.len() >= 4 * BATCH,
        "only {} workers were asked: more sessions are needed",
        answers.len()
    );
    let batches: Vec<_> = answers.chunks(BATCH).collect();
    nobody_stands_in_the_way(&mut rpc, batches[2])?;
    // What is copied is in the pool, as it is when it was heard of from a peer.
    for batch in &batches[..2] {
        accepted(rpc.submit(&transactions::heartbeats(batch))?)?;
    }
    let before = pending(&mut rpc)?;

    let idle = {
        let started = (follower.processor_secs()?, Instant::now());
        thread::sleep(IDLE);
        (follower.processor_secs()? - started.0) / started.1.elapsed().as_secs_f64()
    };
    let genesis = rpc.block_hash(0)?;
    let mut order = Vec::new();
    // Invalid batches are made of one that the pool does not have.
    let mut kinds = kinds::transfers(genesis);
    kinds.extend(kinds::invalid(batches[3]));
    kinds.extend(kinds::copied(batches[0], batches[1]));
    for kind in kinds {
        eprintln!("{}", kind.name);
        let entry = measured.entry(kind.name).or_default();
        let started = (follower.processor_secs()?, Instant::now());
        for number in 0..count {
            let words = match rpc.submit(&kind.make(number))? {
                Ok(()) => "accepted".into(),
                Err(Refusal { code, words }) => format!("{code} {words}"),
            };
            *entry.answers.entry(words).or_default() += 1;
        }
        let own = idle * started.1.elapsed().as_secs_f64();
        entry.processor_secs = (follower.processor_secs()? - started.0 - own).max(0.0) / f64::from(count);
        order.push(kind.name);
    }
    ensure!(pending(&mut rpc)? == before, "the floods changed what is in the pool");
    println!("After the floods the pool has what it had before, {} batches.\n", before.len());
    Ok(order)
}

/// A full batch takes the place of parts of it that were there before, and no part takes its place.
fn nobody_stands_in_the_way(rpc: &mut Connection, full: &[SignedHeartbeat]) -> Result<()> {
    let whole = transactions::heartbeats(full);
    let (part, rest) = full.split_at(BATCH - 1);
    let part = transactions::heartbeats(part);
    accepted(rpc.submit(&part)?)?;
    accepted(rpc.submit(&whole)?).context("a part of a batch blocks the batch")?;
    ensure!(rpc.submit(&part)?.is_err(), "a part is taken after the batch");
    ensure!(
        rpc.submit(&transactions::heartbeats(rest))?.is_err(),
        "a single entry is taken after the batch"
    );
    let pool = pending(rpc)?;
    ensure!(
        pool.contains(&whole) && !pool.contains(&part),
        "the part is in the pool, or the batch is not"
    );
    println!("A batch pushed 63 of its entries out of the pool; neither they nor one of them came back.");
    Ok(())
}

fn accepted(answer: Result<(), Refusal>) -> Result<()> {
    answer.map_err(|refusal| anyhow::anyhow!("a batch is refused: {refusal:?}"))
}

/// The transactions that could be in the next block.
fn pending(rpc: &mut Connection) -> Result<BTreeSet<Vec<u8>>> {
    let list = rpc.call("author_pendingExtrinsics", json!([]))?;
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(|text| Ok(hex::decode(text.trim_start_matches("0x"))?)).collect()
}
