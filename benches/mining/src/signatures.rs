//! The unit of all tables: one bare sr25519 verification.

use crate::clock::Stopwatch;
use anyhow::{ensure, Result};
use khala_primitives::{SignedHeartbeat, H256};
use sp_core::{sr25519, Pair};
use std::time::Duration;

/// Verifies the signatures of heartbeats, as the host function does it for the runtime; the time of all.
pub fn verify(heartbeats: &[SignedHeartbeat], genesis_hash: &H256) -> Result<Duration> {
    let signed: Vec<_> = heartbeats
        .iter()
        .map(|entry| {
            let key = sr25519::Public::from_raw(entry.heartbeat.worker.0);
            (
                sr25519::Signature::from_raw(entry.signature.0),
                entry.heartbeat.message(genesis_hash),
                key,
            )
        })
        .collect();
    let started = Stopwatch::start();
    let valid = signed
        .iter()
        .all(|(signature, message, key)| sr25519::Pair::verify(signature, message, key));
    let time = started.elapsed();
    ensure!(valid, "a heartbeat is signed by somebody else");
    Ok(time)
}
