//! Workers that leave.

use super::mock::*;
use crate::{Error, Event, PlatformLoad, Platforms, Workers};
use frame_support::{assert_noop, assert_ok};
use khala_primitives::{BenchmarkResult, PHA};
use sp_runtime::DispatchError;

#[test]
fn a_retired_worker_is_gone_and_its_deposit_is_back() {
    on_chain(|| {
        let [leaves, stays] = ["First", "Second"].map(|name| Worker::on_platform(name, "Machine"));
        assert_ok!(leaves.register());
        assert_ok!(stays.register());
        pass_secs(u64::from(PARAMETERS.benchmark_secs));
        for worker in [&leaves, &stays] {
            assert_ok!(Registry::do_benchmark_result(&BenchmarkResult {
                worker: worker.key(),
                block: FIRST_BLOCK,
                iterations: 2_000
            }));
        }
        System::reset_events();

        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), leaves.key()));
        assert!(Workers::<Test>::get(leaves.key()).is_none());
        assert_eq!(deposit_held(), PHA);
        let platform = stays.state().verdict.platform_id();
        assert_eq!(Platforms::<Test>::get(platform), PlatformLoad { workers: 1, score: 3_000 });
        assert_eq!(
            events(),
            [Event::WorkerRetired {
                worker: leaves.key(),
                operator: operator()
            }]
        );

        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), stays.key()));
        assert_eq!(deposit_held(), 0);
        assert!(!Platforms::<Test>::contains_key(platform), "nothing is left of an empty platform");
    });
}

#[test]
fn a_retired_worker_may_come_back_and_is_measured_again() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        pass_secs(u64::from(PARAMETERS.benchmark_secs));
        assert_ok!(Registry::do_benchmark_result(&BenchmarkResult {
            worker: worker.key(),
            block: FIRST_BLOCK,
            iterations: 1
        }));
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), worker.key()));
        assert_ok!(worker.register());
        assert_eq!(worker.state().score, None);
        assert!(worker.state().benchmark.is_some());
        assert_eq!(deposit_held(), PHA);
    });
}

#[test]
fn only_the_operator_retires_a_worker() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        assert_ok!(Registry::set_registrar(RuntimeOrigin::signed(operator()), Some(registrar())));
        for who in [registrar(), stranger()] {
            assert_noop!(
                Registry::retire_worker(RuntimeOrigin::signed(who), worker.key()),
                Error::<Test>::NotOperator
            );
        }
        assert_noop!(
            Registry::retire_worker(RuntimeOrigin::root(), worker.key()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_worker_in_use_is_not_retired() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        MayRetire::set(false);
        assert_noop!(
            Registry::retire_worker(RuntimeOrigin::signed(operator()), worker.key()),
            Error::<Test>::WorkerInUse
        );
        MayRetire::set(true);
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), worker.key()));
    });
}

#[test]
fn an_unknown_worker_is_not_retired() {
    on_chain(|| {
        let unknown = Worker::new("Unknown").key();
        assert_noop!(
            Registry::retire_worker(RuntimeOrigin::signed(operator()), unknown),
            Error::<Test>::UnknownWorker
        );
    });
}
