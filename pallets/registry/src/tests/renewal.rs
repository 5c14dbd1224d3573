//! Registering again: restarts, new leases, and what must stay the same.

use super::mock::*;
use crate::{Error, Event, Parameters, PlatformLoad, Platforms, Score, WorkerDirectory, Workers};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use khala_attestation::forge::TcbClass;
use khala_primitives::{AccountId32, BenchmarkResult, ConfidenceLevel, EcdhPublicKey, Instance, WorkerInfo, PHA};

/// The parameters of these tests: a lease of 600 s, half of it is 150 blocks.
const HALF_LEASE_SECS: u64 = PARAMETERS.lease_secs / 2;

/// A registered worker with a measured score.
fn scored_worker() -> Worker {
    let worker = Worker::new("Worker");
    worker.register().unwrap();
    answer_benchmark_with(&worker, 1_000);
    worker
}

/// `change` makes the renewal fail with `error`; without it, it would succeed.
fn refused(change: impl FnOnce(&mut WorkerInfo), error: Error<Test>) {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        go_to_block(FIRST_BLOCK + 1);
        let mut info = worker.info();
        change(&mut info);
        let evidence = worker.evidence(&info);
        let signer = RuntimeOrigin::signed(info.operator.clone());
        assert_noop!(Registry::register_worker(signer, info, evidence), error);
        assert_ok!(worker.register());
    });
}

#[test]
fn a_restart_brings_a_new_instance_and_a_new_lease_without_a_benchmark() {
    on_chain(|| {
        let worker = scored_worker();
        Listener::take();
        pass_secs(10);
        let before = worker.state();
        let info = WorkerInfo {
            instance: Instance([2; 16]),
            ..worker.info()
        };
        assert_eq!(worker.register_as(info.clone()).unwrap().pays_fee, Pays::No);

        let after = worker.state();
        assert_eq!(after.info, info);
        assert_eq!(after.lease_end_secs, now_secs() + PARAMETERS.lease_secs);
        assert_eq!((after.registered_at, after.renewed_at), (FIRST_BLOCK, System::block_number()));
        assert_eq!((after.score, after.benchmark, after.deposit), (before.score, None, before.deposit));
        assert_eq!(deposit_held(), PHA, "one deposit");
        assert_eq!(Workers::<Test>::count(), 1);
        let load = Platforms::<Test>::get(after.verdict.platform_id());
        assert_eq!(
            load,
            PlatformLoad {
                workers: 1,
                score: before.score.unwrap().value
            }
        );
        let renewed = Event::WorkerRenewed {
            worker: worker.key(),
            instance: Instance([2; 16]),
            level: ConfidenceLevel::One,
            lease_end_secs: after.lease_end_secs,
        };
        assert_eq!(events(), [renewed]);
        let facts = Registry::facts(&worker.key()).unwrap();
        assert_eq!(facts.instance, Instance([2; 16]));
        assert_eq!(Listener::take(), [Heard::Registered(worker.key(), facts)]);
    });
}

#[test]
fn the_benchmark_is_repeated_from_half_a_lease_after_the_last_one_on() {
    for (secs, asked) in [(HALF_LEASE_SECS - 2, false), (HALF_LEASE_SECS, true), (HALF_LEASE_SECS + 2, true)] {
        on_chain(|| {
            let worker = scored_worker();
            go_to_block(FIRST_BLOCK);
            pass_secs(secs);
            let score = worker.state().score;
            assert_ok!(worker.register());
            assert_eq!(worker.state().benchmark.is_some(), asked, "{secs}");
            assert_eq!(worker.state().score, score, "the old score counts until the new one is there");
        });
    }
}

#[test]
fn frequent_restarts_do_not_put_the_benchmark_off() {
    on_chain(|| {
        let worker = scored_worker();
        let mut asked = false;
        for _ in 0..4 {
            pass_secs(HALF_LEASE_SECS / 3);
            assert_ok!(worker.register());
            asked |= worker.state().benchmark.is_some();
        }
        assert!(asked);
    });
}

#[test]
fn a_benchmark_that_was_not_answered_is_asked_for_anew() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        pass_secs(10);
        assert_ok!(worker.register());
        let pending = worker.state().benchmark.unwrap();
        assert_eq!((pending.block, pending.started_ms), (System::block_number(), now_secs() * 1000));
    });
}

#[test]
fn a_lapsed_lease_comes_back_with_a_benchmark() {
    // The half of the longest lease has not passed, but the evidence was good for less.
    let long = Parameters {
        lease_secs: 100 * 365 * 24 * 3600,
        ..PARAMETERS
    };
    on_chain_with(long, || {
        let worker = scored_worker();
        Workers::<Test>::mutate(worker.key(), |state| state.as_mut().unwrap().lease_end_secs = now_secs() + 2);
        go_to_block(System::block_number() + 1);
        assert_ok!(worker.register());
        assert!(worker.state().benchmark.is_some());
    });
}

