//! Handing a worker over to another operator.

use super::mock::*;
use crate::{Error, Event, Params, Refusals, Renewals, WorkerDirectory, WorkerState};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, Pays},
    traits::fungible::{Inspect, Mutate},
};
use khala_pallet_attestation::Error as AttestationError;
use khala_primitives::{
    AccountId32, EcdhPublicKey, Evidence, Freshness, Instance, OperatorChange, OperatorSignature, WorkerInfo, WorkerSignature, H256, PHA,
};
use sp_core::{sr25519, Pair};
use sp_runtime::DispatchError;

/// The worker of [`operator`], which can be handed over from this block on.
fn worker() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    pass_secs(10);
    Listener::take();
    worker
}

fn change(worker: &Worker, to: AccountId32, number: u32) -> OperatorChange {
    OperatorChange {
        worker: worker.key(),
        operator: to,
        change: number,
    }
}

fn sign(pair: &sr25519::Pair, change: &OperatorChange) -> OperatorSignature {
    OperatorSignature(pair.sign(&change.message(&System::block_hash(0))).0)
}

/// The permission of [`operator`] for the first change.
fn permission(worker: &Worker) -> OperatorSignature {
    sign(&operator_pair(), &change(worker, other_operator(), 0))
}

/// What the worker says of itself when it has taken over another operator.
fn info_of(worker: &Worker, operator: AccountId32) -> WorkerInfo {
    WorkerInfo { operator, ..worker.info() }
}

fn hand_over(worker: &Worker, info: WorkerInfo, signature: OperatorSignature) -> DispatchResultWithPostInfo {
    let evidence = worker.evidence(&info);
    let who = info.operator.clone();
    Registry::change_operator(RuntimeOrigin::signed(who), info, evidence, signature)
}

/// To [`other_operator`], with the permission that [`operator`] gives.
fn hand_over_as(worker: &Worker, info: WorkerInfo) -> DispatchResultWithPostInfo {
    hand_over(worker, info, permission(worker))
}

#[test]
fn a_worker_goes_to_another_operator_with_its_deposit_and_its_score() {
    on_chain(|| {
        let worker = worker();
        answer_benchmark_with(&worker, 1_000);
        let measured = Registry::facts(&worker.key()).unwrap();
        assert_eq!(Listener::take(), [Heard::Judged(worker.key(), measured)]);
        Params::<Test>::mutate(|parameters| parameters.worker_deposit = 3 * PHA);
        go_to_block(System::block_number() + 1);
        let before = worker.state();
        let info = info_of(&worker, other_operator());
        let done = hand_over_as(&worker, info.clone()).unwrap();
        assert_eq!(done.pays_fee, Pays::No);

        let after = worker.state();
        let lease_end_secs = now_secs() + PARAMETERS.lease_secs;
        let expected = WorkerState {
            info,
            lease_end_secs,
            renewed_at: System::block_number(),
            deposit: 3 * PHA,
            operator_changes: 1,
            verdict: after.verdict.clone(),
            ..before
        };
        assert_eq!(after, expected);
        assert_eq!((deposit_held(), Balances::balance(&operator())), (0, 100 * PHA));
        let theirs = (deposit_held_from(&other_operator()), Balances::balance(&other_operator()));
        assert_eq!(theirs, (3 * PHA, 97 * PHA));
        let changed = Event::OperatorChanged {
            worker: worker.key(),
            from: operator(),
            to: other_operator(),
        };
        let renewed = Event::WorkerRenewed {
            worker: worker.key(),
            instance: after.info.instance,
            level: after.verdict.level,
            lease_end_secs,
        };
        assert_eq!(events(), [changed, renewed]);
        let facts = Registry::facts(&worker.key()).unwrap();
        assert_eq!(facts.operator, other_operator());
        assert_eq!(
            Listener::take(),
            [Heard::Retired(worker.key()), Heard::Registered(worker.key(), facts)]
        );
        assert_eq!(Registry::registration_status(&worker.key()).unwrap().operator_changes, 1);
    });
}

#[test]
fn the_permission_may_be_signed_as_wallets_do() {
    on_chain(|| {
        let worker = worker();
        let change = change(&worker, other_operator(), 0);
        let wrapped = change.wrapped_message(&System::block_hash(0));
        let signature = OperatorSignature(operator_pair().sign(&wrapped).0);
        assert_ok!(hand_over(&worker, info_of(&worker, other_operator()), signature));
    });
}

