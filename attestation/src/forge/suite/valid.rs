//! Good evidence, plain and unusual.

use super::{
    later::{policy_with, worker},
    reports::attributes,
    sample::{machine, pki},
    Kind, List, Purpose, Sample, NOW,
};
use crate::{
    forge::{sgx_extension, Platform, TcbClass, EVALUATION_DATA_NUMBER, TEE_TCB_SVN},
    part::Part,
    rollback::EvaluationNumbers,
};
use khala_primitives::TcbStatus;
use serde_json::json;
use std::{boxed::Box, format, string::String};

const GOOD: TcbStatus = TcbStatus::UpToDate;

pub(super) fn add(list: &mut List) {
    for kind in Kind::ALL {
        add_good(list, kind);
    }
    list.add(
        "tdx-1.0-in-version-5",
        "a version 5 quote with body type 2",
        Sample::quote(Kind::Tdx, |draft| draft.version = 5),
        GOOD,
    );
    add_times(list);
    add_tds(list);
    add_collateral(list);
}

fn add_good(list: &mut List, kind: Kind) {
    let name = kind.name();
    for (class, status) in [
        (TcbClass::UpToDate, TcbStatus::UpToDate),
        (TcbClass::SWHardeningNeeded, TcbStatus::SWHardeningNeeded),
        (TcbClass::ConfigurationNeeded, TcbStatus::ConfigurationNeeded),
        (
            TcbClass::ConfigurationAndSWHardeningNeeded,
            TcbStatus::ConfigurationAndSWHardeningNeeded,
        ),
        (TcbClass::OutOfDate, TcbStatus::OutOfDate),
        (TcbClass::OutOfDateConfigurationNeeded, TcbStatus::OutOfDateConfigurationNeeded),
    ] {
        list.add(format!("good-{class}/{name}"), "nothing", Sample::class(kind, class), status);
    }
    list.add(
        format!("pck-chain-in-the-collateral-and-the-quote/{name}"),
        "the collateral brings the quote's chain once more",
        Sample::good(kind).then(|sample| sample.collateral.pck_certificate_chain = Some(String::from(machine().chain()))),
        GOOD,
    );
    list.add(
        format!("levels-in-another-order/{name}"),
        "the oldest level comes first",
        Sample::collateral(kind, |draft| {
            if let Some(levels) = draft.tcb_info.pointer_mut("/tcbLevels").and_then(|levels| levels.as_array_mut()) {
                levels.reverse();
            }
        }),
        GOOD,
    );
    list.add(
        format!("machine-above-all-levels/{name}"),
        "every component of the CPU SVN is higher than any level's",
        Sample::of(
            kind,
            &Platform::with_extension(pki(), "new", "new", &sgx_extension("new", &[99; 16])),
        ),
        GOOD,
    );
    list.add_for(
        Purpose::Bind(Box::new(worker())),
        format!("binding/{name}"),
        "nothing, and it is bound to its WorkerInfo",
        Sample::with_report_data(kind, worker().report_data()),
        GOOD,
    );
    list.add_for(
        Purpose::Judge(policy_with(|_| {})),
        format!("policy/{name}"),
        "nothing, and a chain's policy judges it",
        Sample::good(kind),
        GOOD,
    );
}

fn add_times(list: &mut List) {
    list.add(
        "collateral-in-its-first-second",
        "the collateral is judged in the second in which it was made",
        Sample::good(Kind::Sgx).at(NOW.saturating_sub(3600)),
        GOOD,
    );
    let last = Sample::good(Kind::Sgx).verify().map_or(0, |verdict| verdict.expires_at_secs);
    list.add(
        "collateral-in-its-last-second",
        "the collateral is judged in its last second",
        Sample::good(Kind::Sgx).at(last),
        GOOD,
    );
    list.add_for(
        Purpose::Keep(EvaluationNumbers {
            current: EVALUATION_DATA_NUMBER,
            next: None,
        }),
        "collateral-of-the-current-evaluation-number",
        "the collateral is to be kept, and its number counts",
        Sample::good(Kind::Sgx),
        GOOD,
    );
    for part in [Part::TcbInfo, Part::QeIdentity, Part::RootCrl, Part::PckCrl] {
        list.add_for(
            Purpose::Replace {
                part,
                kept: Box::new(Sample::good(Kind::Sgx).collateral),
            },
            format!("the-same-{}-again", part.code()),
            "it replaces itself",
            Sample::good(Kind::Sgx),
            GOOD,
        );
    }
}

fn add_tds(list: &mut List) {
    for (name, bits) in [
        ("attributes-of-tdx-1.5", [16, 18, 19, 20, 21, 22, 27, 30, 31, 62].as_slice()),
        ("protection-keys", &[30]),
        ("key-locker", &[31]),
    ] {
        let set = bits.iter().fold(0u64, |set, bit| set | (1 << bit));
        list.add(
            format!("td-{name}"),
            "attributes that a TD may have",
            attributes(Kind::Tdx, set, 0),
            GOOD,
        );
    }
    let [_, rest @ ..] = TEE_TCB_SVN;
    let mut old = [3; 16];
    super::sample::put(&mut old, 1, &rest);
    for (name, launch, current, status) in [
        ("started-before-an-update", old, TEE_TCB_SVN, TcbStatus::TDRelaunchAdvised),
        ("on-an-old-module", old, old, TcbStatus::OutOfDate),
    ] {
        list.add(
            format!("td-{name}"),
            "an older TDX module, which is out of date",
            Sample::td(Kind::Tdx15, |report| {
                report.tee_tcb_svn = launch;
                if let Some(td15) = &mut report.td15 {
                    td15.tee_tcb_svn2 = current;
                }
            }),
            status,
        );
    }
}

fn add_collateral(list: &mut List) {
    list.add(
        "pck-crl-chain-missing",
        "the collateral brings no issuer chain of the PCK CRL, which the quote's chain stands for",
        Sample::good(Kind::Sgx).then(|sample| sample.collateral.pck_crl_issuer_chain.clear()),
        GOOD,
    );
    list.add(
        "qe-identity-version-3-for-tdx",
        "the QE identity is of version 3",
        Sample::identity(Kind::Tdx, "/version", json!(3)),
        GOOD,
    );
    list.add(
        "qe-out-of-date",
        "the quoting enclave is out of date, and the machine with it",
        Sample::quote(Kind::Sgx, |draft| draft.qe_report.isv_svn = 7),
        TcbStatus::OutOfDate,
    );
    list.add(
        "others-revoked",
        "the PCK CA has revoked another machine",
        Sample::collateral(Kind::Sgx, |draft| draft.pck_crl.revoked.push([7; 19].to_vec())),
        GOOD,
    );
}
