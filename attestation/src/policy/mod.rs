//! Policy is data: which genuine evidence is accepted, and what it is worth.

mod error;
mod rules;
#[cfg(test)]
mod tests;

pub use error::PolicyError;
pub use rules::{Flag, FlagRules, StatusRule, StatusRules};

use crate::{
    advisory::Advisory,
    facts::{Evaluation, Facts},
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
/// Intel's newest evaluation number when this was written (2026): where a chain starts that is told no other.
pub const INTEL_EVALUATION_DATA_NUMBER: u32 = 21;
/// Most denied platforms.
pub const MAX_DENIED_PLATFORMS: u32 = 256;

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
