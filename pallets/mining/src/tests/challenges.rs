//! Clocks, seeds, the ring.

use crate::{mock::*, *};
use frame_support::traits::Hooks;
use khala_primitives::{PHA, U256};

#[test]
fn a_gap_advances_each_clock_by_its_cap() {
    run(|| {
        let before = MiningPallet::clocks();
        next_block_after(60);
        let after = MiningPallet::clocks();
        assert_eq!((after.credited - before.credited, after.decaying - before.decaying), (60, 60));
        next_block_after(601);
        let last = MiningPallet::clocks();
        assert_eq!((last.credited - after.credited, last.decaying - after.decaying), (600, 60));
    });
}

#[test]
fn the_first_block_only_sets_the_clocks() {
    run(|| {
        assert_eq!(
            ClockReadings::<Test>::get(),
            Readings {
                read_at: START_SECS + 6,
                ..Default::default()
            }
        )
    });
}

#[test]
fn a_gap_above_the_halt_grace_voids_older_challenges() {
    run(|| {
        next_block_after(60);
        assert_eq!(VoidBefore::<Test>::get(), 0);
        next_block_after(61);
        assert_eq!(VoidBefore::<Test>::get(), System::block_number());
        System::assert_has_event(
            Event::ChallengesVoided {
                block: System::block_number(),
            }
            .into(),
        );
    });
}

#[test]
fn a_runtime_upgrade_voids_older_challenges() {
    run(|| {
        run_blocks(3);
        MiningPallet::on_runtime_upgrade();
        assert_eq!(VoidBefore::<Test>::get(), 4);
    });
}

#[test]
fn every_block_draws_another_seed() {
    run(|| {
        run_blocks(2);
        let seeds: Vec<_> = (1..=3).map(|block| MiningPallet::challenge_of(block).unwrap().seed).collect();
        assert_ne!(seeds[0], seeds[1]);
        assert_ne!(seeds[1], seeds[2]);
    });
}

#[test]
fn nobody_is_hit_while_nobody_is_idle() {
    run(|| {
        assert_eq!(MiningPallet::challenge_of(1).unwrap().target, U256::zero());
        Worker::mining("a", 5_000 * PHA);
        run_blocks(1);
        assert!(MiningPallet::challenge_of(2).unwrap().target > U256::zero());
    });
}

#[test]
fn the_ring_forgets_what_nobody_may_answer_or_report() {
    run(|| {
        let length = Mining::<Test>::get().ring_length();
        run_blocks(length - 1);
        assert!(MiningPallet::challenge_of(1).is_some());
        run_blocks(1);
        assert!(MiningPallet::challenge_of(1).is_none());
        assert!(MiningPallet::challenge_of(2).is_some());
        assert_eq!(Ring::<Test>::iter().count() as u32, length);
    });
}
