//! A scenario that is wrong gets an error that says where and why.

use khala_economics::{
    decimal::DecimalError,
    replay::{replay, FieldError, Refusal, ReplayError},
    EconomicsError, ParameterError,
};
use serde_json::{json, Value};

fn refused(scenario: Value) -> ReplayError {
    let error = replay(&scenario.to_string()).unwrap_err();
    assert!(!error.to_string().is_empty());
    error
}

/// An error in the second of two events; the first starts worker "a".
fn second(event: Value) -> ReplayError {
    refused(json!({"events": [{"t": 10, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000}, event]}))
}

fn malformed(event: Value) -> (&'static str, FieldError) {
    match second(event) {
        ReplayError::Malformed { index: 1, key, why } => (key, why),
        other => panic!("{other:?}"),
    }
}

fn refusal(event: Value) -> Refusal {
    match second(event) {
        ReplayError::Refused { index: 1, why, .. } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_that_is_not_json_is_refused_with_its_place() {
    let error = replay("{\"events\": [\n}").unwrap_err();
    assert!(matches!(&error, ReplayError::NotJson { why } if why.contains("line 2")), "{error}");
}

#[test]
fn json_that_is_not_a_scenario_is_refused() {
    for scenario in [json!([]), json!({}), json!({"events": {}}), json!({"params": 1, "events": []})] {
        let error = refused(scenario);
        assert!(matches!(error, ReplayError::NotAScenario { .. }), "{error}");
    }
}

#[test]
fn parameters_that_cannot_be_are_refused_by_name() {
    let with = |name: &str, value: Value| refused(json!({"params": {name: value}, "events": []}));
    let unknown = with("rho", json!("1"));
    assert!(matches!(&unknown, ReplayError::Parameter { name, why: FieldError::UnknownName { .. } } if name == "rho"));
    assert!(unknown.to_string().contains("rho_per_hour"), "{unknown}");
    let text = with("k", json!("fifty"));
    let why = FieldError::Number {
        text: "fifty".to_owned(),
        why: DecimalError::NotANumber,
    };
    assert_eq!(text, ReplayError::Parameter { name: "k".to_owned(), why });
    let list = with("v_max", json!([]));
    assert!(matches!(
        list,
        ReplayError::Parameter {
            why: FieldError::Expected { .. },
            ..
        }
    ));
    assert!(matches!(
        with("halving_secs", json!(1.5)),
        ReplayError::Parameter {
            why: FieldError::Expected { .. },
            ..
        }
    ));
    let range = with("slash_per_hour", json!("1"));
    assert_eq!(
        range,
        ReplayError::Parameters(ParameterError::OutOfRange {
            name: "slash_per_hour",
            range: "below 1"
        })
    );
}

#[test]
fn every_parameter_of_the_reference_is_known() {
    let params = json!({
        "rho_per_hour": "1.0002", "budget_per_day": "720000", "halving_secs": 15552000, "halving_factor": "0.75", "v_max": "30000",
        "cost_k_per_year": "0.0415625", "cost_b_per_year": "88.59375", "slash_per_hour": "0.001", "treasury_ratio": "0.2", "rig_k": "0.3",
        "re": "1.5", "k": "50", "p_cap": "1.2", "max_principal_slash": "0.1", "share_floor": "0", "max_unseen": "86400"
    });
    let events = json!([
        {"t": 0, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000},
        {"t": 100, "type": "stop", "worker": "a"}
    ]);
    assert_eq!(
        replay(&json!({"params": params, "events": events}).to_string()),
        replay(&json!({"events": events}).to_string())
    );
}

#[test]
fn malformed_events_are_refused_by_their_key() {
    let heartbeat = |t: Value, worker: Value, p: Value| malformed(json!({"t": t, "type": "heartbeat", "worker": worker, "p_instant": p}));
    assert_eq!(malformed(json!(1)), ("events", FieldError::Expected { kind: "a list of objects" }));
    assert_eq!(malformed(json!({"type": "stop", "worker": "a"})), ("t", FieldError::Missing));
    assert_eq!(malformed(json!({"t": 11, "worker": "a"})), ("type", FieldError::Missing));
    assert_eq!(
        malformed(json!({"t": 11, "type": "heartbeat", "worker": "a"})),
        ("p_instant", FieldError::Missing)
    );
    assert_eq!(
        heartbeat(json!(-1), json!("a"), json!(1)),
        (
            "t",
            FieldError::Expected {
                kind: "a whole number of seconds"
            }
        )
    );
    assert_eq!(
        heartbeat(json!(11), json!(1), json!(1)),
        ("worker", FieldError::Expected { kind: "a string" })
    );
    let negative = FieldError::Number {
        text: "-1".to_owned(),
        why: DecimalError::Negative,
    };
    assert_eq!(heartbeat(json!(11), json!("a"), json!(-1)), ("p_instant", negative));
    let (key, why) = malformed(json!({"t": 11, "type": "jump", "worker": "a"}));
    assert!(key == "type" && why.to_string().contains("add_stake"), "{why}");
    let decimals = malformed(json!({"t": 11, "type": "add_stake", "worker": "a", "stake": "0.0000000000000000001"}));
    let why = DecimalError::TooManyDecimals { allowed: 18 };
    assert_eq!(
        decimals,
        (
            "stake",
            FieldError::Number {
                text: "0.0000000000000000001".to_owned(),
                why
            }
        )
    );
}

#[test]
fn confidence_levels_are_one_to_five() {
    for (level, fine) in [(0, false), (1, true), (5, true), (6, false)] {
        let events = json!([{"t": 0, "type": "start", "worker": "a", "p": 1000, "level": level, "stake": 5000}]);
        let result = replay(&json!({"events": events}).to_string());
        assert_eq!(result.is_ok(), fine, "{level}");
        assert!(
            fine || matches!(
                result,
                Err(ReplayError::Malformed {
                    index: 0,
                    key: "level",
                    ..
                })
            )
        );
    }
}

#[test]
fn events_that_cannot_happen_are_refused_with_their_reason() {
    assert_eq!(
        refusal(json!({"t": 9, "type": "stop", "worker": "a"})),
        Refusal::OutOfOrder { after: 10 }
    );
    assert_eq!(refusal(json!({"t": 10, "type": "stop", "worker": "b"})), Refusal::Unknown);
    let again = json!({"t": 11, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000});
    assert_eq!(refusal(again), Refusal::Running);
    let low = refusal(json!({"t": 11, "type": "reduce_stake", "worker": "a", "stake": 5000}));
    assert!(matches!(low, Refusal::Economics(EconomicsError::StakeTooLow { .. })), "{low}");
}

#[test]
fn a_refusal_names_event_second_and_worker() {
    let error = second(json!({"t": 12, "type": "add_stake", "worker": "a", "stake": 30000})).to_string();
    assert!(
        error.starts_with("event 1 (second 12, worker \"a\"): the stake is too high"),
        "{error}"
    );
}

#[test]
fn an_absent_worker_cannot_go_absent_again() {
    let event = |t: u64, kind: &str| json!({"t": t, "type": kind, "worker": "a"});
    let start = json!({"t": 0, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000});
    let error = refused(json!({"events": [start, event(1, "offline"), event(2, "lapse")]}));
    assert!(
        matches!(
            error,
            ReplayError::Refused {
                index: 2,
                why: Refusal::Economics(EconomicsError::NotIdle),
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_share_of_nearly_nothing_cannot_earn_without_bound() {
    let event = |t: u64, kind: &str| json!({"t": t, "type": kind, "worker": "a", "p_instant": 0});
    let start = json!({"t": 0, "type": "start", "worker": "a", "p": 1000, "level": 1, "stake": 5000});
    let events = json!([
        start,
        event(1, "offline"),
        event(8_000_000, "heartbeat"),
        event(9_000_000, "heartbeat")
    ]);
    let error = refused(json!({"params": {"slash_per_hour": "0.02"}, "events": events}));
    assert!(
        matches!(
            error,
            ReplayError::Refused {
                index: 3,
                why: Refusal::RewardPerShareFull,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("share_floor"));
}