#[test]
fn a_renewal_that_needs_no_benchmark_needs_no_seed() {
    on_chain(|| {
        let worker = scored_worker();
        let seed = BlockSeed::get();
        BlockSeed::set(None);
        assert_ok!(worker.register());
        BlockSeed::set(seed);
    });
}

#[test]
fn exactly_the_stored_info_again_changes_nothing_and_keeps_its_small_fee() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let info = worker.info();
        assert_ok!(worker.register_as(info.clone()));
        Listener::take();
        let state = worker.state();
        go_to_block(FIRST_BLOCK + 5);
        let done = worker.register_as(info).unwrap();
        assert_eq!(done.pays_fee, Pays::Yes);
        assert_eq!(done.actual_weight, Some(<() as crate::WeightInfo>::register_worker_again()));
        assert_eq!(worker.state(), state);
        assert!(events().is_empty() && Listener::take().is_empty());
    });
}

#[test]
fn evidence_that_is_not_newer_than_the_stored_is_refused() {
    refused(
        |info| {
            // Another instance, as fresh as the stored one.
            info.instance = Instance([7; 16]);
            info.freshness = khala_primitives::Freshness {
                number: FIRST_BLOCK - 1,
                hash: hash_of_block(FIRST_BLOCK - 1),
            };
        },
        Error::EvidenceReplayed,
    );
}

#[test]
fn old_evidence_never_brings_back_an_old_instance() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        let old = WorkerInfo {
            instance: Instance([1; 16]),
            ..worker.info()
        };
        assert_ok!(worker.register_as(old.clone()));
        go_to_block(FIRST_BLOCK + 1);
        let new = WorkerInfo {
            instance: Instance([2; 16]),
            ..worker.info()
        };
        assert_ok!(worker.register_as(new.clone()));
        let evidence = worker.evidence(&old);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), old, evidence),
            Error::<Test>::EvidenceReplayed
        );
        assert_eq!(worker.state().info, new);
    });
}

#[test]
fn a_worker_stays_with_its_operator() {
    refused(|info| info.operator = AccountId32::new([3; 32]), Error::OperatorDiffers);
}

#[test]
fn a_worker_keeps_its_ecdh_key() {
    refused(|info| info.ecdh_key = EcdhPublicKey([9; 32]), Error::EcdhKeyChanged);
}

#[test]
fn a_worker_stays_on_its_platform() {
    on_chain(|| {
        let worker = Worker::on_platform("Worker", "Machine");
        assert_ok!(worker.register());
        go_to_block(FIRST_BLOCK + 1);
        let moved = Worker::on_platform("Worker", "Another machine");
        let info = moved.info();
        let evidence = moved.evidence(&info);
        assert_noop!(
            Registry::register_worker(RuntimeOrigin::signed(operator()), info, evidence),
            Error::<Test>::PlatformChanged
        );
        assert_ok!(worker.register());
    });
}

#[test]
fn a_full_platform_still_renews_its_workers() {
    on_chain_with(
        Parameters {
            workers_per_platform: 1,
            ..PARAMETERS
        },
        || {
            let worker = Worker::new("Worker");
            assert_ok!(worker.register());
            go_to_block(FIRST_BLOCK + 1);
            assert_ok!(worker.register());
        },
    );
}

#[test]
fn a_renewal_takes_over_what_the_platform_is_worth_now() {
    on_chain(|| {
        let mut worker = Worker::new("Worker");
        assert_ok!(worker.register());
        go_to_block(FIRST_BLOCK + 1);
        worker.platform = platform_of_class(TcbClass::OutOfDate, "Worker");
        assert_ok!(worker.register());
        assert_eq!(worker.state().verdict.level, ConfidenceLevel::Five);
    });
}

#[test]
fn a_repeated_benchmark_keeps_the_lower_score() {
    on_chain(|| {
        let worker = scored_worker();
        let first = worker.state().score.unwrap();
        for (iterations, kept) in [(10 * 1_000, first.value), (500, first.value / 2)] {
            pass_secs(HALF_LEASE_SECS);
            assert_ok!(worker.register());
            let pending = worker.state().benchmark.unwrap();
            pass_secs(u64::from(PARAMETERS.benchmark_secs));
            assert_ok!(Registry::do_benchmark_result(&BenchmarkResult {
                worker: worker.key(),
                block: pending.block,
                iterations
            }));
            assert_eq!(
                worker.state().score,
                Some(Score {
                    value: kept,
                    asked_secs: pending.started_ms / 1000
                })
            );
        }
    });
}
