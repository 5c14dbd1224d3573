//! The pallet against an independent model, on random scenarios.
//!
//! A scenario is played on the chain: real blocks, signed heartbeats, reports of real misses. What it comes to has to be what the
//! oracle of the economics says, which is the design's reference model in decimals of 60 places.

use crate::{mock::*, *};
use frame_support::traits::fungible::Mutate;
use khala_economics::{
    replay::{random_scenario, Event, EventKind, Scenario},
    Pha, Score,
};
use khala_primitives::{
    status::{Absence, SessionState},
    Balance, ConfidenceLevel, PHA,
};
use serde_json::{json, Value};
use std::{cell::RefCell, collections::BTreeMap};

#[path = "../../../../economics/tests/oracle/mod.rs"]
mod oracle;

/// What the chain may differ by, relative; or else one planck for each payment.
const TOLERANCE: f64 = 1e-9;
/// How many random scenarios are played; the environment may say more.
const SCENARIOS: &str = "KHALA_DIFFERENTIAL_SCENARIOS";
/// No block is later than the clocks allow after its parent.
const LONGEST_BLOCK: u64 = 86_400;
/// A lease that no scenario outlives.
const FOR_EVER: u64 = u64::MAX / 2;

/// Every block asks everybody, misses can be reported in the second block after, no gap voids anything, principals come back at once.
fn constants() -> MiningParameters {
    MiningParameters {
        heartbeat_window: 1,
        challenges_per_hour: 3_600,
        max_heartbeats_per_block: 1_000_000,
        recovery_spacing: 0,
        cool_down_secs: 1,
        credited_cap_secs: LONGEST_BLOCK,
        decaying_cap_secs: LONGEST_BLOCK,
        halt_gap_secs: LONGEST_BLOCK,
        guard_secs: 0,
        ..MiningParameters::khala()
    }
}

/// A worker of a scenario, and what it got over all its sessions.
struct Player {
    worker: Worker,
    score: u32,
    level: ConfidenceLevel,
    lease: u64,
    paid: Balance,
    treasury: Balance,
    returned: Option<Balance>,
}

thread_local! {
    /// Keys take longer to make than a scenario to play.
    static WORKERS: RefCell<BTreeMap<String, Worker>> = const { RefCell::new(BTreeMap::new()) };
}

impl Player {
    fn new(name: &str) -> Self {
        Self {
            worker: WORKERS.with_borrow_mut(|workers| workers.entry(name.to_owned()).or_insert_with(|| Worker::new(name)).clone()),
            score: 0,
            level: ConfidenceLevel::One,
            lease: FOR_EVER,
            paid: 0,
            treasury: 0,
            returned: None,
        }
    }

    fn register(&self) {
        self.worker.register(|facts| {
            facts.score = Some(self.score);
            facts.level = self.level;
            facts.lease_end_secs = self.lease;
        });
    }

    fn start(&mut self, stake: Pha, p: Score, level: ConfidenceLevel) {
        (self.score, self.level, self.lease, self.returned) = (p.points(), level, FOR_EVER, None);
        self.register();
        let key = self.worker.key();
        if SessionOf::<Test>::get(key).is_none() {
            MiningPallet::bind(&key, POOL).unwrap();
        }
        MiningPallet::start(&key, stake.planck()).unwrap();
    }

    /// Answers this block's challenge.
    fn answer(&mut self, p_instant: u64) {
        let before = MiningPallet::ledger().unwrap();
        let mut heartbeat = self.worker.heartbeat(System::block_number());
        (heartbeat.iterations, heartbeat.elapsed_ms) = (p_instant, 6_000);
        submit(&[self.worker.sign(heartbeat)]).unwrap();
        let after = MiningPallet::ledger().unwrap();
        self.paid += after.paid - before.paid;
        self.treasury += after.treasury - before.treasury;
    }

    fn heartbeat(&mut self, p_instant: u64, level: Option<ConfidenceLevel>) {
        let lapsed = self.lease != FOR_EVER;
        if lapsed || level.is_some() {
            self.lease = FOR_EVER;
            self.level = level.unwrap_or(self.level);
            self.register();
        }
        if lapsed {
            // The renewal voids this block's challenge; the next one comes at the same reading of the clocks.
            next_block_after(0);
        }
        self.answer(p_instant);
    }

