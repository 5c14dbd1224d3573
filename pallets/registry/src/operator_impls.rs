//! Giving a worker to another operator.

use crate::{registration_impls::refusal_of_call, Config, Error, Event, HoldReason, OnWorkerChange, Pallet, Params, Workers};
use frame_support::{
    ensure,
    traits::{fungible::MutateHold, tokens::Precision},
};
use khala_primitives::{AccountId32, Evidence, OperatorChange, OperatorSignature, WorkerInfo};
use sp_core::sr25519;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_change_operator(
        who: &AccountId32,
        info: WorkerInfo,
        evidence: &Evidence,
        signature: &OperatorSignature,
    ) -> DispatchResult {
        Self::check_registrar(who, &info.operator)?;
        let worker = info.identity_key;
        let mut stored = Workers::<T>::get(worker).ok_or(Error::<T>::UnknownWorker)?;
        let (from, to) = (stored.info.operator.clone(), info.operator.clone());
        ensure!(from != to, Error::<T>::SameOperator);
        ensure!(T::OnChange::can_retire(&worker), Error::<T>::WorkerInUse);
        let change = OperatorChange {
            worker,
            operator: to.clone(),
            change: stored.operator_changes,
        };
        ensure!(Self::has_permitted(&from, &change, signature), Error::<T>::InvalidPermission);

        let parameters = Params::<T>::get();
        Self::check_info(&info, parameters.freshness_blocks)?;
        stored.info.operator = to.clone();
        Self::check_same_worker(&stored.info, &info)?;
        let now_ms = Self::now_ms();
        let verdict = Self::verify_again(&stored, &info, evidence, now_ms).map_err(refusal_of_call::<T>)?;
        let reason = HoldReason::WorkerDeposit.into();
        T::Currency::release(&reason, &from, stored.deposit, Precision::Exact)?;
        T::Currency::hold(&reason, &to, parameters.worker_deposit).map_err(|_| Error::<T>::DepositUnaffordable)?;
        T::OnChange::on_retired(&worker);
        stored.deposit = parameters.worker_deposit;
        stored.operator_changes = stored.operator_changes.saturating_add(1);
        Self::deposit_event(Event::OperatorChanged { worker, from, to });
        Self::renew(stored, info, verdict, &parameters, now_ms);
        Ok(())
    }

    /// Has the old operator signed it, as it is or as wallets sign it?
    fn has_permitted(operator: &AccountId32, change: &OperatorChange, signature: &OperatorSignature) -> bool {
        let genesis = Self::genesis_hash();
        let key = sr25519::Public::from_raw(operator.clone().into());
        let signature = sr25519::Signature::from_raw(signature.0);
        [change.message(&genesis), change.wrapped_message(&genesis)]
            .iter()
            .any(|message| sp_io::crypto::sr25519_verify(&signature, message, &key))
    }
}
