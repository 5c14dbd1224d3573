//! The negative suite: evidence with exactly one fault, each with the answer that it must get.
//!
//! Cases are plain data, so that every way to run the verifier can be held against the same list: natively, in the
//! runtime's Wasm, and beside dcap-qvl. [`cases`] are refused or found, [`controls`] are accepted.

mod authorities;
mod chains;
pub mod differences;
mod documents;
mod later;
mod levels;
mod lists;
mod modules;
mod platforms;
mod quotes;
mod quoting_enclaves;
mod reports;
mod sample;
mod signatures;
mod valid;

pub use differences::Difference;
pub use sample::{Kind, Sample, NOW};

use crate::{
    bind::check_binding,
    collateral::Collateral,
    error::{Error, Group},
    finding::Finding,
    part::Part,
    policy::{AttestationPolicy, PolicyError},
    qe_identity::QeIdentity,
    report,
    rollback::{check_replace, Edition, EvaluationNumbers},
    tcb_info::TcbInfo,
    verdict::Verdict,
};
use const_oid::db::rfc5280::ID_CE_CRL_NUMBER;
use der::{asn1::UintRef, Decode as _};
use khala_primitives::{TcbStatus, WorkerInfo};
use std::{boxed::Box, string::String, vec, vec::Vec};
use x509_cert::crl::CertificateList;

/// Evidence with one fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Its name: what is wrong, then the format of the quote where there are several.
    pub name: String,
    /// The group of checks that must notice.
    pub group: Group,
    /// What was done to good evidence.
    pub fault: String,
    /// The evidence.
    pub sample: Sample,
    /// What is done with it.
    pub purpose: Purpose,
    /// What must come out.
    pub expected: Answer,
    /// What dcap-qvl says.
    pub oracle: Oracle,
}

/// What evidence is verified for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// For a verdict.
    Verdict,
    /// To look at it, with whatever is behind the quote.
    Look,
    /// To register the worker that this is about.
    Bind(Box<WorkerInfo>),
    /// To be judged by a policy.
    Judge(Box<AttestationPolicy>),
    /// To keep its collateral while these evaluation numbers count.
    Keep(EvaluationNumbers),
    /// To replace a piece of collateral that is kept.
    Replace {
        /// Which piece.
        part: Part,
        /// What is kept.
        kept: Box<Collateral>,
    },
}

/// What comes out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Good, with this status.
    Accepted(TcbStatus),
    /// Genuine, but not for a registration.
    Found(Vec<Finding>),
    /// Refused by the verifier.
    Refused(Error),
    /// Refused by the policy.
    NotAccepted(PolicyError),
}

/// What dcap-qvl says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Oracle {
    /// The same: refused when the verifier refuses, accepted with the same status when it does not.
    Agrees,
    /// It accepts what the verifier refuses.
    Accepts(&'static Difference),
    /// It knows nothing of what this is about.
    NotAsked,
}

/// Every case, by group.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (group, make) in [
        (Group::Quote, quotes::add as fn(&mut List)),
        (Group::Signatures, signatures::add),
        (Group::Certificates, chains::add),
        (Group::Certificates, authorities::add),
        (Group::Certificates, lists::add),
        (Group::Certificates, platforms::add),
        (Group::TcbInfo, documents::add_tcb_info),
        (Group::TcbInfo, levels::add),
        (Group::TcbInfo, modules::add),
        (Group::QeIdentity, documents::add_qe_identity),
        (Group::QeIdentity, quoting_enclaves::add),
        (Group::Report, reports::add),
        (Group::RollBack, later::add_roll_back),
        (Group::Binding, later::add_binding),
    ] {
        cases.extend(List::of(group, make));
    }
    cases
}

/// Evidence that must be accepted: without it, a verifier that refuses everything would do.
pub fn controls() -> Vec<Case> {
    List::of(Group::Quote, valid::add)
}

/// Cases of a group in the making.
struct List {
    group: Group,
    cases: Vec<Case>,
}

impl List {
    fn of(group: Group, make: fn(&mut Self)) -> Vec<Case> {
        let mut list = Self { group, cases: Vec::new() };
        make(&mut list);
        list.cases
    }

    /// Adds a case on which dcap-qvl agrees.
    fn add(&mut self, name: impl Into<String>, fault: impl Into<String>, sample: Sample, expected: impl Into<Answer>) {
        self.push(name.into(), fault.into(), sample, Purpose::Verdict, expected.into(), Oracle::Agrees);
    }

    /// Adds a case that dcap-qvl accepts.
    fn add_stricter(
        &mut self,
        name: impl Into<String>,
        fault: impl Into<String>,
        sample: Sample,
        expected: impl Into<Answer>,
        why: &'static Difference,
    ) {
        self.push(
            name.into(),
            fault.into(),
            sample,
            Purpose::Verdict,
            expected.into(),
            Oracle::Accepts(why),
        );
    }

    /// Adds a case of something that dcap-qvl does not do.
    fn add_for(
        &mut self,
        purpose: Purpose,
        name: impl Into<String>,
        fault: impl Into<String>,
        sample: Sample,
        expected: impl Into<Answer>,
    ) {
        self.push(name.into(), fault.into(), sample, purpose, expected.into(), Oracle::NotAsked);
    }

