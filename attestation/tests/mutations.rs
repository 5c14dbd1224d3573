//! Single faults in genuine evidence: never a panic, and never an acceptance that dcap-qvl refuses.
//!
//! The ordinary tests take every `STRIDE`-th place and want the oracle's verdict each time. The ignored test takes every
//! place of every quote and of every piece of collateral; it asks the oracle about what is accepted. `KHALA_DCAP_DATA`
//! adds a collection of genuine quotes to both; `KHALA_MUTATION_STRIDE` is another stride for either, and the ignored test
//! takes only evidence whose name has `KHALA_MUTATION_ONLY` in it.

mod common;

use common::{collection, oracle, shipped, Sample};
use khala_attestation::{report, roots, AttestationPolicy, Collateral};
use std::time::Instant;

/// Places between two mutations. A prime, so that all parts of all formats come up.
const STRIDE: usize = 499;

fn stride(otherwise: usize) -> usize {
    let text = std::env::var("KHALA_MUTATION_STRIDE").ok();
    text.map_or(otherwise, |text| text.parse().unwrap())
}

type Seen = Result<(String, Vec<String>), String>;

/// Status and advisories if a quote is accepted by us.
fn ours(quote: &[u8], collateral: &Collateral, at: u64) -> Seen {
    let look = report::look(quote, collateral, &[roots::INTEL], at, &AttestationPolicy::looking());
    match look.error {
        None => Ok((look.status.unwrap().to_string(), look.advisory_ids)),
        Some(error) => Err(format!("{}: {}", error.code, error.message)),
    }
}

fn theirs(quote: &[u8], collateral: &Collateral, at: u64) -> Seen {
    let json = serde_json::to_string(collateral).unwrap();
    let collateral = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    oracle(roots::INTEL, quote, &collateral, at)
}

/// Both have the same verdict of a mutant.
fn check(what: &str, sample: &Sample, quote: &[u8], collateral: &Collateral, at: u64) {
    let (ours, theirs) = (ours(quote, collateral, at), theirs(quote, collateral, at));
    let same = ours.as_ref().ok() == theirs.as_ref().ok();
    assert!(same, "{}: {what}: {ours:?}, oracle {theirs:?}", sample.name);
}

/// Every way in which a test changes a byte.
fn changes(byte: u8) -> [u8; 3] {
    [byte ^ 0x01, byte ^ 0x80, byte.wrapping_sub(1)]
}

/// Every change of one byte at every `stride`-th place, and every `stride`-th truncation: what was done, and the result.
fn mutants(bytes: &[u8], stride: usize) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
    let changed = (0..bytes.len()).step_by(stride).flat_map(move |place| {
        changes(bytes[place]).into_iter().map(move |change| {
            let mut mutant = bytes.to_vec();
            mutant[place] = change;
            (format!("byte {place} = {change:#04x}"), mutant)
        })
    });
    let cut = (0..bytes.len())
        .step_by(stride)
        .map(|end| (format!("cut at {end}"), bytes[..end].to_vec()));
    changed.chain(cut)
}

/// A piece of collateral: its name, its bytes, and how other bytes take its place.
struct Piece {
    name: &'static str,
    bytes: fn(&Collateral) -> &[u8],
    /// `None` if the bytes are no text and the piece is one.
    put: fn(&mut Collateral, Vec<u8>) -> Option<()>,
}

macro_rules! text {
    ($field:ident) => {
        Piece {
            name: stringify!($field),
            bytes: |collateral| collateral.$field.as_bytes(),
            put: |collateral, bytes| String::from_utf8(bytes).ok().map(|text| collateral.$field = text),
        }
    };
}

macro_rules! binary {
    ($field:ident) => {
        Piece {
            name: stringify!($field),
            bytes: |collateral| &collateral.$field,
            put: |collateral, bytes| Some(collateral.$field = bytes),
        }
    };
}

const PIECES: [Piece; 10] = [
    text!(pck_crl_issuer_chain),
    binary!(root_ca_crl),
    binary!(pck_crl),
    text!(tcb_info_issuer_chain),
    text!(tcb_info),
    binary!(tcb_info_signature),
    text!(qe_identity_issuer_chain),
    text!(qe_identity),
    binary!(qe_identity_signature),
    // Some collateral brings the PCK chain, which then counts instead of the quote's.
    Piece {
        name: "pck_certificate_chain",
        bytes: |collateral| collateral.pck_certificate_chain.as_deref().unwrap_or_default().as_bytes(),
        put: |collateral, bytes| {
            String::from_utf8(bytes)
                .ok()
                .map(|text| collateral.pck_certificate_chain = Some(text))
        },
    },
];

/// All genuine evidence there is, with a time at which its collateral counts.
fn everything() -> Vec<(Sample, u64)> {
    let only = std::env::var("KHALA_MUTATION_ONLY").unwrap_or_default();
    let collected = collection().into_iter().map(|(entry, sample)| (sample, entry.at[0]));
    let all = shipped().into_iter().chain(collected);
    all.filter(|(sample, _)| sample.name.contains(&only)).collect()
}

/// The shipped evidence, and of a collection every sixth: the others differ in numbers only.
fn some() -> Vec<(Sample, u64)> {
    let collected = collection().into_iter().filter(|(entry, _)| entry.accepted).step_by(6);
    shipped()
        .into_iter()
        .chain(collected.map(|(entry, sample)| (sample, entry.at[0])))
        .collect()
}

