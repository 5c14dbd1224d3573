//! How much of a renewal's evidence is verified: with the certification bytes of the known evidence, the quote's signature alone.

use super::{forged::*, mock::*};
use crate::{Error, VerdictRecord, Verification};
use frame_support::assert_ok;
use khala_attestation::{
    forge::{pem, Key, Pki, TcbClass},
    quote::{self, SgxReport},
};
use khala_primitives::{Evidence, Instance, WorkerInfo};

/// Runs a test with the known evidence of an enclave, then with that of a TD.
fn for_both_tees(test: impl Fn(Evidence, VerdictRecord)) {
    for evidence in [evidence(), td_evidence()] {
        on_chain_with_documents(|| {
            bring_signed(&pki().td_collateral(NOW));
            let known = verify(&evidence, NOW).unwrap();
            test(evidence, known);
        });
    }
}

fn certification_hash(evidence: &Evidence) -> [u8; 32] {
    quote::parse(evidence.quote()).unwrap().certification_hash()
}

/// Evidence of the same TEE with a byte changed after it was signed, counted from the end.
fn with_byte_changed(evidence: &Evidence, from_end: usize) -> Evidence {
    let mut evidence = evidence.clone();
    let (Evidence::Sgx { quote } | Evidence::Tdx { quote }) = &mut evidence;
    let place = quote.len() - from_end;
    quote[place] ^= 1;
    evidence
}

/// Evidence whose QE report is not signed by the platform.
fn uncertified(like: &Evidence) -> Evidence {
    let other_key = |draft: &mut khala_attestation::forge::QuoteDraft| draft.pck = Key::named("of nobody");
    match like {
        Evidence::Sgx { .. } => sgx_with(other_key),
        Evidence::Tdx { .. } => tdx_with(other_key),
    }
}

#[test]
fn the_certification_bytes_stay_the_same_from_quote_to_quote() {
    for_both_tees(|evidence, known| {
        let info = WorkerInfo {
            instance: Instance([9; 16]),
            ..info()
        };
        let machine = machine(TcbClass::UpToDate);
        let renewed = match evidence {
            Evidence::Sgx { .. } => machine.sgx(info.report_data()),
            Evidence::Tdx { .. } => machine.tdx(info.report_data()),
        };
        assert_ne!(renewed, evidence);
        assert_eq!(certification_hash(&renewed), known.certification_hash);
        let renewed = Attestation::verify_evidence(&info, &renewed, Verification::Renewal(&known), NOW).unwrap();
        assert_eq!(renewed.facts, known.facts);
    });
}

#[test]
fn known_certification_bytes_are_not_verified_again() {
    for_both_tees(|evidence, known| {
        let uncertified = uncertified(&evidence);
        assert_refused(verify(&uncertified, NOW), Error::TamperedQuote);
        assert_refused(verify_again(&known, &uncertified, NOW), Error::TamperedQuote);
        // As if these very bytes had been verified before.
        let known = VerdictRecord {
            certification_hash: certification_hash(&uncertified),
            ..known
        };
        assert_ok!(verify_again(&known, &uncertified, NOW));
        // A registration believes nothing.
        assert_refused(verify(&uncertified, NOW), Error::TamperedQuote);
    });
}

#[test]
fn with_known_certification_bytes_the_quote_must_be_signed_all_the_same() {
    for_both_tees(|evidence, known| {
        let mut changed = evidence.clone();
        let (Evidence::Sgx { quote } | Evidence::Tdx { quote }) = &mut changed;
        quote[48] ^= 1; // the first byte of the report
        assert_eq!(certification_hash(&changed), known.certification_hash);
        assert_refused(verify_again(&known, &changed, NOW), Error::TamperedQuote);
    });
}

