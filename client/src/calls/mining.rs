//! Heartbeats and offline reports. Authorised: send them with [`crate::Chain::submit_general`].

use crate::Call;
use khala_primitives::{BlockNumber, SignedHeartbeat, WorkerPublicKey};

/// Heartbeats of at most [`khala_primitives::MAX_BATCH`] different workers.
pub fn heartbeat(batch: &[SignedHeartbeat]) -> Call {
    Call::new("Mining", "heartbeat", (batch,))
}

/// Reports that a worker did not answer the challenge of `block`.
pub fn report_offline(worker: WorkerPublicKey, block: BlockNumber) -> Call {
    Call::new("Mining", "report_offline", (worker, block))
}
