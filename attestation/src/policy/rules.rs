//! What each status of a platform is worth, and which of its properties are accepted.

use crate::verdict::PlatformFlags;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{ConfidenceLevel, TcbStatus};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a status is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StatusRule {
    /// Nothing.
    #[codec(index = 0)]
    Refused,
    /// Always the same.
    #[codec(index = 1)]
    Level(ConfidenceLevel),
    /// More when every advisory is on the allow-list.
    #[codec(index = 2)]
    ByAdvisories {
        /// All advisories are on the list.
        allowed: ConfidenceLevel,
        /// One is not.
        other: ConfidenceLevel,
    },
}

/// A rule for each status that Intel gives. Anything unknown never becomes a verdict.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct StatusRules {
    pub up_to_date: StatusRule,
    pub sw_hardening_needed: StatusRule,
    pub configuration_needed: StatusRule,
    pub configuration_and_sw_hardening_needed: StatusRule,
    pub td_relaunch_advised: StatusRule,
    pub td_relaunch_advised_configuration_needed: StatusRule,
    pub out_of_date: StatusRule,
    pub out_of_date_configuration_needed: StatusRule,
}

impl StatusRule {
    /// What it is worth with every advisory allowed, and with one that is not; `None` for refused.
    fn worths(self) -> [Option<ConfidenceLevel>; 2] {
        match self {
            Self::Refused => [None; 2],
            Self::Level(level) => [Some(level); 2],
            Self::ByAdvisories { allowed, other } => [Some(allowed), Some(other)],
        }
    }

    /// Is it worth no less when every advisory is allowed than when one is not?
    fn is_monotone(self) -> bool {
        let [allowed, other] = self.worths();
        allowed <= other
    }

    /// The lower worth of both rules in every case.
    pub(super) fn stricter(self, other: Self) -> Self {
        let [a, b] = [self.worths(), other.worths()];
        match a.iter().zip(&b).map(|(a, b)| Some((*a)?.max((*b)?))).collect::<Vec<_>>().as_slice() {
            [Some(allowed), Some(other)] if allowed == other => Self::Level(*allowed),
            [Some(allowed), Some(other)] => Self::ByAdvisories {
                allowed: *allowed,
                other: *other,
            },
            _ => Self::Refused,
        }
    }
}

impl StatusRules {
    /// No rule is worth more with an advisory that is not allowed: else a shorter list of allowed ones would be looser.
    pub fn are_monotone(&self) -> bool {
        [
            self.up_to_date,
            self.sw_hardening_needed,
            self.configuration_needed,
            self.configuration_and_sw_hardening_needed,
            self.td_relaunch_advised,
            self.td_relaunch_advised_configuration_needed,
            self.out_of_date,
            self.out_of_date_configuration_needed,
        ]
        .into_iter()
        .all(StatusRule::is_monotone)
    }

    /// For each status the lower worth of both.
    pub(super) fn stricter(&self, other: &Self) -> Self {
        Self {
            up_to_date: self.up_to_date.stricter(other.up_to_date),
            sw_hardening_needed: self.sw_hardening_needed.stricter(other.sw_hardening_needed),
            configuration_needed: self.configuration_needed.stricter(other.configuration_needed),
            configuration_and_sw_hardening_needed: self
                .configuration_and_sw_hardening_needed
                .stricter(other.configuration_and_sw_hardening_needed),
            td_relaunch_advised: self.td_relaunch_advised.stricter(other.td_relaunch_advised),
            td_relaunch_advised_configuration_needed: self
                .td_relaunch_advised_configuration_needed
                .stricter(other.td_relaunch_advised_configuration_needed),
            out_of_date: self.out_of_date.stricter(other.out_of_date),
            out_of_date_configuration_needed: self
                .out_of_date_configuration_needed
                .stricter(other.out_of_date_configuration_needed),
        }
    }

    /// The table of `design/attestation.md`, Policy is data.
    pub const DESIGN: Self = {
        use ConfidenceLevel::{Five, Four, One, Three, Two};
        let by_advisories = StatusRule::ByAdvisories {
            allowed: Three,
            other: Four,
        };
        Self {
            up_to_date: StatusRule::Level(One),
            sw_hardening_needed: StatusRule::Level(Two),
            configuration_needed: by_advisories,
            configuration_and_sw_hardening_needed: by_advisories,
            td_relaunch_advised: by_advisories,
            td_relaunch_advised_configuration_needed: by_advisories,
            out_of_date: StatusRule::Level(Five),
            out_of_date_configuration_needed: StatusRule::Level(Five),
        }
    };

    /// The rule for a status. Revoked is refused whatever the policy says.
    pub fn rule(&self, status: TcbStatus) -> StatusRule {
        match status {
            TcbStatus::UpToDate => self.up_to_date,
            TcbStatus::SWHardeningNeeded => self.sw_hardening_needed,
            TcbStatus::ConfigurationNeeded => self.configuration_needed,
            TcbStatus::ConfigurationAndSWHardeningNeeded => self.configuration_and_sw_hardening_needed,
            TcbStatus::TDRelaunchAdvised => self.td_relaunch_advised,
            TcbStatus::TDRelaunchAdvisedConfigurationNeeded => self.td_relaunch_advised_configuration_needed,
            TcbStatus::OutOfDate => self.out_of_date,
            TcbStatus::OutOfDateConfigurationNeeded => self.out_of_date_configuration_needed,
            TcbStatus::Revoked => StatusRule::Refused,
        }
    }
}

/// A property of a platform that a policy may refuse.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Flag {
    DynamicPlatform,
    CachedKeys,
    SmtEnabled,
}

/// Which properties of a platform are accepted where its certificate names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagRules {
    /// Packages may be added to the platform.
    pub dynamic_platform: bool,
    /// Intel's registration service keeps the platform's root keys.
    pub cached_keys: bool,
    /// Simultaneous multithreading is on.
    pub smt_enabled: bool,
}

impl FlagRules {
    /// What both accept.
    pub(super) fn stricter(&self, other: &Self) -> Self {
        Self {
            dynamic_platform: self.dynamic_platform && other.dynamic_platform,
            cached_keys: self.cached_keys && other.cached_keys,
            smt_enabled: self.smt_enabled && other.smt_enabled,
        }
    }

    /// Everything is accepted.
    pub const ALL: Self = Self {
        dynamic_platform: true,
        cached_keys: true,
        smt_enabled: true,
    };

    /// The first property that is set and not accepted.
    pub(super) fn refused(&self, flags: &PlatformFlags) -> Option<Flag> {
        [
            (flags.dynamic_platform, self.dynamic_platform, Flag::DynamicPlatform),
            (flags.cached_keys, self.cached_keys, Flag::CachedKeys),
            (flags.smt_enabled, self.smt_enabled, Flag::SmtEnabled),
        ]
        .into_iter()
        .find_map(|(set, accepted, flag)| (set == Some(true) && !accepted).then_some(flag))
    }
}
