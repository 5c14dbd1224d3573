//! Verification of a quote with its collateral: groups 1 to 6, in three steps.
//!
//! 1. [`ParsedCollateral::verify`] verifies the signatures of the collateral.
//! 2. The signatures of the quote give [`Certified`]: the facts that they prove of platform and quoting enclave.
//! 3. [`Certified::evaluate`] judges facts, report and collateral at a time, without any signature.
//!
//! [`verify`] does all three; [`verify_with`] takes collateral that a chain has verified before.

use crate::{
    certs::CertificateFacts,
    chain::{PckChain, Root},
    checks,
    collateral::Collateral,
    error::Error,
    finding::Finding,
    measurement,
    parsed::ParsedCollateral,
    part::Part,
    pck::Platform,
    qe_identity::QeFacts,
    quote::{self, Quote, Report, PCK_CERT_CHAIN, QE_REPORT_CERTIFICATION_DATA},
    signature::{key_from_coordinates, verifies_raw},
    tcb::{self, Standing},
    verdict::Verdict,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sha2::{Digest, Sha256};

/// What the signatures of a quote prove of the platform and of its quoting enclave.
///
/// It depends on the certification bytes of the quote alone, which stay the same from quote to quote of a worker.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Certified {
    /// The PCK certificate.
    pub leaf: CertificateFacts,
    /// What the PCK certificate says.
    pub platform: Platform,
    /// What the QE report says.
    pub qe: QeFacts,
    /// The PCK chain is leaf, CA and trusted root, and nothing else.
    pub plain_chain: bool,
}

/// Verifies a quote at `at_secs` since 1970, with collateral that leads to one of `roots` (certificates in DER).
///
/// It accepts what Intel's rules accept, as dcap-qvl reads them; what a registration must not have besides is listed
/// in [`Verdict::not_for_registration`].
///
/// # Errors
/// Groups 1 to 6: the first check that fails.
pub fn verify(quote: &[u8], collateral: &Collateral, roots: &[&[u8]], at_secs: u64) -> Result<Verdict, Error> {
    let quote = quote::parse(quote)?;
    collateral.check_sizes()?;
    let roots = Root::parse_all(roots)?;
    let chain = PckChain::parse(pck_chain_text(&quote, collateral.pck_certificate_chain.as_deref())?)?;
    let authority = chain.verify(&roots)?;
    let parsed = ParsedCollateral::verify_for(collateral, &authority)?;
    certify(&quote, &chain, &parsed)?.evaluate(&quote, &parsed, at_secs)
}

/// Verifies a quote, which carries its PCK chain, at `at_secs` since 1970 with collateral that is verified already.
///
/// Three signatures are verified: of the PCK certificate by the PCK CA of the collateral, of the QE report, and of the
/// quote.
///
/// # Errors
/// Groups 1 to 6: the first check that fails.
pub fn verify_with(quote: &[u8], collateral: &ParsedCollateral, at_secs: u64) -> Result<Verdict, Error> {
    let quote = quote::parse(quote)?;
    let chain = PckChain::parse(pck_chain_text(&quote, None)?)?;
    chain.verify_known(&collateral.pck_ca_hash)?;
    certify(&quote, &chain, collateral)?.evaluate(&quote, collateral, at_secs)
}

/// The PCK chain that the collateral brings, or else the quote's.
pub(crate) fn pck_chain_text<'a>(quote: &Quote<'a>, brought: Option<&'a str>) -> Result<&'a [u8], Error> {
    let authentication = &quote.authentication;
    match brought {
        Some(chain) => Ok(chain.as_bytes()),
        None if authentication.certification_type == PCK_CERT_CHAIN => Ok(authentication.certification_data),
        None => Err(Error::CertificationDataType {
            found: authentication.certification_type,
        }),
    }
}

/// Verifies the signatures that lead from the PCK certificate to the report (group 2).
fn certify(quote: &Quote<'_>, chain: &PckChain, collateral: &ParsedCollateral) -> Result<Certified, Error> {
    let authentication = &quote.authentication;
    if !verifies_raw(&chain.leaf_key, authentication.qe_report_bytes, &authentication.qe_report_signature) {
        return Err(Error::QeReportSignature);
    }
    let binding = Sha256::new()
        .chain_update(authentication.attestation_key)
        .chain_update(authentication.qe_auth_data)
        .finalize();
    if authentication.qe_report.report_data.first_chunk() != Some(&<[u8; 32]>::from(binding)) {
        return Err(Error::QeReportBinding);
    }
    let key = key_from_coordinates(&authentication.attestation_key).ok_or(Error::AttestationKey)?;
    if !verifies_raw(&key, quote.signed, &authentication.signature) {
        return Err(Error::QuoteSignature);
    }
    Ok(Certified {
        leaf: chain.leaf_facts()?,
        platform: Platform::read(&chain.leaf)?,
        qe: QeFacts::from(&authentication.qe_report),
        plain_chain: chain.is_plain(&collateral.pck_ca_hash, &collateral.root_key_hash),
    })
}

