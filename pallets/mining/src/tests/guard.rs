//! The outage guard: when it begins, how long it lasts, what it stops.

use crate::{guard::Turn, mock::*, *};
use frame_support::{assert_err, assert_ok};
use khala_economics::Fixed;
use khala_primitives::{
    status::{Absence, Reason, SessionState},
    PoolId, PHA,
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    Permill,
};

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const OFFLINE: SessionState = SessionState::Unresponsive { cause: Absence::Offline };
const HOUR: u64 = 3_600;
const LIMIT_SECS: u64 = 4 * HOUR;

fn shares(units: u128) -> Fixed {
    Fixed::from_units(units)
}

/// A guard after reports of block 1: one for each of these shares and pools.
fn reported(reports: &[(u128, PoolId)]) -> OutageGuard {
    let mut guard = OutageGuard::default();
    for (share, pool) in reports {
        assert_eq!(guard.left(1, 1, 0, *pool, shares(*share)), 1);
    }
    guard
}

/// Five sessions of three pools that had so many shares together.
fn five(units: u128) -> OutageGuard {
    reported(&[(units - 4, 1), (1, 2), (1, 3), (1, 1), (1, 2)])
}

/// What the guard does in a block, when sessions of so many shares are idle.
fn turn(guard: &mut OutageGuard, block: u32, secs: u64, idle: u128) -> Option<Turn> {
    guard.turn(block, 1, secs, shares(idle), &MiningParameters::khala())
}

#[test]
fn more_than_a_tenth_of_all_shares_has_to_leave() {
    for (left, begins) in [(99, false), (100, false), (101, true)] {
        let mut guard = five(left);
        assert_eq!(turn(&mut guard, 2, 6, 1_000 - left).is_some(), begins, "{left}");
        assert_eq!(guard.is_on(), begins);
    }
    // A tenth of 1,009 is rounded down.
    assert_eq!(turn(&mut five(100), 2, 6, 909), None);
    assert_eq!(turn(&mut five(101), 2, 6, 908), Some(Turn::Began));
}

#[test]
fn at_least_five_sessions_have_to_leave() {
    let all = [(200, 1), (200, 2), (200, 3), (200, 1), (200, 2), (200, 3)];
    for (sessions, begins) in [(4, false), (5, true), (6, true)] {
        assert_eq!(turn(&mut reported(&all[..sessions]), 2, 6, 1_000).is_some(), begins, "{sessions}");
    }
}

#[test]
fn sessions_of_at_least_three_pools_have_to_leave() {
    for (pools, begins) in [([1, 2, 1, 2, 1, 2], false), ([1, 2, 3, 1, 2, 3], true), ([1, 2, 3, 4, 5, 6], true)] {
        let mut guard = reported(&pools.map(|pool| (200, pool)));
        assert_eq!(turn(&mut guard, 2, 6, 1_000).is_some(), begins, "{pools:?}");
    }
}

#[test]
fn reports_count_together_for_a_hundred_blocks() {
    for (block, begins) in [(100, true), (101, false)] {
        let mut guard = five(500);
        assert_eq!(turn(&mut guard, block, 6, 1_000).is_some(), begins, "{block}");
    }
    // Whatever the blocks that they come in.
    for (last, begins) in [(99, true), (100, true), (101, false)] {
        let mut guard = reported(&[(100, 1), (100, 2), (100, 3), (100, 1)]);
        guard.left(last - 1, 1, 0, 2, shares(100));
        assert_eq!(turn(&mut guard, last, 6, 1_000).is_some(), begins, "{last}");
    }
}

#[test]
fn reports_count_together_for_longer_where_workers_are_asked_more_rarely() {
    let mining = MiningParameters::khala();
    for (idle, span) in [
        (1, 1),
        (100_000, 1),
        (100_001, 2),
        (200_000, 2),
        (1_000_000, 10),
        (u32::MAX, 42_950),
    ] {
        assert_eq!(mining.outage_span(idle, 6_000), span, "{idle}");
    }
    // Three in a thousand every ten blocks: 30 % of a million workers that vanish at once are noticed when a tenth was reported.
    let mut guard = OutageGuard::default();
    for block in (1_000..2_000).step_by(10) {
        guard.left(block, 10, 0, block / 10 % 4, shares(3));
        let left = 3 * u128::from(block - 990) / 10;
        let turn = guard.turn(block + 9, 10, u64::from(block), shares(1_000 - left), &mining);
        assert_eq!(turn.is_some(), left == 102, "{block}");
    }
    // The oldest are forgotten after a thousand blocks.
    let turn = |guard: &mut OutageGuard, block| guard.turn(block, 10, u64::from(block), shares(700), &mining);
    assert_eq!(turn(&mut guard, 3_000), None);
    assert_eq!(guard.away(), shares(300), "an outage knows all that is away");
}

