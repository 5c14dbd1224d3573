//! The benchmark: who may answer it, when, and what comes out.

use super::mock::*;
use crate::{Call, Error, Event, Parameters, Platforms, BENCHMARK_DEADLINE_FACTOR};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::Authorize,
};
use frame_system::RawOrigin;
use khala_primitives::{BenchmarkResult, WorkerSignature};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction},
    DispatchError,
};

const BENCHMARK_SECS: u64 = PARAMETERS.benchmark_secs as u64;
const BENCHMARK_BLOCKS: u32 = (BENCHMARK_SECS * 1000 / SLOT_MS) as u32;

fn registered(name: &str) -> Worker {
    let worker = Worker::new(name);
    worker.register().unwrap();
    worker
}

fn result(worker: &Worker, iterations: u64) -> BenchmarkResult {
    BenchmarkResult {
        worker: worker.key(),
        block: FIRST_BLOCK,
        iterations,
    }
}

fn signed(worker: &Worker, result: BenchmarkResult) -> (BenchmarkResult, WorkerSignature) {
    (result, worker.sign(&result.message(&System::block_hash(0))))
}

fn authorize(
    source: TransactionSource,
    (result, signature): (BenchmarkResult, WorkerSignature),
) -> Result<ValidTransaction, TransactionValidityError> {
    Call::<Test>::benchmark_result { result, signature }
        .authorize(source)
        .unwrap()
        .map(|(valid, _unspent)| valid)
}

/// Dispatches as after a successful authorisation.
fn dispatch(result: BenchmarkResult) -> sp_runtime::DispatchResult {
    Registry::benchmark_result(RawOrigin::Authorized.into(), result, WorkerSignature([0; 64]))
}

#[test]
fn a_signed_result_is_authorised_and_sets_the_score() {
    on_chain(|| {
        let worker = registered("Worker");
        go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
        let (result, signature) = signed(&worker, result(&worker, 2_000));
        for source in [TransactionSource::External, TransactionSource::Local, TransactionSource::InBlock] {
            let valid = authorize(source, (result, signature)).unwrap();
            assert_eq!(valid.provides.len(), 1);
            assert!(valid.propagate && valid.requires.is_empty());
            assert_eq!(valid.priority, 1 << 57);
        }
        assert_ok!(Registry::benchmark_result(RawOrigin::Authorized.into(), result, signature));
        // 6 s passed, one slot of 2 s is given: 2000 * 6000 / 4000.
        let score = worker.state().score.unwrap();
        assert_eq!((score.value, score.asked_secs), (3_000, time_ms_of_block(FIRST_BLOCK) / 1000));
        assert_eq!(worker.state().benchmark, None);
        assert_eq!(Platforms::<Test>::get(worker.state().verdict.platform_id()).score, 3_000);
        assert_eq!(
            events(),
            [Event::BenchmarkMeasured {
                worker: worker.key(),
                score: 3_000
            }]
        );
    });
}

