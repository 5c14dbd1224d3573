//! More stake, and less, without a stop.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use khala_economics::Q96;
use khala_primitives::{Balance, ConfidenceLevel, PHA};

type E = Error<Test>;

const STAKE: Balance = 5_000 * PHA;

fn position(worker: &Worker) -> khala_economics::Position {
    worker.session().position.unwrap()
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

fn pass(secs: u64) {
    (0..secs / 600).for_each(|_| next_block_after(600));
}

/// V as of now, from what is stored.
fn value(worker: &Worker) -> Q96 {
    let readings = ClockReadings::<Test>::get();
    position(worker).value(&Economics::<Test>::get(), readings.clocks).unwrap()
}

fn rise(from: Q96, to: Q96) -> Q96 {
    to.checked_sub(from).unwrap()
}

#[test]
fn a_stake_grows_up_to_its_maximum_and_not_by_a_planck_more() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|facts| facts.score = Some(400));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_noop!(MiningPallet::add_stake(&worker.key(), PHA), E::NotRunning);
        assert_ok!(MiningPallet::start(&worker.key(), STAKE));
        assert_noop!(MiningPallet::add_stake(&worker.key(), 0), E::NothingToMove);
        // S_max = 30,000 / 1.5 - 0.3 x 400.
        assert_noop!(MiningPallet::add_stake(&worker.key(), 14_880 * PHA + 1), E::StakeTooLarge);
        assert_noop!(MiningPallet::add_stake(&worker.key(), Balance::MAX), E::Overflow);
        assert_ok!(MiningPallet::add_stake(&worker.key(), 14_880 * PHA - 1));
        assert_ok!(MiningPallet::add_stake(&worker.key(), 1));
        assert_eq!(worker.session().stake(), 19_880 * PHA);
        // Each amount buys its value rounded down.
        let below = rise(position(&worker).v_e, Q96::from_whole(30_000));
        assert!(below.inner() <= 2, "{below}");
        assert_noop!(MiningPallet::add_stake(&worker.key(), 1), E::StakeTooLarge);
    });
}

#[test]
fn a_stake_shrinks_down_to_its_minimum_and_not_by_a_planck_more() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|facts| facts.score = Some(400));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), PHA), E::NotRunning);
        assert_ok!(MiningPallet::start(&worker.key(), STAKE));
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), 0), E::NothingToMove);
        // S_min = 50 sqrt(400).
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), 4_000 * PHA + 1), E::StakeTooSmall);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), STAKE + 1), E::StakeTooSmall);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), Balance::MAX), E::Overflow);
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 4_000 * PHA - 1));
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 1));
        assert_eq!(worker.session().stake(), 1_000 * PHA);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), 1), E::StakeTooSmall);
    });
}

#[test]
fn added_stake_raises_values_by_what_it_buys_at_the_workers_level() {
    for (level, millionths) in [(ConfidenceLevel::One, 1_500_000), (ConfidenceLevel::Five, 1_350_000)] {
        run(|| {
            let worker = Worker::new("a");
            worker.register(|facts| facts.level = level);
            assert_ok!(MiningPallet::bind(&worker.key(), POOL));
            assert_ok!(MiningPallet::start(&worker.key(), STAKE));
            pass(600);
            let (before, now) = (position(&worker), value(&worker));
            assert!(now > before.v);
            assert_ok!(MiningPallet::add_stake(&worker.key(), 1_000 * PHA));
            let after = position(&worker);
            let dv = Q96::from_fixed18(millionths * 1_000 * 1_000_000_000_000).unwrap();
            assert_eq!((rise(now, after.v), rise(before.v_e, after.v_e)), (dv, dv));
            // New stake is not growth: what had grown is still above V_last.
            assert_eq!(rise(after.v_last, after.v), rise(before.v_last, now));
            System::assert_last_event(
                Event::StakeAdded {
                    session: worker.session_id(),
                    worker: worker.key(),
                    more: 1_000 * PHA,
                    stake: 6_000 * PHA,
                    v: after.v.to_fixed18(),
                    v_e: after.v_e.to_fixed18(),
                }
                .into(),
            );
        });
    }
}

