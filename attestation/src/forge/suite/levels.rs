//! Group 4: which TCB level a platform meets.

use super::{differences::DOCUMENTS_READ_WHOLE, later::policy_with, sample::machine, Kind, List, Purpose, Sample};
use crate::{
    error::Error,
    finding::Finding,
    forge::{CollateralDraft, TcbClass, FMSPC, PCE_SVN},
    hex_bytes::Fmspc,
    part::Part,
    policy::{PolicyError, StatusRule},
    shortfall::{Component, Shortfall},
};
use bounded_collections::{BoundedVec, Get};
use khala_primitives::TcbStatus;
use serde_json::{json, Value};
use std::{format, vec};

pub(super) fn add(list: &mut List) {
    add_platforms(list);
    add_components(list);
    add_statuses(list);
    add_policies(list);
    let found = Fmspc([0, 0xd3, 0xe1, 0, 0, 1]);
    for kind in Kind::ALL {
        list.add(
            format!("fmspc-of-another-processor/{}", kind.name()),
            "the TCB info is for another processor family",
            Sample::info(kind, "/fmspc", json!(format!("{found}"))),
            Error::TcbInfoFmspc { found, expected: FMSPC },
        );
        list.add(
            format!("pce-id-of-another-enclave/{}", kind.name()),
            "the TCB info is for another PCE id",
            Sample::info(kind, "/pceId", json!("0001")),
            Finding::PceId,
        );
    }
}

/// Changes every TCB level.
fn each_level(draft: &mut CollateralDraft, change: impl Fn(&mut Value)) {
    if let Some(levels) = draft.tcb_info.pointer_mut("/tcbLevels").and_then(Value::as_array_mut) {
        levels.iter_mut().for_each(change);
    }
}

fn no_level(component: Component, has: u16, needs: u16) -> Error {
    Error::NoTcbLevel {
        shortfall: Some(Shortfall { component, has, needs }),
    }
}

fn add_platforms(list: &mut List) {
    for kind in Kind::ALL {
        let name = kind.name();
        list.add(
            format!("platform-revoked/{name}"),
            "the machine's level is Revoked",
            Sample::class(kind, TcbClass::Revoked),
            Error::TcbRevoked,
        );
        list.add(
            format!("platform-below-all-levels/{name}"),
            "the machine's CPU SVN is one short of the last level",
            Sample::class(kind, TcbClass::BelowAllLevels),
            no_level(Component::Cpu(0), 2, 3),
        );
        list.add(
            format!("tcb-info-without-levels/{name}"),
            "there are no levels",
            Sample::info(kind, "/tcbLevels", json!([])),
            Error::NoTcbLevel { shortfall: None },
        );
        list.add(
            format!("pce-svn-too-low/{name}"),
            "every level needs a PCE SVN one higher than the machine's",
            Sample::collateral(kind, |draft| {
                each_level(draft, |level| set(level, "/tcb/pcesvn", json!(PCE_SVN.saturating_add(1))));
            }),
            no_level(Component::Pce, PCE_SVN, PCE_SVN.saturating_add(1)),
        );
        list.add(
            format!("cpu-svn-15-too-low/{name}"),
            "every level needs a last CPU SVN component one higher than the machine's",
            Sample::collateral(kind, |draft| {
                each_level(draft, |level| set(level, "/tcb/sgxtcbcomponents/15/svn", json!(1)));
            }),
            no_level(Component::Cpu(15), 0, 1),
        );
    }
    for kind in Kind::TDX {
        list.add(
            format!("tdx-svn-too-low/{}", kind.name()),
            "every level needs a TDX SVN component one higher than the TD's",
            Sample::collateral(kind, |draft| {
                each_level(draft, |level| set(level, "/tcb/tdxtcbcomponents/2/svn", json!(4)));
            }),
            no_level(Component::Tdx(2), 3, 4),
        );
    }
}

