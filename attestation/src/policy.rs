//! Policy is data: which genuine evidence is accepted, and what it is worth.

use crate::{
    advisory::Advisory,
    facts::{Evaluation, Facts},
    finding::Finding,
    hex_bytes::Fmspc,
    rollback::EvaluationNumbers,
    verdict::{PlatformFlags, Verdict},
};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use khala_primitives::{ConfidenceLevel, PlatformId, TcbStatus};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Most entries of each list of advisories or FMSPCs.
pub const MAX_LIST: u32 = 64;
/// Intel's newest evaluation number when this was written (2026): where a chain starts that is told no other.
pub const INTEL_EVALUATION_DATA_NUMBER: u32 = 21;
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

impl StatusRule {
    /// What it is worth with every advisory allowed, and with one that is not; `None` for refused.
    fn worths(self) -> [Option<ConfidenceLevel>; 2] {
        match self {
            Self::Refused => [None; 2],
            Self::Level(level) => [Some(level); 2],
            Self::ByAdvisories { allowed, other } => [Some(allowed), Some(other)],
        }
    }

    /// The lower worth of both rules in every case.
    fn stricter(self, other: Self) -> Self {
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
    /// For each status the lower worth of both.
    fn stricter(&self, other: &Self) -> Self {
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
    fn stricter(&self, other: &Self) -> Self {
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

/// The entries of both lists, each once; `None` if these are too many.
fn union<T: Clone + PartialEq, const N: u32>(
    a: &BoundedVec<T, ConstU32<N>>,
    b: &BoundedVec<T, ConstU32<N>>,
) -> Option<BoundedVec<T, ConstU32<N>>> {
    let mut all = a.clone();
    for entry in b.iter().filter(|entry| !a.contains(entry)) {
        all.try_push(entry.clone()).ok()?;
    }
    Some(all)
}

/// What a policy looks at.
struct Judged<'j> {
    at_secs: u64,
    status: TcbStatus,
    advisories: &'j [Advisory],
    platform_id: &'j PlatformId,
    fmspc: &'j Fmspc,
    flags: &'j PlatformFlags,
    evaluation_numbers: [u32; 2],
    findings: &'j [Finding],
}

impl AttestationPolicy {
    /// What the presets start with: every status but Revoked, at the design's level; no finding; collateral of Intel's newest
    /// evaluation.
    pub fn default_for_chain() -> Self {
        Self {
            evaluation_numbers: Some(EvaluationNumbers {
                current: INTEL_EVALUATION_DATA_NUMBER,
                next: None,
            }),
            accept_findings: false,
            ..Self::looking()
        }
    }

    /// Refuses whatever this or the other policy refuses, and gives the lower level of both: what counts at once while a
    /// looser policy waits. Evaluation numbers are the other one's. `None` if a list would be too long.
    pub fn stricter(&self, other: &Self) -> Option<Self> {
        let mut allowed_advisories = self.allowed_advisories.clone();
        allowed_advisories.retain(|advisory| other.allowed_advisories.contains(advisory));
        Some(Self {
            statuses: self.statuses.stricter(&other.statuses),
            allowed_advisories,
            denied_advisories: union(&self.denied_advisories, &other.denied_advisories)?,
            denied_fmspcs: union(&self.denied_fmspcs, &other.denied_fmspcs)?,
            denied_platforms: union(&self.denied_platforms, &other.denied_platforms)?,
            flags: self.flags.stricter(&other.flags),
            evaluation_numbers: other.evaluation_numbers,
            accept_findings: self.accept_findings && other.accept_findings,
        })
    }

    /// For looking at any quote: every status but Revoked is accepted, and findings are only listed.
    pub fn looking() -> Self {
        Self {
            statuses: StatusRules::DESIGN,
            allowed_advisories: BoundedVec::new(),
            denied_advisories: BoundedVec::new(),
            denied_fmspcs: BoundedVec::new(),
            denied_platforms: BoundedVec::new(),
            flags: FlagRules::ALL,
            evaluation_numbers: None,
            accept_findings: true,
        }
    }

    /// What the evidence is worth, at the time at which it was verified.
    ///
    /// # Errors
    /// The first reason not to accept it, in the order of [`PolicyError`]'s variants from the last to the first.
    pub fn judge(&self, verdict: &Verdict) -> Result<ConfidenceLevel, PolicyError> {
        self.judge_platform(&Judged {
            at_secs: verdict.at_secs,
            status: verdict.status,
            advisories: &verdict.advisories,
            platform_id: &verdict.platform_id,
            fmspc: &verdict.fmspc,
            flags: &verdict.platform_flags,
            evaluation_numbers: [verdict.tcb_evaluation_data_number, verdict.qe_evaluation_data_number],
            findings: &verdict.not_for_registration,
        })
    }

    /// The same for facts that were judged by collateral.
    ///
    /// # Errors
    /// As [`Self::judge`].
    pub fn judge_facts(&self, facts: &Facts, evaluation: &Evaluation) -> Result<ConfidenceLevel, PolicyError> {
        let platform = &facts.certified.platform;
        self.judge_platform(&Judged {
            at_secs: evaluation.at_secs,
            status: evaluation.status,
            advisories: &evaluation.advisories,
            platform_id: &platform.id,
            fmspc: &platform.fmspc,
            flags: &platform.flags,
            evaluation_numbers: [evaluation.tcb_evaluation_data_number, evaluation.qe_evaluation_data_number],
            findings: &evaluation.findings,
        })
    }

    fn judge_platform(&self, judged: &Judged<'_>) -> Result<ConfidenceLevel, PolicyError> {
        if let (false, Some(finding)) = (self.accept_findings, judged.findings.first()) {
            return Err(PolicyError::NotForRegistration(*finding));
        }
        if let Some(numbers) = &self.evaluation_numbers {
            for found in judged.evaluation_numbers {
                if !numbers.counts(found, judged.at_secs) {
                    return Err(PolicyError::EvaluationNumber {
                        found,
                        current: numbers.current_at(judged.at_secs),
                    });
                }
            }
        }
        if let Some(flag) = self.flags.refused(judged.flags) {
            return Err(PolicyError::Flag(flag));
        }
        if self.denied_platforms.contains(judged.platform_id) {
            return Err(PolicyError::Platform(*judged.platform_id));
        }
        if self.denied_fmspcs.contains(judged.fmspc) {
            return Err(PolicyError::Fmspc(*judged.fmspc));
        }
        if let Some(denied) = judged.advisories.iter().find(|advisory| self.denied_advisories.contains(advisory)) {
            return Err(PolicyError::Advisory(*denied));
        }
        self.level(judged.status, judged.advisories)
            .ok_or(PolicyError::Status(judged.status))
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
