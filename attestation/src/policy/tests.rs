//! What a policy accepts.

use super::*;
use crate::{quote::Report, rollback::NextNumber, shortfall::Shortfall};
use alloc::{vec, vec::Vec};
use khala_primitives::{MeasurementDigest, Tee};
use ConfidenceLevel::{Five, Four, One, Three, Two};

fn advisory(text: &str) -> Advisory {
    text.parse().unwrap()
}

fn verdict(status: TcbStatus, advisories: &[&str]) -> Verdict {
    Verdict {
        at_secs: 1000,
        tee: Tee::Sgx,
        quote_version: 3,
        status,
        advisories: advisories.iter().map(|text| advisory(text)).collect(),
        measurement: MeasurementDigest([1; 32]),
        report: Report::Sgx(Default::default()),
        report_data: [0; 64],
        platform_id: PlatformId([2; 32]),
        fmspc: Fmspc([3; 6]),
        platform_flags: PlatformFlags {
            dynamic_platform: Some(true),
            cached_keys: Some(true),
            smt_enabled: Some(true),
        },
        tcb_evaluation_data_number: INTEL_EVALUATION_DATA_NUMBER,
        qe_evaluation_data_number: INTEL_EVALUATION_DATA_NUMBER,
        expires_at_secs: 2000,
        shortfalls: Vec::<Shortfall>::new(),
        not_for_registration: vec![],
    }
}

#[test]
fn statuses_have_the_levels_of_the_design() {
    use TcbStatus::*;
    let mut policy = AttestationPolicy::default_for_chain();
    policy.allowed_advisories = vec![advisory("GOOD"), advisory("FINE")].try_into().unwrap();
    for (status, without, allowed, other) in [
        (UpToDate, One, One, One),
        (SWHardeningNeeded, Two, Two, Two),
        (ConfigurationNeeded, Three, Three, Four),
        (ConfigurationAndSWHardeningNeeded, Three, Three, Four),
        (TDRelaunchAdvised, Three, Three, Four),
        (TDRelaunchAdvisedConfigurationNeeded, Three, Three, Four),
        (OutOfDate, Five, Five, Five),
        (OutOfDateConfigurationNeeded, Five, Five, Five),
    ] {
        assert_eq!(policy.judge(&verdict(status, &[])), Ok(without), "{status}");
        assert_eq!(policy.judge(&verdict(status, &["GOOD", "FINE"])), Ok(allowed), "{status}");
        assert_eq!(policy.judge(&verdict(status, &["GOOD", "BAD"])), Ok(other), "{status}");
    }
    assert_eq!(policy.judge(&verdict(Revoked, &[])), Err(PolicyError::Status(Revoked)));
}

#[test]
fn a_refused_status_is_refused() {
    let mut policy = AttestationPolicy::default_for_chain();
    policy.statuses.out_of_date = StatusRule::Refused;
    assert_eq!(
        policy.judge(&verdict(TcbStatus::OutOfDate, &[])),
        Err(PolicyError::Status(TcbStatus::OutOfDate))
    );
    assert_eq!(policy.judge(&verdict(TcbStatus::OutOfDateConfigurationNeeded, &[])), Ok(Five));
}

#[test]
fn deny_lists_refuse_at_any_level() {
    let good = verdict(TcbStatus::UpToDate, &["BAD"]);
    let mut policy = AttestationPolicy::default_for_chain();
    assert_eq!(policy.judge(&good), Ok(One));
    policy.denied_advisories = vec![advisory("BAD")].try_into().unwrap();
    assert_eq!(policy.judge(&good), Err(PolicyError::Advisory(advisory("BAD"))));
    policy.denied_fmspcs = vec![good.fmspc].try_into().unwrap();
    assert_eq!(policy.judge(&good), Err(PolicyError::Fmspc(good.fmspc)));
    policy.denied_platforms = vec![good.platform_id].try_into().unwrap();
    assert_eq!(policy.judge(&good), Err(PolicyError::Platform(good.platform_id)));
}

#[test]
fn properties_of_a_platform_are_refused_where_they_are_set() {
    let mut policy = AttestationPolicy::default_for_chain();
    for (rules, flag) in [
        (
            FlagRules {
                dynamic_platform: false,
                ..FlagRules::ALL
            },
            Flag::DynamicPlatform,
        ),
        (
            FlagRules {
                cached_keys: false,
                ..FlagRules::ALL
            },
            Flag::CachedKeys,
        ),
        (
            FlagRules {
                smt_enabled: false,
                ..FlagRules::ALL
            },
            Flag::SmtEnabled,
        ),
    ] {
        policy.flags = rules;
        let mut verdict = verdict(TcbStatus::UpToDate, &[]);
        assert_eq!(policy.judge(&verdict), Err(PolicyError::Flag(flag)));
        verdict.platform_flags = PlatformFlags::default();
        assert_eq!(policy.judge(&verdict), Ok(One));
    }
}

