//! Registration of workers.

use crate::Call;
use khala_attestation::Collateral;
use khala_primitives::{AccountId32, BenchmarkResult, Evidence, WorkerInfo, WorkerPublicKey, WorkerSignature};

/// Registers a worker, or renews its registration. Signed by its operator or the operator's registrar; the fee comes
/// back on success.
pub fn register_worker(info: &WorkerInfo, evidence: &Evidence, collateral: &Collateral) -> Call {
    Call::new("Registry", "register_worker", (info, evidence, collateral))
}

/// Names the account that may register the operator's workers; `None` takes the right away. Signed by the operator.
pub fn set_registrar(registrar: Option<&AccountId32>) -> Call {
    Call::new("Registry", "set_registrar", (registrar,))
}

/// A worker's answer to the benchmark that the chain asked for. Authorised: send it with
/// [`crate::Chain::submit_general`].
pub fn benchmark_result(result: &BenchmarkResult, signature: &WorkerSignature) -> Call {
    Call::new("Registry", "benchmark_result", (result, signature))
}

/// Takes a worker out for good. Signed by its operator.
pub fn retire_worker(worker: WorkerPublicKey) -> Call {
    Call::new("Registry", "retire_worker", (worker,))
}
