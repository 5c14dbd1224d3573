//! Policy is data: which genuine evidence is accepted, and what it is worth.

use crate::{
    advisory::Advisory,
    finding::Finding,
    hex_bytes::Fmspc,
    rollback::EvaluationNumbers,
    verdict::{PlatformFlags, Verdict},
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{ConfidenceLevel, PlatformId, TcbStatus};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Most entries of each list of advisories or FMSPCs.
pub const MAX_LIST: u32 = 64;
/// Most denied platforms.
pub const MAX_DENIED_PLATFORMS: u32 = 256;

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

impl StatusRules {
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
    /// Everything is accepted.
    pub const ALL: Self = Self {
        dynamic_platform: true,
        cached_keys: true,
        smt_enabled: true,
    };

    /// The first property that is set and not accepted.
    fn refused(&self, flags: &PlatformFlags) -> Option<Flag> {
        [
            (flags.dynamic_platform, self.dynamic_platform, Flag::DynamicPlatform),
            (flags.cached_keys, self.cached_keys, Flag::CachedKeys),
            (flags.smt_enabled, self.smt_enabled, Flag::SmtEnabled),
        ]
        .into_iter()
        .find_map(|(set, accepted, flag)| (set == Some(true) && !accepted).then_some(flag))
    }
}

/// Which genuine evidence is accepted, and what it is worth.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttestationPolicy {
    /// The worth of each status.
    pub statuses: StatusRules,
    /// Advisories that cost nothing.
    pub allowed_advisories: BoundedVec<Advisory, ConstU32<MAX_LIST>>,
    /// Advisories that refuse at any level.
    pub denied_advisories: BoundedVec<Advisory, ConstU32<MAX_LIST>>,
    /// Processor families that are refused.
    pub denied_fmspcs: BoundedVec<Fmspc, ConstU32<MAX_LIST>>,
    /// Machines that are refused.
    pub denied_platforms: BoundedVec<PlatformId, ConstU32<MAX_DENIED_PLATFORMS>>,
    /// Properties of platforms that are accepted.
    pub flags: FlagRules,
    /// Evaluation numbers that count; `None`: any.
    pub evaluation_numbers: Option<EvaluationNumbers>,
    /// Evidence with a finding is accepted. For looking at quotes only: never on a chain.
    pub accept_findings: bool,
}

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

impl AttestationPolicy {
    /// For looking at any quote: every status but Revoked is accepted, and findings are only listed.
    pub fn looking() -> Self {
        Self {
            accept_findings: true,
            ..Self::default_for_chain()
        }
    }

    /// What the presets start with: every status but Revoked, at the design's level; no finding.
    pub fn default_for_chain() -> Self {
        Self {
            statuses: StatusRules::DESIGN,
            allowed_advisories: BoundedVec::new(),
            denied_advisories: BoundedVec::new(),
            denied_fmspcs: BoundedVec::new(),
            denied_platforms: BoundedVec::new(),
            flags: FlagRules::ALL,
            evaluation_numbers: None,
            accept_findings: false,
        }
    }

    /// What the evidence is worth, at the time at which it was verified.
    ///
    /// # Errors
    /// The first reason not to accept it, in the order of [`PolicyError`]'s variants from the last to the first.
    pub fn judge(&self, verdict: &Verdict) -> Result<ConfidenceLevel, PolicyError> {
        if let (false, Some(finding)) = (self.accept_findings, verdict.not_for_registration.first()) {
            return Err(PolicyError::NotForRegistration(*finding));
        }
        if let Some(numbers) = &self.evaluation_numbers {
            for found in [verdict.tcb_evaluation_data_number, verdict.qe_evaluation_data_number] {
                if !numbers.counts(found, verdict.at_secs) {
                    return Err(PolicyError::EvaluationNumber {
                        found,
                        current: numbers.current_at(verdict.at_secs),
                    });
                }
            }
        }
        if let Some(flag) = self.flags.refused(&verdict.platform_flags) {
            return Err(PolicyError::Flag(flag));
        }
        if self.denied_platforms.contains(&verdict.platform_id) {
            return Err(PolicyError::Platform(verdict.platform_id));
        }
        if self.denied_fmspcs.contains(&verdict.fmspc) {
            return Err(PolicyError::Fmspc(verdict.fmspc));
        }
        if let Some(denied) = verdict.advisories.iter().find(|advisory| self.denied_advisories.contains(advisory)) {
            return Err(PolicyError::Advisory(*denied));
        }
        self.level(verdict.status, &verdict.advisories)
            .ok_or(PolicyError::Status(verdict.status))
    }

