//! Groups 7 and 8, which come after the verdict: roll-back, policy and binding.

use super::{platforms::behind, sample::put, Kind, List, Purpose, Sample, NOW};
use crate::{
    error::{Error, Group},
    forge::EVALUATION_DATA_NUMBER,
    part::Part,
    pck::oids,
    policy::{AttestationPolicy, Flag, FlagRules, PolicyError},
    rollback::{EvaluationNumbers, NextNumber},
};
use khala_primitives::{AccountId32, EcdhPublicKey, Freshness, Instance, PRuntimeVersion, WorkerInfo, WorkerPublicKey, H256};
use serde_json::json;
use std::{boxed::Box, format};

/// The policy of a chain on which the forge's collateral counts, with one change.
pub(super) fn policy_with(change: impl FnOnce(&mut AttestationPolicy)) -> Box<AttestationPolicy> {
    let mut policy = AttestationPolicy {
        evaluation_numbers: Some(EvaluationNumbers {
            current: EVALUATION_DATA_NUMBER,
            next: None,
        }),
        ..AttestationPolicy::default_for_chain()
    };
    change(&mut policy);
    Box::new(policy)
}

pub(super) fn add_roll_back(list: &mut List) {
    add_evaluation_numbers(list);
    add_older(list);
    list.group = Group::Certificates;
    add_flags(list);
}

fn add_evaluation_numbers(list: &mut List) {
    let current = EVALUATION_DATA_NUMBER;
    let numbers = EvaluationNumbers {
        current,
        next: Some(NextNumber {
            number: current.saturating_add(1),
            from_secs: NOW.saturating_add(1),
        }),
    };
    for (what, found) in [("old", current.saturating_sub(1)), ("early", current.saturating_add(2))] {
        for (name, part, sample) in [
            (
                "tcb-info",
                Part::TcbInfo,
                Sample::info(Kind::Sgx, "/tcbEvaluationDataNumber", json!(found)),
            ),
            (
                "qe-identity",
                Part::QeIdentity,
                Sample::identity(Kind::Sgx, "/tcbEvaluationDataNumber", json!(found)),
            ),
        ] {
            list.add_for(
                Purpose::Keep(numbers),
                format!("{name}-evaluation-number-{what}"),
                format!("collateral of evaluation number {found} is to be kept; {current} and the one after it count"),
                sample.clone(),
                Error::EvaluationNumber { part, found, current },
            );
            list.add_for(
                Purpose::Judge(policy_with(|policy| policy.evaluation_numbers = Some(numbers))),
                format!("policy-{name}-evaluation-number-{what}"),
                format!("the evidence is judged with evaluation number {found}; {current} counts"),
                sample,
                PolicyError::EvaluationNumber { found, current },
            );
        }
    }
}

/// Collateral that is older than what is kept.
fn add_older(list: &mut List) {
    let kept = || Box::new(Sample::good(Kind::Sgx).collateral);
    // The kept documents were issued an hour before now.
    let earlier = json!("2026-09-21T13:12:40Z");
    let by_secs = 40;
    let crl_secs = NOW.saturating_sub(3600).saturating_sub(by_secs);
    for (name, part, sample) in [
        ("tcb-info", Part::TcbInfo, Sample::info(Kind::Sgx, "/issueDate", earlier.clone())),
        ("qe-identity", Part::QeIdentity, Sample::identity(Kind::Sgx, "/issueDate", earlier)),
        (
            "root-crl",
            Part::RootCrl,
            Sample::collateral(Kind::Sgx, |draft| draft.root_crl.this_update_secs = crl_secs),
        ),
        (
            "pck-crl",
            Part::PckCrl,
            Sample::collateral(Kind::Sgx, |draft| draft.pck_crl.this_update_secs = crl_secs),
        ),
    ] {
        list.add_for(
            Purpose::Replace { part, kept: kept() },
            format!("{name}-older"),
            format!("it is {by_secs} seconds older than the kept one"),
            sample,
            Error::RolledBack { part, by_secs },
        );
    }
    for (name, part, sample) in [
        (
            "root-crl",
            Part::RootCrl,
            Sample::collateral(Kind::Sgx, |draft| draft.root_crl.number = 0),
        ),
        (
            "pck-crl",
            Part::PckCrl,
            Sample::collateral(Kind::Sgx, |draft| draft.pck_crl.number = 0),
        ),
    ] {
        list.add_for(
            Purpose::Replace { part, kept: kept() },
            format!("{name}-number-lower"),
            "its number is one lower than the kept one's",
            sample,
            Error::RolledBack { part, by_secs: 0 },
        );
    }
}

