//! Another key for a worker that goes to another machine.

use super::mock::*;
use crate::{Error, Parameters, PlatformLoad, Platforms, Score};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};
use khala_primitives::PHA;

/// Between two rebinds to another machine.
const LEAST: u64 = PARAMETERS.rebind_elsewhere_secs;

/// A worker with a score of 1500, on a machine of its own.
fn worker() -> Worker {
    let worker = Worker::new("Worker");
    assert_ok!(worker.register());
    answer_benchmark_with(&worker, 1_000);
    go_to_block(System::block_number() + 1);
    worker
}

const SCORE: u32 = 1_500;

fn rebind(old: &Worker, new: &Worker) -> DispatchResultWithPostInfo {
    let info = new.info();
    let evidence = new.evidence(&info);
    Registry::rebind_worker(RuntimeOrigin::signed(operator()), old.key(), info, evidence)
}

fn load_of(worker: &Worker) -> PlatformLoad {
    Platforms::<Test>::get(worker.state().verdict.platform_id())
}

#[test]
fn the_worker_takes_its_place_on_the_other_machine_and_is_measured_there() {
    on_chain(|| {
        let (old, new) = (worker(), Worker::new("New"));
        let before = old.state();
        assert_eq!(before.score.map(|score| score.value), Some(SCORE));
        assert_ok!(rebind(&old, &new));
        let after = new.state();
        assert_ne!(after.verdict.platform_id(), before.verdict.platform_id());
        assert!(!Platforms::<Test>::contains_key(before.verdict.platform_id()));
        let load = PlatformLoad { workers: 1, score: SCORE };
        assert_eq!(load_of(&new), load);
        assert_eq!(after.score, before.score, "until the new one is measured");
        assert_eq!(after.benchmark.unwrap().block, System::block_number());
        assert_eq!(deposit_held(), PHA);
    });
}

#[test]
fn the_score_never_rises_by_it() {
    for (iterations, score) in [(100_000, SCORE), (1_000, SCORE), (500, SCORE / 2)] {
        on_chain(|| {
            let (old, new) = (worker(), Worker::new("New"));
            assert_ok!(rebind(&old, &new));
            let asked_secs = now_secs();
            answer_benchmark_with(&new, iterations);
            assert_eq!(new.state().score, Some(Score { value: score, asked_secs }));
            assert_eq!(load_of(&new).score, score);
        });
    }
}

#[test]
fn a_worker_without_a_score_is_measured_there() {
    on_chain(|| {
        let (old, new) = (Worker::new("Worker"), Worker::new("New"));
        assert_ok!(old.register());
        go_to_block(System::block_number() + 1);
        assert_ok!(rebind(&old, &new));
        assert_eq!(new.state().score, None);
        answer_benchmark_with(&new, 2_000);
        assert_eq!(new.state().score.unwrap().value, 3_000);
    });
}

#[test]
fn a_worker_goes_elsewhere_once_in_a_longer_time() {
    for (passed, good) in [
        (PARAMETERS.rebind_secs, false),
        (LEAST - 2, false),
        (LEAST, true),
        (LEAST + 2, true),
    ] {
        on_chain(|| {
            let [first, second, third] = [worker(), Worker::new("Second"), Worker::new("Third")];
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
fn a_rebind_at_home_counts_as_well() {
    on_chain(|| {
        let first = worker();
        let second = Worker::on_platform("Second", "Worker");
        assert_ok!(rebind(&first, &second));
        pass_secs(LEAST - 2);
        assert_noop!(rebind(&second, &Worker::new("Third")), Error::<Test>::ReboundRecently);
        pass_secs(2);
        assert_ok!(rebind(&second, &Worker::new("Third")));
    });
}

#[test]
fn an_upgrade_is_no_reason_to_go_elsewhere_sooner() {
    on_chain(|| {
        let [first, second, third] = [worker(), Worker::new("Second"), Worker::new("Third")];
        assert_ok!(rebind(&first, &second));
        let (_, measurement) = evidence_of_other_code(&third, &third.info(), 7);
        assert_ok!(Attestation::allow_measurement(RuntimeOrigin::root(), measurement, ALWAYS));
        pass_secs(ATTESTATION_PARAMETERS.loosening_delay_secs);
        let info = third.info();
        let (evidence, _) = evidence_of_other_code(&third, &info, 7);
        assert_noop!(
            Registry::rebind_worker(RuntimeOrigin::signed(operator()), second.key(), info, evidence),
            Error::<Test>::ReboundRecently
        );
    });
}

#[test]
fn the_other_machine_must_have_room_for_the_worker() {
    on_chain(|| {
        let old = worker();
        let neighbours = ["First", "Second"].map(|name| Worker::on_platform(name, "Machine"));
        for neighbour in &neighbours {
            assert_ok!(neighbour.register());
        }
        go_to_block(System::block_number() + 1);
        let new = Worker::on_platform("New", "Machine");
        assert_noop!(rebind(&old, &new), Error::<Test>::PlatformFull);
        assert_ok!(Registry::retire_worker(RuntimeOrigin::signed(operator()), neighbours[0].key()));
        assert_ok!(rebind(&old, &new));
        assert_eq!(load_of(&new).workers, 2);
    });
}

#[test]
fn the_other_machine_must_have_room_for_its_score() {
    for (max_platform_score, good) in [(2 * SCORE - 1, false), (2 * SCORE, true), (2 * SCORE + 1, true)] {
        let parameters = Parameters {
            max_platform_score,
            ..PARAMETERS
        };
        on_chain_with(parameters, || {
            let old = worker();
            let neighbour = Worker::on_platform("Neighbour", "Machine");
            assert_ok!(neighbour.register());
            answer_benchmark_with(&neighbour, 1_000);
            go_to_block(System::block_number() + 1);
            let new = Worker::on_platform("New", "Machine");
            if good {
                assert_ok!(rebind(&old, &new));
            } else {
                assert_noop!(rebind(&old, &new), Error::<Test>::PlatformFull);
            }
        });
    }
}

#[test]
fn going_elsewhere_needs_a_seed_and_staying_does_not() {
    on_chain(|| {
        let old = worker();
        let seed = BlockSeed::get();
        BlockSeed::set(None);
        assert_noop!(rebind(&old, &Worker::new("New")), Error::<Test>::NoSeed);
        assert_ok!(rebind(&old, &Worker::on_platform("Home", "Worker")));
        BlockSeed::set(seed);
    });
}
