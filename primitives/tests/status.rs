//! What the chain answers, in JSON and back.

use khala_primitives::status::{Absence, Reason, SessionState};
use serde::{de::DeserializeOwned, Serialize};
use std::fmt::Debug;

/// From text and from a value, whatever features of `serde_json` the SDK switches on: what is tagged is kept aside until it is read.
#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    assert_eq!(
        &serde_json::from_value::<T>(serde_json::to_value(value).unwrap()).unwrap(),
        value,
        "{text}"
    );
}

const ABSENCES: [Absence; 4] = [Absence::Offline, Absence::LeaseLapsed, Absence::Rebinding, Absence::Maintenance];

#[test]
fn every_absence_comes_back_from_json() {
    ABSENCES.iter().for_each(comes_back);
}

#[test]
fn every_state_of_a_session_comes_back_from_json() {
    [SessionState::Ready, SessionState::Idle].iter().for_each(comes_back);
    for cause in ABSENCES {
        comes_back(&SessionState::Unresponsive { cause });
    }
    for until_secs in [0, 1, u64::MAX] {
        comes_back(&SessionState::CoolingDown { until_secs });
    }
}

#[test]
fn every_reason_comes_back_from_json() {
    for (small, time, amount) in [(0, 0, 0), (7, 8, 9), (u32::MAX, u64::MAX, u128::MAX)] {
        for reason in [
            Reason::NotRegistered,
            Reason::LeaseLapsed,
            Reason::NoScore,
            Reason::ScoreTooLow { score: small, minimum: 50 },
            Reason::NotInPool,
            Reason::Ready,
            Reason::Idle,
            Reason::Offline { missed_block: small },
            Reason::CoolingDown { until_secs: time },
            Reason::SubsidyEmpty,
            Reason::MeasurementDeprecated,
            Reason::EvidenceRefused {
                why: "it has expired".into(),
            },
            Reason::PolicyDenied { what: "SMT".into() },
            Reason::Rebinding,
            Reason::Maintenance { left_secs: time },
            Reason::NoStake { free: amount, minimum: 1 },
            Reason::StakeOutOfBounds {
                minimum: 1,
                maximum: amount,
            },
            Reason::OutageGuard { missed_block: small },
        ] {
            comes_back(&reason);
        }
    }
}
