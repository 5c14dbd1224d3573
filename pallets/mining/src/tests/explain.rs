//! Why a worker earns or does not: each reason is made to happen.

use crate::{mock::*, *};
use frame_support::{assert_ok, traits::fungible::Mutate, traits::tokens::Preservation};
use khala_primitives::{
    status::{Absence, Explanation, Reason, SessionState},
    BlockNumber, PHA,
};

const STAKE: u128 = 5_000 * PHA;

fn explain(worker: &Worker) -> Explanation {
    MiningPallet::explain(&worker.key())
}

/// A registered worker in a pool.
fn ready(score: Option<u32>) -> Worker {
    let worker = Worker::new("a");
    worker.register(|facts| facts.score = score);
    assert_ok!(MiningPallet::bind(&worker.key(), POOL));
    worker
}

fn now() -> BlockNumber {
    System::block_number()
}

/// The newest block that asked a worker.
fn newest_hit(worker: &Worker) -> Option<BlockNumber> {
    (0..=now()).rev().find(|block| worker.is_hit(*block))
}

/// All that is said of a worker of a pool whose reason and state these are.
fn said(worker: &Worker, reason: Reason, since_block: Option<BlockNumber>, state: SessionState) -> Explanation {
    let session = worker.session();
    let block = |block: BlockNumber| (block > 0).then_some(block);
    Explanation {
        advice: MiningPallet::advice(&reason),
        reason,
        since_block,
        state: Some(state),
        last_challenge: newest_hit(worker),
        last_answer: block(session.answered),
        last_payout: block(session.last_payout_block),
        lease_end_secs: Some(worker.facts().lease_end_secs),
    }
}

#[test]
fn a_worker_that_is_unknown_is_not_registered() {
    run(|| {
        let advice = MiningPallet::advice(&Reason::NotRegistered);
        let expected = Explanation {
            reason: Reason::NotRegistered,
            since_block: None,
            advice,
            state: None,
            last_challenge: None,
            last_answer: None,
            last_payout: None,
            lease_end_secs: None,
        };
        assert_eq!(explain(&Worker::new("a")), expected);
    });
}

#[test]
fn a_worker_in_no_pool_is_told_so_unless_its_lease_is_over() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|_| ());
        let told = explain(&worker);
        assert_eq!((told.reason, told.state, told.since_block), (Reason::NotInPool, None, None));
        assert_eq!(
            (told.last_challenge, told.lease_end_secs),
            (None, Some(worker.facts().lease_end_secs))
        );
        let end = MiningPallet::now_secs() + 1;
        worker.register(|facts| facts.lease_end_secs = end);
        assert_eq!(explain(&worker).reason, Reason::NotInPool);
        worker.register(|facts| facts.lease_end_secs = end - 1);
        let told = explain(&worker);
        assert_eq!((told.reason, told.lease_end_secs), (Reason::LeaseLapsed, Some(end - 1)));
    });
}

#[test]
fn a_ready_worker_is_told_what_keeps_it_from_its_start() {
    run(|| {
        let worker = ready(None);
        let told = |reason: Reason| said(&worker, reason, Some(1), SessionState::Ready);
        assert_eq!(explain(&worker), told(Reason::NoScore));
        worker.register(|facts| facts.score = Some(49));
        assert_eq!(explain(&worker), told(Reason::ScoreTooLow { score: 49, minimum: 50 }));
        worker.register(|facts| facts.score = Some(400));
        assert_eq!(explain(&worker), told(Reason::Ready));

        // S_min = 50 sqrt(400).
        let minimum = 1_000 * PHA;
        for (free, reason) in [
            (
                minimum - 1,
                Reason::NoStake {
                    free: minimum - 1,
                    minimum,
                },
            ),
            (minimum, Reason::Ready),
            (minimum + 1, Reason::Ready),
        ] {
            set_free(free);
            assert_eq!(explain(&worker), told(reason));
        }
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
        let lapsed = explain(&worker);
        assert_eq!((lapsed.reason, lapsed.state), (Reason::LeaseLapsed, Some(SessionState::Ready)));
    });
}

