//! Another key for a worker whose seal does not open any more, on the same machine.

use super::mock::*;
use crate::{Error, Event, PlatformLoad, Platforms, Refusals, Tombstones, WorkerDirectory, WorkerState, Workers};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, Pays},
};
use khala_pallet_attestation::Error as AttestationError;
use khala_primitives::{AccountId32, EcdhPublicKey, Evidence, Freshness, Instance, WorkerInfo, WorkerSignature, H256, PHA};
use sp_runtime::DispatchError;

/// Between two rebinds.
const LEAST: u64 = PARAMETERS.rebind_secs;

/// The same pRuntime on the same machine with a fresh key.
fn fresh(name: &str) -> Worker {
    Worker::on_platform(name, "Machine")
}

/// A worker with a score that can be rebound from this block on.
fn worker() -> Worker {
    let worker = fresh("Worker");
    assert_ok!(worker.register());
    answer_benchmark_with(&worker, 1_000);
    go_to_block(System::block_number() + 1);
    Listener::take();
    worker
}

fn rebind_as(old: &Worker, new: &Worker, info: WorkerInfo) -> DispatchResultWithPostInfo {
    let evidence = new.evidence(&info);
    Registry::rebind_worker(RuntimeOrigin::signed(operator()), old.key(), info, evidence)
}

fn rebind(old: &Worker, new: &Worker) -> DispatchResultWithPostInfo {
    rebind_as(old, new, new.info())
}

/// Allows other code, from the next notice on, and waits for it.
fn allow_code(worker: &Worker, code: u8) {
    let (_, measurement) = evidence_of_other_code(worker, &worker.info(), code);
    assert_ok!(Attestation::allow_measurement(RuntimeOrigin::root(), measurement, ALWAYS));
    pass_secs(ATTESTATION_PARAMETERS.loosening_delay_secs);
}

/// Rebinds to a pRuntime of other code.
fn rebind_to_code(old: &Worker, new: &Worker, code: u8) -> DispatchResultWithPostInfo {
    let info = new.info();
    let (evidence, _) = evidence_of_other_code(new, &info, code);
    Registry::rebind_worker(RuntimeOrigin::signed(operator()), old.key(), info, evidence)
}

#[test]
fn a_worker_gets_another_key_and_keeps_all_the_rest() {
    on_chain(|| {
        let (old, new) = (worker(), fresh("New"));
        assert_ok!(old.renew());
        go_to_block(System::block_number() + 1);
        assert_ok!(renew_with(old.info(), Evidence::Sgx { quote: vec![] }, WorkerSignature([0; 64])));
        System::reset_events();
        Listener::take();
        let before = old.state();
        let info = WorkerInfo {
            ecdh_key: EcdhPublicKey([7; 32]),
            instance: Instance([7; 16]),
            ..new.info()
        };
        assert_eq!(rebind_as(&old, &new, info.clone()).unwrap().pays_fee, Pays::No);

        let after = new.state();
        let lease_end_secs = now_secs() + PARAMETERS.lease_secs;
        let expected = WorkerState {
            info,
            lease_end_secs,
            renewed_at: System::block_number(),
            rebound_secs: now_secs(),
            verdict: after.verdict.clone(),
            ..before.clone()
        };
        assert_eq!(after, expected);
        assert!(after.score.is_some() && after.benchmark.is_none());
        assert_eq!(after.renewals.left, PARAMETERS.renewal_tokens - 2, "a new key brings no renewals");
        assert!(!Workers::<Test>::contains_key(old.key()));
        assert!(!Refusals::<Test>::contains_key(old.key()) && !Refusals::<Test>::contains_key(new.key()));
        assert_eq!(Tombstones::<Test>::get(old.key()), Some(new.key()));
        assert_eq!((Workers::<Test>::count(), deposit_held()), (1, PHA));
        let platform_id = before.verdict.platform_id();
        let load = PlatformLoad {
            workers: 1,
            score: before.score.unwrap().value,
        };
        assert_eq!(Platforms::<Test>::get(platform_id), load);

        let rebound = Event::WorkerRebound {
            old: old.key(),
            new: new.key(),
            platform_id,
        };
        let renewed = Event::WorkerRenewed {
            worker: new.key(),
            instance: Instance([7; 16]),
            level: after.verdict.level,
            lease_end_secs,
        };
        assert_eq!(events(), [rebound, renewed]);
        let facts = Registry::facts(&new.key()).unwrap();
        assert_eq!(
            Listener::take(),
            [
                Heard::Registered(new.key(), facts.clone()),
                Heard::Rebound {
                    old: old.key(),
                    new: new.key(),
                    facts
                }
            ]
        );
        assert_eq!(Registry::facts(&old.key()), None);
    });
}

