//! Parameters: bounds, announcement, effect.

use crate::{mock::*, parameters::MAX_WINDOW, *};
use frame_support::{assert_err, assert_noop, assert_ok, traits::Hooks, weights::WeightMeter};
use khala_economics::{
    decay::{FULL_SPEED, MIN_KEEP},
    Fixed, HumanParameters, Pha, Q96,
};
use khala_primitives::PHA;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError,
};

type E = Error<Test>;

const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
const YEAR: u64 = 365 * 86_400;
/// Seconds between announcement and effect in these tests.
const DELAY: u64 = 600;

fn mining() -> MiningParameters {
    MiningParameters {
        challenges_per_hour: 360,
        parameter_delay_secs: DELAY,
        ..MiningParameters::khala()
    }
}

fn on_a_chain(test: impl FnOnce()) {
    run_with(mining(), EconomicParameters::khala(), test);
}

fn announce_mining(change: impl FnOnce(&mut MiningParameters)) {
    let mut parameters = Mining::<Test>::get();
    change(&mut parameters);
    assert_ok!(MiningPallet::set_mining(RuntimeOrigin::root(), parameters));
}

fn announce_economics(change: impl FnOnce(&mut EconomicParameters)) {
    let mut parameters = Economics::<Test>::get();
    change(&mut parameters);
    assert_ok!(MiningPallet::set_economics(RuntimeOrigin::root(), parameters));
}

/// Ten minutes, in which nothing is voided.
fn pass_delay() {
    (0..DELAY / 60).for_each(|_| next_block_after(60));
}

fn credited() -> u64 {
    MiningPallet::clocks().credited
}

#[test]
fn every_mining_parameter_has_its_bounds() {
    type Set = fn(&mut MiningParameters, u64);
    let least_and_most: [(&str, u64, Option<u64>, Set); 15] = [
        ("heartbeatWindow", 1, Some(MAX_WINDOW.into()), |p, n| p.heartbeat_window = n as u32),
        ("reportWindow", 1, Some(MAX_WINDOW.into()), |p, n| p.report_window = n as u32),
        ("challengesPerHour", 1, Some(3_600), |p, n| p.challenges_per_hour = n as u32),
        ("maxHeartbeatsPerBlock", 1, Some(1_000_000), |p, n| {
            p.max_heartbeats_per_block = n as u32
        }),
        ("coolDownSecs", 1, Some(YEAR), |p, n| p.cool_down_secs = n),
        ("recoverySpacing", 0, Some(MAX_WINDOW.into()), |p, n| p.recovery_spacing = n as u32),
        ("creditedCapSecs", 60, Some(86_400), |p, n| p.credited_cap_secs = n),
        ("decayingCapSecs", 1, Some(600), |p, n| p.decaying_cap_secs = n),
        ("haltGapSecs", 1, Some(86_400), |p, n| p.halt_gap_secs = n),
        ("rebindingGraceSecs", 0, Some(YEAR), |p, n| p.rebinding_grace_secs = n),
        ("maintenanceSecs", 0, Some(30 * 86_400), |p, n| p.maintenance_secs = n),
        ("maintenancePeriodSecs", 24 * 3_600, Some(YEAR), |p, n| {
            p.maintenance_period_secs = n
        }),
        ("guardSecs", 0, Some(24 * 3_600), |p, n| p.guard_secs = n),
        ("guardPeriodSecs", 4 * 3_600, Some(YEAR), |p, n| p.guard_period_secs = n),
        ("guardPools", 0, Some(MAX_GUARD_POOLS.into()), |p, n| p.guard_pools = n as u32),
    ];
    let valid = |set: Set, value| {
        let mut parameters = MiningParameters::khala();
        set(&mut parameters, value);
        parameters.validate().is_ok()
    };
    for (name, least, most, set) in least_and_most {
        assert!(valid(set, least) && valid(set, least + 1), "{name} {least}");
        assert!(least == 0 || !valid(set, least - 1), "{name} below {least}");
        let Some(most) = most else { continue };
        assert!(valid(set, most - 1) && valid(set, most), "{name} {most}");
        assert!(!valid(set, most + 1), "{name} above {most}");
    }
    assert!(valid(|p, n| p.parameter_delay_secs = n, YEAR) && !valid(|p, n| p.parameter_delay_secs = n, YEAR + 1));
    // A period of no time is refused also where there is nothing to come back in it.
    assert!(!valid(|p, n| (p.maintenance_secs, p.maintenance_period_secs) = (n, n), 0));
    assert!(!valid(|p, n| (p.guard_secs, p.guard_period_secs) = (n, n), 0));
}