#[test]
fn the_least_stake_that_is_told_is_enough_and_a_planck_less_is_not() {
    run(|| {
        // The square root of 1,000 has more decimals than a planck.
        let worker = ready(Some(1_000));
        set_free(0);
        let Reason::NoStake { minimum, .. } = explain(&worker).reason else {
            panic!("{:?}", explain(&worker))
        };
        assert_eq!(
            MiningPallet::start(&worker.key(), minimum - 1),
            Err(Error::<Test>::StakeTooSmall.into())
        );
        assert_ok!(MiningPallet::start(&worker.key(), minimum));
    });
}

#[test]
fn a_score_that_no_stake_fits_is_told_so() {
    run(|| {
        // 50 sqrt(P) and 20,000 - 0.3 P meet between these.
        assert_eq!(explain(&ready(Some(35_000))).reason, Reason::Ready);
    });
    run(|| {
        let worker = ready(Some(36_000));
        let (minimum, maximum) = MiningPallet::stake_bounds(36_000, worker.facts().level);
        assert_eq!(maximum, 9_200 * PHA);
        assert!(minimum > maximum);
        let told = Reason::StakeOutOfBounds { minimum, maximum };
        assert_eq!(explain(&worker), said(&worker, told, Some(1), SessionState::Ready));
    });
}

#[test]
fn a_worker_that_mines_is_told_what_it_was_asked_and_paid() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let started = now();
        let first = said(&worker, Reason::Idle, Some(started), SessionState::Idle);
        assert_eq!((first.last_challenge, first.last_answer, first.last_payout), (None, None, None));
        assert_eq!(explain(&worker), first);
        let block = worker.wait_for_hit();
        assert_eq!(explain(&worker).last_challenge, Some(block));
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
        let told = explain(&worker);
        assert_eq!((told.last_answer, told.last_payout), (Some(block), Some(block + 1)));
        assert_eq!(told, said(&worker, Reason::Idle, Some(started), SessionState::Idle));
        // A recovery pays nothing, and is an answer.
        worker.miss_and_be_reported();
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(now()))]).unwrap();
        let told = explain(&worker);
        assert_eq!((told.last_answer, told.last_payout), (Some(now()), Some(block + 1)));
    });
}

#[test]
fn the_newest_challenge_is_known_as_long_as_the_ring_remembers_it() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let missed = worker.miss_and_be_reported();
        // Nobody is idle, so nobody is asked.
        let last = newest_hit(&worker).unwrap();
        let length = Mining::<Test>::get().ring_length();
        assert!(last >= missed);
        while now() < last + length - 1 {
            run_blocks(1);
        }
        assert_eq!(explain(&worker).last_challenge, Some(last));
        run_blocks(1);
        assert_eq!(explain(&worker).last_challenge, None);
    });
}

#[test]
fn a_worker_whose_lease_is_over_is_told_so_before_and_after_it_is_noticed() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let end = MiningPallet::now_secs() + 6;
        worker.register(|facts| facts.lease_end_secs = end);
        assert_eq!(explain(&worker).reason, Reason::Idle);
        run_blocks(1);
        let lapsed = Explanation {
            lease_end_secs: Some(end),
            ..said(&worker, Reason::LeaseLapsed, None, SessionState::Idle)
        };
        assert_eq!(explain(&worker), lapsed);
        let block = worker.answer_next();
        let state = SessionState::Unresponsive {
            cause: Absence::LeaseLapsed,
        };
        let lapsed = Explanation {
            lease_end_secs: Some(end),
            ..said(&worker, Reason::LeaseLapsed, Some(block), state)
        };
        assert_eq!(explain(&worker), lapsed);
        assert_eq!(lapsed.last_answer, None);
    });
}

#[test]
fn an_offline_worker_is_told_which_challenge_it_missed() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let missed_block = worker.miss_and_be_reported();
        let state = SessionState::Unresponsive { cause: Absence::Offline };
        let reported = now();
        run_blocks(3);
        let told = said(&worker, Reason::Offline { missed_block }, Some(reported), state);
        assert_eq!(explain(&worker), told);
    });
}