    /// The confidence level of a status with advisories; `None` when it is refused.
    pub fn level(&self, status: TcbStatus, advisories: &[Advisory]) -> Option<ConfidenceLevel> {
        match self.statuses.rule(status) {
            StatusRule::Refused => None,
            StatusRule::Level(level) => Some(level),
            StatusRule::ByAdvisories { allowed, other } => {
                let all_allowed = advisories.iter().all(|advisory| self.allowed_advisories.contains(advisory));
                Some(if all_allowed { allowed } else { other })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quote::Report, rollback::NextNumber, shortfall::Shortfall};
    use alloc::{vec, vec::Vec};
    use khala_primitives::{MeasurementDigest, Tee};
    use ConfidenceLevel::{Five, Four, One, Three, Two};

    fn advisory(text: &str) -> Advisory {
        text.parse().unwrap()
    }

    fn verdict(status: TcbStatus, advisories: &[&str]) -> Verdict {
        Verdict {
            at_secs: 1000,
            tee: Tee::Sgx,
            quote_version: 3,
            status,
            advisories: advisories.iter().map(|text| advisory(text)).collect(),
            measurement: MeasurementDigest([1; 32]),
            report: Report::Sgx(Default::default()),
            report_data: [0; 64],
            platform_id: PlatformId([2; 32]),
            fmspc: Fmspc([3; 6]),
            platform_flags: PlatformFlags {
                dynamic_platform: Some(true),
                cached_keys: Some(true),
                smt_enabled: Some(true),
            },
            tcb_evaluation_data_number: 17,
            qe_evaluation_data_number: 17,
            expires_at_secs: 2000,
            shortfalls: Vec::<Shortfall>::new(),
            not_for_registration: vec![],
        }
    }

    #[test]
    fn statuses_have_the_levels_of_the_design() {
        use TcbStatus::*;
        let mut policy = AttestationPolicy::default_for_chain();
        policy.allowed_advisories = vec![advisory("GOOD"), advisory("FINE")].try_into().unwrap();
        for (status, without, allowed, other) in [
            (UpToDate, One, One, One),
            (SWHardeningNeeded, Two, Two, Two),
            (ConfigurationNeeded, Three, Three, Four),
            (ConfigurationAndSWHardeningNeeded, Three, Three, Four),
            (TDRelaunchAdvised, Three, Three, Four),
            (TDRelaunchAdvisedConfigurationNeeded, Three, Three, Four),
            (OutOfDate, Five, Five, Five),
            (OutOfDateConfigurationNeeded, Five, Five, Five),
        ] {
            assert_eq!(policy.judge(&verdict(status, &[])), Ok(without), "{status}");
            assert_eq!(policy.judge(&verdict(status, &["GOOD", "FINE"])), Ok(allowed), "{status}");
            assert_eq!(policy.judge(&verdict(status, &["GOOD", "BAD"])), Ok(other), "{status}");
        }
        assert_eq!(policy.judge(&verdict(Revoked, &[])), Err(PolicyError::Status(Revoked)));
    }

    #[test]
    fn a_refused_status_is_refused() {
        let mut policy = AttestationPolicy::default_for_chain();
        policy.statuses.out_of_date = StatusRule::Refused;
        assert_eq!(
            policy.judge(&verdict(TcbStatus::OutOfDate, &[])),
            Err(PolicyError::Status(TcbStatus::OutOfDate))
        );
        assert_eq!(policy.judge(&verdict(TcbStatus::OutOfDateConfigurationNeeded, &[])), Ok(Five));
    }

    #[test]
    fn deny_lists_refuse_at_any_level() {
        let good = verdict(TcbStatus::UpToDate, &["BAD"]);
        let mut policy = AttestationPolicy::default_for_chain();
        assert_eq!(policy.judge(&good), Ok(One));
        policy.denied_advisories = vec![advisory("BAD")].try_into().unwrap();
        assert_eq!(policy.judge(&good), Err(PolicyError::Advisory(advisory("BAD"))));
        policy.denied_fmspcs = vec![good.fmspc].try_into().unwrap();
        assert_eq!(policy.judge(&good), Err(PolicyError::Fmspc(good.fmspc)));
        policy.denied_platforms = vec![good.platform_id].try_into().unwrap();
        assert_eq!(policy.judge(&good), Err(PolicyError::Platform(good.platform_id)));
    }

    #[test]
    fn properties_of_a_platform_are_refused_where_they_are_set() {
        let mut policy = AttestationPolicy::default_for_chain();
        for (rules, flag) in [
            (
                FlagRules {
                    dynamic_platform: false,
                    ..FlagRules::ALL
                },
                Flag::DynamicPlatform,
            ),
            (
                FlagRules {
                    cached_keys: false,
                    ..FlagRules::ALL
                },
                Flag::CachedKeys,
            ),
            (
                FlagRules {
                    smt_enabled: false,
                    ..FlagRules::ALL
                },
                Flag::SmtEnabled,
            ),
        ] {
            policy.flags = rules;
            let mut verdict = verdict(TcbStatus::UpToDate, &[]);
            assert_eq!(policy.judge(&verdict), Err(PolicyError::Flag(flag)));
            verdict.platform_flags = PlatformFlags::default();
            assert_eq!(policy.judge(&verdict), Ok(One));
        }
    }

    #[test]
    fn only_the_current_evaluation_number_counts() {
        let mut policy = AttestationPolicy::default_for_chain();
        let good = verdict(TcbStatus::UpToDate, &[]);
        for (current, from_secs, counts) in [(17, 1001, true), (17, 1000, false), (16, 1001, false), (18, 1001, false)] {
            policy.evaluation_numbers = Some(EvaluationNumbers {
                current,
                next: Some(NextNumber { number: 18, from_secs }),
            });
            assert_eq!(policy.judge(&good).is_ok(), counts, "{current} {from_secs}");
        }
        assert_eq!(policy.judge(&good), Err(PolicyError::EvaluationNumber { found: 17, current: 18 }));
        policy.evaluation_numbers = Some(EvaluationNumbers { current: 17, next: None });
        let qe_ahead = Verdict {
            qe_evaluation_data_number: 18,
            ..good
        };
        assert_eq!(
            policy.judge(&qe_ahead),
            Err(PolicyError::EvaluationNumber { found: 18, current: 17 })
        );
    }

    #[test]
    fn findings_refuse_on_a_chain_and_not_when_looking() {
        let mut found = verdict(TcbStatus::UpToDate, &[]);
        found.not_for_registration = vec![Finding::ConfigId, Finding::ConfigSvn];
        let refused = AttestationPolicy::default_for_chain().judge(&found);
        assert_eq!(refused, Err(PolicyError::NotForRegistration(Finding::ConfigId)));
        assert_eq!(AttestationPolicy::looking().judge(&found), Ok(One));
    }

    #[test]
    fn a_policy_comes_back_from_scale_and_json_and_is_bounded() {
        let mut policy = AttestationPolicy::default_for_chain();
        policy.denied_advisories = vec![advisory("BAD")].try_into().unwrap();
        policy.denied_fmspcs = vec![Fmspc([1; 6])].try_into().unwrap();
        assert_eq!(AttestationPolicy::decode(&mut &policy.encode()[..]).unwrap(), policy);
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<AttestationPolicy>(&json).unwrap(), policy);
        assert!(policy.encoded_size() <= AttestationPolicy::max_encoded_len());
        let platforms = serde_json::to_value(vec![PlatformId([0; 32]); MAX_DENIED_PLATFORMS as usize + 1]).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["deniedPlatforms"] = platforms;
        assert!(serde_json::from_value::<AttestationPolicy>(json).is_err());
    }
}
