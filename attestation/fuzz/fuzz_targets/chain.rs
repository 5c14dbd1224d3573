#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| khala_attestation_fuzz::targets::chain(data));