#[test]
fn every_report_counts_when_slots_become_longer_or_shorter() {
    let mut guard = OutageGuard::default();
    let reported = (1..=100).map(|block| guard.left(block, 1, 0, 1, shares(1))).collect::<Vec<_>>();
    assert_eq!(reported, (1..=100).collect::<Vec<_>>());
    // The list is full of short slots, none of which is old enough for long ones: the newest goes on.
    for block in 101..=150 {
        assert_eq!(guard.left(block, 10, 0, 1, shares(1)), 100, "{block}");
    }
    assert_eq!(guard.away(), shares(150));
    // The first short ones are forgotten.
    assert_eq!(guard.left(1_010, 10, 0, 1, shares(1)), 1_010);
    assert_eq!((guard.away(), guard.left(1_019, 10, 0, 1, shares(1))), (shares(141), 1_010));
    assert_eq!(guard.left(1_020, 1, 0, 1, shares(1)), 1_020);
    assert_eq!(guard.away(), shares(3), "in shorter ones what is older is forgotten at once");
}

#[test]
fn a_session_that_comes_and_goes_counts_once_in_a_hundred_blocks() {
    let mut guard = reported(&[(200, 1), (200, 2), (200, 3), (200, 1)]);
    for block in [20, 40, 60] {
        guard.returned(1, shares(200));
        assert_eq!(guard.left(block, 1, 1, 3, shares(200)), 1);
        assert_eq!(turn(&mut guard, block + 1, 6, 1_000), None);
    }
    // After them it counts again.
    assert_eq!(turn(&mut guard, 101, 6, 1_800), None);
    assert_eq!(guard.left(101, 1, 1, 3, shares(200)), 101);
}

#[test]
fn a_report_finds_room_also_when_many_blocks_were_not_looked_at() {
    let mut guard = OutageGuard::default();
    for block in 1..=250 {
        assert_eq!(guard.left(block, 1, 0, 1, shares(1)), block);
    }
    assert_eq!(guard.away(), shares(100));
}

#[test]
fn it_stays_on_while_more_than_a_tenth_is_away_also_when_the_reports_are_old() {
    for (block, counted) in [(50, "in the window"), (500, "behind it")] {
        let mut guard = reported(&[(60, 1), (60, 2), (60, 3), (60, 4), (60, 5)]);
        assert_eq!(turn(&mut guard, 2, 6, 700), Some(Turn::Began));
        for back in 1..=3 {
            assert_eq!(turn(&mut guard, block, 60, 640 + 60 * back), None, "{counted}");
            guard.returned(1, shares(60));
        }
        // 120 of 1,000 are away, then 101, then 100.
        assert_eq!(guard.away(), shares(120));
        assert_eq!(turn(&mut guard, block, 60, 880), None, "{counted}");
        guard.returned(1, shares(19));
        assert_eq!(turn(&mut guard, block, 60, 899), None, "{counted}");
        guard.returned(1, shares(1));
        assert_eq!(turn(&mut guard, block, 60, 900), Some(Turn::Ended), "{counted}");
    }
}

#[test]
fn an_outage_that_has_ended_does_not_begin_again_by_the_same_reports() {
    let mut guard = five(500);
    assert_eq!(turn(&mut guard, 2, 6, 500), Some(Turn::Began));
    guard.returned(1, shares(450));
    assert_eq!(turn(&mut guard, 3, 12, 950), Some(Turn::Ended));
    for block in 4..=99 {
        assert_eq!(turn(&mut guard, block, 6 * u64::from(block), 950), None, "{block}");
    }
}

