//! Group 6: what the report itself says.

use super::{later::policy_with, sample::put, Kind, List, Purpose, Sample};
use crate::{
    error::Error,
    finding::Finding,
    policy::PolicyError,
    quote::{SgxReport, TdReport},
};
use std::format;

pub(super) fn add(list: &mut List) {
    add_enclaves(list);
    for kind in Kind::TDX {
        add_attributes(list, kind);
        add_td_findings(list, kind);
    }
    for kind in [Kind::Tdx15, Kind::Tdx15Ex] {
        list.add(
            format!("service-td/{}", kind.name()),
            "a service TD is bound to the TD",
            Sample::td(kind, |report| {
                if let Some(td15) = &mut report.td15 {
                    put(&mut td15.mr_service_td, 47, &[1]);
                }
            }),
            Error::ServiceTd,
        );
    }
    list.add_for(
        Purpose::Judge(policy_with(|_| {})),
        "policy-not-for-registration",
        "the host has set CONFIGSVN, and somebody registers with it",
        Sample::enclave(|report| report.config_svn = 1),
        PolicyError::NotForRegistration(Finding::ConfigSvn),
    );
}

/// SGX evidence with some flags set and others cleared.
fn flags(set: u64, clear: u64) -> Sample {
    Sample::enclave(|report| {
        let flags = (report.flags() | set) & !clear;
        put(&mut report.attributes, 0, &flags.to_le_bytes());
    })
}

fn add_enclaves(list: &mut List) {
    list.add("debug/sgx", "the enclave can be debugged", flags(SgxReport::DEBUG, 0), Error::Debug);
    for (name, fault, sample, finding) in [
        (
            "sgx-not-initialised",
            "the enclave is not initialised",
            flags(0, SgxReport::INIT),
            Finding::NotInitialised,
        ),
        (
            "sgx-not-mode64",
            "the enclave runs in 32-bit mode",
            flags(0, SgxReport::MODE64),
            Finding::NotMode64,
        ),
        (
            "sgx-provision-key",
            "the enclave may derive the provisioning key",
            flags(SgxReport::PROVISION_KEY, 0),
            Finding::ProvisionKey,
        ),
        (
            "sgx-einittoken-key",
            "the enclave may derive the key of launch tokens",
            flags(SgxReport::EINITTOKEN_KEY, 0),
            Finding::EinittokenKey,
        ),
        (
            "sgx-config-id",
            "the host has set CONFIGID",
            Sample::enclave(|report| put(&mut report.config_id, 63, &[1])),
            Finding::ConfigId,
        ),
        (
            "sgx-config-svn",
            "the host has set CONFIGSVN",
            Sample::enclave(|report| report.config_svn = 1),
            Finding::ConfigSvn,
        ),
        (
            "sgx-isv-ext-prod-id",
            "ISVEXTPRODID is set",
            Sample::enclave(|report| put(&mut report.isv_ext_prod_id, 15, &[1])),
            Finding::IsvExtProdId,
        ),
        (
            "sgx-isv-family-id",
            "ISVFAMILYID is set",
            Sample::enclave(|report| put(&mut report.isv_family_id, 15, &[1])),
            Finding::IsvFamilyId,
        ),
        (
            "sgx-reserved-bytes",
            "reserved bytes of the report are set",
            Sample::enclave(|report| report.reserved_zero = false),
            Finding::ReservedBytes,
        ),
    ] {
        list.add(name, fault, sample, finding);
    }
}

/// TDX evidence with some attributes set and others cleared.
pub(super) fn attributes(kind: Kind, set: u64, clear: u64) -> Sample {
    Sample::td(kind, |report| {
        report.td_attributes = ((report.attributes() | set) & !clear).to_le_bytes();
    })
}

fn add_attributes(list: &mut List, kind: Kind) {
    let name = kind.name();
    for (what, fault, set, error) in [
        ("debug", "the TD can be debugged", TdReport::DEBUG, Error::Debug),
        (
            "td-migratable",
            "the TD can be moved to another machine",
            TdReport::MIGRATABLE,
            Error::TdMigratable,
        ),
        (
            "td-service-td-ext",
            "the TD's report includes service TDs",
            TdReport::SERVTD_EXT,
            Error::TdServiceTdExt,
        ),
    ] {
        list.add(format!("{what}/{name}"), fault, attributes(kind, set, 0), error);
    }
    list.add(
        format!("td-sept-ve-disable/{name}"),
        "the host can inject exceptions into the TD",
        attributes(kind, 0, TdReport::SEPT_VE_DISABLE),
        Error::TdSeptVeDisable,
    );
    for bit in [4, 5, 6] {
        list.add(
            format!("td-profiling-bit-{bit}/{name}"),
            format!("attribute {bit} of the TD is set: it can be profiled"),
            attributes(kind, 1 << bit, 0),
            Error::TdProfiling,
        );
    }
    // The first and the last of each range of bits that must be zero.
    for bit in [1, 3, 7, 15, 23, 26, 32, 61] {
        let bits = 1 << bit;
        list.add(
            format!("td-reserved-attribute-{bit}/{name}"),
            format!("attribute {bit} of the TD is set, which does not exist"),
            attributes(kind, bits, 0),
            Error::TdReservedAttributes { bits },
        );
    }
}

fn add_td_findings(list: &mut List, kind: Kind) {
    let name = kind.name();
    for (what, fault, sample, finding) in [
        (
            "td-perfmon",
            "the TD may use performance counters",
            attributes(kind, TdReport::PERFMON, 0),
            Finding::Perfmon,
        ),
        (
            "td-mr-config-id",
            "the host has set MRCONFIGID",
            Sample::td(kind, |report| put(&mut report.mr_config_id, 47, &[1])),
            Finding::MrConfigId,
        ),
        (
            "td-mr-owner",
            "the host has set MROWNER",
            Sample::td(kind, |report| put(&mut report.mr_owner, 47, &[1])),
            Finding::MrOwner,
        ),
        (
            "td-mr-owner-config",
            "the host has set MROWNERCONFIG",
            Sample::td(kind, |report| put(&mut report.mr_owner_config, 47, &[1])),
            Finding::MrOwnerConfig,
        ),
    ] {
        list.add(format!("{what}/{name}"), fault, sample, finding);
    }
}