#[test]
fn parameters_out_of_bounds_are_not_announced() {
    on_a_chain(|| {
        let wrong = MiningParameters {
            report_window: 0,
            ..mining()
        };
        assert_noop!(MiningPallet::set_mining(RuntimeOrigin::root(), wrong), E::InvalidParameters);
        let wrong = EconomicParameters {
            treasury_ratio: Fixed::from_units(Fixed::ONE.units() + 1),
            ..EconomicParameters::khala()
        };
        assert_noop!(MiningPallet::set_economics(RuntimeOrigin::root(), wrong), E::InvalidParameters);
    });
}

#[test]
fn a_slash_that_no_speed_of_the_clock_gives_is_not_announced() {
    // With the smallest possible slash at genesis the clock would have to run too fast for the largest.
    let tiny = EconomicParameters {
        keep_per_sec: Q96::from_inner(Q96::ONE.inner() - 1),
        ..EconomicParameters::khala()
    };
    run_with(mining(), tiny, || {
        let largest = EconomicParameters {
            keep_per_sec: MIN_KEEP,
            ..EconomicParameters::khala()
        };
        assert_ok!(largest.validate());
        assert_noop!(MiningPallet::set_economics(RuntimeOrigin::root(), largest), E::InvalidParameters);
    });
}

#[test]
fn only_governance_announces_and_cancels() {
    on_a_chain(|| {
        for origin in [RuntimeOrigin::signed(Treasury::get()), RuntimeOrigin::none()] {
            let bad = DispatchError::BadOrigin;
            assert_noop!(MiningPallet::set_mining(origin.clone(), mining()), bad);
            assert_noop!(MiningPallet::set_economics(origin.clone(), EconomicParameters::khala()), bad);
            assert_noop!(MiningPallet::cancel_parameters(origin), bad);
        }
    });
}

#[test]
fn parameters_are_in_force_when_the_delay_is_over_and_not_a_second_before() {
    on_a_chain(|| {
        announce_mining(|p| p.cool_down_secs = 77);
        announce_economics(|p| p.v_max = Q96::from_whole(31_000));
        let due_secs = credited() + DELAY;
        System::assert_has_event(Event::MiningAnnounced { due_secs }.into());
        System::assert_has_event(Event::EconomicsAnnounced { due_secs }.into());
        (0..9).for_each(|_| next_block_after(60));
        next_block_after(59);
        assert_eq!(credited(), due_secs - 1);
        assert_eq!(
            (Mining::<Test>::get(), Economics::<Test>::get()),
            (mining(), EconomicParameters::khala())
        );
        next_block_after(1);
        let (new, economics) = (Mining::<Test>::get(), Economics::<Test>::get());
        assert_eq!((new.cool_down_secs, economics.v_max), (77, Q96::from_whole(31_000)));
        assert!(NextMining::<Test>::get().is_none() && NextEconomics::<Test>::get().is_none());
        System::assert_has_event(Event::MiningChanged { parameters: new }.into());
        System::assert_has_event(Event::EconomicsChanged { parameters: economics }.into());
    });
}

#[test]
fn a_newer_announcement_replaces_an_older_one_and_has_the_whole_delay() {
    on_a_chain(|| {
        announce_mining(|p| p.cool_down_secs = 77);
        next_block_after(60);
        announce_mining(|p| p.minimal_score = 99);
        pass_delay();
        let now = Mining::<Test>::get();
        assert_eq!((now.cool_down_secs, now.minimal_score), (mining().cool_down_secs, 99));
    });
}

#[test]
fn the_delay_of_an_announcement_is_that_of_its_moment() {
    on_a_chain(|| {
        announce_mining(|p| p.parameter_delay_secs = 60);
        next_block_after(60);
        assert_eq!(Mining::<Test>::get().parameter_delay_secs, DELAY);
        pass_delay();
        announce_mining(|p| p.minimal_score = 99);
        next_block_after(60);
        assert_eq!(Mining::<Test>::get().minimal_score, 99);
    });
}

#[test]
fn announced_parameters_are_cancelled() {
    on_a_chain(|| {
        assert_noop!(MiningPallet::cancel_parameters(RuntimeOrigin::root()), E::NothingAnnounced);
        announce_economics(|p| p.v_max = Q96::from_whole(31_000));
        assert_ok!(MiningPallet::cancel_parameters(RuntimeOrigin::root()));
        let (mining_too, economics) = (false, true);
        System::assert_last_event(
            Event::ParametersCancelled {
                mining: mining_too,
                economics,
            }
            .into(),
        );
        announce_mining(|p| p.cool_down_secs = 77);
        assert_ok!(MiningPallet::cancel_parameters(RuntimeOrigin::root()));
        pass_delay();
        assert_eq!(
            (Mining::<Test>::get(), Economics::<Test>::get()),
            (mining(), EconomicParameters::khala())
        );
    });
}

