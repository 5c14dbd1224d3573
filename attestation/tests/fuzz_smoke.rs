//! A smoke run of the fuzz targets: each over its seeds, and over some pseudo-random changes of them.
//!
//! `KHALA_FUZZ_RUNS` is another number of changes; `attestation/fuzz/run` is the real thing.
#![cfg(feature = "forge")]

#[path = "../fuzz/src/targets.rs"]
mod targets;

use std::panic::{catch_unwind, AssertUnwindSafe};
use targets::{Target, TARGETS};

/// Changed seeds for each target.
const RUNS: u32 = 200;

fn runs() -> u32 {
    let text = std::env::var("KHALA_FUZZ_RUNS").ok();
    text.map_or(RUNS, |text| text.parse().unwrap())
}

/// Runs a target over its seeds and changes of them, the same ones each time.
#[track_caller]
fn smoke(name: &str) {
    let Target { run, seeds, .. } = TARGETS.into_iter().find(|target| target.name == name).unwrap();
    let seeds = seeds();
    assert!(seeds.len() >= 10, "{name}: {} seeds", seeds.len());
    for seed in &seeds {
        attempt(name, run, seed);
    }
    let mut random = Random(1);
    for _ in 0..runs() {
        let mut data = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(4) {
            change(&mut data, &seeds, &mut random);
        }
        attempt(name, run, &data);
    }
}

/// What makes a target fail is shown, so that it can become a test of its own.
#[track_caller]
fn attempt(name: &str, run: fn(&[u8]), data: &[u8]) {
    let outcome = catch_unwind(AssertUnwindSafe(|| run(data)));
    assert!(outcome.is_ok(), "{name} fails with {}", hex::encode(data));
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// One change: a bit, a byte, a telling number, a piece cut out, repeated, or taken from another seed.
fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    if data.is_empty() {
        data.push(random.next() as u8);
        return;
    }
    let place = random.below(data.len());
    let end = (place + 1 + random.below(31)).min(data.len());
    match random.below(6) {
        0 => data[place] ^= 1 << random.below(8),
        1 => data[place] = random.next() as u8,
        2 => data[place] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'0'][random.below(7)],
        3 => drop(data.drain(place..end)),
        4 => {
            let piece = data[place..end].to_vec();
            data.splice(place..place, piece);
        }
        _ => {
            let other = &seeds[random.below(seeds.len())];
            let from = random.below(other.len() + 1);
            let to = (from + 64).min(other.len());
            data.splice(place..end, other[from..to].iter().copied());
        }
    }
}

#[test]
fn quotes_never_panic_nor_pass_the_oracle() {
    smoke("quote");
}

#[test]
fn tcb_infos_never_panic_nor_pass_the_oracle() {
    smoke("tcb_info");
}

#[test]
fn qe_identities_never_panic_nor_pass_the_oracle() {
    smoke("qe_identity");
}

#[test]
fn revocation_lists_never_panic_nor_pass_the_oracle() {
    smoke("crl");
}

#[test]
fn certificate_chains_never_panic_nor_pass_the_oracle() {
    smoke("chain");
}
