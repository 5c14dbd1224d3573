//! A worker goes to another operator: with the permission of the one it has, and never twice by one permission.
//!
//! The operator signs an [`khala_primitives::OperatorChange`] with the number of changes so far. The number is sealed with
//! the operator, so a permission that was used, or given before another change, means nothing any more. Whoever puts an
//! old sealed state back makes the worker believe in an old operator; that gains nothing, as the chain has the new one
//! and the number, too, and refuses what such a worker says of itself until the change is made again.

use super::{state::Identity, Enclave, EnclaveError, State};
use crate::{api::WorkerOperator, seal};
use khala_primitives::{AccountId32, OperatorSignature};
use sp_core::{sr25519, Pair};

/// Numbers tried beside the right one, before and after it, to tell a used or early permission from a wrong one.
const NUMBERS_NEARBY: u32 = 16;

/// A change of the operator that is not stored yet. See [`Enclave::prepare_operator_change`].
pub struct OperatorDraft {
    operator: AccountId32,
    /// Changes with this one.
    changes: u32,
    sealed: Vec<u8>,
}

impl OperatorDraft {
    /// The sealed file to store.
    pub fn sealed(&self) -> &[u8] {
        &self.sealed
    }
}

impl Enclave {
    /// Checks the permission of the worker's operator to hand it over to `operator`. The caller stores
    /// [`OperatorDraft::sealed`] in place of everything that was stored before, then calls
    /// [`Enclave::commit_operator_change`]. `None`: it is the worker's operator already, as when a caller asks again
    /// because it has not heard the answer; the signature is not looked at then.
    pub fn prepare_operator_change(
        &self,
        operator: &AccountId32,
        signature: &OperatorSignature,
    ) -> Result<Option<OperatorDraft>, EnclaveError> {
        let identity = self.identity()?;
        if identity.operator == *operator {
            return Ok(None);
        }
        check_permission(identity, operator, signature)?;
        let changes = identity.operator_changes.checked_add(1).ok_or(EnclaveError::OperatorChanges)?;
        let sealed = seal::file::write(&*self.tee, &identity.to_secret_of(operator, changes))?;
        Ok(Some(OperatorDraft {
            operator: operator.clone(),
            changes,
            sealed,
        }))
    }

    /// Takes up a stored change. Of two drafts from the same state the first one counts.
    pub fn commit_operator_change(&mut self, draft: OperatorDraft) {
        if let State::Initialised(identity) = &mut self.state {
            if identity.operator_changes.checked_add(1) == Some(draft.changes) {
                identity.operator = draft.operator;
                identity.operator_changes = draft.changes;
            }
        }
    }

    /// The worker's operator.
    pub fn operator(&self) -> Result<WorkerOperator, EnclaveError> {
        let identity = self.identity()?;
        Ok(WorkerOperator {
            worker: identity.keys.identity_key(),
            operator: identity.operator.clone(),
            changes: identity.operator_changes,
        })
    }
}

fn check_permission(identity: &Identity, operator: &AccountId32, signature: &OperatorSignature) -> Result<(), EnclaveError> {
    let next = identity.operator_changes;
    if is_signed(identity, operator, next, signature) {
        return Ok(());
    }
    let nearby = next.saturating_sub(NUMBERS_NEARBY)..=next.saturating_add(NUMBERS_NEARBY);
    match nearby.into_iter().find(|change| is_signed(identity, operator, *change, signature)) {
        Some(signed) => Err(EnclaveError::OperatorChangeNumber { signed, next }),
        None => Err(EnclaveError::OperatorSignature {
            worker: identity.keys.identity_key(),
            operator: identity.operator.clone(),
            asked: operator.clone(),
            next,
        }),
    }
}

/// Did the operator sign this change, plainly or in a wallet?
fn is_signed(identity: &Identity, operator: &AccountId32, change: u32, signature: &OperatorSignature) -> bool {
    let change = identity.change_to(operator, change);
    let public = sr25519::Public::from_raw(*identity.operator.as_ref());
    let signature = sr25519::Signature::from_raw(signature.0);
    [
        change.message(&identity.genesis_hash),
        change.wrapped_message(&identity.genesis_hash),
    ]
    .iter()
    .any(|message| sr25519::Pair::verify(&signature, message, &public))
}

#[cfg(test)]
#[path = "operator_tests.rs"]
mod tests;
