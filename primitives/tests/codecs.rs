//! Wire formats: golden bytes, round trips, and what a decoder refuses.

use codec::{Decode, DecodeAll, Encode, MaxEncodedLen};
use khala_primitives::{
    signing::{self, Purpose, CHALLENGE_CONTEXT, SEED_CONTEXT, WORKER_INFO_CONTEXT},
    status::{Absence, Explanation, Reason, SessionState},
    AccountId32, BenchmarkResult, Challenge, ConfidenceLevel, EcdhPublicKey, Evidence, Freshness, Heartbeat, Instance, OperatorChange,
    PRuntimeVersion, Renewal, SignedHeartbeat, TcbStatus, Tee, WorkerInfo, WorkerPublicKey, WorkerSignature, H256, U256,
};
use proptest::prelude::*;
use serde::{de::DeserializeOwned, Serialize};
use std::fmt::Debug;

fn worker_info() -> WorkerInfo {
    WorkerInfo {
        version: PRuntimeVersion {
            major: 1,
            minor: 2,
            patch: 3,
        },
        genesis_hash: H256::repeat_byte(0x11),
        identity_key: WorkerPublicKey([0x22; 32]),
        ecdh_key: EcdhPublicKey([0x33; 32]),
        operator: AccountId32::new([0x44; 32]),
        instance: Instance([0x55; 16]),
        freshness: Freshness {
            number: 0x0102_0304,
            hash: H256::repeat_byte(0x66),
        },
        cores: 8,
        memory_mib: 16_384,
        features: 0,
    }
}

fn heartbeat() -> Heartbeat {
    Heartbeat {
        worker: WorkerPublicKey([0x22; 32]),
        session_id: 7,
        instance: Instance([0x55; 16]),
        block: 1_000,
        seed: H256::repeat_byte(0x77),
        iterations: 300,
        elapsed_ms: 1_001,
    }
}

#[test]
fn worker_info_has_these_bytes() {
    let expected = [
        "010002000300",
        &"11".repeat(32),
        &"22".repeat(32),
        &"33".repeat(32),
        &"44".repeat(32),
        &"55".repeat(16),
        "04030201",
        &"66".repeat(32),
        "0800",
        "00400000",
        "00000000",
    ]
    .concat();
    assert_eq!(hex::encode(worker_info().encode()), expected);
    assert_eq!(WorkerInfo::max_encoded_len(), expected.len() / 2);
}

#[test]
fn report_data_is_the_hash_of_the_context_and_the_worker_info_and_zeroes() {
    let preimage = [b"khala/worker-info/v1".as_slice(), &worker_info().encode()].concat();
    let report_data = worker_info().report_data();
    assert_eq!(report_data[..32], sp_crypto_hashing::blake2_256(&preimage));
    assert_eq!(report_data[32..], [0; 32]);
    assert_eq!(hex::encode(&report_data[..32]), GOLDEN_REPORT_DATA);
}

/// By another implementation (Python, hashlib.blake2b); a change means that no existing evidence fits any more.
const GOLDEN_REPORT_DATA: &str = "76964e6235af6a7540630755d3efbf170be889434241f50869a70b340111f695";

#[test]
fn a_heartbeat_has_these_bytes() {
    let expected = [
        &"22".repeat(32),
        "0700000000000000",
        &"55".repeat(16),
        "e8030000",
        &"77".repeat(32),
        "2c01000000000000",
        "e9030000",
    ]
    .concat();
    assert_eq!(hex::encode(heartbeat().encode()), expected);
    let signed = SignedHeartbeat {
        heartbeat: heartbeat(),
        signature: WorkerSignature([9; 64]),
    };
    assert_eq!(hex::encode(signed.encode()), expected + &"09".repeat(64));
}

#[test]
fn a_heartbeat_is_signed_over_context_genesis_and_data() {
    let genesis = H256::repeat_byte(0x11);
    let message = heartbeat().message(&genesis);
    let expected = [b"khala/heartbeat/v1".as_slice(), genesis.as_bytes(), &heartbeat().encode()].concat();
    assert_eq!(message, expected);
}

