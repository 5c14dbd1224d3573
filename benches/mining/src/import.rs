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
use std::{ops::RangeInclusive, path::Path};

/// Blocks whose challenges are held back until they are answered together.
const HELD_BACK: u32 = 17;
/// Blocks within which the answers must be included.
const PATIENCE: u32 = 3;
const SUM: &str = "substrate_block_verification_and_import_time_sum";
const COUNT: &str = "substrate_block_verification_and_import_time_count";

/// The import of a block as a node's metrics tell it, or of some that followed each other too fast to be told apart.
struct Import {
    blocks: RangeInclusive<u32>,
    /// Until it was done, in seconds.
    wall_secs: f64,
    /// What the node's threads have worked since the import before, in seconds.
    processor_secs: f64,
}

/// Runs the nodes and prints what the block of most heartbeats cost.
pub fn run(wasm: &Wasm, program: &Path, data: &Path, sessions: u32, wanted: usize) -> Result<()> {
    eprintln!("making a chain of {sessions} sessions");
    let scene = Scene::genesis(wasm.code(), sessions, sessions)?;
    let chain = data.join("chain.json");
    node::write_chain_spec(&scene, &chain)?;
    let author = Node::author(program, data, &chain)?;
    let mut follower = Node::follower(program, data, &chain, "follower", &author)?;
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
    let last = rpc.best()?.0 + PATIENCE;
    for batch in &batches {
        rpc.submit(batch)?
            .map_err(|refusal| anyhow::anyhow!("a batch is refused: {refusal:?}"))?;
    }
    let heard = watch(&mut follower, last)?;
    drop(follower);
    // A node that comes later has never seen the batches: all that it does is import.
    let mut late = Node::follower(program, data, &chain, "late", &author)?;
    let read = watch(&mut late, last)?;

    let (mut largest, mut most) = (0, live::outcome(&mut rpc, last)?);
    for block in last.saturating_sub(PATIENCE)..=last {
        let outcome = live::outcome(&mut rpc, block)?;
        if outcome.heartbeats > most.heartbeats {
            (largest, most) = (block, outcome);
        }
    }
    let genesis = rpc.block_hash(0)?;
    let mut verification = Series::default();
    for _ in 0..9 {
        verification.add(signatures::verify(&answers, &genesis)?, answers.len());
    }
    println!(
        "{} heartbeats in {} batches were sent at once; block {largest} has {} of them in {} bytes, and {:.1} % of the weight that a block may \
         have.\nOne sr25519 verification takes {:.1} us.\n",
        answers.len(),
        batches.len(),
        most.heartbeats,
        most.bytes,
        most.weight * 100.0,
        verification.median() / 1e3
    );
    let of_largest = |imports: Vec<Import>| {
        let import = imports.into_iter().find(|import| import.blocks.contains(&largest));
        import.context("the node had imported the block before it was looked at: try again")
    };
    let (heard, read) = (of_largest(heard)?, of_largest(read)?);
    let each = read.processor_secs * 1e9 / most.heartbeats as f64;
    println!(
        "Import by a node that has heard the batches before: {:.0} ms.",
        heard.wall_secs * 1e3
    );
    println!(
        "Import by a node that comes later: {:.0} ms, of which its threads worked {:.0} ms: {:.1} us a heartbeat, {:.2} verifications; {} block(s).",
        read.wall_secs * 1e3,
        read.processor_secs * 1e3,
        each / 1e3,
        each / verification.median(),
        read.blocks.count()
    );
    ensure!(
        most.heartbeats >= wanted,
        "no block has {wanted} heartbeats, the largest has {}",
        most.heartbeats
    );
    Ok(())
}

/// Follows the imports until a block.
fn watch(node: &mut Node, until: u32) -> Result<Vec<Import>> {
    let look = |node: &Node| -> Result<_> {
        let (blocks, wall) = imported(node)?;
        Ok((blocks, wall, node.processor_secs()?))
    };
    let mut before = look(node)?;
    let mut imports = Vec::new();
    node.wait("the answers are included", |node| {
        let now = look(node)?;
        if now.0 != before.0 {
            imports.push(Import {
                blocks: before.0 + 1..=now.0,
                wall_secs: now.1 - before.1,
                processor_secs: now.2 - before.2,
            });
            before = now;
        }
        Ok((now.0 >= until).then_some(()))
    })?;
    Ok(imports)
}

/// Blocks that the node has imported from others since genesis, and the time that took, in seconds.
fn imported(node: &Node) -> Result<(u32, f64)> {
    let secs = node.metric(SUM).context("the follower tells no metrics")?;
    Ok((node.metric(COUNT)? as u32, secs))
}
