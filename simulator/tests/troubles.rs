//! What mining promises when something goes wrong, with few workers.

use khala_pallet_mining::MiningParameters;
use khala_simulator::{
    cast::Cast,
    draws::Draws,
    measures,
    scenario::{every_slot, outage, Scenario, Trouble, OUTAGE_ENDS, TROUBLE_AT, USUAL_DELAY},
    trace::Traces,
    world::{self, record::Record},
    SLOT_SECS,
};
use rand::{rngs::StdRng, SeedableRng};

const WORKERS: u32 = 200;
const SECS: u64 = 7_200;

/// Runs troubles with the same workers and seeds.
struct Stage {
    cast: Cast,
    draws: Draws,
}

impl Stage {
    fn new(workers: u32, secs: u64) -> Self {
        let cast = Cast::new(workers, 1, &MiningParameters::khala()).unwrap();
        let draws = Draws::new(&cast.keys, 2 + (secs / SLOT_SECS) as u32, 1);
        Self { cast, draws }
    }

    fn run(&self, trouble: &Trouble) -> Record {
        world::run(&self.cast, &self.draws, trouble)
    }

    fn play(&self, scenario: Scenario) -> Record {
        self.run(&scenario.trouble(self.cast.keys.len(), SECS, 1))
    }
}

fn reports(record: &Record) -> u32 {
    record.blocks.iter().map(|block| block.reports).sum()
}

/// Nobody was reported, nothing was forfeited, no principal is touched, and everybody has earned what it has in the calm run.
fn assert_it_cost_nobody_anything(trouble: &Record, calm: &Record) {
    assert_eq!(reports(trouble), 0);
    assert!(trouble.outcomes.iter().all(|outcome| outcome.forfeited == 0.0));
    assert!(trouble.outcomes.iter().all(|outcome| outcome.principal_at_risk == 0.0));
    assert!(trouble.blocks.iter().map(|block| block.heartbeats).sum::<u32>() > 1_000);
    assert_eq!(trouble.blocks.last().unwrap().secs, calm.blocks.last().unwrap().secs);
    for (ours, usual) in trouble.outcomes.iter().zip(&calm.outcomes) {
        // Values are lowered at other moments, which changes shares a little.
        assert!(
            (ours.earned / usual.earned - 1.0).abs() < 2e-3,
            "{} against {}",
            ours.earned,
            usual.earned
        );
    }
    assert!((trouble.money.issued / calm.money.issued - 1.0).abs() < 1e-4);
}

#[test]
fn a_halt_of_ten_minutes_costs_nobody_anything() {
    let stage = Stage::new(WORKERS, SECS);
    assert_it_cost_nobody_anything(&stage.play(Scenario::Halt), &stage.play(Scenario::Calm));
}

#[test]
fn inclusion_eight_blocks_late_costs_nobody_anything() {
    let stage = Stage::new(WORKERS, SECS);
    assert_it_cost_nobody_anything(&stage.play(Scenario::Delayed), &stage.play(Scenario::Calm));
}

#[test]
fn half_of_the_blocks_pay_the_same_by_the_hour() {
    let stage = Stage::new(WORKERS, SECS);
    let mut half = Scenario::HalfBlocks.trouble(WORKERS as usize, SECS, 1);
    half.times.retain(|time| *time < SECS);
    half.times.push(SECS);
    assert_it_cost_nobody_anything(&stage.run(&half), &stage.play(Scenario::Calm));
}

/// Inclusion so late that the answers come after the window: the reports are false, and are counted as such.
#[test]
fn answers_count_up_to_the_last_block_of_the_window() {
    let stage = Stage::new(WORKERS, 1_800);
    let late = |delay| {
        let trouble = Trouble {
            delay,
            ..Scenario::Calm.trouble(WORKERS as usize, 1_800, 1)
        };
        let record = stage.run(&trouble);
        assert_eq!(record.false_reports, reports(&record));
        reports(&record)
    };
    assert_eq!(late(19), 0);
    assert_eq!(late(20), 0);
    assert!(late(21) > WORKERS / 2);
}

