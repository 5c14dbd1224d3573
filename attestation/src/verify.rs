//! Verification of a quote with its collateral: groups 1 to 6.
//!
//! 1. The signatures of the collateral give [`Documents`].
//! 2. The signatures of the quote, read as [`Presented`], give [`Facts`]: what is proven of platform and code.
//! 3. [`Facts::evaluate`] judges facts and documents at a time, without any signature.
//!
//! [`verify`] does all three with collateral as it comes; [`verify_with`] takes collateral that was verified before. A chain
//! does the steps one by one, since it keeps documents and facts.

use crate::{
    chain::{PckChain, Root},
    checks,
    collateral::Collateral,
    documents::{CaHash, Documents, PckCrl, Revocations},
    error::Error,
    facts::{Certified, Facts, ReportFacts},
    parsed::ParsedCollateral,
    pck::Platform,
    qe_identity::QeFacts,
    quote::{self, Quote, PCK_CERT_CHAIN},
    signature::{key_from_coordinates, verifies_raw},
    verdict::Verdict,
};
use sha2::{Digest, Sha256};

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
    conclude(&Presented { quote, chain }, &parsed.documents, &parsed, at_secs)
}

/// Verifies a quote, which carries its PCK chain, at `at_secs` since 1970 with collateral that is verified already.
///
/// Three signatures are verified: of the PCK certificate by the PCK CA of the collateral, of the QE report, and of the
/// quote.
///
/// # Errors
/// Groups 1 to 6: the first check that fails.
pub fn verify_with(quote: &[u8], collateral: &ParsedCollateral, at_secs: u64) -> Result<Verdict, Error> {
    let presented = Presented::read(quote)?;
    presented.check_issuer(&collateral.documents.pck_crl)?;
    conclude(&presented, &collateral.documents, collateral, at_secs)
}

fn conclude(presented: &Presented<'_>, documents: &Documents, revocations: &impl Revocations, at_secs: u64) -> Result<Verdict, Error> {
    let facts = Facts {
        certified: presented.certify(&documents.pck_crl)?,
        report: ReportFacts::of(&presented.quote),
    };
    let evaluation = facts.evaluate(documents, revocations, at_secs, 0)?;
    checks::check_report(&presented.quote.report)?;
    Ok(Verdict::new(&presented.quote, facts, evaluation))
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

/// A quote as it is presented, with the PCK chain that it carries. Nothing is verified yet.
pub struct Presented<'a> {
    /// The quote.
    pub quote: Quote<'a>,
    chain: PckChain,
}

impl<'a> Presented<'a> {
    /// Reads a quote that carries its PCK chain.
    ///
    /// # Errors
    /// Group 1, and those of certificates that cannot be read.
    pub fn read(quote: &'a [u8]) -> Result<Self, Error> {
        let quote = quote::parse(quote)?;
        let chain = PckChain::parse(pck_chain_text(&quote, None)?)?;
        Ok(Self { quote, chain })
    }

    /// The certificates of the chain that the PCK certificate names as its issuer; genuine chains have one.
    pub fn issuers(&self) -> impl Iterator<Item = CaHash> + '_ {
        self.chain.issuer_hashes()
    }

    /// Verifies that this PCK CA issued the PCK certificate. One signature.
    ///
    /// # Errors
    /// [`Error::UnknownIssuer`] if the CA is not in the chain, [`Error::Signature`].
    pub fn check_issuer(&self, authority: &PckCrl) -> Result<(), Error> {
        self.chain.verify_known(authority)
    }

    /// Verifies the signatures that lead from the PCK certificate to the report (group 2), for an issuer that
    /// [`Self::check_issuer`] has verified. Two signatures.
    ///
    /// # Errors
    /// Group 2.
    pub fn certify(&self, authority: &PckCrl) -> Result<Certified, Error> {
        let authentication = &self.quote.authentication;
        if !verifies_raw(
            &self.chain.leaf_key,
            authentication.qe_report_bytes,
            &authentication.qe_report_signature,
        ) {
            return Err(Error::QeReportSignature);
        }
        let binding = Sha256::new()
            .chain_update(authentication.attestation_key)
            .chain_update(authentication.qe_auth_data)
            .finalize();
        if authentication.qe_report.report_data.first_chunk() != Some(&<[u8; 32]>::from(binding)) {
            return Err(Error::QeReportBinding);
        }
        check_quote_signature(&self.quote)?;
        Ok(Certified {
            root_key_hash: authority.root_key_hash,
            ca_hash: authority.ca_hash,
            leaf: self.chain.leaf_facts()?,
            platform: Platform::read(&self.chain.leaf)?,
            qe: QeFacts::from(&authentication.qe_report),
            plain_chain: self.chain.is_plain(&authority.ca_hash, &authority.root_key_hash),
        })
    }
}

/// Verifies that the attestation key of a quote signed it. One signature: all that is left to verify when the certification
/// bytes are those of a quote that was verified before ([`Quote::certification_hash`]).
///
/// # Errors
/// [`Error::AttestationKey`] and [`Error::QuoteSignature`].
pub fn check_quote_signature(quote: &Quote<'_>) -> Result<(), Error> {
    let authentication = &quote.authentication;
    let key = key_from_coordinates(&authentication.attestation_key).ok_or(Error::AttestationKey)?;
    if !verifies_raw(&key, quote.signed, &authentication.signature) {
        return Err(Error::QuoteSignature);
    }
    Ok(())
}
