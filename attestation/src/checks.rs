//! Group 6: what a report must say whatever its signatures are worth, and what it must not say to register.

use crate::{
    error::Error,
    finding::Finding,
    quote::{Report, SgxReport, TdReport},
};
use alloc::vec::Vec;

/// The report is of code whose memory is its own.
///
/// # Errors
/// Group 6.
pub fn check_report(report: &Report) -> Result<(), Error> {
    match report {
        Report::Sgx(report) if report.flags() & SgxReport::DEBUG != 0 => Err(Error::Debug),
        Report::Sgx(_) => Ok(()),
        Report::Td(report) => check_td(report),
    }
}

fn check_td(report: &TdReport) -> Result<(), Error> {
    if report.td15.as_ref().is_some_and(|td15| td15.mr_service_td != [0; 48]) {
        return Err(Error::ServiceTd);
    }
    let attributes = report.attributes();
    let has = |bits: u64| attributes & bits != 0;
    if has(TdReport::DEBUG) {
        return Err(Error::Debug);
    }
    if has(TdReport::PROFILING) {
        return Err(Error::TdProfiling);
    }
    if has(TdReport::RESERVED) {
        return Err(Error::TdReservedAttributes {
            bits: attributes & TdReport::RESERVED,
        });
    }
    if has(TdReport::MIGRATABLE) {
        return Err(Error::TdMigratable);
    }
    if has(TdReport::SERVTD_EXT) {
        return Err(Error::TdServiceTdExt);
    }
    if !has(TdReport::SEPT_VE_DISABLE) {
        return Err(Error::TdSeptVeDisable);
    }
    Ok(())
}

/// What the host can set without changing the measurement, and what else does not register.
pub fn find_in_report(report: &Report) -> Vec<Finding> {
    let findings = match report {
        Report::Sgx(report) => find_in_sgx(report).to_vec(),
        Report::Td(report) => find_in_td(report).to_vec(),
    };
    findings
        .into_iter()
        .filter_map(|(found, finding)| found.then_some(finding))
        .collect()
}

fn find_in_sgx(report: &SgxReport) -> [(bool, Finding); 9] {
    let has = |bits: u64| report.flags() & bits != 0;
    [
        (!has(SgxReport::INIT), Finding::NotInitialised),
        (!has(SgxReport::MODE64), Finding::NotMode64),
        (has(SgxReport::PROVISION_KEY), Finding::ProvisionKey),
        (has(SgxReport::EINITTOKEN_KEY), Finding::EinittokenKey),
        (report.config_id != [0; 64], Finding::ConfigId),
        (report.config_svn != 0, Finding::ConfigSvn),
        (report.isv_ext_prod_id != [0; 16], Finding::IsvExtProdId),
        (report.isv_family_id != [0; 16], Finding::IsvFamilyId),
        (!report.reserved_zero, Finding::ReservedBytes),
    ]
}

fn find_in_td(report: &TdReport) -> [(bool, Finding); 4] {
    [
        (report.attributes() & TdReport::PERFMON != 0, Finding::Perfmon),
        (report.mr_config_id != [0; 48], Finding::MrConfigId),
        (report.mr_owner != [0; 48], Finding::MrOwner),
        (report.mr_owner_config != [0; 48], Finding::MrOwnerConfig),
    ]
}
