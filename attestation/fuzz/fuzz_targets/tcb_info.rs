#![no_main]

use khala_attestation_fuzz::{targets, write_seeds};

libfuzzer_sys::fuzz_target!(init: write_seeds("tcb_info"), |data: &[u8]| targets::tcb_info(data));