#[test]
fn a_block_without_room_leaves_what_is_due_to_a_later_one() {
    on_a_chain(|| {
        announce_mining(|p| p.cool_down_secs = 77);
        pass_delay_but_one_block();
        close_block();
        System::set_block_number(System::block_number() + 1);
        Timestamp::set_timestamp(Timestamp::get() + 60_000);
        let room = <() as WeightInfo>::on_poll();
        MiningPallet::on_poll(System::block_number(), &mut WeightMeter::with_limit(room));
        assert!(NextMining::<Test>::get().unwrap().due_secs <= credited());
        assert_eq!(Mining::<Test>::get(), mining());
        run_blocks(1);
        assert_eq!(Mining::<Test>::get().cool_down_secs, 77);
    });
}

fn pass_delay_but_one_block() {
    (0..DELAY / 60 - 1).for_each(|_| next_block_after(60));
}

#[test]
fn another_length_of_the_ring_voids_what_was_asked() {
    for report_window in [50, 200] {
        on_a_chain(|| {
            let worker = Worker::mining("a", 5_000 * PHA);
            announce_mining(|p| p.report_window = report_window);
            pass_delay_but_one_block();
            let block = worker.wait_for_hit();
            let entry = worker.sign(worker.heartbeat(block));
            assert!(credited() < DELAY);
            while credited() < DELAY {
                run_blocks(1);
            }
            let now = System::block_number();
            assert_eq!(Mining::<Test>::get().report_window, report_window);
            assert!(VoidBefore::<Test>::get() > block);
            assert_err!(submit(&[entry]), STALE);
            run_blocks(21);
            assert_err!(report(&worker.key(), block), STALE);
            // The ring goes on from there.
            assert!(MiningPallet::challenge_of(now).is_some());
            worker.answer_next();
            run_blocks(Mining::<Test>::get().ring_length());
            assert_eq!(Ring::<Test>::iter().count() as u32, Mining::<Test>::get().ring_length());
        });
    }
}

#[test]
fn other_parameters_void_nothing() {
    on_a_chain(|| {
        announce_mining(|p| (p.heartbeat_window, p.report_window) = (30, 90));
        pass_delay();
        assert_eq!(Mining::<Test>::get().heartbeat_window, 30);
        assert_eq!(VoidBefore::<Test>::get(), 0);
    });
}

#[test]
fn the_budget_up_to_the_change_is_that_of_the_old_parameters() {
    on_a_chain(|| {
        Worker::mining("a", 5_000 * PHA);
        announce_economics(|p| p.budget_per_day = Pha::ZERO);
        pass_delay_but_one_block();
        let issued = || MiningPallet::ledger().unwrap().issued;
        let before = issued();
        next_block_after(60);
        assert_eq!(MiningPallet::budget_per_day(), 0);
        let at = issued();
        // The block in which it is in force has accrued its minute; ten such minutes were issued.
        assert!((at - before).abs_diff(at / 10) <= 1 && at > before);
        next_block_after(60);
        assert_eq!(issued(), at);
    });
}

#[test]
fn a_halving_leaves_three_quarters_of_the_budget() {
    let economics = EconomicParameters {
        halving_secs: 600,
        ..EconomicParameters::khala()
    };
    run_with(mining(), economics, || {
        Worker::mining("a", 5_000 * PHA);
        let issued = |secs: u64| {
            let before = MiningPallet::ledger().unwrap().issued;
            (0..secs / 60).for_each(|_| next_block_after(60));
            MiningPallet::ledger().unwrap().issued - before
        };
        let periods = [issued(600), issued(600), issued(600)];
        assert!(periods[0] > 0);
        for pair in periods.windows(2) {
            assert!((pair[1] * 4).abs_diff(pair[0] * 3) <= 8, "{periods:?}");
        }
        assert_eq!(MiningPallet::budget_per_day(), 720_000 * PHA * 27 / 64);
    });
}

#[test]
fn another_part_for_the_treasury_counts_from_the_next_settlement_on() {
    on_a_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        announce_economics(|p| p.treasury_ratio = Fixed::from_millionths(500_000));
        pass_delay();
        worker.answer_next();
        let ledger = MiningPallet::ledger().unwrap();
        assert!(ledger.paid > 0);
        assert!(ledger.paid.abs_diff(ledger.treasury) <= 1, "{ledger:?}");
    });
}

/// V of a worker as it is stored, as of now; the runtime API must say the same.
fn value(worker: &Worker) -> Q96 {
    let readings = ClockReadings::<Test>::get();
    let parameters = EconomicParameters {
        keep_per_sec: readings.keep,
        ..Economics::<Test>::get()
    };
    let v = worker.session().position.unwrap().value(&parameters, readings.clocks).unwrap();
    assert_eq!(worker.value(), v.to_fixed18());
    v
}

