//! What is wrong with evidence that Intel's rules let pass and a registration does not.
//!
//! `verify` refuses what dcap-qvl refuses. A host can do more than that without breaking Intel's rules: give an
//! enclave a CONFIGID without changing its MRENCLAVE, for example. Such things are no errors when somebody looks at
//! any quote, but evidence with a finding never registers a worker.

use crate::part::Part;
use alloc::string::{String, ToString};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A reason not to register with this evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Finding {
    /// There are bytes behind the declared end of the quote that are not zero.
    TrailingBytes,
    /// A length in the quote covers more than its content.
    Slack,
    /// The outer certification data of a TDX quote is not of type 6.
    OuterCertificationData,
    /// The PCK chain is not in the quote as certification data of type 5.
    PckChainNotInQuote,
    /// The PCK chain is not exactly leaf, CA and trusted root with nothing between.
    PckChainForm,
    /// The second half of the QE report's report data is not zero.
    QeReportDataTail,
    /// The TCB info is for another PCE id than the PCK certificate's.
    PceId,
    /// A certificate may not be used for what it is used for.
    KeyUsage(Part),
    /// SGX: the enclave is not initialised.
    NotInitialised,
    /// SGX: the enclave does not run in 64-bit mode.
    NotMode64,
    /// SGX: the enclave may derive the provisioning key.
    ProvisionKey,
    /// SGX: the enclave may derive the key of launch tokens.
    EinittokenKey,
    /// SGX: the host has set CONFIGID.
    ConfigId,
    /// SGX: the host has set CONFIGSVN.
    ConfigSvn,
    /// SGX: ISVEXTPRODID is set.
    IsvExtProdId,
    /// SGX: ISVFAMILYID is set.
    IsvFamilyId,
    /// SGX: reserved bytes of the report are set.
    ReservedBytes,
    /// TDX: the TD may use performance counters, a side channel.
    Perfmon,
    /// TDX: the host has set MRCONFIGID.
    MrConfigId,
    /// TDX: the host has set MROWNER.
    MrOwner,
    /// TDX: the host has set MROWNERCONFIG.
    MrOwnerConfig,
}

impl Finding {
    /// A stable name for programs.
    pub fn code(&self) -> String {
        match self {
            Self::TrailingBytes => "trailing-bytes".to_string(),
            Self::Slack => "slack".to_string(),
            Self::OuterCertificationData => "outer-certification-data".to_string(),
            Self::PckChainNotInQuote => "pck-chain-not-in-quote".to_string(),
            Self::PckChainForm => "pck-chain-form".to_string(),
            Self::QeReportDataTail => "qe-report-data-tail".to_string(),
            Self::PceId => "pce-id".to_string(),
            Self::KeyUsage(part) => alloc::format!("{}-key-usage", part.code()),
            Self::NotInitialised => "sgx-not-initialised".to_string(),
            Self::NotMode64 => "sgx-not-mode64".to_string(),
            Self::ProvisionKey => "sgx-provision-key".to_string(),
            Self::EinittokenKey => "sgx-einittoken-key".to_string(),
            Self::ConfigId => "sgx-config-id".to_string(),
            Self::ConfigSvn => "sgx-config-svn".to_string(),
            Self::IsvExtProdId => "sgx-isv-ext-prod-id".to_string(),
            Self::IsvFamilyId => "sgx-isv-family-id".to_string(),
            Self::ReservedBytes => "sgx-reserved-bytes".to_string(),
            Self::Perfmon => "td-perfmon".to_string(),
            Self::MrConfigId => "td-mr-config-id".to_string(),
            Self::MrOwner => "td-mr-owner".to_string(),
            Self::MrOwnerConfig => "td-mr-owner-config".to_string(),
        }
    }
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.code())
    }
}
