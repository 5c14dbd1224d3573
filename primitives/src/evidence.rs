//! Evidence of hardware and code, and the words for what it is worth.

use crate::bytes::{fixed_bytes, hex_vec};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

fixed_bytes! {
    /// Digest of the code that runs in a TEE: of (MRENCLAVE, MRSIGNER, ISVPRODID, ISVSVN) or of the TD's registers.
    MeasurementDigest, 32
}
fixed_bytes! {
    /// `blake2_256("khala/platform/v1" ++ PPID)`: a key for the machine, not a secret.
    PlatformId, 32
}

/// The kind of a trusted execution environment.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub enum Tee {
    /// Intel SGX.
    #[codec(index = 0)]
    Sgx,
    /// Intel TDX.
    #[codec(index = 1)]
    Tdx,
}

impl core::fmt::Display for Tee {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Sgx => "SGX",
            Self::Tdx => "TDX",
        })
    }
}

/// What a worker shows for its hardware and code.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize, Deserialize)]
#[serde(tag = "tee", rename_all = "lowercase")]
pub enum Evidence {
    /// A DCAP quote of version 3 with certification data of type 5.
    #[codec(index = 0)]
    Sgx {
        /// The quote, with nothing behind its declared end.
        #[serde(with = "hex_vec")]
        quote: Vec<u8>,
    },
    /// A DCAP quote of version 4 or 5.
    #[codec(index = 1)]
    Tdx {
        /// The quote, with nothing behind its declared end.
        #[serde(with = "hex_vec")]
        quote: Vec<u8>,
    },
}

impl Evidence {
    /// Longest quote that the chain takes, in bytes.
    pub const MAX_QUOTE: usize = 10 * 1024;

    /// The TEE that this claims to come from.
    pub fn tee(&self) -> Tee {
        match self {
            Self::Sgx { .. } => Tee::Sgx,
            Self::Tdx { .. } => Tee::Tdx,
        }
    }

    /// The quote's bytes.
    pub fn quote(&self) -> &[u8] {
        match self {
            Self::Sgx { quote } | Self::Tdx { quote } => quote,
        }
    }
}

/// Status of a platform's trusted computing base, in Intel's words.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[allow(missing_docs)]
pub enum TcbStatus {
    #[codec(index = 0)]
    UpToDate,
    #[codec(index = 1)]
    SWHardeningNeeded,
    #[codec(index = 2)]
    ConfigurationNeeded,
    #[codec(index = 3)]
    ConfigurationAndSWHardeningNeeded,
    #[codec(index = 4)]
    TDRelaunchAdvised,
    #[codec(index = 5)]
    TDRelaunchAdvisedConfigurationNeeded,
    #[codec(index = 6)]
    OutOfDate,
    #[codec(index = 7)]
    OutOfDateConfigurationNeeded,
    #[codec(index = 8)]
    Revoked,
}

impl TcbStatus {
    /// Every status.
    pub const ALL: [Self; 9] = [
        Self::UpToDate,
        Self::SWHardeningNeeded,
        Self::ConfigurationNeeded,
        Self::ConfigurationAndSWHardeningNeeded,
        Self::TDRelaunchAdvised,
        Self::TDRelaunchAdvisedConfigurationNeeded,
        Self::OutOfDate,
        Self::OutOfDateConfigurationNeeded,
        Self::Revoked,
    ];

    /// Intel's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "UpToDate",
            Self::SWHardeningNeeded => "SWHardeningNeeded",
            Self::ConfigurationNeeded => "ConfigurationNeeded",
            Self::ConfigurationAndSWHardeningNeeded => "ConfigurationAndSWHardeningNeeded",
            Self::TDRelaunchAdvised => "TDRelaunchAdvised",
            Self::TDRelaunchAdvisedConfigurationNeeded => "TDRelaunchAdvisedConfigurationNeeded",
            Self::OutOfDate => "OutOfDate",
            Self::OutOfDateConfigurationNeeded => "OutOfDateConfigurationNeeded",
            Self::Revoked => "Revoked",
        }
    }

    /// Reads Intel's spelling; `None` for anything unknown.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl core::fmt::Display for TcbStatus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the chain thinks of a platform: 1 is best, 5 is barely accepted.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(into = "u8", try_from = "u8")]
#[allow(missing_docs)]
pub enum ConfidenceLevel {
    #[codec(index = 1)]
    One,
    #[codec(index = 2)]
    Two,
    #[codec(index = 3)]
    Three,
    #[codec(index = 4)]
    Four,
    #[codec(index = 5)]
    Five,
}

impl From<ConfidenceLevel> for u8 {
    fn from(level: ConfidenceLevel) -> u8 {
        match level {
            ConfidenceLevel::One => 1,
            ConfidenceLevel::Two => 2,
            ConfidenceLevel::Three => 3,
            ConfidenceLevel::Four => 4,
            ConfidenceLevel::Five => 5,
        }
    }
}

impl TryFrom<u8> for ConfidenceLevel {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            4 => Ok(Self::Four),
            5 => Ok(Self::Five),
            _ => Err("a confidence level is 1, 2, 3, 4 or 5"),
        }
    }
}

impl core::fmt::Display for ConfidenceLevel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", u8::from(*self))
    }
}
