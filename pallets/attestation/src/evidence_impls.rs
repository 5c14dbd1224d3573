//! Verifying a worker's evidence, and judging what is known of it again.

use crate::{
    refusals::Refusal, Advisories, Config, DocumentKind, Family, MeasurementStanding, Pallet, PckCrls, Policy, PolicyVersion, QeIdentities,
    QuotingEnclave, RevokedByCa, RevokedByRoot, Roles, RootCrls, TcbInfos, TrustedRoots, VerdictRecord,
};
use frame_support::ensure;
use khala_attestation::{
    certs::Serial,
    checks,
    documents::{CaHash, PckCrl, Revocations, RootKeyHash},
    error::Error as Fault,
    facts::{Certified, ReportFacts},
    measurement,
    part::Part,
    quote::{self, Quote},
    verify::{check_quote_signature, Presented},
    Documents, Facts,
};
use khala_primitives::{Evidence, MeasurementDigest, WorkerInfo};

/// How much of new evidence has to be verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verification<'k> {
    /// All of it, with documents that are in date.
    Complete,
    /// Evidence of a worker that is known: what was verified before is not verified again, and documents may be late.
    Renewal(&'k VerdictRecord),
}

/// The chain's lists of revoked certificates.
struct Revoked<T>(core::marker::PhantomData<T>);

impl<T: Config> Revocations for Revoked<T> {
    fn by_root(&self, root: &RootKeyHash, serial: &Serial) -> bool {
        RevokedByRoot::<T>::contains_key(root, serial)
    }

    fn by_ca(&self, ca: &CaHash, serial: &Serial) -> bool {
        RevokedByCa::<T>::contains_key(ca, serial)
    }
}

impl<T: Config> Pallet<T> {
    /// Verifies evidence, as of `now_secs` (seconds since 1970), for the role of a worker.
    ///
    /// The quote is checked with the chain's documents up to a trusted root, must be bound to `info`, must come from allowed
    /// code with nothing set that its host could have chosen, and from a platform that the policy accepts. Every doubt refuses.
    pub fn verify_evidence(
        info: &WorkerInfo,
        evidence: &Evidence,
        verification: Verification<'_>,
        now_secs: u64,
    ) -> Result<VerdictRecord, Refusal> {
        ensure!(evidence.quote().len() <= Evidence::MAX_QUOTE, Refusal::QuoteTooLong);
        let quote = quote::parse(evidence.quote())?;
        ensure!(quote.report.tee() == evidence.tee(), Refusal::OtherTee);
        let certification_hash = quote.certification_hash();
        let (certified, grace_secs) = match verification {
            Verification::Complete => (Self::certify(evidence)?, 0),
            Verification::Renewal(known) => {
                let certified = if known.certification_hash == certification_hash {
                    check_quote_signature(&quote)?;
                    known.facts.certified.clone()
                } else {
                    Self::certify(evidence)?
                };
                (certified, crate::Params::<T>::get().collateral_grace_secs)
            }
        };
        checks::check_report(&quote.report)?;
        ensure!(*quote.report.report_data() == info.report_data(), Refusal::Evidence(Fault::Binding));
        let facts = Facts {
            certified,
            report: ReportFacts {
                measurement: Self::listed_measurement(&quote, now_secs),
                ..ReportFacts::of(&quote)
            },
        };
        Self::judge(facts, certification_hash, now_secs, grace_secs)
    }

    /// Judges again what is known of a worker, by the documents and the policy of now.
    pub fn judge_again(known: &VerdictRecord, now_secs: u64) -> Result<VerdictRecord, Refusal> {
        let grace_secs = crate::Params::<T>::get().collateral_grace_secs;
        Self::judge(known.facts.clone(), known.certification_hash, now_secs, grace_secs)
    }

    /// Three signatures, up to a PCK CA that the chain keeps.
    fn certify(evidence: &Evidence) -> Result<Certified, Refusal> {
        let presented = Presented::read(evidence.quote())?;
        let mut authorities = presented.issuers().filter_map(PckCrls::<T>::get);
        let Some(authority) = authorities.next() else {
            // Nobody has brought the list of this CA yet, or nobody could: it leads to no root that is trusted.
            let unknown = presented.issuers().next().is_none();
            return Err(match unknown {
                true => Refusal::Evidence(Fault::UnknownIssuer { part: Part::PckLeaf }),
                false => Refusal::Missing(DocumentKind::PckCrl),
            });
        };
        presented.check_issuer(&authority)?;
        Ok(presented.certify(&authority)?)
    }

    fn judge(facts: Facts, certification_hash: [u8; 32], now_secs: u64, grace_secs: u64) -> Result<VerdictRecord, Refusal> {
        let measurement = facts.report.measurement;
        match Self::measurement_standing(&measurement, Roles::WORKER, now_secs) {
            MeasurementStanding::Active => {}
            standing => return Err(Refusal::Measurement { measurement, standing }),
        }
        let documents = Self::documents(&facts, now_secs)?;
        let evaluation = facts.evaluate(&documents, &Revoked::<T>(Default::default()), now_secs, grace_secs)?;
        let level = Policy::<T>::get().judge_facts(&facts, &evaluation)?;
        Ok(VerdictRecord {
            facts,
            certification_hash,
            status: evaluation.status,
            advisories: Advisories::try_from(evaluation.advisories).map_err(|_| Refusal::TooManyAdvisories)?,
            level,
            policy_version: PolicyVersion::<T>::get(),
            expires_at_secs: evaluation.expires_at_secs,
        })
    }

    /// The digest of the code that is on the list; the usual one when none is.
    fn listed_measurement(quote: &Quote<'_>, now_secs: u64) -> MeasurementDigest {
        let is_listed =
            |digest: &MeasurementDigest| Self::measurement_standing(digest, Roles::WORKER, now_secs) == MeasurementStanding::Active;
        measurement::candidates(&quote.report)
            .into_iter()
            .find(is_listed)
            .unwrap_or_else(|| measurement::of(&quote.report))
    }

    /// The documents that judge a platform at a time.
    fn documents(facts: &Facts, now_secs: u64) -> Result<Documents, Refusal> {
        let (certified, tee) = (&facts.certified, facts.report.tee());
        let root = certified.root_key_hash;
        ensure!(Self::is_trusted(&root, now_secs), Refusal::Evidence(Fault::NoTrustedRoot));
        let number = Self::evaluation_number(now_secs);
        let missing = |kind| move || Refusal::Missing(kind);
        let pck_crl: PckCrl = PckCrls::<T>::get(certified.ca_hash).ok_or_else(missing(DocumentKind::PckCrl))?;
        let family = Family {
            root,
            tee,
            fmspc: certified.platform.fmspc,
        };
        Ok(Documents {
            root_crl: RootCrls::<T>::get(root).ok_or_else(missing(DocumentKind::RootCrl))?,
            pck_crl,
            tcb_info: TcbInfos::<T>::get(family, number).ok_or_else(missing(DocumentKind::TcbInfo))?,
            qe_identity: QeIdentities::<T>::get(QuotingEnclave { root, tee }, number).ok_or_else(missing(DocumentKind::QeIdentity))?,
        })
    }

    /// Is a root of this key trusted at a time?
    pub(crate) fn is_trusted(root: &RootKeyHash, now_secs: u64) -> bool {
        TrustedRoots::<T>::get()
            .iter()
            .any(|trusted| trusted.key_hash == *root && trusted.active_from_secs <= now_secs)
    }
}