impl Certified {
    /// Judges what signatures have proven: dates, revocation, TCB level, quoting enclave and report.
    ///
    /// # Errors
    /// Groups 3 to 6.
    pub fn evaluate(&self, quote: &Quote<'_>, collateral: &ParsedCollateral, at_secs: u64) -> Result<Verdict, Error> {
        let Certified { leaf, platform, qe, .. } = self;
        let report = &quote.report;
        let tee = report.tee();
        let (info, identity) = (&collateral.tcb_info, &collateral.qe_identity);
        collateral.check_at(at_secs)?;
        leaf.check_dates(Part::PckLeaf, at_secs)?;
        collateral.pck_crl.check_serial(Part::PckLeaf, &leaf.serial)?;
        if identity.tee != tee {
            return Err(Error::QeIdentityKind {
                tee,
                version: identity.version,
            });
        }
        let qe_level = identity.evaluate(qe)?;
        let qe_standing = Standing {
            status: qe_level.status,
            advisories: qe_level.advisories.to_vec(),
        };
        if info.fmspc != platform.fmspc {
            return Err(Error::TcbInfoFmspc {
                found: info.fmspc,
                expected: platform.fmspc,
            });
        }
        if info.tee != tee {
            return Err(Error::TcbInfoKind {
                tee,
                version: info.version,
            });
        }
        let td = match report {
            Report::Sgx(_) => None,
            Report::Td(td) => Some(td),
        };
        let standing = tcb::evaluate(info, platform, td, &qe_standing)?;
        checks::check_report(report)?;

        let mut shortfalls = tcb::shortfalls_to_newest(info, platform, td);
        shortfalls.extend(identity.shortfall(qe.isv_svn));
        Ok(Verdict {
            at_secs,
            tee,
            quote_version: quote.header.version,
            status: standing.status,
            advisories: standing.advisories,
            measurement: measurement::of(report),
            report: report.clone(),
            report_data: *report.report_data(),
            platform_id: platform.id,
            fmspc: platform.fmspc,
            platform_flags: platform.flags,
            tcb_evaluation_data_number: info.evaluation_data_number,
            qe_evaluation_data_number: identity.evaluation_data_number,
            expires_at_secs: collateral.expires_at_secs().min(leaf.not_after_secs),
            shortfalls,
            not_for_registration: findings(self, quote, collateral),
        })
    }
}

/// What a registration must not have, and Intel's rules let pass.
fn findings(certified: &Certified, quote: &Quote<'_>, collateral: &ParsedCollateral) -> Vec<Finding> {
    let authentication = &quote.authentication;
    let (_, qe_tail) = authentication.qe_report.report_data.split_at(32);
    let usage = |part, facts: &CertificateFacts| (!facts.usage_fits, Finding::KeyUsage(part));
    let form = [
        (authentication.slack, Finding::Slack),
        (
            authentication.outer_type.is_some_and(|outer| outer != QE_REPORT_CERTIFICATION_DATA),
            Finding::OuterCertificationData,
        ),
        (authentication.certification_type != PCK_CERT_CHAIN, Finding::PckChainNotInQuote),
        (!certified.plain_chain, Finding::PckChainForm),
        (qe_tail.iter().any(|byte| *byte != 0), Finding::QeReportDataTail),
        (collateral.tcb_info.pce_id != Some(certified.platform.pce_id), Finding::PceId),
        usage(Part::Root, &collateral.root),
        usage(Part::PckCa, &collateral.pck_ca),
        usage(Part::PckLeaf, &certified.leaf),
        usage(Part::TcbInfoSigner, &collateral.tcb_info_signer),
        usage(Part::QeIdentitySigner, &collateral.qe_identity_signer),
    ];
    let form = form.into_iter().filter_map(|(found, finding)| found.then_some(finding));
    form.chain(checks::find_in_report(&quote.report)).collect()
}
