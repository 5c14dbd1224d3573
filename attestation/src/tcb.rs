//! From security versions to a status: Intel's rules for TCB levels.
//!
//! Sources: Intel, *Provisioning Certification Service API*, `Get TCB Info`, and the behaviour of Intel's quote
//! verification library (status convergence, relaunch of TDs), which dcap-qvl mirrors.

use crate::{
    advisory::Advisory,
    error::Error,
    facts::TdFacts,
    part::Part,
    pck::Platform,
    shortfall::{Component, Shortfall},
    tcb_info::{TcbInfo, TcbLevel, TdxModule},
};
use alloc::vec::Vec;
use khala_primitives::TcbStatus;

/// A status and the advisories that come with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Standing {
    pub status: TcbStatus,
    pub advisories: Vec<Advisory>,
}

/// Statuses that Intel gives a platform.
const PLATFORM_STATUSES: [TcbStatus; 7] = [
    TcbStatus::UpToDate,
    TcbStatus::OutOfDate,
    TcbStatus::ConfigurationNeeded,
    TcbStatus::Revoked,
    TcbStatus::OutOfDateConfigurationNeeded,
    TcbStatus::SWHardeningNeeded,
    TcbStatus::ConfigurationAndSWHardeningNeeded,
];
/// Statuses that Intel gives a TDX module.
const MODULE_STATUSES: [TcbStatus; 3] = [TcbStatus::UpToDate, TcbStatus::OutOfDate, TcbStatus::Revoked];

/// The standing of a platform, of its TDX module too for a TD, and of its quoting enclave.
///
/// # Errors
/// Group 4; [`Error::TcbRevoked`] if any of them is.
pub(crate) fn evaluate(info: &TcbInfo, platform: &Platform, td: Option<&TdFacts>, qe: &Standing) -> Result<Standing, Error> {
    let Some(td) = td else {
        return platform_standing(info, platform, None)?.with(qe).not_revoked();
    };
    let launch = tdx_standing(info, platform, &td.tee_tcb_svn)?;
    check_module(info, td)?;
    // The module may have been updated under the running TD: what runs now must be in a level, too.
    let current = match &td.tee_tcb_svn_now {
        Some(svn) => Some(tdx_standing(info, platform, svn)?.with(qe).not_revoked()?),
        None => None,
    };
    let mut standing = launch.with(qe).not_revoked()?;
    if let Some(current) = current {
        standing.status = relaunch(standing.status, current.status);
    }
    Ok(standing)
}

/// What a platform lacks for the newest level.
pub(crate) fn shortfalls_to_newest(info: &TcbInfo, platform: &Platform, td: Option<&TdFacts>) -> Vec<Shortfall> {
    let tdx_svn = td.map(|td| td.tee_tcb_svn_now.as_ref().unwrap_or(&td.tee_tcb_svn));
    let mut short: Vec<_> = info
        .levels
        .first()
        .map(|level| shortfalls(level, platform, tdx_svn).collect())
        .unwrap_or_default();
    if let Some([isv_svn, version, ..]) = tdx_svn {
        let newest = info
            .module_version(*version)
            .and_then(|module| module.levels.iter().map(|level| level.isv_svn).max());
        short.extend(newest.and_then(|newest| Shortfall::check(Component::TdxModule, u16::from(*isv_svn), u16::from(newest))));
    }
    short
}

/// The first level, from the newest on, that the platform meets in every component.
fn platform_standing(info: &TcbInfo, platform: &Platform, tdx_svn: Option<&[u8; 16]>) -> Result<Standing, Error> {
    let level = info
        .levels
        .iter()
        .find(|level| shortfalls(level, platform, tdx_svn).next().is_none());
    let level = level.ok_or_else(|| Error::NoTcbLevel {
        shortfall: info.levels.last().and_then(|level| shortfalls(level, platform, tdx_svn).next()),
    })?;
    check_status(level.status, &PLATFORM_STATUSES)?;
    Ok(Standing {
        status: level.status,
        advisories: level.advisories.to_vec(),
    })
}

/// The components in which a platform is short of a level.
fn shortfalls<'a>(level: &'a TcbLevel, platform: &'a Platform, tdx_svn: Option<&'a [u8; 16]>) -> impl Iterator<Item = Shortfall> + 'a {
    let cpu = (0u8..)
        .zip(platform.cpu_svn.iter().zip(&level.cpu_svn))
        .map(|(index, (has, needs))| (Component::Cpu(index), has, needs));
    // A module with a version is judged by its own identity; the first two bytes are its then.
    let skip = if tdx_svn.is_some_and(has_module_version) { 2 } else { 0 };
    let tdx = (0u8..)
        .zip(tdx_svn.into_iter().flatten().zip(&level.tdx_svn))
        .skip(skip)
        .map(|(index, (has, needs))| (Component::Tdx(index), has, needs));
    let bytes = cpu
        .chain(tdx)
        .filter_map(|(component, has, needs)| Shortfall::check(component, u16::from(*has), u16::from(*needs)));
    bytes.chain(Shortfall::check(Component::Pce, platform.pce_svn, level.pce_svn))
}

