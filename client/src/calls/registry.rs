//! Registration of workers.

use crate::{Call, ClientError, Receipt};
use codec::Decode;
use khala_primitives::{AccountId32, BenchmarkResult, Evidence, OperatorSignature, WorkerInfo, WorkerPublicKey, WorkerSignature};

/// Registers a worker that the chain does not know. Signed by its operator or the operator's registrar; the fee comes back
/// on success. The collateral that the evidence is judged with must be on the chain, see [`super::attestation`].
pub fn register_worker(info: &WorkerInfo, evidence: &Evidence) -> Call {
    Call::new("Registry", "register_worker", (info, evidence))
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

/// Renews a worker's registration: for a new lease, or for a new run of it. Authorised, by the IdentityKey's signature over
/// [`khala_primitives::Renewal`]. It spends one of the worker's tokens, and succeeds even when the evidence is refused:
/// look with [`evidence_refused`].
pub fn renew_worker(info: &WorkerInfo, evidence: &Evidence, signature: &WorkerSignature) -> Call {
    Call::new("Registry", "renew_worker", (info, evidence, signature))
}

/// Judges what is known of a worker with the collateral and the policy of now. Signed by anybody.
pub fn reverify_worker(worker: WorkerPublicKey) -> Call {
    Call::new("Registry", "reverify_worker", (worker,))
}

/// Gives a worker without a session to another operator, with evidence that names this one and the old one's permission
/// ([`khala_primitives::OperatorChange`]). Signed by the new operator or its registrar.
pub fn change_operator(info: &WorkerInfo, evidence: &Evidence, signature: &OperatorSignature) -> Call {
    Call::new("Registry", "change_operator", (info, evidence, signature))
}

/// Puts a new worker in the place of `old`, whose key is lost. Signed by the operator or its registrar.
pub fn rebind_worker(old: WorkerPublicKey, info: &WorkerInfo, evidence: &Evidence) -> Call {
    Call::new("Registry", "rebind_worker", (old, info, evidence))
}

/// Removes a worker without a session whose lease ran out long ago. Signed by anybody.
pub fn remove_lapsed_worker(worker: WorkerPublicKey) -> Call {
    Call::new("Registry", "remove_lapsed_worker", (worker,))
}

/// Takes a worker out for good. Signed by its operator.
pub fn retire_worker(worker: WorkerPublicKey) -> Call {
    Call::new("Registry", "retire_worker", (worker,))
}

/// The chain's refusal of evidence in a call that succeeded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceRefused {
    /// Whose evidence it was.
    pub worker: WorkerPublicKey,
    /// Why, in SCALE as the runtime's event has it; in words it stands in the worker's status.
    pub why: Vec<u8>,
}

/// The refusal that a receipt of [`renew_worker`] tells of; `None` when the evidence was taken.
///
/// # Errors
/// [`ClientError::Decode`] when the event is there, but is none about a worker.
pub fn evidence_refused(receipt: &Receipt) -> Result<Option<EvidenceRefused>, ClientError> {
    let Some(event) = receipt.event("Registry", "EvidenceRefused") else {
        return Ok(None);
    };
    let mut rest = event.fields.as_slice();
    let worker = WorkerPublicKey::decode(&mut rest).map_err(|error| ClientError::decode("event Registry.EvidenceRefused", error))?;
    Ok(Some(EvidenceRefused {
        worker,
        why: rest.to_vec(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Event};
    use khala_primitives::H256;

    fn receipt(name: &str, fields: &[u8]) -> Receipt {
        let event = Event {
            pallet: "Registry".into(),
            name: name.into(),
            fields: fields.to_vec(),
        };
        let block = Block {
            number: 1,
            hash: H256::zero(),
            parent: H256::zero(),
        };
        Receipt {
            transaction: H256::zero(),
            block,
            index: 2,
            events: vec![event],
            fee: None,
        }
    }

    #[test]
    fn a_refusal_tells_whose_evidence_it_was() {
        let fields = [&[5; 32][..], &[1, 2]].concat();
        let refused = evidence_refused(&receipt("EvidenceRefused", &fields)).unwrap().unwrap();
        assert_eq!((refused.worker, refused.why), (WorkerPublicKey([5; 32]), vec![1, 2]));
    }

    #[test]
    fn other_events_are_none_and_a_short_one_is_an_error() {
        assert_eq!(evidence_refused(&receipt("WorkerRenewed", &[5; 40])).unwrap(), None);
        let error = evidence_refused(&receipt("EvidenceRefused", &[5; 31])).unwrap_err();
        assert!(error.to_string().contains("Registry.EvidenceRefused"), "{error}");
    }
}