#[test]
fn a_benchmark_result_is_signed_over_context_genesis_and_data() {
    let genesis = H256::repeat_byte(0x11);
    let result = BenchmarkResult {
        worker: WorkerPublicKey([0x22; 32]),
        block: 5,
        iterations: 6,
    };
    let expected = [
        b"khala/benchmark-result/v1".as_slice(),
        genesis.as_bytes(),
        &[0x22; 32],
        &[5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(result.message(&genesis), expected);
}

#[test]
fn a_renewal_is_signed_over_context_genesis_worker_hash_of_the_evidence_and_freshness() {
    let genesis = H256::repeat_byte(0x11);
    let evidence = Evidence::Sgx { quote: vec![1, 2] };
    let freshness = Freshness {
        number: 5,
        hash: H256::repeat_byte(0x33),
    };
    let renewal = Renewal::new(WorkerPublicKey([0x22; 32]), &evidence, freshness);
    let expected = [
        b"khala/renewal/v1".as_slice(),
        genesis.as_bytes(),
        &[0x22; 32],
        &sp_crypto_hashing::blake2_256(&[0, 8, 1, 2]),
        &[5, 0, 0, 0],
        &[0x33; 32],
    ]
    .concat();
    assert_eq!(renewal.message(&genesis), expected);
}

#[test]
fn an_operator_change_is_signed_over_context_genesis_and_data_or_the_same_in_tags() {
    let genesis = H256::repeat_byte(0x11);
    let change = OperatorChange {
        worker: WorkerPublicKey([0x22; 32]),
        operator: AccountId32::new([0x33; 32]),
        change: 1,
    };
    let expected = [
        b"khala/operator-change/v1".as_slice(),
        genesis.as_bytes(),
        &[0x22; 32],
        &[0x33; 32],
        &[1, 0, 0, 0],
    ]
    .concat();
    assert_eq!(change.message(&genesis), expected);
    assert_eq!(
        change.wrapped_message(&genesis),
        [b"<Bytes>", expected.as_slice(), b"</Bytes>"].concat()
    );
}

#[test]
fn no_context_is_the_beginning_of_another() {
    let mut contexts: Vec<&[u8]> = Purpose::ALL.map(Purpose::context).to_vec();
    contexts.extend([WORKER_INFO_CONTEXT, SEED_CONTEXT, CHALLENGE_CONTEXT]);
    for (i, a) in contexts.iter().enumerate() {
        for (j, b) in contexts.iter().enumerate() {
            assert!(
                i == j || !a.starts_with(b),
                "{} and {}",
                String::from_utf8_lossy(a),
                String::from_utf8_lossy(b)
            );
        }
    }
    let data = 1u8;
    assert_ne!(
        signing::message(Purpose::Heartbeat, &H256::zero(), &data),
        signing::message(Purpose::BenchmarkResult, &H256::zero(), &data)
    );
}

#[test]
fn enums_have_these_indices() {
    assert_eq!(Evidence::Sgx { quote: vec![1, 2] }.encode(), [0, 8, 1, 2]);
    assert_eq!(Evidence::Tdx { quote: vec![] }.encode(), [1, 0]);
    assert_eq!((Tee::Sgx.encode(), Tee::Tdx.encode()), (vec![0], vec![1]));
    for (index, status) in TcbStatus::ALL.into_iter().enumerate() {
        assert_eq!(status.encode(), [index as u8]);
        assert_eq!(TcbStatus::parse(status.as_str()), Some(status));
    }
    assert_eq!(TcbStatus::parse("uptodate"), None);
    for level in 1..=5u8 {
        assert_eq!(ConfidenceLevel::try_from(level).unwrap().encode(), [level]);
    }
    assert!(ConfidenceLevel::try_from(0).is_err() && ConfidenceLevel::try_from(6).is_err());
    assert!(ConfidenceLevel::decode(&mut &[0u8][..]).is_err() && ConfidenceLevel::decode(&mut &[6u8][..]).is_err());
    assert_eq!(
        SessionState::Unresponsive {
            cause: Absence::LeaseLapsed
        }
        .encode(),
        [2, 1]
    );
}

#[test]
fn json_is_camel_case_with_hex_bytes_and_decimal_amounts() {
    let json = serde_json::to_value(worker_info()).unwrap();
    assert_eq!(json["identityKey"], format!("0x{}", "22".repeat(32)));
    assert_eq!(json["memoryMib"], 16_384);
    assert_eq!(json["freshness"]["number"], 0x0102_0304);
    let evidence = serde_json::to_value(Evidence::Tdx { quote: vec![0xab] }).unwrap();
    assert_eq!(evidence, serde_json::json!({"tee": "tdx", "quote": "0xab"}));
    assert_eq!(serde_json::to_value(ConfidenceLevel::Four).unwrap(), 4);
    let explanation = Explanation {
        reason: Reason::Offline { missed_block: 9 },
        since_block: Some(30),
        advice: "Start it.".into(),
        state: Some(SessionState::Unresponsive { cause: Absence::Offline }),
        last_challenge: Some(35),
        last_answer: Some(4),
        last_payout: None,
        lease_end_secs: Some(1_790_000_000),
    };
    assert_eq!(
        serde_json::to_value(explanation).unwrap(),
        serde_json::json!({
            "reason": {"kind": "offline", "missedBlock": 9},
            "sinceBlock": 30,
            "advice": "Start it.",
            "state": {"state": "unresponsive", "cause": "Offline"},
            "lastChallenge": 35,
            "lastAnswer": 4,
            "lastPayout": null,
            "leaseEndSecs": 1_790_000_000,
        })
    );
}

#[test]
fn wrong_json_is_refused_with_what_is_wrong() {
    let error = |text: &str| serde_json::from_str::<WorkerPublicKey>(text).unwrap_err().to_string();
    assert!(error("\"0x22\"").contains("expected 32 bytes (64 hexadecimal digits), found 2 digits"));
    assert!(error(&format!("\"{}\"", "zz".repeat(32))).contains("not hexadecimal digits"));
    assert!(serde_json::from_str::<ConfidenceLevel>("6")
        .unwrap_err()
        .to_string()
        .contains("1, 2, 3, 4 or 5"));
    assert!(serde_json::from_str::<Evidence>(r#"{"tee":"sev","quote":"0x"}"#).is_err());
}

#[test]
fn every_truncation_is_refused() {
    let bytes = worker_info().encode();
    for length in 0..bytes.len() {
        assert!(WorkerInfo::decode_all(&mut &bytes[..length]).is_err(), "{length}");
    }
    assert!(WorkerInfo::decode_all(&mut &[&bytes[..], &[0]].concat()[..]).is_err());
}

fn round_trips<T: Encode + DecodeAll + Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    assert_eq!(T::decode_all(&mut &value.encode()[..]).unwrap(), value);
    assert_eq!(serde_json::from_str::<T>(&serde_json::to_string(&value).unwrap()).unwrap(), value);
}

proptest! {
    #[test]
    fn worker_info_round_trips(key: [u8; 32], operator: [u8; 32], instance: [u8; 16], number: u32, cores: u16, memory_mib: u32, features: u32) {
        round_trips(WorkerInfo {
            identity_key: WorkerPublicKey(key),
            operator: AccountId32::new(operator),
            instance: Instance(instance),
            freshness: Freshness { number, hash: H256(key) },
            cores,
            memory_mib,
            features,
            ..worker_info()
        });
    }

    #[test]
    fn heartbeats_round_trip(worker: [u8; 32], session_id: u64, block: u32, iterations: u64, elapsed_ms: u32, half: [u8; 32]) {
        let heartbeat = Heartbeat { worker: WorkerPublicKey(worker), session_id, block, iterations, elapsed_ms, ..heartbeat() };
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&half);
        round_trips(SignedHeartbeat { heartbeat, signature: WorkerSignature(signature) });
    }

    #[test]
    fn evidence_round_trips(quote: Vec<u8>) {
        round_trips(Evidence::Sgx { quote: quote.clone() });
        round_trips(Evidence::Tdx { quote });
    }

    #[test]
    fn challenges_round_trip(block: u32, seed: [u8; 32], target: [u64; 4]) {
        round_trips(Challenge { block, seed: H256(seed), target: U256(target) });
    }
}