    /// Misses this block's challenge, and is reported at the same reading of the clocks.
    fn miss(&self) {
        let missed = System::block_number();
        for _ in 0..2 {
            close_block();
            open_block(0);
        }
        report(&self.worker.key(), missed).unwrap();
    }

    /// The lease ends: found with the next answer, or with a report.
    fn lapse(&mut self, by_report: bool) {
        self.lease = MiningPallet::now_secs();
        self.register();
        if by_report {
            self.miss();
        } else {
            self.answer(0);
        }
    }

    fn gets_back(&mut self, Stopped { returned, .. }: Stopped) {
        *self.returned.get_or_insert(0) += returned;
    }

    fn play(&mut self, event: &Event) {
        let key = self.worker.key();
        match event.kind {
            EventKind::Start { stake, p, level } => self.start(stake, p, level),
            EventKind::Heartbeat { p_instant, level } => self.heartbeat(p_instant.points().into(), level),
            EventKind::AddStake { stake } => MiningPallet::add_stake(&key, stake.planck()).unwrap(),
            EventKind::ReduceStake { stake } => {
                let back = MiningPallet::reduce_stake(&key, stake.planck()).unwrap();
                self.gets_back(back);
            }
            EventKind::Offline => self.miss(),
            EventKind::Lapse => self.lapse(event.t.is_multiple_of(2)),
            EventKind::Stop => {
                let back = MiningPallet::stop(&key).unwrap();
                self.gets_back(back);
            }
        }
    }

    /// What the oracle says of a worker, as far as the chain still knows it: value and share go with the stake.
    fn outcome(&self) -> Vec<(&'static str, String)> {
        let session = self.worker.session();
        let state = match session.state {
            SessionState::Idle => "idle",
            SessionState::Unresponsive { cause: Absence::Offline } => "unresponsive",
            SessionState::Unresponsive { .. } => "lapsed",
            SessionState::CoolingDown { .. } | SessionState::Ready => "cooling_down",
        };
        let mut outcome = vec![
            ("state", state.to_owned()),
            ("paid", text(self.paid)),
            ("treasury", text(self.treasury)),
            ("returned", self.returned.map_or("null".to_owned(), text)),
        ];
        if let Some(position) = session.position {
            outcome.push(("v", position.v.to_string()));
            outcome.push(("share", position.share.to_string()));
        }
        outcome
    }
}

fn text(planck: Balance) -> String {
    Pha::from_planck(planck).unwrap().to_string()
}

/// Blocks until the credited clock shows `t`.
fn run_to(t: u64) {
    let reading = || ClockReadings::<Test>::get().clocks.credited;
    while reading() < t {
        close_block();
        open_block((t - reading()).min(LONGEST_BLOCK));
    }
}

/// Plays a scenario on the chain, and gives what it comes to: the oracle's paths, and texts.
fn play(scenario: &Scenario) -> BTreeMap<String, String> {
    let mut outcome = BTreeMap::new();
    run_with(constants(), scenario.parameters.parameters().unwrap(), || {
        // The model's subsidy is endless.
        Balances::mint_into(&Subsidy::get(), 10_000_000_000 * PHA).unwrap();
        let mut players: BTreeMap<&str, Player> = BTreeMap::new();
        for event in &scenario.events {
            run_to(event.t);
            players
                .entry(&event.worker)
                .or_insert_with(|| Player::new(&event.worker))
                .play(event);
        }
        let shares = Shares::<Test>::get();
        outcome.insert("/issued".to_owned(), shares.ledger.issued().to_string());
        outcome.insert("/forfeited".to_owned(), shares.ledger.forfeited().to_string());
        outcome.insert("/total_share".to_owned(), shares.total_share.to_string());
        for (name, player) in &players {
            let said = player.outcome().into_iter();
            outcome.extend(said.map(|(key, text)| (format!("/workers/{name}/{key}"), text)));
        }
    });
    outcome
}