#[test]
fn a_worker_in_use_is_rebound() {
    on_chain(|| {
        let old = worker();
        MayRetire::set(false);
        assert_ok!(rebind(&old, &fresh("New")));
    });
}

#[test]
fn a_worker_is_rebound_once_in_a_time() {
    for (passed, good) in [(LEAST - 2, false), (LEAST, true), (LEAST + 2, true)] {
        on_chain(|| {
            let [first, second, third] = [worker(), fresh("Second"), fresh("Third")];
            assert_ok!(rebind(&first, &second));
            pass_secs(passed);
            if good {
                assert_ok!(rebind(&second, &third));
            } else {
                assert_noop!(rebind(&second, &third), Error::<Test>::ReboundRecently);
            }
        });
    }
}

#[test]
fn renewals_do_not_shorten_the_time() {
    on_chain(|| {
        let [first, second] = [worker(), fresh("Second")];
        assert_ok!(rebind(&first, &second));
        pass_secs(LEAST / 2);
        assert_ok!(second.renew());
        assert_ok!(Registry::reverify_worker(RuntimeOrigin::signed(stranger()), second.key()));
        pass_secs(LEAST / 2 - 2);
        assert_noop!(rebind(&second, &fresh("Third")), Error::<Test>::ReboundRecently);
    });
}

#[test]
fn an_upgrade_is_rebound_once_more_and_not_twice() {
    on_chain(|| {
        let [first, second, third, fourth] = [worker(), fresh("Second"), fresh("Third"), fresh("Fourth")];
        assert_ok!(rebind(&first, &second));
        allow_code(&second, 7);
        assert_noop!(rebind(&second, &third), Error::<Test>::ReboundRecently);
        assert_ok!(rebind_to_code(&second, &third, 7));
        go_to_block(System::block_number() + 1);
        // Neither with the same code again, nor back to the old one.
        assert_noop!(rebind_to_code(&third, &fourth, 7), Error::<Test>::ReboundRecently);
        assert_noop!(rebind(&third, &fourth), Error::<Test>::ReboundRecently);
        // The next upgrade may, each in its turn.
        allow_code(&third, 8);
        assert_ok!(rebind_to_code(&third, &fourth, 8));
    });
}

#[test]
fn code_that_was_allowed_before_the_last_rebind_is_no_upgrade() {
    on_chain(|| {
        let [first, second, third] = [worker(), fresh("Second"), fresh("Third")];
        allow_code(&first, 7);
        pass_secs(2);
        assert_ok!(rebind(&first, &second));
        go_to_block(System::block_number() + 1);
        assert_noop!(rebind_to_code(&second, &third, 7), Error::<Test>::ReboundRecently);
        pass_secs(LEAST);
        assert_ok!(rebind_to_code(&second, &third, 7));
    });
}

#[test]
fn an_upgrade_that_kept_its_seal_is_no_reason_for_another_rebind() {
    on_chain(|| {
        let [first, second, third] = [worker(), fresh("Second"), fresh("Third")];
        assert_ok!(rebind(&first, &second));
        allow_code(&second, 7);
        let info = second.info();
        let (evidence, measurement) = evidence_of_other_code(&second, &info, 7);
        assert_ok!(Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence));
        assert_eq!(second.state().verdict.measurement(), measurement);
        go_to_block(System::block_number() + 1);
        assert_noop!(rebind_to_code(&second, &third, 7), Error::<Test>::ReboundRecently);
    });
}