#[test]
fn the_call_is_operational_and_dispatched_only_when_authorised() {
    on_chain(|| {
        let worker = registered("Worker");
        go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
        let (result, signature) = signed(&worker, result(&worker, 2_000));
        assert_eq!(
            Call::<Test>::benchmark_result { result, signature }.get_dispatch_info().class,
            DispatchClass::Operational
        );
        for origin in [RuntimeOrigin::signed(operator()), RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_noop!(Registry::benchmark_result(origin, result, signature), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn a_wrong_signature_is_refused() {
    on_chain(|| {
        let worker = registered("Worker");
        go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
        let (result, signature) = signed(&worker, result(&worker, 2_000));
        let bad_proof = Err(InvalidTransaction::BadProof.into());
        let mut flipped = signature;
        flipped.0[0] ^= 1;
        assert_eq!(authorize(TransactionSource::External, (result, flipped)), bad_proof);
        let more = BenchmarkResult {
            iterations: 3_000,
            ..result
        };
        assert_eq!(authorize(TransactionSource::External, (more, signature)), bad_proof);
        let by_another = Worker::new("Another").sign(&result.message(&System::block_hash(0)));
        assert_eq!(authorize(TransactionSource::External, (result, by_another)), bad_proof);
        let for_another_chain = worker.sign(&result.message(&khala_primitives::H256::repeat_byte(1)));
        assert_eq!(authorize(TransactionSource::External, (result, for_another_chain)), bad_proof);
    });
}

#[test]
fn a_result_that_nobody_waits_for_is_refused_before_its_signature_is_looked_at() {
    on_chain(|| {
        let worker = registered("Worker");
        go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
        let stale = Err(InvalidTransaction::Stale.into());
        let junk = WorkerSignature([0; 64]);

        let unknown = result(&Worker::new("Unknown"), 1);
        assert_eq!(authorize(TransactionSource::External, (unknown, junk)), stale);
        assert_noop!(dispatch(unknown), Error::<Test>::BenchmarkNotAsked);

        let other_block = BenchmarkResult {
            block: FIRST_BLOCK + 1,
            ..result(&worker, 1)
        };
        assert_eq!(authorize(TransactionSource::External, (other_block, junk)), stale);
        assert_noop!(dispatch(other_block), Error::<Test>::BenchmarkNotAsked);

        let answered = result(&worker, 1);
        assert_ok!(dispatch(answered));
        assert_eq!(authorize(TransactionSource::External, (answered, junk)), stale);
        assert_noop!(dispatch(answered), Error::<Test>::BenchmarkNotAsked);
    });
}

#[test]
fn a_result_is_taken_in_a_block_from_the_benchmarks_length_on_and_by_the_pool_one_slot_before() {
    for (blocks, in_block, in_pool) in [
        (BENCHMARK_BLOCKS - 2, false, false),
        (BENCHMARK_BLOCKS - 1, false, true),
        (BENCHMARK_BLOCKS, true, true),
        (BENCHMARK_BLOCKS + 1, true, true),
    ] {
        on_chain(|| {
            let worker = registered("Worker");
            go_to_block(FIRST_BLOCK + blocks);
            let signed = signed(&worker, result(&worker, 1));
            let expected = |good: bool| if good { None } else { Some(InvalidTransaction::Future.into()) };
            assert_eq!(authorize(TransactionSource::InBlock, signed).err(), expected(in_block), "{blocks}");
            assert_eq!(authorize(TransactionSource::External, signed).err(), expected(in_pool), "{blocks}");
            if in_block {
                assert_ok!(dispatch(signed.0));
            } else {
                assert_noop!(dispatch(signed.0), Error::<Test>::BenchmarkTooEarly);
            }
        });
    }
}

#[test]
fn a_result_is_taken_until_the_deadline_and_no_longer() {
    let last = BENCHMARK_BLOCKS * u32::try_from(BENCHMARK_DEADLINE_FACTOR).unwrap();
    for (blocks, good) in [(last - 1, true), (last, true), (last + 1, false)] {
        on_chain(|| {
            let worker = registered("Worker");
            go_to_block(FIRST_BLOCK + blocks);
            let signed = signed(&worker, result(&worker, 1));
            let authorized = authorize(TransactionSource::InBlock, signed);
            if good {
                assert_eq!(authorized.unwrap().longevity, u64::from(last - blocks).max(1), "{blocks}");
                assert_ok!(dispatch(signed.0));
            } else {
                assert_eq!(authorized, Err(InvalidTransaction::Stale.into()));
                assert_noop!(dispatch(signed.0), Error::<Test>::BenchmarkTooLate);
            }
        });
    }
}

#[test]
fn being_late_lowers_the_score() {
    for (late_blocks, score) in [(0, 3_000), (2, 1_500), (4, 1_000)] {
        on_chain(|| {
            let worker = registered("Worker");
            go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS + late_blocks);
            assert_ok!(dispatch(result(&worker, 2_000)));
            assert_eq!(worker.state().score.unwrap().value, score);
        });
    }
}

#[test]
fn a_lie_gains_the_platforms_score_at_most() {
    on_chain(|| {
        let worker = registered("Worker");
        go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
        assert_ok!(dispatch(result(&worker, u64::MAX)));
        assert_eq!(worker.state().score.unwrap().value, PARAMETERS.max_platform_score);
    });
}

#[test]
fn the_workers_of_a_platform_share_its_score() {
    on_chain_with(
        Parameters {
            max_platform_score: 5_000,
            ..PARAMETERS
        },
        || {
            let [first, second] = ["First", "Second"].map(|name| Worker::on_platform(name, "Machine"));
            assert_ok!(first.register());
            assert_ok!(second.register());
            go_to_block(FIRST_BLOCK + BENCHMARK_BLOCKS);
            assert_ok!(dispatch(result(&first, 2_000)));
            assert_ok!(dispatch(result(&second, 2_000)));
            assert_eq!(
                [first.state(), second.state()].map(|state| state.score.unwrap().value),
                [3_000, 2_000]
            );
        },
    );
}
