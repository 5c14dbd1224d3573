//! The replay against the design's vectors and against an independent model.

mod oracle;

use khala_economics::replay::{random_scenario, replay, Outcome};
use proptest::prelude::*;
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// What an implementation of the design may differ by.
const TOLERANCE: f64 = 1e-9;

/// An outcome as paths and texts.
fn flat(outcome: &Outcome) -> BTreeMap<String, String> {
    fn walk(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(&format!("{path}/{key}"), value, into)),
            Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
            other => drop(into.insert(path.to_owned(), other.to_string())),
        }
    }
    let mut flat = BTreeMap::new();
    walk("", &serde_json::to_value(outcome).unwrap(), &mut flat);
    flat
}

/// The largest relative difference between the replay and the independent model.
fn worst_error(scenario: &Value) -> f64 {
    let ours = flat(&replay(&scenario.to_string()).unwrap());
    let theirs = oracle::replay(scenario);
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    let errors = ours.iter().zip(theirs.values()).map(|((path, ours), theirs)| {
        if ours.starts_with(|first: char| first.is_ascii_digit()) {
            oracle::relative_error(ours, theirs)
        } else {
            assert_eq!(ours, theirs, "{path}");
            0.0
        }
    });
    errors.fold(0.0, f64::max)
}

fn two_workers() -> Value {
    json!({"events": [
        {"t": 0, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000},
        {"t": 600, "type": "start", "worker": "b", "p": 2000, "level": 4, "stake": 10000},
        {"t": 1200, "type": "heartbeat", "worker": "a", "p_instant": 900},
        {"t": 1500, "type": "heartbeat", "worker": "b", "p_instant": 2600},
        {"t": 2400, "type": "offline", "worker": "b"},
        {"t": 3000, "type": "heartbeat", "worker": "a", "p_instant": 1000},
        {"t": 6000, "type": "heartbeat", "worker": "b", "p_instant": 2000},
        {"t": 7000, "type": "heartbeat", "worker": "b", "p_instant": 2000},
        {"t": 7500, "type": "add_stake", "worker": "a", "stake": 1000},
        {"t": 7800, "type": "heartbeat", "worker": "a", "p_instant": 1000},
        {"t": 8000, "type": "stop", "worker": "a"},
        {"t": 9000, "type": "stop", "worker": "b"}
    ]})
}

/// The design's vector of two workers over 9,000 s. Our payments are rounded down to 10^-18 PHA, so the last digits may be a few lower.
#[test]
fn two_workers_earn_what_the_vector_says() {
    let expected: BTreeMap<String, String> = [
        ("/issued", "75000.000000000000000000"),
        ("/forfeited", "19128.313920294782357191"),
        ("/total_share", "0.000000000000000000"),
        ("/workers/a/state", "cooling_down"),
        ("/workers/a/v", "9450.000000000000000000"),
        ("/workers/a/share", "9659.321922371155758849"),
        ("/workers/a/paid", "36471.077311316296891278"),
        ("/workers/a/treasury", "9117.769327829074222820"),
        ("/workers/a/returned", "6000.000000000000000000"),
        ("/workers/b/state", "cooling_down"),
        ("/workers/b/v", "14825.989005840095262226"),
        ("/workers/b/share", "15167.397601477037045080"),
        ("/workers/b/paid", "8226.271552447877222969"),
        ("/workers/b/treasury", "2056.567888111969305742"),
        ("/workers/b/returned", "9990.558629272301389640"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into();
    let ours = flat(&replay(&two_workers().to_string()).unwrap());
    assert_eq!(ours.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (path, expected) in expected {
        let ours = &ours[&path];
        match expected.strip_suffix("cooling_down") {
            Some(_) => assert_eq!(*ours, expected, "{path}"),
            None => assert!(oracle::relative_error(ours, &expected) < 1e-17, "{path}: {ours}, not {expected}"),
        }
    }
}

#[test]
fn the_outcome_has_the_reference_models_form() {
    let outcome =
        replay(&json!({"events": [{"t": 5, "type": "start", "worker": "w", "p": 100, "level": 2, "stake": "630"}]}).to_string()).unwrap();
    let expected = r#"{
  "issued": "0.000000000000000000",
  "forfeited": "0.000000000000000000",
  "total_share": "1010.000000000000000000",
  "workers": {
    "w": {
      "state": "idle",
      "v": "990.000000000000000000",
      "share": "1010.000000000000000000",
      "paid": "0.000000000000000000",
      "treasury": "0.000000000000000000",
      "returned": null
    }
  }
}"#;
    assert_eq!(outcome.to_string(), expected);
}

#[test]
fn an_empty_scenario_comes_to_nothing() {
    let outcome = replay(r#"{"params": {}, "events": []}"#).unwrap();
    assert_eq!(outcome.issued.to_string(), "0.000000000000000000");
    assert!(outcome.workers.is_empty());
}

#[test]
fn two_workers_agree_with_the_independent_model() {
    assert!(worst_error(&two_workers()) < 1e-17);
}

#[test]
fn random_scenarios_agree_with_the_independent_model() {
    for seed in 0..40 {
        let scenario = random_scenario(seed, 200).unwrap();
        let error = worst_error(&scenario);
        assert!(error < TOLERANCE, "seed {seed}: {error}");
    }
}

#[test]
fn long_random_scenarios_agree_with_the_independent_model() {
    for seed in [1_000, 1_001, 1_002, 1_003] {
        let scenario = random_scenario(seed, 1_000).unwrap();
        let error = worst_error(&scenario);
        assert!(error < TOLERANCE, "seed {seed}: {error}");
    }
}

#[test]
fn random_scenarios_hold_every_event_and_differ_by_seed() {
    let mut kinds: Vec<String> = (0..20)
        .flat_map(|seed| random_scenario(seed, 200).unwrap()["events"].as_array().unwrap().clone())
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(
        kinds,
        ["add_stake", "heartbeat", "lapse", "offline", "reduce_stake", "start", "stop"]
    );
    assert_eq!(random_scenario(7, 50), random_scenario(7, 50));
    assert_ne!(random_scenario(7, 50), random_scenario(8, 50));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Growth in closed form is growth step by step.
    #[test]
    fn two_heartbeats_apart_agree_whatever_the_parameters(
        rho in 0u32..100_000, cost in 0u32..10_000, p in 50u32..3_000, claim in 0u32..4_000, secs in 1u64..80_000, level in 1u8..=5,
    ) {
        let scenario = json!({
            "params": {"rho_per_hour": format!("1.{rho:08}"), "cost_k_per_year": format!("0.{cost:04}"), "v_max": "900000"},
            "events": [
                {"t": 0, "type": "start", "worker": "a", "p": p, "level": level, "stake": 8000},
                {"t": 60, "type": "heartbeat", "worker": "a", "p_instant": claim},
                {"t": 60 + secs, "type": "heartbeat", "worker": "a", "p_instant": claim},
                {"t": 60 + secs, "type": "offline", "worker": "a"},
                {"t": 60 + 3 * secs, "type": "stop", "worker": "a"},
            ]
        });
        prop_assert!(worst_error(&scenario) < TOLERANCE);
    }
}
