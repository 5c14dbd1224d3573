//! Scores that are measured again, and levels that change.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_economics::{share, value, Position, Score, Q96};
use khala_primitives::{ConfidenceLevel, Heartbeat, PHA};

/// A worker with a score of 400, whose samples are as fast as that.
fn worker() -> Worker {
    let worker = Worker::new("a");
    worker.register(|facts| facts.score = Some(400));
    assert_ok!(MiningPallet::bind(&worker.key(), POOL));
    assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
    worker
}

fn position(worker: &Worker) -> Position {
    worker.session().position.unwrap()
}

/// Answers the next challenge with a claim of so many points.
fn answer(worker: &Worker, points: u64) {
    let block = worker.wait_for_hit();
    let heartbeat = Heartbeat {
        iterations: points,
        elapsed_ms: 6_000,
        ..worker.heartbeat(block)
    };
    submit(&[worker.sign(heartbeat)]).unwrap();
}

fn points(points: u32) -> Score {
    Score::from_points(points)
}

#[test]
fn the_lower_of_old_and_new_score_counts_from_the_next_settlement_on() {
    for (measured, counts) in [(399, 399), (400, 400), (401, 400)] {
        run(|| {
            let worker = worker();
            answer(&worker, 400);
            worker.register(|facts| facts.score = Some(measured));
            assert_eq!((position(&worker).p, worker.session().score), (points(400), measured));
            answer(&worker, 100_000);
            let after = position(&worker);
            assert_eq!(after.p, points(counts));
            // The cap of P_t follows.
            assert_eq!(after.p_instant.points(), counts * 6 / 5);
            assert_eq!(after.share, share::share(after.v, after.p_instant, ConfidenceLevel::One).unwrap());
        });
    }
}

#[test]
fn a_score_that_rises_again_does_not_raise_the_session() {
    run(|| {
        let worker = worker();
        worker.register(|facts| facts.score = Some(100));
        answer(&worker, 400);
        worker.register(|facts| facts.score = Some(400));
        answer(&worker, 400);
        assert_eq!(position(&worker).p, points(100));
    });
}

#[test]
fn growth_before_the_settlement_is_that_of_the_old_score_and_after_it_that_of_the_new() {
    run(|| {
        let worker = worker();
        answer(&worker, 400);
        worker.register(|facts| facts.score = Some(200));
        let parameters = Economics::<Test>::get();
        let now = |position: Position| position.value(&parameters, MiningPallet::clocks()).unwrap();
        let v = position(&worker).v;
        run_blocks(100);
        assert_eq!(
            now(position(&worker)),
            value::grown(&parameters, v, 600, points(400), points(400)).unwrap()
        );
        answer(&worker, 100);
        let after = position(&worker);
        assert_eq!((after.p, after.p_instant), (points(200), points(100)));
        run_blocks(100);
        // Half of the speed: half of the growth, at the costs of 200 points.
        let expected = value::grown(&parameters, after.v, 600, points(100), points(200)).unwrap();
        assert_eq!(now(after), expected);
        assert!(expected < value::grown(&parameters, after.v, 600, points(200), points(200)).unwrap());
    });
}

#[test]
fn the_initial_value_and_the_bounds_of_the_stake_stay() {
    run(|| {
        let worker = worker();
        let v_e = position(&worker).v_e;
        worker.register(|facts| facts.score = Some(50));
        answer(&worker, 400);
        assert_eq!((position(&worker).p, position(&worker).v_e), (points(50), v_e));
        // S_min of 400 points.
        let error = Error::<Test>::StakeTooSmall;
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), 4_000 * PHA + 1), error);
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 4_000 * PHA));
        // V_e was cut to a fifth of 1.5 x (5,000 + 0.3 x 400): up to 30,000 there is room for 28,464.
        let error = Error::<Test>::StakeTooLarge;
        assert_noop!(MiningPallet::add_stake(&worker.key(), 18_976 * PHA + 1), error);
        assert_ok!(MiningPallet::add_stake(&worker.key(), 18_976 * PHA));
    });
}

#[test]
fn a_new_start_takes_the_newest_score() {
    let mining = MiningParameters {
        challenges_per_hour: 360,
        cool_down_secs: 6,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), || {
        let worker = worker();
        worker.register(|facts| facts.score = Some(900));
        answer(&worker, 400);
        assert_ok!(MiningPallet::stop(&worker.key()));
        run_blocks(1);
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
        assert_eq!((position(&worker).p, position(&worker).p_at_start), (points(900), points(900)));
    });
}

#[test]
fn a_score_of_nothing_leaves_a_session_that_can_still_be_settled() {
    run(|| {
        let worker = worker();
        worker.register(|facts| facts.score = Some(0));
        answer(&worker, 400);
        let after = position(&worker);
        assert_eq!((after.p, worker.session().score), (points(1), 0));
        assert_eq!(after.p_instant.points(), 1);
        let paid = reward();
        assert!(paid > 0);
        answer(&worker, 400);
        assert!(reward() > paid);
        assert_ok!(MiningPallet::stop(&worker.key()));
    });
}

#[test]
fn a_renewal_without_a_benchmark_keeps_the_score() {
    run(|| {
        let worker = worker();
        worker.register(|facts| facts.score = None);
        answer(&worker, 400);
        assert_eq!((position(&worker).p, worker.session().score), (points(400), 400));
    });
}

#[test]
fn a_recovery_takes_the_lower_score_too() {
    run(|| {
        let worker = worker();
        worker.miss_and_be_reported();
        worker.register(|facts| facts.score = Some(300));
        run_blocks(1);
        submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
        assert_eq!(position(&worker).p, points(300));
    });
}

#[test]
fn a_level_that_another_policy_gives_is_in_the_new_share_and_not_in_what_is_paid() {
    let paid_and_share = |level| {
        let mut out = (0, 0);
        run(|| {
            let worker = Worker::mining("a", 5_000 * PHA);
            let block = worker.wait_for_hit();
            change_policy(&[]);
            set_level(&worker.key(), level);
            submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
            let (session, after) = (worker.session(), position(&worker));
            assert_eq!((session.level, session.policy_version, after.level), (level, 2, level));
            assert_eq!(after.share, share::share(after.v, after.p_instant, level).unwrap());
            assert_eq!(Shares::<Test>::get().total_share, after.share);
            out = (reward(), after.share.units());
        });
        out
    };
    let (same, lower) = (paid_and_share(ConfidenceLevel::One), paid_and_share(ConfidenceLevel::Five));
    assert!(same.0 > 0);
    assert_eq!(lower.0, same.0);
    assert!(lower.1 < same.1);
}

#[test]
fn added_stake_is_worth_what_the_level_of_the_last_settlement_says() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.register(|facts| facts.level = ConfidenceLevel::Five);
        let before = position(&worker).v_e;
        assert_ok!(MiningPallet::add_stake(&worker.key(), 100 * PHA));
        let between = position(&worker).v_e;
        answer(&worker, 1_000);
        assert_ok!(MiningPallet::add_stake(&worker.key(), 100 * PHA));
        let rises = [before, between].map(|v_e| position(&worker).v_e.checked_sub(v_e).unwrap());
        let pha = |whole| Q96::from_whole(whole);
        assert_eq!((rises[0].to_fixed18(), rises[1]), (pha(285).to_fixed18(), pha(135)));
    });
}
