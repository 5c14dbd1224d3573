//! The process: one task follows the chain, the others answer requests.

use crate::{
    chain::{Block, Follower, WAITING},
    health::Health,
    model::{ChainFacts, Key},
    store::{Store, StoreError},
};
use anyhow::Context;
use khala_client::{Chain, ClientError};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc;

/// First and longest wait before a node is tried again.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(15));
/// Blocks that are written in one transaction.
const BATCH: usize = 512;

/// Follows the chain for ever, or up to the block `until`. Connections that are lost are made anew.
///
/// # Errors
/// Something that trying again does not change: the database is of another chain, or cannot be written.
pub async fn follow(node: &str, mut store: Store, until: Option<u32>, health: &Arc<Health>) -> anyhow::Result<()> {
    let sample_secs = health.sample_secs();
    let mut wait = WAITS.0;
    loop {
        let chain = match Chain::connect(node).await {
            Ok(chain) => chain,
            Err(error) => {
                pause(&mut wait, health, &error).await;
                continue;
            }
        };
        let facts = match facts(&chain).await {
            Ok(facts) => facts,
            Err(error) => {
                pause(&mut wait, health, &error).await;
                continue;
            }
        };
        store.bind(facts.genesis_hash)?;
        let trail = store.trail()?;
        health.connected(facts);
        tracing::info!("connected to {node}; the newest indexed block is {}", trail.block);
        let before = trail.block;
        let (blocks, waiting) = mpsc::channel(WAITING);
        let writer = {
            let health = health.clone();
            tokio::task::spawn_blocking(move || write(store, waiting, &health))
        };
        let followed = Follower::new(chain, sample_secs, until).follow(trail, &blocks, health).await;
        // The writer ends when it has written what it got.
        drop(blocks);
        let (back, written) = writer.await.context("the writer of the database broke")?;
        written?;
        store = back;
        let error = match followed {
            Ok(()) => return Ok(()),
            Err(error) if error.is_final() => return Err(error.into()),
            Err(error) => error,
        };
        if store.trail()?.block > before {
            wait = WAITS.0;
        }
        pause(&mut wait, health, &error).await;
    }
}

/// What the node says of its chain.
async fn facts(chain: &Chain) -> Result<ChainFacts, ClientError> {
    let said = chain.properties().await?;
    Ok(ChainFacts {
        name: said.name,
        genesis_hash: Key(chain.genesis_hash().0),
        token_symbol: said.token_symbol,
        token_decimals: said.token_decimals,
        ss58_prefix: said.ss58_prefix,
    })
}

/// Takes blocks until the channel is closed, many at a time.
fn write(mut store: Store, mut waiting: mpsc::Receiver<Block>, health: &Health) -> (Store, Result<(), StoreError>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
        if let Err(error) = store.apply(&batch) {
            return (store, Err(error));
        }
        if let Some(newest) = batch.last() {
            health.indexed(newest.number, newest.time_ms);
        }
        batch.clear();
    }
    (store, Ok(()))
}

async fn pause(wait: &mut Duration, health: &Health, error: &dyn std::fmt::Display) {
    tracing::warn!("{error}; trying again in {:.1} s", wait.as_secs_f64());
    health.failed(error.to_string());
    tokio::time::sleep(*wait).await;
    *wait = wait.saturating_mul(2).min(WAITS.1);
}
