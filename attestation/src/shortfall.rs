//! By how much a platform is short of a TCB level.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A security version number (SVN) that TCB levels speak of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Component {
    /// Byte of the CPU SVN, 0 to 15.
    Cpu(u8),
    /// SVN of the provisioning certification enclave.
    Pce,
    /// Byte of the TD's TEE_TCB_SVN, 0 to 15.
    Tdx(u8),
    /// SVN of the TDX module, under its own identity.
    TdxModule,
    /// ISVSVN of the quoting enclave.
    Qe,
}

impl core::fmt::Display for Component {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cpu(index) => write!(f, "CPU SVN component {index}"),
            Self::Pce => f.write_str("PCE SVN"),
            Self::Tdx(index) => write!(f, "TDX SVN component {index}"),
            Self::TdxModule => f.write_str("TDX module SVN"),
            Self::Qe => f.write_str("QE ISVSVN"),
        }
    }
}

/// One component that is lower than a level needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
pub struct Shortfall {
    /// Which one.
    pub component: Component,
    /// What the platform has.
    pub has: u16,
    /// What the level needs.
    pub needs: u16,
}

impl Shortfall {
    /// `Some` if `has` is below `needs`.
    pub fn check(component: Component, has: u16, needs: u16) -> Option<Self> {
        (has < needs).then_some(Self { component, has, needs })
    }
}

impl core::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} is {}, needs {}", self.component, self.has, self.needs)
    }
}