#[test]
fn it_is_on_for_four_hours_at_most() {
    let mut guard = five(500);
    assert_eq!(turn(&mut guard, 2, 1_000, 500), Some(Turn::Began));
    let measure = MiningParameters::khala().outage();
    assert_eq!(guard.left_secs(1_000, measure), LIMIT_SECS);
    assert_eq!(turn(&mut guard, 200, 1_000 + LIMIT_SECS - 1, 500), None);
    assert_eq!(guard.left_secs(1_000 + LIMIT_SECS - 1, measure), 1);
    assert_eq!(turn(&mut guard, 201, 1_000 + LIMIT_SECS, 500), Some(Turn::Ended));
    assert_eq!(guard.left_secs(1_000 + LIMIT_SECS, measure), 0);
}

#[test]
fn after_four_hours_it_begins_again_only_when_ten_minutes_have_come_back() {
    // 600 s of 4 h in 24 h come back in an hour.
    for (passed, begins) in [(HOUR - 1, false), (HOUR, true), (HOUR + 1, true)] {
        let mut guard = five(500);
        turn(&mut guard, 2, 1_000, 500);
        let ended = 1_000 + LIMIT_SECS;
        assert_eq!(turn(&mut guard, 1_000, ended, 500), Some(Turn::Ended));
        for pool in 1..=5 {
            guard.left(5_000, 1, 0, pool, shares(100));
        }
        assert_eq!(turn(&mut guard, 5_001, ended + passed, 500).is_some(), begins, "{passed}");
    }
}

#[test]
fn without_any_time_for_outages_it_never_begins() {
    let mining = MiningParameters {
        guard_secs: 0,
        ..MiningParameters::khala()
    };
    assert_eq!(five(500).turn(2, 1, 6, shares(500), &mining), None);
}

#[test]
fn a_share_of_everything_never_leaves() {
    let mining = MiningParameters {
        guard_share: Permill::one(),
        ..MiningParameters::khala()
    };
    assert_eq!(five(500).turn(2, 1, 6, shares(0), &mining), None);
}

/// A chain on which every block asks everybody.
fn on_a_busy_chain(test: impl FnOnce(Vec<Worker>)) {
    let mining = MiningParameters {
        challenges_per_hour: 3_600,
        ..MiningParameters::khala()
    };
    run_with(mining, EconomicParameters::khala(), || {
        let join = |number: PoolId| {
            let worker = Worker::new(&number.to_string());
            worker.register(|_| ());
            assert_ok!(MiningPallet::bind(&worker.key(), number % 4));
            assert_ok!(MiningPallet::start(&worker.key(), 5_000 * PHA));
            worker
        };
        test((0..20).map(join).collect())
    });
}

/// Waits until a challenge of the next block is too old to be answered, and reports these workers for it.
fn go_offline(workers: &[Worker]) -> u32 {
    run_blocks(1);
    let missed = System::block_number();
    run_blocks(21);
    workers.iter().for_each(|worker| report(&worker.key(), missed).unwrap());
    missed
}

fn come_back(workers: &[Worker]) {
    let block = System::block_number();
    let batch: Vec<_> = workers.iter().map(|worker| worker.sign(worker.heartbeat(block))).collect();
    submit(&batch).unwrap();
}

fn decaying() -> u64 {
    MiningPallet::clocks().decaying
}

fn events(of: Event<Test>) -> usize {
    let of: RuntimeEvent = of.into();
    System::events().into_iter().filter(|record| record.event == of).count()
}

#[test]
fn in_an_outage_no_value_decays_and_the_rest_goes_on() {
    on_a_busy_chain(|workers| {
        let missed = go_offline(&workers[..5]);
        let v = workers[0].value();
        assert!(!MiningPallet::is_outage());
        run_blocks(1);
        // The time up to the block in which it begins decays.
        assert!(MiningPallet::is_outage());
        let (at, after) = (decaying(), workers[0].value());
        assert!(after < v);
        assert_eq!(events(Event::OutageBegan), 1);
        assert_eq!(
            MiningPallet::explain(&workers[0].key()).reason,
            Reason::OutageGuard { missed_block: missed }
        );
        let credited = MiningPallet::clocks().credited;
        (0..60).for_each(|_| next_block_after(60));
        assert_eq!((decaying(), workers[0].value()), (at, after));
        assert_eq!(MiningPallet::clocks().credited, credited + HOUR);
        assert!(workers[10].value() > v);
        // Misses are still misses, and are added to it.
        go_offline(&workers[5..7]);
        assert_eq!(workers[5].session().state, OFFLINE);
        let v = workers[5].value();
        run_blocks(10);
        assert_eq!((workers[5].value(), decaying()), (v, at));
        assert_eq!(events(Event::OutageEnded), 0);
    });
}