    fn push(&mut self, name: String, fault: String, sample: Sample, purpose: Purpose, expected: Answer, oracle: Oracle) {
        self.cases.push(Case {
            name,
            group: self.group,
            fault,
            sample,
            purpose,
            expected,
            oracle,
        });
    }
}

impl Case {
    /// What this verifier answers.
    pub fn answer(&self) -> Answer {
        if self.purpose == Purpose::Look {
            return self.look();
        }
        let verdict = match self.sample.verify() {
            Ok(verdict) => verdict,
            Err(error) => return Answer::Refused(error),
        };
        if let Purpose::Judge(policy) = &self.purpose {
            if let Err(error) = policy.judge(&verdict) {
                return Answer::NotAccepted(error);
            }
        }
        match self.use_it(&verdict) {
            Err(error) => Answer::Refused(error),
            Ok(()) if verdict.not_for_registration.is_empty() => Answer::Accepted(verdict.status),
            Ok(()) => Answer::Found(verdict.not_for_registration),
        }
    }

    /// Does what the evidence is for, beyond a verdict.
    fn use_it(&self, verdict: &Verdict) -> Result<(), Error> {
        let collateral = &self.sample.collateral;
        match &self.purpose {
            Purpose::Verdict | Purpose::Look | Purpose::Judge(_) => Ok(()),
            Purpose::Bind(info) => check_binding(verdict, info),
            Purpose::Keep(numbers) => {
                let (info, identity) = (TcbInfo::parse(&collateral.tcb_info)?, QeIdentity::parse(&collateral.qe_identity)?);
                numbers.check_keep(Part::TcbInfo, info.evaluation_data_number, self.sample.at_secs)?;
                numbers.check_keep(Part::QeIdentity, identity.evaluation_data_number, self.sample.at_secs)
            }
            Purpose::Replace { part, kept } => check_replace(*part, &edition(*part, kept)?, &edition(*part, collateral)?),
        }
    }

    fn look(&self) -> Answer {
        let Sample {
            quote,
            collateral,
            roots,
            at_secs,
        } = &self.sample;
        let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
        let look = report::look(quote, collateral, &roots, *at_secs, &AttestationPolicy::looking());
        let trailing = Finding::TrailingBytes;
        match look.status {
            Some(_) if look.not_for_registration == [trailing.code()] => Answer::Found(vec![trailing]),
            Some(status) => Answer::Accepted(status),
            None => self
                .sample
                .verify()
                .map_or_else(Answer::Refused, |verdict| Answer::Accepted(verdict.status)),
        }
    }
}

impl Answer {
    /// A stable name: the code of the error or finding, or the status.
    pub fn code(&self) -> String {
        match self {
            Self::Accepted(status) => status.as_str().into(),
            Self::Found(findings) => findings.iter().map(Finding::code).collect::<Vec<_>>().join(", "),
            Self::Refused(error) => error.code(),
            Self::NotAccepted(error) => error.code().into(),
        }
    }

    /// Is `found` what was expected? Everything must be equal but the place of a problem in a JSON document, which depends
    /// on the order in which the document's keys were written.
    pub fn is_met_by(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Refused(Error::Json { part, .. }), Self::Refused(Error::Json { part: found, .. })) => part == found,
            _ => self == found,
        }
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<Finding> for Answer {
    fn from(finding: Finding) -> Self {
        Self::Found(vec![finding])
    }
}

impl From<PolicyError> for Answer {
    fn from(error: PolicyError) -> Self {
        Self::NotAccepted(error)
    }
}

impl From<TcbStatus> for Answer {
    fn from(status: TcbStatus) -> Self {
        Self::Accepted(status)
    }
}

/// The place of a piece of collateral in the order of its kind.
fn edition(part: Part, collateral: &Collateral) -> Result<Edition, Error> {
    match part {
        Part::TcbInfo => Ok(TcbInfo::parse(&collateral.tcb_info)?.edition()),
        Part::QeIdentity => Ok(QeIdentity::parse(&collateral.qe_identity)?.edition()),
        Part::RootCrl => list_edition(&collateral.root_ca_crl).ok_or(Error::CrlMalformed { part }),
        _ => list_edition(&collateral.pck_crl).ok_or(Error::CrlMalformed { part }),
    }
}

/// The edition of a revocation list, whose signature was verified before.
fn list_edition(der: &[u8]) -> Option<Edition> {
    let list: CertificateList = CertificateList::from_der(der).ok()?;
    let tbs = list.tbs_cert_list;
    let extensions = tbs.crl_extensions?;
    let number = extensions.iter().find(|extension| extension.extn_id == ID_CE_CRL_NUMBER)?;
    let number = UintRef::from_der(number.extn_value.as_bytes()).ok()?;
    Some(Edition {
        number: number
            .as_bytes()
            .iter()
            .fold(0, |number: u128, byte| (number << 8) | u128::from(*byte)),
        issued_secs: tbs.this_update.to_unix_duration().as_secs(),
    })
}
