//! The session's life.

use crate::{mock::*, *};
use frame_support::{assert_err, assert_noop, assert_ok};
use khala_pallet_registry::OnWorkerChange;
use khala_primitives::{status::SessionState, WorkerPublicKey, PHA};

type E = Error<Test>;

#[test]
fn a_worker_joins_one_pool_and_leaves_it() {
    run(|| {
        let worker = Worker::new("a");
        assert_noop!(MiningPallet::bind(&worker.key(), POOL), E::NotRegistered);
        worker.register(|_| ());
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_eq!(MiningPallet::pool_of(&worker.key()), Some(POOL));
        assert_noop!(MiningPallet::bind(&worker.key(), POOL), E::AlreadyInPool);
        assert_ok!(MiningPallet::unbind(&worker.key()));
        assert_noop!(MiningPallet::unbind(&worker.key()), E::NotInPool);
    });
}

#[test]
fn starting_needs_a_living_lease_and_a_score() {
    run(|| {
        let worker = Worker::new("a");
        let start = || MiningPallet::start(&worker.key(), 5_000 * PHA);
        assert_noop!(start(), E::NotInPool);
        worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs());
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_noop!(start(), E::LeaseLapsed);
        worker.register(|facts| facts.score = None);
        assert_noop!(start(), E::NoScore);
        worker.register(|facts| facts.score = Some(49));
        assert_noop!(start(), E::ScoreTooLow);
        worker.register(|facts| facts.score = Some(50));
        assert_ok!(start());
        assert_noop!(start(), E::NotReady);
    });
}

#[test]
fn a_stake_has_bounds() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|facts| facts.score = Some(400));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        // S_min = 50 sqrt(400); S_max = 30,000 / 1.5 - 0.3 x 400.
        assert_noop!(MiningPallet::start(&worker.key(), 1_000 * PHA - 1), E::StakeTooSmall);
        assert_noop!(MiningPallet::start(&worker.key(), 19_880 * PHA + 1), E::StakeTooLarge);
        assert_ok!(MiningPallet::start(&worker.key(), 19_880 * PHA));
    });
    run(|| {
        let worker = Worker::new("a");
        worker.register(|facts| facts.score = Some(400));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert_ok!(MiningPallet::start(&worker.key(), 1_000 * PHA));
    });
}

#[test]
fn a_stop_forfeits_what_is_not_paid_and_gives_the_principal_back_after_the_cool_down() {
    run(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        run_blocks(10);
        assert_eq!(
            MiningPallet::stop(&worker.key()),
            Ok(Stopped {
                returned: 5_000 * PHA,
                lost: 0
            })
        );
        assert!(MiningPallet::ledger().unwrap().forfeited > 0);
        assert_eq!(reward(), 0);
        assert_noop!(MiningPallet::stop(&worker.key()), E::NotRunning);
        assert_noop!(MiningPallet::unbind(&worker.key()), E::NotReady);
        assert!(!MiningPallet::can_retire(&worker.key()));
        let due = ClockReadings::<Test>::get().clocks.credited + 7 * 86_400;
        assert_eq!(worker.session().state, SessionState::CoolingDown { until_secs: due });
        while ClockReadings::<Test>::get().clocks.credited + 600 < due {
            next_block_after(600);
        }
        next_block_after(due - ClockReadings::<Test>::get().clocks.credited - 1);
        assert_eq!(released(), vec![]);
        next_block_after(1);
        assert_eq!(released(), vec![(POOL, 5_000 * PHA)]);
        assert_eq!(worker.session().state, SessionState::Ready);
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
    });
}

#[test]
fn cool_downs_end_in_their_order() {
    run(|| {
        let workers = [Worker::mining("a", 5_000 * PHA), Worker::mining("b", 6_000 * PHA)];
        for worker in &workers {
            run_blocks(1);
            assert_ok!(MiningPallet::stop(&worker.key()));
        }
        for _ in 0..(7 * 86_400 / 600) + 1 {
            next_block_after(600);
        }
        assert_eq!(released(), vec![(POOL, 5_000 * PHA), (POOL, 6_000 * PHA)]);
    });
}

#[test]
fn a_long_absence_costs_a_part_of_the_principal_and_never_more_than_a_tenth() {
    // Long blocks count in full here.
    let mining = MiningParameters {
        challenges_per_hour: 360,
        decaying_cap_secs: 600,
        ..MiningParameters::khala()
    };
    let on_a_chain = |test: fn()| run_with(mining.clone(), EconomicParameters::khala(), test);
    on_a_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        (0..60).for_each(|_| next_block_after(600));
        let Stopped { returned, lost } = MiningPallet::stop(&worker.key()).unwrap();
        assert_eq!(returned + lost, 5_000 * PHA);
        // Ten hours at a thousandth an hour; the value had grown a little before.
        assert!(lost > 45 * PHA && lost < 50 * PHA, "{lost}");
    });
    on_a_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        (0..120 * 6).for_each(|_| next_block_after(600));
        assert_eq!(
            MiningPallet::stop(&worker.key()),
            Ok(Stopped {
                returned: 4_500 * PHA,
                lost: 500 * PHA
            })
        );
    });
}

#[test]
fn a_worker_with_something_at_stake_cannot_be_retired() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|_| ());
        assert!(MiningPallet::can_retire(&worker.key()));
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        assert!(MiningPallet::can_retire(&worker.key()));
        assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
        assert!(!MiningPallet::can_retire(&worker.key()));
        assert_ok!(MiningPallet::stop(&worker.key()));
        assert!(!MiningPallet::can_retire(&worker.key()));
    });
}

#[test]
fn a_worker_that_is_retired_leaves_its_pool() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|_| ());
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        MiningPallet::on_retired(&worker.key());
        assert_eq!(MiningPallet::pool_of(&worker.key()), None);
        assert_eq!(removed(), [(POOL, worker.key())]);
    });
}

#[test]
fn a_ready_session_answers_nothing() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|_| ());
        assert_ok!(MiningPallet::bind(&worker.key(), POOL));
        run_blocks(3);
        assert!(submit(&[worker.sign(worker.heartbeat(System::block_number()))]).is_err());
        assert_err!(MiningPallet::stop(&WorkerPublicKey([1; 32])), E::NotInPool);
        assert_err!(MiningPallet::stop(&worker.key()), E::NotRunning);
    });
}