#[test]
fn an_outage_ends_when_most_are_back_and_values_decay_again() {
    on_a_busy_chain(|workers| {
        go_offline(&workers[..5]);
        run_blocks(2);
        come_back(&workers[..2]);
        run_blocks(1);
        assert!(MiningPallet::is_outage());
        // One is stopped: it is not away any more.
        assert_ok!(MiningPallet::stop(&workers[2].key()));
        come_back(&workers[3..4]);
        run_blocks(1);
        assert!(!MiningPallet::is_outage());
        assert_eq!((events(Event::OutageBegan), events(Event::OutageEnded)), (1, 1));
        let (v, at) = (workers[4].value(), decaying());
        run_blocks(10);
        assert!(workers[4].value() < v);
        assert_eq!(decaying(), at + 60);
        // The reports of the outage are still within the window, and do not begin another.
        assert_eq!(events(Event::OutageBegan), 1);
    });
}

#[test]
fn an_outage_that_lasts_costs_value_after_four_hours() {
    on_a_busy_chain(|workers| {
        go_offline(&workers[..5]);
        run_blocks(1);
        let (at, v) = (decaying(), workers[0].value());
        (0..LIMIT_SECS / 60 - 1).for_each(|_| next_block_after(60));
        next_block_after(59);
        assert!(MiningPallet::is_outage());
        next_block_after(1);
        assert!(!MiningPallet::is_outage());
        assert_eq!((decaying(), workers[0].value()), (at, v));
        next_block_after(60);
        assert_eq!(decaying(), at + 60);
        assert!(workers[0].value() < v);
        assert!(matches!(MiningPallet::explain(&workers[0].key()).reason, Reason::Offline { .. }));
        // All come back long after their reports have been forgotten.
        come_back(&workers[..5]);
        run_blocks(1);
        assert_eq!(Guard::<Test>::get().away(), Fixed::ZERO);
    });
}

#[test]
fn four_sessions_that_come_and_go_are_no_outage() {
    on_a_busy_chain(|workers| {
        for _ in 0..2 {
            go_offline(&workers[..4]);
            run_blocks(1);
            come_back(&workers[..4]);
        }
        run_blocks(1);
        assert_eq!(events(Event::OutageBegan), 0);
        // A fifth is one.
        go_offline(&workers[..5]);
        run_blocks(1);
        assert_eq!(events(Event::OutageBegan), 1);
    });
}

#[test]
fn who_comes_back_and_leaves_again_in_an_outage_is_away_once() {
    on_a_busy_chain(|workers| {
        go_offline(&workers[..6]);
        run_blocks(1);
        let away = Guard::<Test>::get().away();
        for _ in 0..6 {
            come_back(&workers[..1]);
            go_offline(&workers[..1]);
            run_blocks(1);
            let now = Guard::<Test>::get().away();
            assert!(now <= away && now.units() > away.units() / 1_000 * 999);
        }
        assert!(MiningPallet::is_outage());
    });
}

#[test]
fn leases_that_lapse_and_workers_that_pause_are_no_outage() {
    on_a_busy_chain(|workers| {
        for worker in &workers[..10] {
            worker.register(|facts| facts.lease_end_secs = MiningPallet::now_secs() + 1);
        }
        let missed = go_offline(&workers[..10]);
        for worker in &workers[10..18] {
            submit(&[worker.sign(worker.heartbeat(System::block_number()))]).unwrap();
            assert_ok!(worker.pause());
        }
        assert_err!(report(&workers[0].key(), missed), STALE);
        run_blocks(2);
        assert_eq!((events(Event::OutageBegan), Guard::<Test>::get().away()), (0, Fixed::ZERO));
    });
}
