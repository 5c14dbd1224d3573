//! What a pool's sessions would lose of their stakes.

use crate::{mock::*, *};
use khala_primitives::{Balance, PHA};

const STAKE: Balance = 5_000 * PHA;

/// What is stored, what it would be now, and how many sessions decay.
fn impaired() -> (Balance, Option<Balance>, u32) {
    (
        Impaired::<Test>::get(POOL),
        MiningPallet::impaired_now(POOL),
        MiningPallet::decaying_sessions(POOL),
    )
}

#[test]
fn a_healthy_session_is_worth_its_stake_and_its_heartbeats_touch_no_sum() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.answer_next();
        assert_eq!(impaired(), (0, Some(0), 0));
        assert!(!Impaired::<Test>::contains_key(POOL) && !Decaying::<Test>::contains_key(POOL));
    });
}

#[test]
fn a_decaying_session_counts_as_of_its_last_settlement_and_is_settled_when_it_is_asked_for() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        assert_eq!(impaired(), (0, Some(0), 1));
        (0..600).for_each(|_| next_block_after(60));
        let now = MiningPallet::impaired_now(POOL).unwrap();
        // 36,000 s: a thousandth an hour.
        assert!(now > 49 * PHA && now < 50 * PHA, "{now}");
        assert_eq!(impaired(), (0, Some(now), 1));
        assert_eq!(MiningPallet::settle_decays(POOL), Ok(now));
        assert_eq!(impaired(), (now, Some(now), 1));
        // Settling again changes nothing, and the stop loses just that.
        assert_eq!(MiningPallet::settle_decays(POOL), Ok(now));
        let stopped = MiningPallet::stop(&worker.key()).unwrap();
        assert_eq!((stopped.lost, stopped.returned), (now, STAKE - now));
        assert_eq!(impaired(), (0, Some(0), 0));
    });
}

#[test]
fn a_recovered_session_decays_no_more_and_heals_with_its_heartbeats() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        (0..60).for_each(|_| next_block_after(60));
        run_blocks(1);
        let block = frame_system::Pallet::<Test>::block_number();
        submit(&[worker.sign(worker.heartbeat(block))]).unwrap();
        let (lost, now, decaying) = impaired();
        assert!(lost > 0 && now == Some(lost) && decaying == 0);
        worker.answer_next();
        assert!(Impaired::<Test>::get(POOL) < lost);
    });
}

#[test]
fn what_may_be_taken_out_is_told_to_the_planck() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        let minimum = MiningPallet::stake_bounds(1_000, khala_primitives::ConfidenceLevel::One).0;
        let whole = MiningPallet::holding_of(&worker.key()).unwrap();
        assert_eq!((whole.stake, whole.returned, whole.unresponsive), (STAKE, STAKE, false));
        assert_eq!(whole.reducible, STAKE - minimum);
        assert_eq!((whole.less_for(PHA, whole.reducible), whole.returned_of(PHA)), (PHA, PHA));
        assert_eq!(whole.less_for(STAKE, whole.reducible), whole.reducible);

        worker.miss_and_be_reported();
        (0..300).for_each(|_| next_block_after(60));
        let part = MiningPallet::holding_of(&worker.key()).unwrap();
        assert!(part.unresponsive && part.returned < STAKE);
        let less = part.less_for(PHA, part.reducible);
        let back = MiningPallet::reduce_stake(&worker.key(), less).unwrap();
        assert!(
            back.returned >= PHA && back.returned <= PHA + 3,
            "{} planck came back",
            back.returned
        );
        assert!(back.returned >= part.returned_of(less));
        // All that may be taken out can be, and not a planck more.
        let rest = MiningPallet::holding_of(&worker.key()).unwrap();
        assert!(MiningPallet::reduce_stake(&worker.key(), rest.reducible + 1).is_err());
        assert!(MiningPallet::reduce_stake(&worker.key(), rest.reducible).is_ok());
        assert_eq!(MiningPallet::holding_of(&worker.key()).unwrap().reducible, 0);
    });
}

#[test]
fn a_session_with_eight_open_reductions_cannot_be_reduced() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        (0..8).for_each(|_| assert!(MiningPallet::reduce_stake(&worker.key(), PHA).is_ok()));
        assert_eq!(MiningPallet::holding_of(&worker.key()).unwrap().reducible, 0);
    });
}

#[test]
fn pools_are_told_apart() {
    run(|| {
        let worker = Worker::new("a");
        worker.register(|_| ());
        MiningPallet::bind(&worker.key(), POOL + 1).unwrap();
        MiningPallet::start(&worker.key(), STAKE).unwrap();
        worker.miss_and_be_reported();
        assert_eq!(impaired(), (0, Some(0), 0));
        assert_eq!(MiningPallet::decaying_sessions(POOL + 1), 1);
    });
}

#[test]
fn other_parameters_count_when_a_session_is_settled_though_its_value_has_not_changed() {
    run(|| {
        let worker = Worker::mining("a", STAKE);
        worker.miss_and_be_reported();
        // Enough to lose a tenth, which is as much as is lost.
        (0..120).for_each(|_| next_block_after(3_600));
        let tenth = MiningPallet::settle_decays(POOL).unwrap();
        Economics::<Test>::mutate(|economics| economics.max_principal_slash = khala_economics::Fixed::ZERO);
        // What is read is what settling books.
        assert_eq!(impaired(), (tenth, Some(0), 1));
        assert_eq!(MiningPallet::settle_decays(POOL), Ok(0));
        assert_eq!(impaired(), (0, Some(0), 1));
        assert!(tenth > 0);
    });
}
