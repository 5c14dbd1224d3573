//! Which heartbeats are accepted, and what they pay.

use crate::{mock::*, *};
use frame_support::{assert_err, assert_noop};
use khala_primitives::{
    status::{Absence, SessionState},
    Instance, H256, PHA,
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
    DispatchError,
};

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);

#[test]
fn an_answer_in_time_pays_four_fifths_to_the_pool_and_a_fifth_to_the_treasury() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.answer_next();
        let session = worker.session();
        assert_eq!((session.answered, session.heartbeats, session.paid), (block, 1, reward()));
        // The only worker has earned the whole budget of (share / floor): all of it below the floor's share.
        let (paid, treasury) = (MiningPallet::ledger().unwrap().paid, MiningPallet::ledger().unwrap().treasury);
        assert!(reward() > 0);
        assert!(treasury.abs_diff(paid / 4) <= 1);
        assert_eq!(InTransit::<Test>::get(), Unmoved { pot: reward(), treasury });
        close_block();
        assert_eq!(InTransit::<Test>::get(), Unmoved::default());
        assert_eq!(Balances::free_balance(Pot::get()), ExistentialDeposit::get() + paid);
        assert_eq!(Balances::free_balance(Treasury::get()), ExistentialDeposit::get() + treasury);
        assert_eq!(Balances::free_balance(Subsidy::get()), SUBSIDY - paid - treasury);
    });
}

#[test]
fn the_same_answer_counts_once() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        let entry = worker.sign(worker.heartbeat(block));
        submit(&[entry]).unwrap();
        assert_err!(submit(&[entry]), STALE);
    });
}

#[test]
fn an_answer_counts_within_the_window_and_not_after_it() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        run_blocks(Mining::<Test>::get().heartbeat_window);
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
    });
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        run_blocks(Mining::<Test>::get().heartbeat_window + 1);
        assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
    });
}

#[test]
fn what_does_not_fit_the_session_or_the_challenge_is_stale() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let block = worker.wait_for_hit();
        let good = worker.heartbeat(block);
        let unasked = (1..block).rev().find(|number| !worker.is_hit(*number)).unwrap();
        for wrong in [
            khala_primitives::Heartbeat {
                seed: H256::repeat_byte(7),
                ..good
            },
            khala_primitives::Heartbeat {
                session_id: good.session_id + 1,
                ..good
            },
            khala_primitives::Heartbeat {
                instance: Instance([2; 16]),
                ..good
            },
            khala_primitives::Heartbeat { block: block + 1, ..good },
            worker.heartbeat(unasked),
        ] {
            assert_err!(submit(&[worker.sign(wrong)]), STALE);
        }
        submit(&[worker.sign(good)]).unwrap();
    });
}

#[test]
fn a_session_belongs_to_its_worker() {
    run(|| {
        let (a, b) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        let block = a.wait_for_hit();
        let stolen = khala_primitives::Heartbeat {
            worker: b.key(),
            ..a.heartbeat(block)
        };
        assert_err!(submit(&[b.sign(stolen)]), STALE);
    });
}

#[test]
fn one_bad_signature_refuses_the_batch_and_stale_entries_are_skipped() {
    run(|| {
        let (a, b) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        let block = loop {
            let block = a.wait_for_hit();
            if b.is_hit(block) {
                break block;
            }
        };
        let good = a.sign(a.heartbeat(block));
        let mut bad = b.sign(b.heartbeat(block));
        bad.signature.0[7] ^= 1;
        assert_err!(
            submit(&[good, bad]),
            TransactionValidityError::Invalid(InvalidTransaction::BadProof)
        );
        // The same bad signature on a stale entry is not looked at.
        let mut stale = bad;
        stale.heartbeat.seed = H256::zero();
        submit(&[good, stale]).unwrap();
        assert_eq!((a.session().heartbeats, b.session().heartbeats), (1, 0));
    });
}