#[test]
fn in_an_outage_an_offline_worker_is_told_that_many_are() {
    let mining = MiningParameters {
        challenges_per_hour: 360,
        guard_sessions: 1,
        guard_pools: 1,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), || {
        let worker = Worker::mining("a", STAKE);
        let missed_block = worker.miss_and_be_reported();
        let state = SessionState::Unresponsive { cause: Absence::Offline };
        let reported = now();
        assert_eq!(explain(&worker).reason, Reason::Offline { missed_block });
        run_blocks(1);
        let told = said(&worker, Reason::OutageGuard { missed_block }, Some(reported), state);
        assert_eq!(explain(&worker), told);
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(now()))]).unwrap();
        assert_eq!(explain(&worker).reason, Reason::Idle);
    });
}

#[test]
fn a_paused_worker_is_told_how_much_of_its_maintenance_is_left() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.answer_next();
        assert_ok!(worker.pause());
        let state = SessionState::Unresponsive {
            cause: Absence::Maintenance,
        };
        let paused = now();
        let told = |left_secs| said(&worker, Reason::Maintenance { left_secs }, Some(paused), state);
        assert_eq!(explain(&worker), told(86_400));
        run_blocks(10);
        assert_eq!(explain(&worker), told(86_340));
    });
}

#[test]
fn a_worker_with_another_key_is_told_to_wait() {
    run(|| {
        let worker = Worker::mining("a", STAKE).rebind("b");
        let state = SessionState::Unresponsive { cause: Absence::Rebinding };
        assert_eq!(explain(&worker), said(&worker, Reason::Rebinding, Some(now()), state));
        assert_eq!(explain(&Worker::new("a")).reason, Reason::NotRegistered);
    });
}

#[test]
fn a_stopped_worker_is_told_when_its_principal_is_back() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        run_blocks(3);
        assert_ok!(MiningPallet::stop(&worker.key()));
        let until_secs = MiningPallet::clocks().credited + 7 * 86_400;
        let state = SessionState::CoolingDown { until_secs };
        let told = said(&worker, Reason::CoolingDown { until_secs }, Some(now()), state);
        assert_eq!(explain(&worker), told);
        // Whatever becomes of its lease.
        worker.register(|facts| facts.lease_end_secs = 1);
        assert_eq!(explain(&worker).reason, Reason::CoolingDown { until_secs });
    });
}

#[test]
fn when_the_subsidy_has_nothing_left_to_promise_workers_are_told() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        run_blocks(3);
        close_block();
        let promised = MiningPallet::ledger().unwrap().outstanding + 1;
        let rest = promised + ExistentialDeposit::get() + 1;
        let gone = Balances::free_balance(Subsidy::get()) - rest;
        assert_ok!(Balances::transfer(&Subsidy::get(), &Pot::get(), gone, Preservation::Preserve));
        assert_eq!(explain(&worker).reason, Reason::Idle);
        assert_ok!(Balances::transfer(&Subsidy::get(), &Pot::get(), 1, Preservation::Preserve));
        let told = said(&worker, Reason::SubsidyEmpty, None, SessionState::Idle);
        assert_eq!(explain(&worker), told);
        // What was promised is paid all the same, and nothing more is.
        open_block(6);
        assert_eq!(MiningPallet::ledger().unwrap().outstanding + 1, promised);
        worker.answer_next();
        assert!(reward() > 0 && reward() < promised);
    });
}

#[test]
fn every_reason_has_an_advice_of_its_own() {
    let reasons = [
        Reason::NotRegistered,
        Reason::LeaseLapsed,
        Reason::NoScore,
        Reason::ScoreTooLow { score: 1, minimum: 2 },
        Reason::NotInPool,
        Reason::NoStake { free: 1, minimum: 2 },
        Reason::StakeOutOfBounds { minimum: 2, maximum: 1 },
        Reason::Ready,
        Reason::Idle,
        Reason::Offline { missed_block: 1 },
        Reason::Maintenance { left_secs: 1 },
        Reason::Rebinding,
        Reason::CoolingDown { until_secs: 1 },
        Reason::OutageGuard { missed_block: 1 },
        Reason::SubsidyEmpty,
        Reason::MeasurementDeprecated,
        Reason::EvidenceRefused { why: String::new() },
        Reason::PolicyDenied { what: String::new() },
    ];
    let advice: std::collections::BTreeSet<_> = reasons.iter().map(MiningPallet::advice).collect();
    assert_eq!(advice.len(), reasons.len());
    assert!(advice.iter().all(|text| text.ends_with('.') && text.len() > 20));
}
