//! The recorded collateral of the benchmarks is what the forge makes.
//!
//! `UPDATE_RECORDED_EVIDENCE=1` writes it anew.

use codec::Encode;
use khala_attestation::forge::Pki;
use std::{env, fs, path::Path};

/// When it is in date, in seconds since 1970.
const AT_SECS: u64 = 1_790_000_040;

#[test]
fn the_recorded_collateral_is_what_the_forge_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/benchmarking/collateral.scale");
    let made = (Pki::development().collateral(AT_SECS), AT_SECS).encode();
    if env::var_os("UPDATE_RECORDED_EVIDENCE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(
        fs::read(&path).unwrap() == made,
        "run the test with UPDATE_RECORDED_EVIDENCE=1 and commit {}",
        path.display()
    );
}