#[test]
fn a_worker_stands_in_a_batch_once() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let entry = worker.sign(worker.heartbeat(worker.wait_for_hit()));
        assert_err!(submit(&[entry, entry]), TransactionValidityError::Invalid(InvalidTransaction::Call));
        assert_err!(submit(&[]), STALE);
    });
}

#[test]
fn priority_grows_with_live_entries_and_tags_name_worker_and_block() {
    run(|| {
        let (a, b) = (Worker::mining("a", 5_000 * PHA), Worker::mining("b", 5_000 * PHA));
        let block = loop {
            let block = a.wait_for_hit();
            if b.is_hit(block) {
                break block;
            }
        };
        let authorize = |batch: Vec<_>| {
            let batch = batch.try_into().unwrap();
            MiningPallet::authorize_heartbeat(TransactionSource::External, &batch).unwrap().0
        };
        let (one, two) = (a.sign(a.heartbeat(block)), b.sign(b.heartbeat(block)));
        let (single, both) = (authorize(vec![one]), authorize(vec![one, two]));
        assert_eq!(both.priority, 2 * single.priority);
        assert_eq!((single.provides.len(), both.provides.len(), single.longevity), (1, 2, 20));
        assert_eq!(single.provides[0], both.provides[0]);
    });
}

#[test]
fn only_an_authorised_origin_may_dispatch() {
    run(|| {
        let signed = RuntimeOrigin::signed(Treasury::get());
        assert_noop!(
            MiningPallet::heartbeat(signed.clone(), Default::default()),
            DispatchError::BadOrigin
        );
        assert_noop!(
            MiningPallet::report_offline(signed, Worker::new("a").key(), 1),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn an_answer_under_a_lapsed_lease_stops_the_earning_and_a_renewal_resumes_it() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs() + 1);
        worker.answer_next();
        let session = worker.session();
        assert_eq!(
            session.state,
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed
            }
        );
        assert_eq!((reward(), IdleSessions::<Test>::get()), (0, 0));
        // Without a living lease nothing brings it back.
        run_blocks(30);
        let heartbeat = worker.heartbeat(System::block_number());
        assert_err!(submit(&[worker.sign(heartbeat)]), STALE);
        worker.register(|_| ());
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
        assert_eq!(worker.session().state, SessionState::Idle);
        worker.answer_next();
        assert!(reward() > 0);
    });
}

#[test]
fn after_a_restart_only_the_new_instance_counts() {
    run(|| {
        let mut worker = Worker::mining("a", 5_000 * PHA);
        let old = worker.clone();
        worker.instance = Instance([9; 16]);
        let instance = worker.instance;
        worker.register(|facts| facts.instance = instance);
        let block = worker.wait_for_hit();
        assert_err!(submit(&[old.sign(old.heartbeat(block))]), STALE);
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
    });
}

#[test]
fn a_recovery_answers_a_challenge_after_the_absence_began() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        let since = worker.session().since_block;
        for block in since - 5..=since {
            assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
        }
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(since + 1))]).unwrap();
        assert_eq!(worker.session().state, SessionState::Idle);
    });
}

#[test]
fn a_recovery_lies_ten_blocks_behind_the_last_answer() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        let answered = worker.answer_next();
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs() + 1);
        worker.answer_next();
        assert_eq!(
            worker.session().state,
            SessionState::Unresponsive {
                cause: Absence::LeaseLapsed
            }
        );
        worker.register(|_| ());
        for block in System::block_number() + 1..answered + 10 {
            run_blocks(1);
            assert_err!(submit(&[worker.sign(worker.heartbeat(block))]), STALE);
        }
        run_blocks(1);
        let block = System::block_number();
        assert!(block >= answered + 10);
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
    });
}

#[test]
fn a_worker_unseen_for_a_day_recovers_without_pay() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        // Hours in which the chain credits 600 s a block, and asks nobody because of the gaps.
        for _ in 0..145 {
            next_block_after(3_600);
        }
        worker.answer_next();
        assert_eq!((worker.session().heartbeats, reward()), (1, 0));
        worker.answer_next();
        assert!(reward() > 0);
    });
}