#[test]
fn thirty_percent_vanishing_at_once_trigger_the_guard() {
    let stage = Stage::new(WORKERS, SECS);
    let record = stage.play(Scenario::Outage);
    let (on, began) = record.guard[0];
    assert!(began && (TROUBLE_AT..TROUBLE_AT + 1_200).contains(&on), "{:?}", record.guard);
    assert_eq!(record.false_reports, 0);

    // It holds values: without it they sink for the whole outage.
    let unguarded = stage.play(Scenario::Unguarded);
    assert!(unguarded.guard.is_empty());
    let lowest = |record: &Record| record.values.iter().filter_map(|value| value.absent).fold(f64::MAX, f64::min);
    assert!(lowest(&record) > 0.9999, "{}", lowest(&record));
    assert!(lowest(&unguarded) < 0.9994, "{}", lowest(&unguarded));
}

#[test]
fn the_guard_ends_when_the_workers_are_back() {
    let secs = OUTAGE_ENDS + 1_200;
    let stage = Stage::new(WORKERS, secs);
    let record = stage.run(&Scenario::Outage.trouble(WORKERS as usize, secs, 1));
    let turns: Vec<_> = record.guard.iter().map(|(_, on)| *on).collect();
    assert_eq!(turns, [true, false]);
    assert!(record.guard[1].0 > OUTAGE_ENDS);
    assert_eq!(record.blocks.last().unwrap().idle, WORKERS);
}

#[test]
fn five_percent_vanishing_at_once_do_not_trigger_the_guard() {
    let stage = Stage::new(WORKERS, SECS);
    let trouble = Trouble {
        traces: outage(WORKERS as usize, 5, &mut StdRng::seed_from_u64(1)),
        ..Scenario::Calm.trouble(WORKERS as usize, SECS, 1)
    };
    let record = stage.run(&trouble);
    assert_eq!(reports(&record), WORKERS / 20);
    assert!(record.guard.is_empty());
}

#[test]
fn who_vanishes_is_found_as_fast_as_the_rate_of_challenges_allows() {
    let workers = 1_000;
    let stage = Stage::new(workers, SECS);
    let absence = khala_simulator::trace::Absence {
        from: TROUBLE_AT,
        until: u64::MAX,
    };
    let trouble = Trouble {
        traces: Traces::outage(workers as usize, 1, 50, absence, &mut StdRng::seed_from_u64(3)),
        delay: USUAL_DELAY,
        times: every_slot(SECS),
        guarded: true,
    };
    let delay = measures::delay(&stage.run(&trouble).spans).unwrap();
    // A block asks one worker of 50; the report comes 21 blocks after that.
    assert!((delay.mean_blocks / 71.0 - 1.0).abs() < 0.1, "{delay:?}");
    assert!((delay.most_blocks.unwrap() / 169.0 - 1.0).abs() < 0.15, "{delay:?}");
}

#[test]
fn the_budget_is_issued_and_accounted_for() {
    let stage = Stage::new(2_000, SECS);
    let record = stage.play(Scenario::Independent);
    let money = record.money;
    let gone = money.paid + money.treasury + money.forfeited + money.outstanding;
    assert!((money.issued - gone).abs() < 1e-3, "{money:?}");
    assert!((money.issued / money.budget - 1.0).abs() < 1e-3, "{money:?}");
    assert_eq!(record.false_reports, 0);
}

#[test]
fn a_seed_makes_the_same_run_again() {
    let run = |seed| {
        let cast = Cast::new(50, seed, &MiningParameters::khala()).unwrap();
        let draws = Draws::new(&cast.keys, 301, seed);
        world::run(&cast, &draws, &Scenario::Independent.trouble(50, 1_800, seed)).blocks
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}
