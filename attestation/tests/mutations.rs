//! Single faults in genuine evidence: never a panic, and the oracle's verdict each time.
//!
//! The test takes every `STRIDE`-th place of each quote and collateral file; `KHALA_MUTATION_STRIDE=1` takes every one,
//! which is some hours' work.

mod common;

use common::{collection, oracle, shipped, Sample};
use khala_attestation::{report, roots, AttestationPolicy};

/// Places between two mutations. A prime, so that all parts of all formats come up.
const STRIDE: usize = 211;

fn stride() -> usize {
    std::env::var("KHALA_MUTATION_STRIDE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(STRIDE)
}

/// Status and advisories if a quote file with a collateral file is accepted by us.
fn ours(quote: &[u8], collateral: &[u8], at: u64) -> Result<(String, Vec<String>), String> {
    let collateral = report::read_collateral(collateral).map_err(|error| error.to_string())?;
    let look = report::look(quote, &collateral, &[roots::INTEL], at, &AttestationPolicy::looking());
    match look.error {
        None => Ok((look.status.unwrap().to_string(), look.advisory_ids)),
        Some(error) => Err(format!("{}: {}", error.code, error.message)),
    }
}

fn theirs(quote: &[u8], collateral: &[u8], at: u64) -> Result<(String, Vec<String>), String> {
    let collateral = serde_json::from_slice(collateral).map_err(|error| error.to_string())?;
    oracle(roots::INTEL, quote, &collateral, at)
}

fn check(what: &str, sample: &Sample, quote: &[u8], collateral: &[u8], at: u64) {
    let (ours, theirs) = (ours(quote, collateral, at), theirs(quote, collateral, at));
    assert_eq!(
        ours.as_ref().ok(),
        theirs.as_ref().ok(),
        "{}: {what}: {ours:?}, oracle {theirs:?}",
        sample.name
    );
}

/// Every way in which a test changes a byte.
fn changes(byte: u8) -> [u8; 3] {
    [byte ^ 0x01, byte ^ 0x80, byte.wrapping_sub(1)]
}

fn samples() -> Vec<(Sample, u64)> {
    let mut samples = shipped();
    // One of each TEE and status is enough: the others differ in numbers only.
    samples.extend(
        collection()
            .into_iter()
            .filter(|(entry, _)| entry.accepted)
            .step_by(6)
            .map(|(entry, sample)| (sample, entry.at[0])),
    );
    samples
}

#[test]
fn changed_bytes_of_a_quote_get_the_oracles_verdict() {
    for (sample, at) in samples() {
        for place in (0..sample.quote.len()).step_by(stride()) {
            for change in changes(sample.quote[place]) {
                let mut quote = sample.quote.clone();
                quote[place] = change;
                check(&format!("byte {place} = {change:#04x}"), &sample, &quote, &sample.json, at);
            }
        }
    }
}

#[test]
fn changed_lengths_in_a_quote_get_the_oracles_verdict() {
    for (sample, at) in samples() {
        // Every byte before the PCK chain that can be part of a length.
        let chain = sample.quote.windows(10).position(|window| window == b"-----BEGIN").unwrap();
        for place in [
            432,
            433,
            436 + 576 + 32,
            632,
            633,
            680,
            764,
            765,
            772,
            1218,
            chain - 6,
            chain - 5,
            chain - 4,
            chain - 3,
            chain - 2,
            chain - 1,
        ] {
            for change in (0u8..=255).step_by(stride().min(17)) {
                let mut quote = sample.quote.clone();
                quote[place] = change;
                check(&format!("byte {place} = {change:#04x}"), &sample, &quote, &sample.json, at);
            }
        }
    }
}

#[test]
fn truncated_and_extended_quotes_get_the_oracles_verdict() {
    for (sample, at) in samples() {
        for end in (0..sample.quote.len()).step_by(stride()) {
            check(&format!("cut at {end}"), &sample, &sample.quote[..end], &sample.json, at);
        }
        for cut in 0..5 {
            check(
                &format!("{cut} bytes cut"),
                &sample,
                &sample.quote[..sample.quote.len() - cut],
                &sample.json,
                at,
            );
        }
        for tail in [&[0][..], &[1], &[0, 0, 0, 5]] {
            check(
                &format!("with {tail:?}"),
                &sample,
                &[&sample.quote, tail].concat(),
                &sample.json,
                at,
            );
        }
    }
}

#[test]
fn changed_characters_of_collateral_get_the_oracles_verdict() {
    for (sample, at) in samples() {
        for place in (0..sample.json.len()).step_by(stride()) {
            for change in changes(sample.json[place]) {
                let mut json = sample.json.clone();
                json[place] = change;
                check(&format!("character {place} = {change:#04x}"), &sample, &sample.quote, &json, at);
            }
        }
    }
}