#[test]
fn a_key_that_was_given_up_is_given_up_for_ever() {
    on_chain(|| {
        let [first, second, third] = [worker(), fresh("Second"), fresh("Third")];
        assert_ok!(rebind(&first, &second));
        pass_secs(LEAST);
        assert_noop!(rebind(&second, &first), Error::<Test>::KeyGivenUp);
        let register = |worker: &Worker| {
            let info = worker.info();
            let evidence = worker.evidence(&info);
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence)
        };
        assert_noop!(register(&first), Error::<Test>::KeyGivenUp);
        assert_ok!(rebind(&second, &third));
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), third.key()));
        for given_up in [first, second] {
            assert_noop!(register(&given_up), Error::<Test>::KeyGivenUp);
        }
        assert_ok!(third.register());
    });
}

#[test]
fn a_key_is_one_workers() {
    on_chain(|| {
        let (worker, other) = (worker(), fresh("Other"));
        assert_ok!(other.register());
        go_to_block(System::block_number() + 1);
        assert_noop!(rebind(&worker, &worker), Error::<Test>::KeyInUse);
        assert_noop!(rebind(&worker, &other), Error::<Test>::KeyInUse);
    });
}

#[test]
fn the_operator_rebinds_or_its_registrar() {
    on_chain(|| {
        let (old, new) = (worker(), fresh("New"));
        let info = new.info();
        let rebind = |who: AccountId32| Registry::rebind_worker(RuntimeOrigin::signed(who), old.key(), info.clone(), new.evidence(&info));
        for who in [registrar(), stranger(), other_operator()] {
            assert_noop!(rebind(who), Error::<Test>::NotOperatorOrRegistrar);
        }
        assert_noop!(
            Registry::rebind_worker(RuntimeOrigin::none(), old.key(), info.clone(), new.evidence(&info)),
            DispatchError::BadOrigin
        );
        assert_ok!(Registry::set_registrar(RuntimeOrigin::signed(operator()), Some(registrar())));
        assert_ok!(rebind(registrar()));
    });
}

/// With `change` in what the new pRuntime says, the worker is not rebound; without it, it is.
fn refused(change: impl FnOnce(&mut WorkerInfo), error: Error<Test>) {
    on_chain(|| {
        let (old, new) = (worker(), fresh("New"));
        let mut info = new.info();
        change(&mut info);
        assert_noop!(rebind_as(&old, &new, info), error);
        assert_ok!(rebind(&old, &new));
    });
}

#[test]
fn the_operator_stays_and_the_evidence_is_new() {
    let named = |number| Freshness {
        number,
        hash: hash_of_block(number),
    };
    refused(|info| info.operator = other_operator(), Error::OperatorDiffers);
    refused(|info| info.freshness = named(FIRST_BLOCK - 1), Error::EvidenceReplayed);
    refused(|info| info.freshness = named(FIRST_BLOCK - 2), Error::EvidenceReplayed);
    refused(|info| info.freshness = named(u32::MAX), Error::FreshnessInFuture);
    refused(|info| info.genesis_hash = H256::zero(), Error::ForeignGenesis);
    refused(|info| info.instance = Instance([0; 16]), Error::InvalidInstance);
}

#[test]
fn the_evidence_is_verified_in_full() {
    on_chain(|| {
        let (old, new) = (worker(), fresh("New"));
        let info = new.info();
        let other = old.evidence(&old.info());
        assert_noop!(
            Registry::rebind_worker(RuntimeOrigin::signed(operator()), old.key(), info, other),
            AttestationError::<Test>::InfoMismatch
        );
        // Documents that are late do not serve.
        stand_still_for(30 * 24 * 3600);
        assert_noop!(rebind(&old, &new), AttestationError::<Test>::CollateralExpired);
        bring(&collateral());
        assert_ok!(rebind(&old, &new));
    });
}

#[test]
fn a_worker_that_is_not_registered_is_not_rebound() {
    on_chain(|| {
        let unknown = Worker::new("Unknown");
        assert_noop!(rebind(&unknown, &fresh("New")), Error::<Test>::UnknownWorker);
        let [first, second, third] = [worker(), fresh("Second"), fresh("Third")];
        assert_ok!(rebind(&first, &second));
        pass_secs(LEAST);
        assert_noop!(rebind(&first, &third), Error::<Test>::UnknownWorker);
    });
}

#[test]
fn a_full_platform_still_rebinds_its_workers() {
    on_chain(|| {
        let first = worker();
        assert_ok!(fresh("Other").register());
        go_to_block(System::block_number() + 1);
        assert_ok!(rebind(&first, &fresh("New")));
    });
}