fn has_module_version(tdx_svn: &[u8; 16]) -> bool {
    matches!(tdx_svn, [_, version, ..] if *version != 0)
}

/// The standing of the platform with a TDX module of some version.
fn tdx_standing(info: &TcbInfo, platform: &Platform, tdx_svn: &[u8; 16]) -> Result<Standing, Error> {
    let standing = platform_standing(info, platform, Some(tdx_svn))?;
    let [isv_svn, version, ..] = *tdx_svn;
    if version == 0 {
        return Ok(standing);
    }
    let module = info.module_version(version).ok_or(Error::TdxModuleVersion { found: version })?;
    let level = module
        .levels
        .iter()
        .find(|level| isv_svn >= level.isv_svn)
        .ok_or_else(|| Error::TdxModuleSvn {
            shortfall: Shortfall {
                component: Component::TdxModule,
                has: u16::from(isv_svn),
                needs: module.levels.last().map_or(u16::MAX, |level| u16::from(level.isv_svn)),
            },
        })?;
    check_status(level.status, &MODULE_STATUSES)?;
    Ok(standing.with(&Standing {
        status: level.status,
        advisories: level.advisories.to_vec(),
    }))
}

/// The TDX module that started the TD is signed by the one who should, and has the attributes that it should.
fn check_module(info: &TcbInfo, td: &TdFacts) -> Result<(), Error> {
    let base = info.module.as_ref().ok_or(Error::TdxModuleMissing)?;
    let [_, version, ..] = td.tee_tcb_svn;
    let TdxModule {
        mr_signer,
        attributes,
        attributes_mask,
    } = match version {
        0 => base,
        found => &info.module_version(found).ok_or(Error::TdxModuleVersion { found })?.module,
    };
    if &td.mr_signer_seam != mr_signer {
        return Err(Error::TdxModuleSigner);
    }
    for (byte, ((found, expected), mask)) in (0u8..).zip(td.seam_attributes.iter().zip(attributes).zip(attributes_mask)) {
        if found & mask != expected & mask || found & !mask != 0 {
            return Err(Error::SeamAttributes { byte });
        }
    }
    Ok(())
}

fn check_status(status: TcbStatus, possible: &[TcbStatus]) -> Result<(), Error> {
    if !possible.contains(&status) {
        return Err(Error::StatusNotAllowed {
            part: Part::TcbInfo,
            status,
        });
    }
    Ok(())
}

impl Standing {
    /// The standing of a platform together with one of its components, a TDX module or a quoting enclave.
    fn with(mut self, component: &Self) -> Self {
        self.status = converge(self.status, component.status);
        for advisory in &component.advisories {
            if !self.advisories.contains(advisory) {
                self.advisories.push(*advisory);
            }
        }
        self
    }

    fn not_revoked(self) -> Result<Self, Error> {
        match self.status {
            TcbStatus::Revoked => Err(Error::TcbRevoked),
            _ => Ok(self),
        }
    }
}

/// A component drags its platform down when it is out of date or revoked; its other statuses change nothing.
fn converge(platform: TcbStatus, component: TcbStatus) -> TcbStatus {
    use TcbStatus::*;
    match (component, platform) {
        (Revoked, _) => Revoked,
        (OutOfDate, UpToDate | SWHardeningNeeded) => OutOfDate,
        (OutOfDate, ConfigurationNeeded | ConfigurationAndSWHardeningNeeded) => OutOfDateConfigurationNeeded,
        _ => platform,
    }
}

/// A TD that was started with what is out of date, and runs on what is not: relaunching it is all that is missing.
fn relaunch(launch: TcbStatus, current: TcbStatus) -> TcbStatus {
    use TcbStatus::*;
    match (launch, current) {
        (OutOfDate, UpToDate | SWHardeningNeeded) => TDRelaunchAdvised,
        (OutOfDate | OutOfDateConfigurationNeeded, ConfigurationNeeded | ConfigurationAndSWHardeningNeeded)
        | (OutOfDateConfigurationNeeded, UpToDate | SWHardeningNeeded) => TDRelaunchAdvisedConfigurationNeeded,
        _ => launch,
    }
}
