//! Offline reports.

use crate::{mock::*, *};
use frame_support::assert_err;
use khala_primitives::{
    status::{Absence, SessionState},
    WorkerPublicKey, PHA,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const OFFLINE: SessionState = SessionState::Unresponsive { cause: Absence::Offline };

#[test]
fn a_miss_is_reported_when_the_window_is_over_and_not_before() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        let window = Mining::<Test>::get().heartbeat_window;
        run_blocks(window);
        assert_err!(report(&worker.key(), block), STALE);
        run_blocks(1);
        report(&worker.key(), block).unwrap();
        let session = worker.session();
        assert_eq!(
            (session.state, session.missed, session.since_block),
            (OFFLINE, block, System::block_number())
        );
        assert_eq!(IdleSessions::<Test>::get(), 0);
        assert_err!(report(&worker.key(), block), STALE);
    });
}

#[test]
fn a_miss_can_be_reported_until_the_report_window_is_over() {
    let last = |extra: u32| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        let mining = Mining::<Test>::get();
        run_blocks(mining.heartbeat_window + mining.report_window + extra);
        report(&worker.key(), block)
    };
    run(|| last(0).unwrap());
    run(|| assert_err!(last(1), STALE));
}

#[test]
fn an_answered_challenge_and_the_older_ones_cannot_be_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let missed = worker.wait_for_hit();
        let answered = worker.answer_next();
        assert!(answered > missed);
        while System::block_number() <= answered + Mining::<Test>::get().heartbeat_window {
            run_blocks(1);
        }
        assert_err!(report(&worker.key(), missed), STALE);
        assert_err!(report(&worker.key(), answered), STALE);
    });
}

#[test]
fn a_block_that_did_not_ask_the_worker_cannot_be_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = loop {
            run_blocks(1);
            if !worker.is_hit(System::block_number()) {
                break System::block_number();
            }
        };
        run_blocks(Mining::<Test>::get().heartbeat_window + 1);
        assert_err!(report(&worker.key(), block), STALE);
        assert_err!(report(&WorkerPublicKey([5; 32]), block), STALE);
        assert_err!(report(&worker.key(), System::block_number() + 1), STALE);
    });
}

#[test]
fn challenges_before_a_start_cannot_be_reported() {
    run(|| {
        Worker::mining("busy", 5_000 * PHA);
        run_blocks(30);
        let worker = Worker::mining("a", 5_000 * PHA);
        let started = System::block_number();
        run_blocks(21);
        for block in started.saturating_sub(30)..=started {
            assert_err!(report(&worker.key(), block), STALE);
        }
    });
}

#[test]
fn nobody_is_reported_for_what_was_asked_before_a_halt() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        next_block_after(600);
        run_blocks(20);
        assert_err!(report(&worker.key(), block), STALE);
        assert_eq!(worker.session().state, SessionState::Idle);
    });
}

#[test]
fn overdue_lists_exactly_what_may_be_reported_in_the_next_block() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        run_blocks(Mining::<Test>::get().heartbeat_window - 1);
        assert_eq!(MiningPallet::overdue(10), vec![]);
        run_blocks(1);
        assert_eq!(MiningPallet::overdue(10), vec![(worker.key(), block)]);
        assert_eq!(MiningPallet::overdue(0), vec![]);
        run_blocks(1);
        report(&worker.key(), block).unwrap();
        assert_eq!(MiningPallet::overdue(10), vec![]);
    });
}

#[test]
fn a_lapsed_lease_is_reported_as_such_and_costs_no_value() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs() + 1);
        let block = worker.wait_for_hit();
        run_blocks(Mining::<Test>::get().heartbeat_window + 1);
        report(&worker.key(), block).unwrap();
        assert_eq!(
            worker.session().state,
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed
            }
        );
        let v = worker.value();
        run_blocks(600);
        assert_eq!(worker.value(), v);
    });
}

#[test]
fn value_decays_while_offline_and_comes_back_with_a_recovery() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        let v = worker.value();
        run_blocks(600);
        // An hour of absence costs a thousandth.
        let kept = worker.value() as f64 / v as f64;
        assert!((kept - 0.999).abs() < 1e-9, "{kept}");
        let block = System::block_number();
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
        let session = worker.session();
        assert_eq!(
            (session.state, session.answered, session.answerable_from),
            (SessionState::Idle, block, block + 1)
        );
        assert_eq!(reward(), 0);
        worker.answer_next();
        assert!(reward() > 0);
    });
}
