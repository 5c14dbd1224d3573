//! What the calls without a fee have in common: a worker's signature as the proof.

use khala_primitives::{WorkerPublicKey, WorkerSignature};
use sp_core::sr25519;
use sp_runtime::transaction_validity::TransactionPriority;

/// That of one heartbeat: before what is paid for by fees, behind batches of heartbeats.
pub(crate) const PRIORITY: TransactionPriority = 1 << 57;

/// Has the worker signed this message with its IdentityKey?
pub(crate) fn is_signed_by(worker: &WorkerPublicKey, message: &[u8], signature: &WorkerSignature) -> bool {
    sp_io::crypto::sr25519_verify(
        &sr25519::Signature::from_raw(signature.0),
        message,
        &sr25519::Public::from_raw(worker.0),
    )
}
