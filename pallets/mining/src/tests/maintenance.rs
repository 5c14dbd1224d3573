//! Maintenance: pausing, its allowance, resuming.

use crate::{mock::*, *};
use frame_support::{assert_err, assert_noop, assert_ok};
use khala_primitives::{
    status::{Absence, Reason, SessionState},
    PHA,
};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

type E = Error<Test>;

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const PAUSED: SessionState = SessionState::Unresponsive {
    cause: Absence::Maintenance,
};
const HOUR: u64 = 3_600;

/// A worker that has just been paused, on a chain whose challenges are rare enough for that.
fn paused() -> Worker {
    let worker = Worker::mining("a", 5_000 * PHA);
    worker.answer_next();
    assert_ok!(worker.pause());
    worker
}

/// A chain on which ten minutes between blocks count in full.
fn run(test: impl FnOnce()) {
    let mining = MiningParameters {
        challenges_per_hour: 360,
        decaying_cap_secs: 600,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), test);
}

/// Time on both clocks.
fn pass(secs: u64) {
    (0..secs / 600).for_each(|_| next_block_after(600));
    if !secs.is_multiple_of(600) {
        next_block_after(secs % 600);
    }
}

/// Ends a maintenance by a sign of life, in the next block.
fn come_back(worker: &Worker) {
    assert_ok!(worker.resume());
    run_blocks(1);
    submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
    assert_eq!(worker.session().state, SessionState::Idle);
}

fn left_secs(worker: &Worker) -> u64 {
    MiningPallet::session_status(&worker.key()).unwrap().maintenance_left_secs
}

#[test]
fn only_the_operator_pauses_and_resumes_a_worker_of_a_pool() {
    run(|| {
        let worker = Worker::new("a");
        let stranger = RuntimeOrigin::signed(Treasury::get());
        assert_noop!(worker.pause(), E::NotRegistered);
        worker.register(|_| ());
        assert_noop!(worker.pause(), E::NotInPool);
        assert_noop!(worker.resume(), E::NotInPool);
        assert_noop!(MiningPallet::pause(stranger.clone(), worker.key()), E::NotOperator);
        let worker = paused();
        assert_noop!(MiningPallet::resume(stranger, worker.key()), E::NotOperator);
        assert_noop!(
            MiningPallet::resume(RuntimeOrigin::root(), worker.key()),
            sp_runtime::DispatchError::BadOrigin
        );
        assert_noop!(worker.pause(), E::NotIdle);
        assert_ok!(worker.resume());
        assert_noop!(worker.resume(), E::NotPaused);
    });
}

#[test]
fn nobody_pauses_while_a_challenge_may_still_be_answered_or_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let asked = worker.wait_for_hit();
        let (window, ring) = (Mining::<Test>::get().heartbeat_window, Mining::<Test>::get().ring_length());
        let ask_nobody = || Ring::<Test>::mutate(System::block_number() % ring, |slot| slot.as_mut().unwrap().target = 0.into());
        for block in asked..asked + ring {
            assert_eq!(System::block_number(), block);
            assert_noop!(worker.pause(), E::ChallengeOpen);
            // What `overdue` lists can be reported in the next block.
            let reportable = (asked + window..asked + ring - 1).contains(&block);
            assert_eq!(!MiningPallet::overdue(1).is_empty(), reportable);
            run_blocks(1);
            ask_nobody();
        }
        assert_ok!(worker.pause());
        assert_err!(report(&worker.key(), asked), STALE);
    });
}

#[test]
fn an_answer_closes_the_challenge_and_older_ones() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.wait_for_hit();
        let newest = worker.wait_for_hit();
        assert_noop!(worker.pause(), E::ChallengeOpen);
        submit(&[worker.sign(worker.heartbeat(newest))]).unwrap();
        assert_ok!(worker.pause());
    });
}

#[test]
fn challenges_that_count_for_nothing_are_not_open() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.wait_for_hit();
        // A gap voids it, unless the block after the gap asks again.
        next_block_after(61);
        while worker.is_hit(System::block_number()) {
            next_block_after(61);
        }
        assert_ok!(worker.pause());
    });
}

#[test]
fn a_pause_comes_too_late_for_one_who_was_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        assert_noop!(worker.pause(), E::NotIdle);
        assert_noop!(worker.resume(), E::NotPaused);
    });
}

#[test]
fn a_paused_worker_forfeits_what_it_has_earned_since_its_last_answer_and_cannot_be_reported() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.answer_next();
        next_block_after(60);
        while worker.is_hit(System::block_number()) {
            next_block_after(61);
        }
        let (before, paid) = (MiningPallet::ledger().unwrap(), reward());
        assert!(before.outstanding > 0);
        assert_ok!(worker.pause());
        let after = MiningPallet::ledger().unwrap();
        assert_eq!((after.forfeited - before.forfeited, after.outstanding), (before.outstanding, 0));
        assert_eq!((IdleSessions::<Test>::get(), MiningPallet::total_share()), (0, 0));
        System::assert_last_event(
            Event::BecameUnresponsive {
                session: worker.session_id(),
                worker: worker.key(),
                absence: Absence::Maintenance,
                missed: 0,
                forfeited: before.outstanding,
            }
            .into(),
        );
        run_blocks(30);
        for asked in block..=System::block_number() {
            assert_err!(report(&worker.key(), asked), STALE);
        }
        assert_eq!(reward(), paid);
    });
}