#[test]
fn a_value_that_has_grown_stops_at_its_maximum_when_stake_is_added() {
    run(|| {
        // V_e = 29,985; two hours bring V to 29,997, and 10 PHA are worth 15.
        let worker = Worker::mining("a", 19_690 * PHA);
        pass(2 * 3_600);
        let (before, now) = (position(&worker), value(&worker));
        let v_max = Q96::from_whole(30_000);
        assert!(now > Q96::from_whole(29_990) && now < v_max);
        assert_ok!(MiningPallet::add_stake(&worker.key(), 10 * PHA));
        let after = position(&worker);
        assert_eq!(after.v, v_max);
        assert!(rise(after.v_e, v_max).inner() <= 2);
        // V_last rises by as much as V has risen.
        assert_eq!(rise(before.v_last, after.v_last), rise(now, v_max));
    });
}

#[test]
fn stake_added_just_before_a_heartbeat_gains_nothing_on_what_was_earned_before() {
    let paid = |added: bool| {
        let mut paid = 0;
        run(|| {
            let worker = Worker::mining("a", STAKE);
            let block = worker.wait_for_hit();
            if added {
                assert_ok!(MiningPallet::add_stake(&worker.key(), 10_000 * PHA));
                assert!(position(&worker).owed.planck() > 0);
            }
            submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
            assert_eq!(position(&worker).owed.planck(), 0);
            paid = reward();
        });
        paid
    };
    assert!(paid(true) > 0);
    assert_eq!(paid(true), paid(false));
}

#[test]
fn stake_that_was_added_earns_from_then_on() {
    run(|| {
        let (a, b) = (Worker::mining("a", STAKE), Worker::mining("b", STAKE));
        assert_ok!(MiningPallet::add_stake(&b.key(), 5_000 * PHA));
        pass(600);
        let earned = |worker: &Worker| MiningPallet::session_status(&worker.key()).unwrap().outstanding;
        let (share_a, share_b) = (position(&a).share.units(), position(&b).share.units());
        assert!(share_b > share_a);
        let expected = earned(&a) as f64 * share_b as f64 / share_a as f64;
        assert!((earned(&b) as f64 / expected - 1.0).abs() < 1e-9);
    });
}

#[test]
fn what_is_owed_is_forfeited_with_the_rest() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let block = worker.wait_for_hit();
        assert_ok!(MiningPallet::add_stake(&worker.key(), 1_000 * PHA));
        let owed = position(&worker).owed.planck();
        assert!(owed > 0);
        run_blocks(21);
        report(&worker.key(), block).unwrap();
        let ledger = MiningPallet::ledger().unwrap();
        assert!(ledger.forfeited > owed);
        assert_eq!((ledger.paid, ledger.outstanding, position(&worker).owed.planck()), (0, 0, 0));
    });
}

#[test]
fn a_reduction_scales_values_and_comes_back_whole_while_the_value_is_whole() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        pass(600);
        let (before, now) = (position(&worker), value(&worker));
        assert_eq!(
            MiningPallet::reduce_stake(&worker.key(), 1_000 * PHA),
            Ok(Stopped {
                returned: 1_000 * PHA,
                lost: 0
            })
        );
        let after = position(&worker);
        let four_fifths = |v: Q96| v.mul_ratio(4, 5).unwrap();
        assert_eq!(
            (after.v, after.v_e, after.v_last),
            (four_fifths(now), four_fifths(before.v_e), four_fifths(before.v_last))
        );
        assert!(after.owed.planck() > 0);
        System::assert_last_event(
            Event::StakeReduced {
                session: worker.session_id(),
                worker: worker.key(),
                stake: 4_000 * PHA,
                v: after.v.to_fixed18(),
                v_e: after.v_e.to_fixed18(),
                returned: 1_000 * PHA,
                lost: 0,
                due_secs: MiningPallet::clocks().credited + 7 * 86_400,
            }
            .into(),
        );
    });
}

#[test]
fn a_reduction_of_an_offline_worker_loses_what_its_value_has_lost_and_its_decay_goes_on() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        pass(10 * 3_600);
        let (before, now) = (position(&worker), value(&worker));
        let Stopped { returned, lost } = MiningPallet::reduce_stake(&worker.key(), 1_000 * PHA).unwrap();
        assert_eq!(returned + lost, 1_000 * PHA);
        let expected = 1_000.0 * 1e12 * (now.to_fixed18() as f64 / before.v_e.to_fixed18() as f64);
        assert!((returned as f64 / expected - 1.0).abs() < 1e-9);
        assert!(lost > 9 * PHA, "{lost}");
        assert_eq!(worker.session().cooling, returned);
        // The rest is impaired as it was, and decays as before.
        let after = position(&worker);
        assert_eq!(after.v, now.mul_ratio(4, 5).unwrap());
        pass(3_600);
        let kept = value(&worker).to_fixed18() as f64 / after.v.to_fixed18() as f64;
        assert!((kept - 0.999).abs() < 1e-9);
    });
}

