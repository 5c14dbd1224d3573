//! `try_state` notices each way in which the storage may be wrong.

use super::mock::*;
use crate::{Params, PlatformLoad, Platforms, RefusalRecord, Refusals, Tombstones, WorkerState, Workers};
use frame_support::{
    assert_ok,
    traits::{
        fungible::{MutateHold, UnbalancedHold},
        tokens::Precision,
    },
};
use khala_pallet_attestation::Refusal;
use khala_primitives::{PlatformId, WorkerPublicKey, H256, PHA};

/// A good state, made wrong by `corrupt`, is noticed with `message`.
fn noticed(message: &str, corrupt: impl FnOnce(&Worker)) {
    new_test_ext().execute_with(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        assert_ok!(Registry::do_try_state());
        corrupt(&worker);
        assert_eq!(
            Registry::do_try_state(),
            Err(sp_runtime::DispatchError::Other(Box::leak(message.to_string().into_boxed_str())))
        );
    });
}

fn change(worker: &Worker, change: impl FnOnce(&mut WorkerState)) {
    Workers::<Test>::mutate(worker.key(), |state| change(state.as_mut().unwrap()));
}

#[test]
fn zero_parameters_are_noticed() {
    noticed("a period or limit is zero", |_| {
        Params::<Test>::mutate(|parameters| parameters.lease_secs = 0)
    });
}

#[test]
fn a_worker_under_another_key_is_noticed() {
    noticed("a worker is stored under another key", |worker| {
        let state = Workers::<Test>::take(worker.key()).unwrap();
        Workers::<Test>::insert(WorkerPublicKey([9; 32]), state);
    });
}

#[test]
fn a_worker_of_another_chain_is_noticed() {
    noticed("a worker is of another chain", |worker| {
        change(worker, |state| state.info.genesis_hash = H256::zero())
    });
}

#[test]
fn evidence_from_the_future_is_noticed() {
    noticed("evidence is newer than its registration", |worker| {
        change(worker, |state| state.info.freshness.number = FIRST_BLOCK)
    });
}

#[test]
fn a_registration_in_the_future_is_noticed() {
    noticed("a worker was registered in the future", |worker| {
        change(worker, |state| state.renewed_at = FIRST_BLOCK + 1)
    });
    noticed("a worker was registered in the future", |worker| {
        change(worker, |state| state.registered_at = FIRST_BLOCK + 1)
    });
}

#[test]
fn a_lease_beyond_its_evidence_is_noticed() {
    noticed("a lease outlives its evidence", |worker| {
        change(worker, |state| state.lease_end_secs = state.verdict.expires_at_secs + 1)
    });
}

#[test]
fn a_benchmark_of_another_registration_is_noticed() {
    noticed("a benchmark is of another registration", |worker| {
        change(worker, |state| state.benchmark.as_mut().unwrap().block -= 1);
    });
    noticed("a benchmark is of another registration", |worker| {
        change(worker, |state| state.benchmark.as_mut().unwrap().block += 1);
    });
}

#[test]
fn a_worker_with_neither_score_nor_benchmark_is_noticed() {
    noticed("a worker has no score and none is asked for", |worker| {
        change(worker, |state| state.benchmark = None)
    });
}

#[test]
fn a_wrong_number_of_workers_is_noticed() {
    noticed("the number of workers is wrong", |_| {
        let counter = frame_support::storage::storage_prefix(b"Registry", b"CounterForWorkers");
        frame_support::storage::unhashed::put(&counter, &2u32);
    });
}

#[test]
fn a_wrong_load_of_a_platform_is_noticed() {
    let message = "the loads of the platforms are not those of their workers";
    noticed(message, |worker| {
        Platforms::<Test>::mutate(worker.state().verdict.platform_id(), |load| load.workers += 1)
    });
    noticed(message, |worker| {
        Platforms::<Test>::mutate(worker.state().verdict.platform_id(), |load| load.score += 1)
    });
    noticed(message, |worker| Platforms::<Test>::remove(worker.state().verdict.platform_id()));
    noticed(message, |_| Platforms::<Test>::insert(PlatformId([9; 32]), PlatformLoad::default()));
}

#[test]
fn a_platform_with_too_much_score_is_noticed() {
    noticed("a platform has more score than it may", |worker| {
        let value = PARAMETERS.max_platform_score + 1;
        change(worker, |state| state.score = Some(crate::Score { value, asked_secs: 0 }));
        Platforms::<Test>::mutate(worker.state().verdict.platform_id(), |load| load.score = value);
    });
}

#[test]
fn a_deposit_that_is_not_held_is_noticed() {
    let message = "the deposit held from an operator is not that of its workers";
    let reason = crate::HoldReason::WorkerDeposit.into();
    noticed(message, |_| {
        Balances::release(&reason, &operator(), 1, Precision::Exact).unwrap();
    });
    noticed(message, |_| {
        Balances::set_balance_on_hold(&reason, &operator(), PHA + 1).unwrap();
    });
}

#[test]
fn more_renewals_than_can_be_saved_up_are_noticed() {
    noticed("a worker has more renewals than it can save up", |worker| {
        change(worker, |state| state.renewals.left = PARAMETERS.renewal_tokens + 1)
    });
}

#[test]
fn a_worker_with_a_key_that_was_given_up_is_noticed() {
    noticed("a worker has a key that was given up", |worker| {
        Tombstones::<Test>::insert(worker.key(), WorkerPublicKey([9; 32]));
    });
}

#[test]
fn a_refusal_of_nobody_is_noticed() {
    noticed("evidence of nobody was refused", |_| {
        let record = RefusalRecord {
            why: Refusal::OtherPlatform,
            block: FIRST_BLOCK,
        };
        Refusals::<Test>::insert(WorkerPublicKey([9; 32]), record);
    });
}