/// Properties of a machine that a policy refuses.
fn add_flags(list: &mut List) {
    for (name, oid, flag, rules) in [
        (
            "dynamic-platform",
            oids::DYNAMIC_PLATFORM,
            Flag::DynamicPlatform,
            FlagRules {
                dynamic_platform: false,
                ..FlagRules::ALL
            },
        ),
        (
            "cached-keys",
            oids::CACHED_KEYS,
            Flag::CachedKeys,
            FlagRules {
                cached_keys: false,
                ..FlagRules::ALL
            },
        ),
        (
            "smt",
            oids::SMT_ENABLED,
            Flag::SmtEnabled,
            FlagRules {
                smt_enabled: false,
                ..FlagRules::ALL
            },
        ),
    ] {
        list.add_for(
            Purpose::Judge(policy_with(|policy| policy.flags = rules)),
            format!("policy-{name}"),
            "the machine has this property, and the policy refuses it",
            Sample::extension(|extension| {
                // Behind tag and length of the flag.
                let at = behind(extension, oid).saturating_add(2);
                put(extension, at, &[0xff]);
            }),
            PolicyError::Flag(flag),
        );
    }
}

/// What the worker of the cases says of itself.
pub(super) fn worker() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 1,
            minor: 0,
            patch: 0,
        },
        genesis_hash: H256([1; 32]),
        identity_key: WorkerPublicKey([2; 32]),
        ecdh_key: EcdhPublicKey([3; 32]),
        operator: AccountId32::new([4; 32]),
        instance: Instance([5; 16]),
        freshness: Freshness {
            number: 6,
            hash: H256([7; 32]),
        },
        cores: 8,
        memory_mib: 9,
        features: 0,
    }
}

pub(super) fn add_binding(list: &mut List) {
    type Change = fn(&mut WorkerInfo);
    let changes: [(&str, &str, Change); 9] = [
        ("version", "version", |info| info.version.patch = 1),
        ("genesis-hash", "chain", |info| info.genesis_hash = H256([0; 32])),
        ("identity-key", "IdentityKey", |info| info.identity_key = WorkerPublicKey([0; 32])),
        ("ecdh-key", "EcdhKey", |info| info.ecdh_key = EcdhPublicKey([0; 32])),
        ("operator", "operator", |info| info.operator = AccountId32::new([0; 32])),
        ("instance", "instance", |info| info.instance = Instance([0; 16])),
        ("freshness", "block", |info| info.freshness.number = 7),
        ("cores", "number of cores", |info| info.cores = 64),
        ("memory", "memory", |info| info.memory_mib = 64),
    ];
    for (name, what, change) in changes {
        let mut info = worker();
        change(&mut info);
        list.add_for(
            Purpose::Bind(Box::new(info)),
            format!("binding-{name}"),
            format!("the WorkerInfo names another {what} than the evidence"),
            Sample::with_report_data(Kind::Sgx, worker().report_data()),
            Error::Binding,
        );
    }
    for kind in Kind::ALL {
        let mut report_data = worker().report_data();
        put(&mut report_data, 63, &[1]);
        list.add_for(
            Purpose::Bind(Box::new(worker())),
            format!("binding-tail/{}", kind.name()),
            "the second half of the report data is not zero",
            Sample::with_report_data(kind, report_data),
            Error::Binding,
        );
    }
}
