//! What a node's chain asks the workers, what they answer, and what became of it.

use crate::{rpc::Connection, transactions, worker::Worker};
use anyhow::{Context, Result};
use frame_system::EventRecord;
use khala_pallet_mining::{Event, MiningParameters, Ring};
use khala_primitives::{Challenge, SignedHeartbeat, MAX_BATCH};
use khala_runtime::{config::system::RuntimeBlockWeights, Hash, Runtime, RuntimeEvent};
use serde_json::{json, Value};
use sp_io::hashing::twox_128;

/// Blocks that an answer may take until it is included.
const SPARE: u32 = 3;

/// The answers to all challenges that can still be answered, the newest one of each worker.
pub fn answers(rpc: &mut Connection, workers: &[Worker]) -> Result<Vec<SignedHeartbeat>> {
    let parameters = MiningParameters::khala();
    let (best, head) = rpc.best()?;
    let genesis = rpc.block_hash(0)?;
    let oldest = (best + SPARE).saturating_sub(parameters.heartbeat_window).max(1);
    let mut challenges = Vec::new();
    for block in (oldest..=best).rev() {
        let key = Ring::<Runtime>::hashed_key_for(block % parameters.ring_length());
        let challenge: Option<Challenge> = rpc.storage(&key, head)?;
        challenges.extend(challenge.filter(|challenge| challenge.block == block));
    }
    Ok(workers
        .iter()
        .filter_map(|worker| {
            let key = worker.key();
            let challenge = challenges.iter().find(|challenge| challenge.hits(&key))?;
            Some(worker.heartbeat(challenge.block, challenge.seed, &genesis))
        })
        .collect())
}

/// As transactions of full batches.
pub fn batches(answers: &[SignedHeartbeat]) -> Vec<Vec<u8>> {
    answers.chunks(MAX_BATCH as usize).map(transactions::heartbeats).collect()
}

/// What a block of the chain did.
pub struct Outcome {
    /// Bytes of its transactions.
    pub bytes: usize,
    /// Heartbeats that were paid or ended an absence.
    pub heartbeats: usize,
    /// Weight that it used, of all that it may use.
    pub weight: f64,
}

/// Reads what a block did.
pub fn outcome(rpc: &mut Connection, number: u32) -> Result<Outcome> {
    let hash = rpc.block_hash(number)?;
    let block = rpc.call("chain_getBlock", json!([hash]))?;
    let transactions = block["block"]["extrinsics"]
        .as_array()
        .context("the node does not have the block's body")?;
    // Two digits for a byte, behind 0x.
    let bytes = transactions.iter().filter_map(Value::as_str).map(|text| text.len() / 2 - 1).sum();
    let key = [twox_128(b"System"), twox_128(b"Events")].concat();
    let events: Vec<EventRecord<RuntimeEvent, Hash>> = rpc.storage(&key, hash)?.unwrap_or_default();
    let accepted = events.iter().map(|record| match &record.event {
        RuntimeEvent::Mining(Event::Settled { payments }) => payments.len(),
        RuntimeEvent::Mining(Event::Recovered { .. }) => 1,
        _ => 0,
    });
    let used: frame_system::ConsumedWeight = rpc
        .storage(&frame_system::BlockWeight::<Runtime>::hashed_key(), hash)?
        .unwrap_or_default();
    let most = RuntimeBlockWeights::get().max_block;
    Ok(Outcome {
        bytes,
        heartbeats: accepted.sum(),
        weight: used.total().ref_time() as f64 / most.ref_time() as f64,
    })
}
