//! Heartbeats and offline reports, which are authorised: send them with [`crate::Chain::submit_general`]. Maintenance, which the
//! worker's operator signs.

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

/// Pauses a mining worker: it earns nothing and cannot be reported. Signed by its operator; not while a challenge is open.
pub fn pause(worker: WorkerPublicKey) -> Call {
    Call::new("Mining", "pause", (worker,))
}

/// Ends a worker's maintenance: its next sign of life brings it back. Signed by its operator.
pub fn resume(worker: WorkerPublicKey) -> Call {
    Call::new("Mining", "resume", (worker,))
}