#[test]
fn only_the_current_evaluation_number_counts() {
    let mut policy = AttestationPolicy::default_for_chain();
    let good = verdict(TcbStatus::UpToDate, &[]);
    for (current, from_secs, counts) in [(21, 1001, true), (21, 1000, false), (20, 1001, false), (22, 1001, false)] {
        policy.evaluation_numbers = Some(EvaluationNumbers {
            current,
            next: Some(NextNumber { number: 22, from_secs }),
        });
        assert_eq!(policy.judge(&good).is_ok(), counts, "{current} {from_secs}");
    }
    assert_eq!(policy.judge(&good), Err(PolicyError::EvaluationNumber { found: 21, current: 22 }));
    policy.evaluation_numbers = Some(EvaluationNumbers { current: 21, next: None });
    let qe_ahead = Verdict {
        qe_evaluation_data_number: 22,
        ..good
    };
    assert_eq!(
        policy.judge(&qe_ahead),
        Err(PolicyError::EvaluationNumber { found: 22, current: 21 })
    );
}

#[test]
fn findings_refuse_on_a_chain_and_not_when_looking() {
    let mut found = verdict(TcbStatus::UpToDate, &[]);
    found.not_for_registration = vec![Finding::ConfigId, Finding::ConfigSvn];
    let refused = AttestationPolicy::default_for_chain().judge(&found);
    assert_eq!(refused, Err(PolicyError::NotForRegistration(Finding::ConfigId)));
    assert_eq!(AttestationPolicy::looking().judge(&found), Ok(One));
}

#[test]
fn a_policy_comes_back_from_scale_and_json_and_is_bounded() {
    let mut policy = AttestationPolicy::default_for_chain();
    policy.denied_advisories = vec![advisory("BAD")].try_into().unwrap();
    policy.denied_fmspcs = vec![Fmspc([1; 6])].try_into().unwrap();
    assert_eq!(AttestationPolicy::decode(&mut &policy.encode()[..]).unwrap(), policy);
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<AttestationPolicy>(&json).unwrap(), policy);
    assert!(policy.encoded_size() <= AttestationPolicy::max_encoded_len());
    let platforms = serde_json::to_value(vec![PlatformId([0; 32]); MAX_DENIED_PLATFORMS as usize + 1]).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
    json["deniedPlatforms"] = platforms;
    assert!(serde_json::from_value::<AttestationPolicy>(json).is_err());
}

/// Policies that differ in everything that may be strict or loose.
fn policies() -> Vec<AttestationPolicy> {
    let advisories = |names: &[&str]| BoundedVec::try_from(names.iter().map(|name| advisory(name)).collect::<Vec<_>>()).unwrap();
    let base = AttestationPolicy::default_for_chain;
    let mut policies = vec![base()];
    for rule in [
        StatusRule::Refused,
        StatusRule::Level(Two),
        StatusRule::ByAdvisories { allowed: One, other: Five },
    ] {
        let mut policy = base();
        policy.statuses.up_to_date = rule;
        policy.allowed_advisories = advisories(&["GOOD"]);
        policies.push(policy);
    }
    policies.push(AttestationPolicy {
        allowed_advisories: advisories(&["GOOD", "BAD"]),
        denied_fmspcs: vec![Fmspc([3; 6])].try_into().unwrap(),
        ..base()
    });
    policies.push(AttestationPolicy {
        denied_advisories: advisories(&["BAD"]),
        denied_platforms: vec![PlatformId([2; 32])].try_into().unwrap(),
        flags: FlagRules {
            cached_keys: false,
            ..FlagRules::ALL
        },
        ..base()
    });
    policies
}

#[test]
fn the_stricter_of_two_policies_gives_the_lower_worth_of_both() {
    for a in policies() {
        for b in policies() {
            let both = a.stricter(&b).unwrap();
            assert_eq!(both.evaluation_numbers, b.evaluation_numbers);
            assert_eq!(both.stricter(&b).unwrap(), both);
            for status in TcbStatus::ALL {
                for advisories in [&[][..], &["GOOD"], &["BAD"], &["GOOD", "BAD"]] {
                    let verdict = verdict(status, advisories);
                    let [alone, other, together] = [&a, &b, &both].map(|policy| policy.judge(&verdict).ok());
                    match (alone, other) {
                        (Some(alone), Some(other)) => {
                            assert!(together.is_some_and(|level| level >= alone.max(other)), "{status} {advisories:?}")
                        }
                        _ => assert_eq!(together, None, "{status} {advisories:?}"),
                    }
                }
            }
        }
        assert_eq!(a.stricter(&a), Some(a.clone()));
    }
}

#[test]
fn the_stricter_of_two_policies_has_room_or_is_none() {
    let denied = |first: u8, count: u8| AttestationPolicy {
        denied_fmspcs: (first..first + count)
            .map(|n| Fmspc([n; 6]))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        ..AttestationPolicy::default_for_chain()
    };
    for (count, fits) in [(31, true), (32, true), (33, false)] {
        assert_eq!(denied(0, 32).stricter(&denied(100, count)).is_some(), fits, "{count}");
    }
}

#[test]
fn an_advisory_that_is_not_allowed_never_raises_the_worth() {
    let mut statuses = StatusRules::DESIGN;
    assert!(statuses.are_monotone());
    statuses.out_of_date = StatusRule::ByAdvisories { allowed: Two, other: Two };
    assert!(statuses.are_monotone());
    statuses.out_of_date = StatusRule::ByAdvisories {
        allowed: Three,
        other: Two,
    };
    assert!(!statuses.are_monotone());
}