#[test]
fn only_the_old_operator_permits_this_worker_to_this_operator_on_this_chain() {
    on_chain(|| {
        let worker = worker();
        let good = change(&worker, other_operator(), 0);
        let genesis = System::block_hash(0);
        let mut flipped = permission(&worker);
        flipped.0[0] ^= 1;
        let twice_wrapped = [b"<Bytes>".as_slice(), &good.wrapped_message(&genesis), b"</Bytes>"].concat();
        for signature in [
            OperatorSignature([0; 64]),
            flipped,
            sign(&other_operator_pair(), &good),
            OperatorSignature(worker.pair.sign(&good.message(&genesis)).0),
            sign(&operator_pair(), &change(&worker, other_operator(), 1)),
            sign(&operator_pair(), &change(&worker, other_operator(), u32::MAX)),
            sign(&operator_pair(), &change(&worker, stranger(), 0)),
            sign(&operator_pair(), &change(&Worker::new("Another"), other_operator(), 0)),
            OperatorSignature(operator_pair().sign(&good.message(&H256::repeat_byte(1))).0),
            OperatorSignature(operator_pair().sign(&twice_wrapped).0),
        ] {
            let info = info_of(&worker, other_operator());
            assert_noop!(hand_over(&worker, info, signature), Error::<Test>::InvalidPermission);
        }
        assert_ok!(hand_over_as(&worker, info_of(&worker, other_operator())));
    });
}

#[test]
fn each_permission_counts_once() {
    on_chain(|| {
        let worker = worker();
        let there = permission(&worker);
        assert_ok!(hand_over(&worker, info_of(&worker, other_operator()), there));
        go_to_block(System::block_number() + 1);
        let stale = sign(&other_operator_pair(), &change(&worker, operator(), 0));
        assert_noop!(
            hand_over(&worker, info_of(&worker, operator()), stale),
            Error::<Test>::InvalidPermission
        );
        let back = sign(&other_operator_pair(), &change(&worker, operator(), 1));
        assert_ok!(hand_over(&worker, info_of(&worker, operator()), back));
        assert_eq!((deposit_held(), deposit_held_from(&other_operator())), (PHA, 0));

        // The first permission is for the same change of operators, but was used.
        go_to_block(System::block_number() + 1);
        let info = info_of(&worker, other_operator());
        assert_noop!(hand_over(&worker, info.clone(), there), Error::<Test>::InvalidPermission);
        let again = sign(&operator_pair(), &change(&worker, other_operator(), 2));
        assert_ok!(hand_over(&worker, info, again));
        assert_eq!(worker.state().operator_changes, 3);
    });
}