/// The text of a number in units of 10^-18.
fn units(text: &str) -> u128 {
    let end = text.find('.').map_or(text.len(), |point| text.len().min(point + 19));
    text[..end].parse::<Pha>().unwrap().units()
}

/// Plays a scenario on the chain and demands what the oracle says. How many numbers were compared is returned.
fn assert_agrees(name: &str, scenario: &Value) -> usize {
    let ours = play(&Scenario::parse(&scenario.to_string()).unwrap());
    let theirs = oracle::replay(scenario);
    let payments = scenario["events"].as_array().unwrap().len() as u128;
    for (path, ours) in &ours {
        let theirs = &theirs[path];
        if !ours.starts_with(|first: char| first.is_ascii_digit()) {
            assert_eq!(ours, theirs, "{name}: {path}");
            continue;
        }
        let planck = units(ours).abs_diff(units(theirs)) / 1_000_000;
        let error = oracle::relative_error(ours, theirs);
        assert!(
            error < TOLERANCE || planck <= payments,
            "{name}: {path} is {ours}, the oracle says {theirs}"
        );
    }
    // Only of workers whose session has ended does the chain know less: value and share.
    let gone = ours.values().filter(|text| *text == "cooling_down").count();
    assert_eq!(ours.len() + 2 * gone, theirs.len(), "{name}");
    ours.len()
}

/// A random scenario in which now and then a heartbeat is the first after another verdict.
fn scenario(seed: u64, events: u32) -> Value {
    let mut scenario = random_scenario(seed, events).unwrap();
    for (place, event) in scenario["events"].as_array_mut().unwrap().iter_mut().enumerate() {
        if event["type"] == "heartbeat" && (seed + place as u64).is_multiple_of(7) {
            event["level"] = json!(1 + (seed + place as u64 / 7) % 5);
        }
    }
    scenario
}

fn two_workers() -> Value {
    json!({"events": [
        {"t": 1, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000},
        {"t": 600, "type": "start", "worker": "b", "p": 2000, "level": 4, "stake": 10000},
        {"t": 1200, "type": "heartbeat", "worker": "a", "p_instant": 900},
        {"t": 1500, "type": "heartbeat", "worker": "b", "p_instant": 2600, "level": 5},
        {"t": 2400, "type": "offline", "worker": "b"},
        {"t": 3000, "type": "heartbeat", "worker": "a", "p_instant": 1000},
        {"t": 6000, "type": "heartbeat", "worker": "b", "p_instant": 2000},
        {"t": 7000, "type": "heartbeat", "worker": "b", "p_instant": 2000, "level": 1},
        {"t": 7500, "type": "add_stake", "worker": "a", "stake": 1000},
        {"t": 7800, "type": "heartbeat", "worker": "a", "p_instant": 1000},
        {"t": 7900, "type": "reduce_stake", "worker": "a", "stake": 300},
        {"t": 8000, "type": "lapse", "worker": "a"},
        {"t": 8500, "type": "heartbeat", "worker": "a", "p_instant": 1000},
        {"t": 8601, "type": "lapse", "worker": "a"},
        {"t": 9000, "type": "stop", "worker": "b"}
    ]})
}

#[test]
fn two_workers_come_to_what_the_model_says() {
    assert_eq!(assert_agrees("two workers", &two_workers()), 3 + 6 + 4);
}

#[test]
fn random_scenarios_come_to_what_the_model_says() {
    let scenarios = std::env::var(SCENARIOS).map_or(100, |number| number.parse().expect("a number of scenarios"));
    let (mut compared, mut parameters) = (0, BTreeMap::<String, u32>::new());
    for seed in 0..scenarios {
        let scenario = scenario(seed, 200);
        compared += assert_agrees(&format!("scenario {seed}"), &scenario);
        *parameters.entry(scenario["params"].to_string()).or_default() += 1;
    }
    println!("{scenarios} scenarios, {compared} numbers: {parameters:?}");
    assert!(
        scenarios < 40 || parameters.len() == 4,
        "sets of parameters that were never tried: {parameters:?}"
    );
}

#[test]
fn a_long_scenario_comes_to_what_the_model_says() {
    assert_agrees("a long scenario", &scenario(1_000, 1_000));
}