fn set(level: &mut Value, pointer: &str, value: Value) {
    super::sample::set(level, pointer, value);
}

fn add_components(list: &mut List) {
    for (what, found) in [("15", 15u32), ("17", 17)] {
        let components = json!(vec![json!({ "svn": 0 }); usize::try_from(found).unwrap_or(0)]);
        list.add_stricter(
            format!("{what}-sgx-components"),
            format!("the first level has {what} SGX components"),
            Sample::info(Kind::Sgx, "/tcbLevels/0/tcb/sgxtcbcomponents", components.clone()),
            Error::ComponentCount { tdx: false, found },
            &DOCUMENTS_READ_WHOLE,
        );
        list.add(
            format!("{what}-tdx-components"),
            format!("the first level has {what} TDX components"),
            Sample::info(Kind::Tdx, "/tcbLevels/0/tcb/tdxtcbcomponents", components.clone()),
            Error::ComponentCount { tdx: true, found },
        );
        list.add_stricter(
            format!("{what}-sgx-components-in-a-level-that-is-not-needed"),
            format!("the last level has {what} SGX components"),
            Sample::info(Kind::Sgx, "/tcbLevels/6/tcb/sgxtcbcomponents", components),
            Error::ComponentCount { tdx: false, found },
            &DOCUMENTS_READ_WHOLE,
        );
    }
    list.add(
        "no-tdx-components",
        "the levels have no TDX components",
        Sample::collateral(Kind::Tdx, |draft| {
            each_level(draft, |level| set(level, "/tcb/tdxtcbcomponents", json!([])));
        }),
        Error::ComponentCount { tdx: true, found: 0 },
    );
}

fn add_statuses(list: &mut List) {
    for kind in Kind::ALL {
        let status = TcbStatus::TDRelaunchAdvised;
        list.add(
            format!("tcb-info-with-a-status-of-no-platform/{}", kind.name()),
            format!("the machine's level is {status}"),
            Sample::info(kind, "/tcbLevels/0/tcbStatus", json!(status.as_str())),
            Error::StatusNotAllowed {
                part: Part::TcbInfo,
                status,
            },
        );
    }
}

/// Genuine evidence that a policy does not accept, by what the levels say.
fn add_policies(list: &mut List) {
    let status = TcbStatus::OutOfDate;
    list.add_for(
        Purpose::Judge(policy_with(|policy| policy.statuses.out_of_date = StatusRule::Refused)),
        "policy-status",
        format!("the machine is {status}, and the policy refuses that"),
        Sample::class(Kind::Sgx, TcbClass::OutOfDate),
        PolicyError::Status(status),
    );
    if let Ok(advisory) = "INTEL-SA-00615".parse() {
        list.add_for(
            Purpose::Judge(policy_with(|policy| policy.denied_advisories = bounded(advisory))),
            "policy-advisory",
            "INTEL-SA-00615 applies to the machine, and the policy denies it",
            Sample::class(Kind::Sgx, TcbClass::SWHardeningNeeded),
            PolicyError::Advisory(advisory),
        );
    }
    list.add_for(
        Purpose::Judge(policy_with(|policy| policy.denied_fmspcs = bounded(FMSPC))),
        "policy-fmspc",
        "the policy denies the machine's processor family",
        Sample::good(Kind::Sgx),
        PolicyError::Fmspc(FMSPC),
    );
    if let Ok(verdict) = Sample::of(Kind::Sgx, machine()).verify() {
        let platform = verdict.platform_id;
        list.add_for(
            Purpose::Judge(policy_with(|policy| policy.denied_platforms = bounded(platform))),
            "policy-platform",
            "the policy denies the machine",
            Sample::good(Kind::Sgx),
            PolicyError::Platform(platform),
        );
    }
}

/// A list of one entry.
fn bounded<T, N: Get<u32>>(entry: T) -> BoundedVec<T, N> {
    BoundedVec::truncate_from(vec![entry])
}
