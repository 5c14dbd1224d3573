//! A block of more than 5,000 heartbeats, imported by a node that did not make it.

use crate::{
    live,
    node::{self, Node},
    scene::Scene,
    signatures,
    stats::Series,
    wasm::Wasm,
};
use anyhow::{ensure, Context, Result};
use std::path::Path;

/// Blocks whose challenges are held back until they are answered together.
const HELD_BACK: u32 = 17;
/// Blocks within which the answers must be included.
const PATIENCE: u32 = 3;
const SUM: &str = "substrate_block_verification_and_import_time_sum";
const COUNT: &str = "substrate_block_verification_and_import_time_count";

/// The block's import as the follower's metrics tell it.
struct Import {
    block: u32,
    secs: f64,
}

/// Runs the two nodes and prints what the block of most heartbeats cost.
pub fn run(wasm: &Wasm, program: &Path, data: &Path, sessions: u32, wanted: usize) -> Result<()> {
    eprintln!("making a chain of {sessions} sessions");
    let scene = Scene::genesis(wasm.code(), sessions, sessions)?;
    let chain = data.join("chain.json");
    node::write_chain_spec(&scene, &chain)?;
    let author = Node::author(program, data, &chain)?;
    let mut follower = Node::follower(program, data, &chain, &author)?;
    let mut rpc = author.connect()?;
    eprintln!("holding answers back for {HELD_BACK} blocks of 6 s");
    follower.wait("blocks", |node| Ok((imported(node)?.0 >= HELD_BACK).then_some(())))?;

    let answers = live::answers(&mut rpc, &scene.workers)?;
    ensure!(
        answers.len() >= wanted,
        "only {} workers were asked: {wanted} heartbeats need more sessions",
        answers.len()
    );
    let batches = live::batches(&answers);
    let sent_after = rpc.best()?.0;
    for batch in &batches {
        rpc.submit(batch)?
            .map_err(|refusal| anyhow::anyhow!("a batch is refused: {refusal:?}"))?;
    }
    let sent_before = rpc.best()?.0;
    let imports = watch(&mut follower, sent_after + PATIENCE)?;

    let genesis = rpc.block_hash(0)?;
    let mut verification = Series::default();
    for _ in 0..9 {
        verification.add(signatures::verify(&answers, &genesis)?, answers.len());
    }
    println!(
        "{} heartbeats in {} batches, sent between blocks {sent_after} and {sent_before}; one sr25519 verification {:.1} us\n",
        answers.len(),
        batches.len(),
        verification.median() / 1e3
    );
    println!("| block | heartbeats | bytes | weight, of the block's limit | import, ms | us a heartbeat | in verifications |");
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    let mut most = 0;
    for Import { block, secs } in imports {
        let outcome = live::outcome(&mut rpc, block)?;
        let each = secs * 1e9 / outcome.heartbeats.max(1) as f64;
        println!(
            "| {block} | {} | {} | {:.1} % | {:.1} | {:.1} | {:.2} |",
            outcome.heartbeats,
            outcome.bytes,
            outcome.weight * 100.0,
            secs * 1e3,
            each / 1e3,
            each / verification.median()
        );
        most = most.max(outcome.heartbeats);
    }
    ensure!(most >= wanted, "no block has {wanted} heartbeats, the largest has {most}");
    Ok(())
}

/// Follows the imports until a block; those that the metrics tell apart.
fn watch(follower: &mut Node, until: u32) -> Result<Vec<Import>> {
    let (mut blocks, mut secs) = imported(follower)?;
    let mut imports = Vec::new();
    follower.wait("the answers are included", |node| {
        let (blocks_now, secs_now) = imported(node)?;
        if blocks_now == blocks + 1 {
            imports.push(Import {
                block: blocks_now,
                secs: secs_now - secs,
            });
        }
        (blocks, secs) = (blocks_now, secs_now);
        Ok((blocks >= until).then_some(()))
    })?;
    ensure!(!imports.is_empty(), "the follower's metrics tell no block apart");
    Ok(imports)
}

/// Blocks that the node has imported from others since genesis, and the time that took, in seconds.
fn imported(node: &Node) -> Result<(u32, f64)> {
    let secs = node.metric(SUM).context("the follower tells no metrics")?;
    Ok((node.metric(COUNT)? as u32, secs))
}
