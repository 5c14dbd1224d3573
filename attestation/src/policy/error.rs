//! Why a policy does not accept evidence that is genuine.

use super::Flag;
use crate::{advisory::Advisory, finding::Finding, hex_bytes::Fmspc};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{PlatformId, TcbStatus};
use scale_info::TypeInfo;

/// Why genuine evidence is not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum PolicyError {
    /// The status is worth nothing.
    #[codec(index = 0)]
    Status(TcbStatus),
    /// A denied advisory applies.
    #[codec(index = 1)]
    Advisory(Advisory),
    /// The processor family is denied.
    #[codec(index = 2)]
    Fmspc(Fmspc),
    /// The machine is denied.
    #[codec(index = 3)]
    Platform(PlatformId),
    /// The platform has a property that is not accepted.
    #[codec(index = 4)]
    Flag(Flag),
    /// The collateral's evaluation number does not count.
    #[codec(index = 5)]
    EvaluationNumber {
        /// The collateral's.
        found: u32,
        /// The current one.
        current: u32,
    },
    /// Genuine, but not good enough to register.
    #[codec(index = 6)]
    NotForRegistration(Finding),
}

impl PolicyError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Status(_) => "policy-status",
            Self::Advisory(_) => "policy-advisory",
            Self::Fmspc(_) => "policy-fmspc",
            Self::Platform(_) => "policy-platform",
            Self::Flag(_) => "policy-flag",
            Self::EvaluationNumber { .. } => "policy-evaluation-number",
            Self::NotForRegistration(_) => "policy-not-for-registration",
        }
    }
}

impl core::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status} is not accepted; update the platform"),
            Self::Advisory(advisory) => write!(f, "{advisory} applies and is denied; update the platform"),
            Self::Fmspc(fmspc) => write!(f, "processors with FMSPC {fmspc} are denied"),
            Self::Platform(platform) => write!(f, "platform {platform} is denied"),
            Self::Flag(Flag::DynamicPlatform) => f.write_str("dynamic platforms are not accepted"),
            Self::Flag(Flag::CachedKeys) => f.write_str("platforms with cached keys are not accepted"),
            Self::Flag(Flag::SmtEnabled) => f.write_str("platforms with SMT are not accepted; turn it off"),
            Self::EvaluationNumber { found, current } => {
                write!(
                    f,
                    "collateral of evaluation number {found} does not count, the current one is {current}; get newer collateral"
                )
            }
            Self::NotForRegistration(finding) => write!(f, "genuine, but not for registration: {finding}"),
        }
    }
}

impl core::error::Error for PolicyError {}
