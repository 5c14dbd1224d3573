//! Verification of genuine quotes beside dcap-qvl, and beside the signatures that nobody can save.

#[path = "../attestation/tests/common/mod.rs"]
mod common;

use common::{oracle, ours, shipped};
use khala_attestation::{quote, roots, verify, verify::verify_with, ParsedCollateral};
use khala_benches::{measure, print};
use p256::ecdsa::{
    signature::{Signer, Verifier},
    Signature, SigningKey,
};
use std::hint::black_box;

/// Signatures of a full verification: PCK certificate, PCK CA, both revocation lists, the signer of TCB info and QE
/// identity, both documents, QE report, quote.
const SIGNATURES: usize = 9;
/// Signatures with collateral that is verified already: PCK certificate, QE report, quote.
const SIGNATURES_KEPT: usize = 3;

fn main() {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let message = [9; 384];
    let signature: Signature = key.sign(&message);
    let check = |count: usize| {
        for _ in 0..count {
            black_box(key.verifying_key().verify(black_box(&message), &signature)).unwrap();
        }
    };
    for (sample, at) in shipped() {
        let quote = quote::trim(&sample.quote);
        let roots = [roots::INTEL];
        assert_eq!(
            ours(roots::INTEL, quote, &sample.collateral, at).ok(),
            oracle(roots::INTEL, quote, &sample.oracle_collateral, at).ok(),
            "{}: another verdict than dcap-qvl's",
            sample.name
        );
        let peer = dcap_qvl::verify::QuoteVerifier::new(roots::INTEL.to_vec());
        let kept = ParsedCollateral::verify(&sample.collateral, &roots).unwrap();
        let ways: [(&str, &dyn Fn()); 5] = [
            ("dcap-qvl: quote and collateral", &|| {
                drop(black_box(peer.verify(quote, &sample.oracle_collateral, at)));
            }),
            ("khala: quote and collateral", &|| {
                drop(black_box(verify(quote, &sample.collateral, &roots, at)));
            }),
            ("khala: quote, collateral verified before", &|| {
                drop(black_box(verify_with(quote, &kept, at)));
            }),
            ("9 signatures of P-256 alone", &|| check(SIGNATURES)),
            ("3 signatures of P-256 alone", &|| check(SIGNATURES_KEPT)),
        ];
        let times = measure(&ways);
        print(&format!("{} ({} bytes)", sample.name, quote.len()), &ways, &times);
        if let [_, full, with_kept, nine, three] = times.as_slice() {
            println!(
                "  to its signatures alone: {:.2} with collateral, {:.2} without",
                full.ratio_to(nine),
                with_kept.ratio_to(three)
            );
        }
    }
}