#[test]
fn only_a_challenge_of_a_block_after_the_resume_brings_a_worker_back() {
    run(|| {
        let worker = paused();
        run_blocks(30);
        let block = System::block_number();
        assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
        assert_ok!(worker.resume());
        System::assert_last_event(
            Event::Resumed {
                session: worker.session_id(),
                worker: worker.key(),
            }
            .into(),
        );
        assert_eq!(worker.session().state, PAUSED);
        assert_err!(submit(&[worker.sign(worker.heartbeat(block - 1))]), STALE);
        assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
        run_blocks(1);
        assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
        submit(&[worker.sign(worker.heartbeat(block + 1))]).unwrap();
        let session = worker.session();
        assert_eq!(
            (session.state, session.resumed, session.answerable_from),
            (SessionState::Idle, false, block + 2)
        );
        // The next maintenance has to be ended by itself.
        worker.answer_next();
        assert_ok!(worker.pause());
        run_blocks(15);
        assert_err!(submit(&[worker.sign(worker.heartbeat(System::block_number()))]), STALE);
    });
}

#[test]
fn a_day_of_maintenance_costs_no_value_and_the_next_hour_a_thousandth() {
    run(|| {
        let worker = paused();
        let v = worker.value();
        assert_eq!(left_secs(&worker), 24 * HOUR);
        pass(24 * HOUR - 1);
        assert_eq!((worker.value(), left_secs(&worker)), (v, 1));
        pass(1);
        assert_eq!((worker.value(), left_secs(&worker)), (v, 0));
        assert_eq!(MiningPallet::explain(&worker.key()).reason, Reason::Maintenance { left_secs: 0 });
        pass(1);
        assert!(worker.value() < v);
        pass(HOUR - 1);
        let kept = worker.value() as f64 / v as f64;
        assert!((kept - 0.999).abs() < 1e-9, "{kept}");
        let before = worker.value();
        come_back(&worker);
        // Six more seconds until the sign of life.
        let kept = worker.value() as f64 / before as f64;
        assert!((kept - 0.999f64.powf(6.0 / 3_600.0)).abs() < 1e-12, "{kept}");
        assert_eq!(left_secs(&worker), 0);
    });
}

#[test]
fn used_maintenance_comes_back_evenly_in_a_month() {
    run(|| {
        let worker = paused();
        pass(12 * HOUR - 6);
        come_back(&worker);
        assert_eq!(left_secs(&worker), 12 * HOUR);
        // A thirtieth of the time comes back.
        pass(30 * HOUR);
        assert_eq!(left_secs(&worker), 13 * HOUR);
        // What is used while it is not all back counts on top.
        worker.answer_next();
        let left = left_secs(&worker);
        assert_ok!(worker.pause());
        let v = worker.value();
        pass(left);
        assert_eq!(worker.value(), v);
        pass(60);
        assert!(worker.value() < v);
    });
}

#[test]
fn pausing_again_and_again_gains_nothing() {
    run_with(
        MiningParameters {
            challenges_per_hour: 360,
            maintenance_secs: 600,
            ..MiningParameters::khala()
        },
        EconomicParameters::khala(),
        || {
            let worker = Worker::mining("a", 5_000 * PHA);
            for _ in 0..3 {
                worker.answer_next();
                assert_ok!(worker.pause());
                run_blocks(49);
                come_back(&worker);
            }
            // Three times 300 s were used: all 600 and what came back are gone, and the rest has decayed.
            assert_eq!(left_secs(&worker), 0);
            let position = worker.session().position.unwrap();
            assert!(position.v < position.v_e);
        },
    );
}

#[test]
fn a_stop_ends_a_maintenance_and_what_was_used_stays_used() {
    run(|| {
        let worker = paused();
        pass(10 * HOUR);
        assert_ok!(worker.resume());
        assert_eq!(
            MiningPallet::stop(&worker.key()),
            Ok(Stopped {
                returned: 5_000 * PHA,
                lost: 0
            })
        );
        assert_noop!(worker.resume(), E::NotPaused);
        assert_eq!((worker.session().resumed, left_secs(&worker)), (false, 14 * HOUR));
        (0..7 * 24 * 6).for_each(|_| next_block_after(600));
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
        // 5.6 of the ten hours came back in the week of the cool-down.
        assert_eq!(left_secs(&worker), 14 * HOUR + 7 * 24 * HOUR / 30);
    });
}

#[test]
fn without_an_allowance_value_decays_from_the_pause_on() {
    run_with(
        MiningParameters {
            challenges_per_hour: 360,
            maintenance_secs: 0,
            ..MiningParameters::khala()
        },
        EconomicParameters::khala(),
        || {
            let worker = paused();
            let v = worker.value();
            assert_eq!(left_secs(&worker), 0);
            pass(1);
            assert!(worker.value() < v);
        },
    );
}

#[test]
fn a_stop_beyond_the_allowance_costs_principal() {
    run(|| {
        let worker = paused();
        pass(34 * HOUR);
        let Stopped { returned, lost } = MiningPallet::stop(&worker.key()).unwrap();
        assert_eq!(returned + lost, 5_000 * PHA);
        // Ten hours at a thousandth an hour.
        assert!((49 * PHA..50 * PHA).contains(&lost), "{lost}");
    });
}
