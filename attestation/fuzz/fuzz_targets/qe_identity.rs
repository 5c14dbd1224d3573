#![no_main]

use khala_attestation_fuzz::{targets, write_seeds};

libfuzzer_sys::fuzz_target!(init: write_seeds("qe_identity"), |data: &[u8]| targets::qe_identity(data));