fn keep(slash_per_hour: &str) -> Q96 {
    let human = HumanParameters {
        slash_per_hour: slash_per_hour.parse().unwrap(),
        ..HumanParameters::khala()
    };
    human.parameters().unwrap().keep_per_sec
}

#[test]
fn another_slash_changes_what_decays_from_then_on_and_nothing_before() {
    for slash in ["0.002", "0.0005", "0.1"] {
        on_a_chain(|| {
            let worker = Worker::mining("a", 5_000 * PHA);
            worker.miss_and_be_reported();
            let (v, from) = (value(&worker), MiningPallet::clocks().decaying);
            announce_economics(|p| p.keep_per_sec = keep(slash));
            pass_delay();
            // All of it under the old slash, and not a unit more or less.
            assert_eq!(Economics::<Test>::get().keep_per_sec, keep(slash));
            assert_eq!(MiningPallet::clocks().decaying, from + DELAY);
            let before = v.checked_mul(keep("0.001").checked_pow(DELAY).unwrap()).unwrap();
            assert_eq!(value(&worker), before);
            (0..120).for_each(|_| next_block_after(60));
            let exact = before.checked_mul(keep(slash).checked_pow(7_200).unwrap()).unwrap();
            // The decaying clock counts whole seconds: less than one of the old slash is still to come.
            let (now, one_less) = (value(&worker), exact.checked_mul(Q96::from_whole(1)).unwrap());
            let second = exact.saturating_sub(exact.checked_mul(keep("0.001")).unwrap()).to_fixed18();
            let gap = now.to_fixed18().abs_diff(one_less.to_fixed18());
            assert!(gap <= second, "{gap} {second}");
            assert_eq!(ClockReadings::<Test>::get().keep, EconomicParameters::khala().keep_per_sec);
        });
    }
}

#[test]
fn the_clock_runs_faster_for_a_larger_slash_and_at_full_speed_for_the_first_again() {
    on_a_chain(|| {
        announce_economics(|p| p.keep_per_sec = keep("0.001").checked_pow(3).unwrap());
        pass_delay();
        let speed = ClockReadings::<Test>::get().speed;
        assert!(speed.abs_diff(3 * FULL_SPEED) <= 2, "{speed}");
        let at = MiningPallet::clocks().decaying;
        (0..10).for_each(|_| next_block_after(60));
        assert!(MiningPallet::clocks().decaying.abs_diff(at + 1_800) <= 1);
        announce_economics(|p| p.keep_per_sec = keep("0.001"));
        pass_delay();
        assert_eq!(ClockReadings::<Test>::get().speed, FULL_SPEED);
    });
}

#[test]
fn without_a_slash_nothing_decays_until_there_is_one_again() {
    on_a_chain(|| {
        let worker = Worker::mining("a", 5_000 * PHA);
        worker.miss_and_be_reported();
        announce_economics(|p| p.keep_per_sec = Q96::ONE);
        pass_delay();
        let v = value(&worker);
        announce_economics(|p| p.keep_per_sec = keep("0.001"));
        pass_delay();
        assert_eq!(value(&worker), v);
        next_block_after(60);
        assert!(value(&worker) < v);
    });
}

#[test]
fn a_shorter_cool_down_never_makes_a_later_stop_due_before_an_earlier_one() {
    on_a_chain(|| {
        let [first, second, third] = ["a", "b", "c"].map(|name| Worker::mining(name, 5_000 * PHA));
        assert_ok!(MiningPallet::stop(&first.key()));
        let due = credited() + 7 * 86_400;
        announce_mining(|p| p.cool_down_secs = 60);
        pass_delay();
        assert_ok!(MiningPallet::stop(&second.key()));
        let until = khala_primitives::status::SessionState::CoolingDown { until_secs: due };
        assert_eq!((first.session().state, second.session().state), (until, until));
        while credited() < due {
            next_block_after(600.min(due - credited()));
        }
        assert_eq!(released().len(), 2);
        // The queue is empty: from now on the shorter one counts.
        assert_ok!(MiningPallet::stop(&third.key()));
        next_block_after(59);
        assert_eq!(released().len(), 2);
        next_block_after(1);
        assert_eq!(released().len(), 3);
    });
}

#[test]
fn other_rates_of_challenges_count_from_the_same_block_on() {
    on_a_chain(|| {
        Worker::mining("a", 5_000 * PHA);
        announce_mining(|p| p.challenges_per_hour = 36);
        pass_delay_but_one_block();
        let target = || MiningPallet::challenge_of(System::block_number()).unwrap().target;
        let before = target();
        next_block_after(60);
        assert!((before / target()).as_u32().abs_diff(10) <= 1);
    });
}