#[test]
fn a_reduction_never_loses_more_than_a_tenth() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        pass(120 * 3_600);
        assert_eq!(
            MiningPallet::reduce_stake(&worker.key(), 1_000 * PHA),
            Ok(Stopped {
                returned: 900 * PHA,
                lost: 100 * PHA
            })
        );
    });
}

#[test]
fn stake_added_to_an_offline_worker_does_not_heal_what_was_lost() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        pass(10 * 3_600);
        let gap = rise(value(&worker), position(&worker).v_e);
        assert_ok!(MiningPallet::add_stake(&worker.key(), 1_000 * PHA));
        let after = position(&worker);
        assert_eq!(rise(after.v, after.v_e), gap);
        assert!(MiningPallet::impaired(&worker.key()) > 0);
        pass(3_600);
        let kept = value(&worker).to_fixed18() as f64 / after.v.to_fixed18() as f64;
        assert!((kept - 0.999).abs() < 1e-9);
    });
}

#[test]
fn eight_reductions_cool_down_at_a_time_and_a_ninth_waits_for_the_first() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        for number in 1..=8 {
            next_block_after(60);
            assert_ok!(MiningPallet::reduce_stake(&worker.key(), u128::from(number) * PHA));
            assert_eq!(worker.session().open_reductions, number);
        }
        assert_eq!(worker.session().cooling, 36 * PHA);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), PHA), E::TooManyReductions);
        // The first is over a week after it began, seven minutes before the eighth.
        let first = CoolDowns::<Test>::get(worker.session_id(), 0).unwrap().due_secs;
        while MiningPallet::clocks().credited + 600 < first {
            next_block_after(600);
        }
        next_block_after(first - MiningPallet::clocks().credited - 1);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), PHA), E::TooManyReductions);
        assert_eq!(released(), vec![]);
        next_block_after(1);
        assert_eq!(released(), vec![(POOL, PHA)]);
        System::assert_has_event(
            Event::Released {
                session: worker.session_id(),
                worker: worker.key(),
                returned: PHA,
                ended: false,
            }
            .into(),
        );
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 9 * PHA));
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), PHA), E::TooManyReductions);
        for number in 2..=8u128 {
            next_block_after(60);
            assert_eq!(released().last(), Some(&(POOL, number * PHA)));
        }
        assert_eq!((worker.session().open_reductions, worker.session().cooling), (1, 9 * PHA));
    });
}

#[test]
fn a_stop_with_open_reductions_is_over_after_them() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 1_000 * PHA));
        next_block_after(60);
        assert_ok!(MiningPallet::reduce_stake(&worker.key(), 500 * PHA));
        assert_ok!(MiningPallet::stop(&worker.key()));
        assert_eq!(worker.session().cooling, STAKE);
        assert_noop!(MiningPallet::reduce_stake(&worker.key(), PHA), E::NotRunning);
        (0..7 * 24 * 6).for_each(|_| next_block_after(600));
        assert_eq!(released(), vec![(POOL, 1_000 * PHA), (POOL, 500 * PHA), (POOL, 3_500 * PHA)]);
        let session = worker.session();
        assert_eq!(
            (session.state, session.cooling, session.open_reductions),
            (khala_primitives::status::SessionState::Ready, 0, 0)
        );
        assert_eq!(CoolDowns::<Test>::iter().count() + Releases::<Test>::iter().count(), 0);
    });
}

#[test]
fn what_would_be_lost_is_told_as_of_the_last_settlement() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        assert_eq!(MiningPallet::impaired(&worker.key()), 0);
        worker.miss_and_be_reported();
        pass(10 * 3_600);
        assert_eq!(MiningPallet::impaired(&worker.key()), 0);
        submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
        let told = MiningPallet::impaired(&worker.key());
        assert!(told > 45 * PHA, "{told}");
        assert_eq!(MiningPallet::stop(&worker.key()).unwrap().lost, told);
        assert_eq!(MiningPallet::impaired(&worker.key()), 0);
    });
}