#[test]
fn the_new_operator_takes_it_itself_or_by_its_registrar() {
    on_chain(|| {
        let worker = worker();
        let info = info_of(&worker, other_operator());
        let take = |who: AccountId32| {
            Registry::change_operator(
                RuntimeOrigin::signed(who),
                info.clone(),
                worker.evidence(&info),
                permission(&worker),
            )
        };
        assert_ok!(Registry::set_registrar(RuntimeOrigin::signed(operator()), Some(registrar())));
        for who in [operator(), registrar(), stranger()] {
            assert_noop!(take(who), Error::<Test>::NotOperatorOrRegistrar);
        }
        let named = Registry::set_registrar(RuntimeOrigin::signed(other_operator()), Some(registrar()));
        assert_ok!(named);
        assert_ok!(take(registrar()));
        assert_eq!(deposit_held_from(&other_operator()), PHA);
        assert_noop!(
            Registry::change_operator(RuntimeOrigin::root(), info.clone(), worker.evidence(&info), permission(&worker)),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn the_old_operator_has_no_say_any_more() {
    on_chain(|| {
        let worker = worker();
        assert_ok!(hand_over_as(&worker, info_of(&worker, other_operator())));
        assert_noop!(
            Registry::retire_worker(RuntimeOrigin::signed(operator()), worker.key()),
            Error::<Test>::NotOperator
        );
        go_to_block(System::block_number() + 1);
        let (info, evidence) = (worker.info(), worker.evidence(&worker.info()));
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            Error::<Test>::OperatorDiffers
        );
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(other_operator()), worker.key()));
    });
}

#[test]
fn a_worker_in_use_stays_with_its_operator() {
    on_chain(|| {
        let worker = worker();
        MayRetire::set(false);
        let info = info_of(&worker, other_operator());
        assert_noop!(hand_over_as(&worker, info.clone()), Error::<Test>::WorkerInUse);
        MayRetire::set(true);
        assert_ok!(hand_over_as(&worker, info));
    });
}

#[test]
fn a_worker_is_not_handed_over_to_the_operator_that_it_has() {
    on_chain(|| {
        let worker = worker();
        let signature = sign(&operator_pair(), &change(&worker, operator(), 0));
        let info = info_of(&worker, operator());
        assert_noop!(hand_over(&worker, info, signature), Error::<Test>::SameOperator);
    });
}

#[test]
fn an_unknown_worker_is_not_handed_over() {
    on_chain(|| {
        let unknown = Worker::new("Unknown");
        let info = info_of(&unknown, other_operator());
        assert_noop!(hand_over_as(&unknown, info), Error::<Test>::UnknownWorker);
    });
}

/// With `change` in what the worker says, the worker is not handed over; without it, it is.
fn refused(change: impl FnOnce(&mut WorkerInfo), error: Error<Test>) {
    on_chain(|| {
        let worker = worker();
        let mut info = info_of(&worker, other_operator());
        change(&mut info);
        assert_noop!(hand_over_as(&worker, info), error);
        assert_ok!(hand_over_as(&worker, info_of(&worker, other_operator())));
    });
}

#[test]
fn the_evidence_must_be_new_and_by_the_same_worker() {
    let named = |number| Freshness {
        number,
        hash: hash_of_block(number),
    };
    refused(|info| info.freshness = named(FIRST_BLOCK - 1), Error::EvidenceReplayed);
    refused(|info| info.freshness = named(u32::MAX), Error::FreshnessInFuture);
    refused(|info| info.ecdh_key = EcdhPublicKey([9; 32]), Error::EcdhKeyChanged);
    refused(|info| info.genesis_hash = H256::zero(), Error::ForeignGenesis);
    refused(|info| info.instance = Instance([0; 16]), Error::InvalidInstance);
}

#[test]
fn the_evidence_must_be_good_and_of_the_same_platform() {
    on_chain(|| {
        let worker = worker();
        let info = info_of(&worker, other_operator());
        let with = |evidence: Evidence| {
            let signed = RuntimeOrigin::signed(other_operator());
            Registry::change_operator(signed, info.clone(), evidence, permission(&worker))
        };
        // That of the old operator.
        let old = worker.evidence(&worker.info());
        assert_noop!(with(old), AttestationError::<Test>::InfoMismatch);
        let elsewhere = Worker::new("Another machine").evidence(&info);
        assert_noop!(with(elsewhere), Error::<Test>::PlatformChanged);
        assert_ok!(with(worker.evidence(&info)));
    });
}

#[test]
fn the_new_operator_must_afford_the_deposit() {
    for (balance, enough) in [
        (PHA + EXISTENTIAL_DEPOSIT - 1, false),
        (PHA + EXISTENTIAL_DEPOSIT, true),
        (PHA + EXISTENTIAL_DEPOSIT + 1, true),
    ] {
        on_chain(|| {
            let worker = worker();
            Balances::set_balance(&other_operator(), balance);
            let info = info_of(&worker, other_operator());
            if enough {
                assert_ok!(hand_over_as(&worker, info));
            } else {
                assert_noop!(hand_over_as(&worker, info), Error::<Test>::DepositUnaffordable);
                assert_eq!(deposit_held(), PHA);
            }
        });
    }
}

#[test]
fn other_workers_of_the_old_operator_keep_their_deposits() {
    on_chain(|| {
        let stays = Worker::new("Stays");
        assert_ok!(stays.register());
        let goes = worker();
        Params::<Test>::mutate(|parameters| parameters.worker_deposit = 2 * PHA);
        assert_ok!(hand_over_as(&goes, info_of(&goes, other_operator())));
        assert_eq!((deposit_held(), deposit_held_from(&other_operator())), (PHA, 2 * PHA));
    });
}

#[test]
fn handing_over_spends_no_renewal_and_takes_a_refusal_away() {
    on_chain(|| {
        let worker = worker();
        assert_ok!(renew_with(worker.info(), Evidence::Sgx { quote: vec![] }, WorkerSignature([0; 64])));
        let renewals: Renewals = worker.state().renewals;
        assert!(Refusals::<Test>::contains_key(worker.key()));
        assert_ok!(hand_over_as(&worker, info_of(&worker, other_operator())));
        assert_eq!(worker.state().renewals, renewals);
        assert!(!Refusals::<Test>::contains_key(worker.key()));
    });
}

#[test]
fn a_worker_with_another_key_counts_its_operators_from_the_beginning() {
    on_chain(|| {
        let old = worker();
        assert_ok!(hand_over_as(&old, info_of(&old, other_operator())));
        go_to_block(System::block_number() + 1);
        let new = Worker::on_platform("New", "Worker");
        let info = info_of(&new, other_operator());
        let evidence = new.evidence(&info);
        assert_ok!(Registry::rebind_worker(
            RuntimeOrigin::signed(other_operator()),
            old.key(),
            info,
            evidence
        ));
        // What its pRuntime has sealed, and so will take.
        assert_eq!(new.state().operator_changes, 0);
        go_to_block(System::block_number() + 1);
        let back = sign(&other_operator_pair(), &change(&new, operator(), 0));
        assert_ok!(hand_over(&new, info_of(&new, operator()), back));
    });
}

#[test]
fn a_worker_that_comes_back_counts_its_operators_on() {
    on_chain(|| {
        let worker = worker();
        assert_ok!(hand_over_as(&worker, info_of(&worker, other_operator())));
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(other_operator()), worker.key()));
        go_to_block(System::block_number() + 1);
        let info = info_of(&worker, other_operator());
        let evidence = worker.evidence(&info);
        assert_ok!(Registry::register_worker(RuntimeOrigin::signed(other_operator()), info, evidence));
        go_to_block(System::block_number() + 1);
        // The number that its pRuntime takes.
        let back = sign(&other_operator_pair(), &change(&worker, operator(), 1));
        assert_ok!(hand_over(&worker, info_of(&worker, operator()), back));
    });
}