#[test]
fn certification_bytes_that_differ_in_one_byte_are_verified_in_full() {
    for_both_tees(|evidence, known| {
        let auth_data = |draft: &mut khala_attestation::forge::QuoteDraft| draft.qe_auth_data[0] ^= 1;
        let other = match evidence {
            Evidence::Sgx { .. } => sgx_with(auth_data),
            Evidence::Tdx { .. } => tdx_with(auth_data),
        };
        assert_ne!(certification_hash(&other), known.certification_hash);
        // Genuine, so it becomes what is known.
        let renewed = verify_again(&known, &other, NOW).unwrap();
        assert_eq!(renewed.certification_hash, certification_hash(&other));
        // One byte of it is not what was known with a bad signature, either.
        let uncertified = uncertified(&evidence);
        let almost = VerdictRecord {
            certification_hash: certification_hash(&with_byte_changed(&uncertified, 1)),
            ..known
        };
        assert_refused(verify_again(&almost, &uncertified, NOW), Error::TamperedQuote);
    });
}

#[test]
fn no_byte_of_known_evidence_can_be_changed_to_any_effect() {
    for_both_tees(|evidence, known| {
        // Of what comes before the certificates nothing can be changed. Of these, the copy of the root counts by its key alone.
        let length = evidence.quote().len();
        let head = length - machine(TcbClass::UpToDate).chain().len() - 1;
        for place in (0..head).step_by(3).chain((head..length).step_by(101)) {
            let changed = with_byte_changed(&evidence, length - place);
            if let Ok(renewed) = verify_again(&known, &changed, NOW) {
                assert!(place >= head && renewed.facts == known.facts, "{place}");
            }
        }
    });
}

#[test]
fn what_the_code_says_counts_with_known_certification_bytes() {
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        let refused = |change: fn(&mut SgxReport), error| {
            let evidence = sgx_with(|draft| change(draft.sgx_report().unwrap()));
            assert_eq!(certification_hash(&evidence), known.certification_hash);
            assert_refused(verify_again(&known, &evidence, NOW), error);
        };
        refused(|report| report.attributes[0] |= SgxReport::DEBUG as u8, Error::DebugOn);
        refused(|report| report.config_id[0] = 1, Error::NotForRegistration);
        refused(|report| report.mr_enclave[0] ^= 1, Error::MeasurementNotAllowed);
        refused(|report| report.report_data[0] ^= 1, Error::InfoMismatch);
    });
}

#[test]
fn a_renewal_may_come_with_another_certificate_of_the_machine() {
    on_chain_with_documents(|| {
        let known = verify(&evidence(), NOW).unwrap();
        let updated = machine(TcbClass::OutOfDate).sgx(info().report_data());
        let renewed = verify_again(&known, &updated, NOW).unwrap();
        assert_ne!(renewed.facts.certified, known.facts.certified);
        assert_eq!(renewed.platform_id(), known.platform_id());
        assert_eq!(renewed.status.as_str(), "OutOfDate");
    });
}

#[test]
fn the_issuer_of_a_machine_is_the_ca_that_the_chain_knows() {
    let strange_ca = Pki::stranger("of the same names").ca_der().to_vec();
    let machine = machine(TcbClass::UpToDate);
    let with_chain = |chain: &[&[u8]]| sgx_with(|draft| draft.certification_data = pem(chain).into_bytes());
    let (leaf, root) = (machine.leaf_der(), pki().root_der().to_vec());
    on_chain_with_documents(|| {
        let no_issuer = with_chain(&[leaf, &root]);
        assert_refused(verify(&no_issuer, NOW), Error::UntrustedRoot);
        // It has the right name, but nobody has brought its list.
        let strange_issuer = with_chain(&[leaf, &strange_ca, &root]);
        assert_refused(verify(&strange_issuer, NOW), Error::NoPckCrl);
        // Genuine, but put together by somebody.
        let both = with_chain(&[leaf, &strange_ca, pki().ca_der(), &root]);
        assert_refused(verify(&both, NOW), Error::NotForRegistration);
    });
}
