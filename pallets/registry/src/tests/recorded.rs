//! The recorded registration of the benchmarks is what the forge makes.
//!
//! `UPDATE_RECORDED_EVIDENCE=1` writes it anew.

use super::mock::*;
use khala_primitives::{AccountId32, Freshness, WorkerInfo, H256};
use std::{env, fs, path::Path};

/// SCALE of (WorkerInfo, Evidence): `benchmarking::Recorded`.
fn make() -> Vec<u8> {
    let worker = Worker::new("Recorded");
    let info = WorkerInfo {
        genesis_hash: H256::repeat_byte(0x6e),
        operator: AccountId32::new([0x0b; 32]),
        freshness: Freshness {
            number: 1,
            hash: H256::repeat_byte(0xb1),
        },
        ..worker.info()
    };
    let evidence = worker.evidence(&info);
    codec::Encode::encode(&(info, evidence))
}

#[test]
fn the_recorded_registration_is_what_the_forge_makes() {
    on_chain(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/benchmarking/evidence.scale");
        let made = make();
        if env::var_os("UPDATE_RECORDED_EVIDENCE").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let recorded = fs::read(&path).unwrap();
        assert!(
            recorded == made,
            "run the test with UPDATE_RECORDED_EVIDENCE=1 and commit {}",
            path.display()
        );
    });
}