#[test]
fn changed_and_truncated_quotes_get_the_oracles_verdict() {
    for (sample, at) in some() {
        for (what, quote) in mutants(&sample.quote, stride(STRIDE)) {
            check(&what, &sample, &quote, &sample.collateral, at);
        }
    }
}

#[test]
fn changed_lengths_in_a_quote_get_the_oracles_verdict() {
    for (sample, at) in some() {
        // Every byte before the PCK chain that can be part of a length.
        let chain = sample.quote.windows(10).position(|window| window == b"-----BEGIN").unwrap();
        let places = [432, 433, 632, 633, 764, 765, 772, 939, 940, 1044, 1218];
        for place in places.into_iter().chain(chain - 6..chain) {
            for change in (0u8..=255).step_by(stride(51).min(51)) {
                let mut quote = sample.quote.clone();
                quote[place] = change;
                check(&format!("byte {place} = {change:#04x}"), &sample, &quote, &sample.collateral, at);
            }
        }
    }
}

#[test]
fn quotes_with_another_end_get_the_oracles_verdict() {
    for (sample, at) in some() {
        for cut in 0..5 {
            let quote = &sample.quote[..sample.quote.len() - cut];
            check(&format!("{cut} bytes cut"), &sample, quote, &sample.collateral, at);
        }
        for tail in [&[0][..], &[1], &[0, 0, 0, 5]] {
            let quote = [&sample.quote, tail].concat();
            check(&format!("with {tail:?}"), &sample, &quote, &sample.collateral, at);
        }
    }
}

#[test]
fn changed_and_truncated_collateral_gets_the_oracles_verdict() {
    for (sample, at) in some() {
        for Piece { name, bytes, put } in PIECES {
            let original = bytes(&sample.collateral);
            // At least two places of each piece.
            let stride = stride(STRIDE).min(original.len() / 2).max(1);
            for (what, mutant) in mutants(original, stride) {
                let mut collateral = sample.collateral.clone();
                if put(&mut collateral, mutant).is_some() {
                    check(&format!("{name}: {what}"), &sample, &sample.quote, &collateral, at);
                }
            }
        }
    }
}

#[test]
fn changed_characters_of_a_collateral_file_get_the_oracles_verdict() {
    for (sample, at) in some() {
        for (what, json) in mutants(&sample.json, 4 * stride(STRIDE)) {
            let ours = report::read_collateral(&json).map_err(|error| error.to_string());
            let ours = ours.and_then(|collateral| self::ours(&sample.quote, &collateral, at));
            let theirs = serde_json::from_slice(&json).map_err(|error| error.to_string());
            let theirs = theirs.and_then(|collateral| oracle(roots::INTEL, &sample.quote, &collateral, at));
            let same = ours.as_ref().ok() == theirs.as_ref().ok();
            assert!(same, "{}: {what}: {ours:?}, oracle {theirs:?}", sample.name);
        }
    }
}

/// What became of the mutants of one piece of evidence.
#[derive(Default)]
struct Counts {
    refused: u64,
    accepted: u64,
    no_text: u64,
}

impl Counts {
    /// Judges a mutant; the oracle must accept what is accepted.
    fn judge(&mut self, what: &str, sample: &Sample, quote: &[u8], collateral: &Collateral, at: u64) {
        let ours = ours(quote, collateral, at);
        if ours.is_err() {
            self.refused += 1;
            return;
        }
        self.accepted += 1;
        assert_eq!(ours, theirs(quote, collateral, at), "{}: {what}", sample.name);
    }

    fn add(&mut self, other: &Self) {
        self.refused += other.refused;
        self.accepted += other.accepted;
        self.no_text += other.no_text;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} mutants: {} refused, {} accepted as the oracle does, {} no text",
            self.refused + self.accepted + self.no_text,
            self.refused,
            self.accepted,
            self.no_text
        )
    }
}

#[test]
#[ignore = "every place of everything takes long: run it with --release"]
fn every_single_fault_is_refused_or_accepted_by_the_oracle_too() {
    let (mut quotes, mut pieces) = (Counts::default(), Counts::default());
    let all = everything();
    for (number, (sample, at)) in all.iter().enumerate() {
        let started = Instant::now();
        let (mut quote, mut piece) = (Counts::default(), Counts::default());
        for (what, mutant) in mutants(&sample.quote, stride(1)) {
            quote.judge(&what, sample, &mutant, &sample.collateral, *at);
        }
        for Piece { name, bytes, put } in PIECES {
            for (what, mutant) in mutants(bytes(&sample.collateral), stride(1)) {
                let mut collateral = sample.collateral.clone();
                match put(&mut collateral, mutant) {
                    None => piece.no_text += 1,
                    Some(()) => piece.judge(&format!("{name}: {what}"), sample, &sample.quote, &collateral, *at),
                }
            }
        }
        let secs = started.elapsed().as_secs();
        println!(
            "{}/{} {}: quote: {quote}; collateral: {piece}; {secs} s",
            number + 1,
            all.len(),
            sample.name
        );
        quotes.add(&quote);
        pieces.add(&piece);
    }
    println!("{} genuine quotes: {quotes}", all.len());
    println!("their collateral: {pieces}");
    assert!(quotes.refused > 0 && pieces.refused > 0);
}
