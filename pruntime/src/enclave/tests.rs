use super::*;
use crate::tee::fake::FakeTee;
use khala_primitives::{Challenge, Evidence, U256};
use sp_core::{sr25519, Pair};
use std::sync::atomic::Ordering;
use zeroize::Zeroizing;

const GRANT: Grant = Grant { cores: 2, memory_mib: 512 };
const GENESIS: H256 = H256::repeat_byte(1);
const SEED: Seed = H256::repeat_byte(3);
const FRESHNESS: Freshness = Freshness {
    number: 7,
    hash: H256::repeat_byte(7),
};
const WORK: Work = Work {
    iterations: 100,
    elapsed_ms: 1000,
};

fn operator() -> AccountId32 {
    AccountId32::new([2; 32])
}

fn fresh() -> Enclave {
    Enclave::start(Arc::new(FakeTee::new(1)), GRANT, None).unwrap()
}

fn initialise(enclave: &mut Enclave) -> Vec<u8> {
    let draft = enclave.prepare(GENESIS, &operator()).unwrap().unwrap();
    let sealed = draft.sealed().to_vec();
    enclave.commit(draft);
    sealed
}

fn initialised() -> Enclave {
    let mut enclave = fresh();
    initialise(&mut enclave);
    enclave
}

fn request(session_id: u64, block: u32, seed: Seed) -> HeartbeatRequest {
    HeartbeatRequest {
        challenge: Challenge {
            block,
            seed,
            target: U256::zero(),
        },
        session_id,
        sample: true,
    }
}

fn verifies(signature: &WorkerSignature, message: &[u8], worker: &WorkerPublicKey) -> bool {
    sr25519::Pair::verify(
        &sr25519::Signature::from_raw(signature.0),
        message,
        &sr25519::Public::from_raw(worker.0),
    )
}

#[test]
fn a_fresh_enclave_answers_nothing_that_needs_keys() {
    let mut enclave = fresh();
    assert_eq!(enclave.public_identity(), None);
    assert!(matches!(
        enclave.worker_info(GENESIS, &operator(), FRESHNESS),
        Err(EnclaveError::Fresh)
    ));
    assert!(matches!(
        enclave.evidence(GENESIS, &operator(), FRESHNESS),
        Err(EnclaveError::Fresh)
    ));
    assert!(matches!(enclave.kernel_input(SEED), Err(EnclaveError::Fresh)));
    assert!(matches!(enclave.operator(), Err(EnclaveError::Fresh)));
    assert!(matches!(enclave.benchmarked(1, SEED, 6), Err(EnclaveError::Fresh)));
    assert!(matches!(enclave.benchmark(1, SEED, 6, WORK), Err(EnclaveError::Fresh)));
    assert!(matches!(enclave.answered(&request(1, 1, SEED)), Err(EnclaveError::Fresh)));
    assert!(matches!(enclave.heartbeat(&request(1, 1, SEED), WORK), Err(EnclaveError::Fresh)));
}

#[test]
fn a_draft_that_was_not_committed_shows_no_key() {
    let enclave = fresh();
    let _draft = enclave.prepare(GENESIS, &operator()).unwrap().unwrap();
    assert_eq!(enclave.public_identity(), None);
}

#[test]
fn of_two_drafts_the_first_committed_counts() {
    let mut enclave = fresh();
    let first = enclave.prepare(GENESIS, &operator()).unwrap().unwrap();
    let second = enclave.prepare(GENESIS, &operator()).unwrap().unwrap();
    enclave.commit(first);
    let identity = enclave.public_identity();
    enclave.commit(second);
    assert_eq!(enclave.public_identity(), identity);
}

#[test]
fn worker_info_says_what_was_fixed_and_granted() {
    let enclave = initialised();
    let info = enclave.worker_info(GENESIS, &operator(), FRESHNESS).unwrap();
    let identity = enclave.public_identity().unwrap();
    assert_eq!(
        info,
        WorkerInfo {
            version: version(),
            genesis_hash: GENESIS,
            identity_key: identity.identity_key,
            ecdh_key: identity.ecdh_key,
            operator: operator(),
            instance: enclave.instance(),
            freshness: FRESHNESS,
            cores: GRANT.cores,
            memory_mib: GRANT.memory_mib,
            features: 0,
        }
    );
    assert!(enclave.prepare(GENESIS, &operator()).unwrap().is_none());
}

#[test]
fn evidence_is_bound_to_the_worker_info_beside_it() {
    let WorkerEvidence { info, evidence, .. } = initialised().evidence(GENESIS, &operator(), FRESHNESS).unwrap();
    assert_eq!(evidence.quote(), info.report_data());
}

#[test]
fn the_renewal_is_signed_for_exactly_this_evidence_on_this_chain() {
    let enclave = initialised();
    let WorkerEvidence { info, evidence, renewal } = enclave.evidence(GENESIS, &operator(), FRESHNESS).unwrap();
    let worker = info.identity_key;
    let message = |evidence: &Evidence, freshness, genesis: &H256| Renewal::new(worker, evidence, freshness).message(genesis);
    assert!(verifies(&renewal, &message(&evidence, FRESHNESS, &GENESIS), &worker));
    assert!(!verifies(&renewal, &message(&evidence, FRESHNESS, &H256::zero()), &worker));
    let newer = Freshness { number: 8, ..FRESHNESS };
    assert!(!verifies(&renewal, &message(&evidence, newer, &GENESIS), &worker));
    let other = Evidence::Tdx {
        quote: evidence.quote().to_vec(),
    };
    assert!(!verifies(&renewal, &message(&other, FRESHNESS, &GENESIS), &worker));
}

#[test]
fn another_operator_is_refused_and_changes_nothing() {
    let enclave = initialised();
    let other = AccountId32::new([9; 32]);
    let before = enclave.public_identity();
    for error in [
        enclave.prepare(GENESIS, &other).err().unwrap(),
        enclave.worker_info(GENESIS, &other, FRESHNESS).unwrap_err(),
        enclave.evidence(GENESIS, &other, FRESHNESS).unwrap_err(),
    ] {
        assert!(matches!(&error, EnclaveError::OtherOperator { fixed, asked } if *fixed == operator() && *asked == other));
        assert!(error.to_string().contains(&ss58(&operator())), "{error}");
    }
    assert_eq!(enclave.public_identity(), before);
}

#[test]
fn another_chain_is_refused_and_changes_nothing() {
    let enclave = initialised();
    let other = H256::repeat_byte(9);
    let before = enclave.public_identity();
    for error in [
        enclave.prepare(other, &operator()).err().unwrap(),
        enclave.worker_info(other, &operator(), FRESHNESS).unwrap_err(),
        enclave.evidence(other, &operator(), FRESHNESS).unwrap_err(),
    ] {
        assert!(matches!(error, EnclaveError::OtherGenesis { fixed, asked } if fixed == GENESIS && asked == other));
    }
    assert_eq!(enclave.public_identity(), before);
}

#[test]
fn a_restart_keeps_the_keys_and_has_another_instance() {
    let mut first = fresh();
    let sealed = initialise(&mut first);
    let tee = FakeTee::restarted(1, 2);
    let state = seal::file::read(&tee, &sealed).unwrap();
    let second = Enclave::start(Arc::new(tee), GRANT, Some(state)).unwrap();
    assert_eq!(second.public_identity(), first.public_identity());
    assert_ne!(second.instance(), first.instance());
    assert!(second.prepare(GENESIS, &operator()).unwrap().is_none());
}

#[test]
fn the_sealed_file_does_not_show_the_keys() {
    let mut enclave = fresh();
    let sealed = initialise(&mut enclave);
    let secret = seal::file::read(&FakeTee::new(1), &sealed).unwrap().secret;
    for key in [&secret[64..96], &secret[96..128]] {
        assert!(!sealed.windows(32).any(|window| window == key));
    }
}

#[test]
fn a_state_of_another_content_is_refused() {
    for schema in [1, 2] {
        let sealed = Unsealed {
            schema,
            secret: Zeroizing::new(vec![0; 127]),
        };
        let start = Enclave::start(Arc::new(FakeTee::new(1)), GRANT, Some(sealed));
        assert!(matches!(start, Err(EnclaveError::State)));
    }
}

#[test]
fn a_failing_tee_is_reported_and_leaves_the_enclave_fresh() {
    let tee = Arc::new(FakeTee::new(1));
    tee.fail_random.store(true, Ordering::Relaxed);
    assert!(matches!(
        Enclave::start(tee.clone(), GRANT, None),
        Err(EnclaveError::Tee(TeeError::Random(_)))
    ));
    tee.fail_random.store(false, Ordering::Relaxed);
    let mut enclave = Enclave::start(tee.clone(), GRANT, None).unwrap();

    tee.fail_seal.store(true, Ordering::Relaxed);
    assert!(matches!(
        enclave.prepare(GENESIS, &operator()),
        Err(EnclaveError::Tee(TeeError::Seal(_)))
    ));
    assert_eq!(enclave.public_identity(), None);
    tee.fail_seal.store(false, Ordering::Relaxed);
    initialise(&mut enclave);

    tee.fail_attest.store(true, Ordering::Relaxed);
    assert!(matches!(
        enclave.evidence(GENESIS, &operator(), FRESHNESS),
        Err(EnclaveError::Tee(TeeError::Attest(_)))
    ));
}

#[test]
fn a_heartbeat_is_signed_by_the_identity_key_for_this_chain() {
    let mut enclave = initialised();
    let answer = enclave.heartbeat(&request(5, 11, SEED), WORK).unwrap();
    let heartbeat = answer.heartbeat;
    assert_eq!((heartbeat.session_id, heartbeat.block, heartbeat.seed), (5, 11, SEED));
    assert_eq!((heartbeat.iterations, heartbeat.elapsed_ms), (100, 1000));
    assert_eq!(heartbeat.instance, enclave.instance());
    assert_eq!(heartbeat.worker, enclave.public_identity().unwrap().identity_key);
    assert!(verifies(&answer.signature, &heartbeat.message(&GENESIS), &heartbeat.worker));
    assert!(!verifies(&answer.signature, &heartbeat.message(&H256::zero()), &heartbeat.worker));
}

#[test]
fn the_same_challenge_gets_the_same_bytes_whatever_work_is_offered() {
    let mut enclave = initialised();
    let asked = request(5, 11, SEED);
    assert_eq!(enclave.answered(&asked).unwrap(), None);
    let answer = enclave.heartbeat(&asked, WORK).unwrap();
    assert_eq!(enclave.answered(&asked).unwrap(), Some(answer));
    assert_eq!(
        enclave
            .heartbeat(
                &asked,
                Work {
                    iterations: 999,
                    elapsed_ms: 1
                }
            )
            .unwrap(),
        answer
    );
}

#[test]
fn another_session_block_or_fork_is_another_question() {
    let mut enclave = initialised();
    let answer = enclave.heartbeat(&request(5, 11, SEED), WORK).unwrap();
    for other in [request(6, 11, SEED), request(5, 12, SEED), request(5, 11, H256::repeat_byte(4))] {
        assert_eq!(enclave.answered(&other).unwrap(), None);
        assert_ne!(enclave.heartbeat(&other, WORK).unwrap().heartbeat, answer.heartbeat);
    }
    assert_eq!(enclave.answered(&request(5, 11, SEED)).unwrap(), Some(answer));
}

#[test]
fn a_benchmark_is_signed_by_the_identity_key_for_this_chain() {
    let mut enclave = initialised();
    let (result, signature) = enclave.benchmark(11, SEED, 6, WORK).unwrap();
    assert_eq!((result.block, result.iterations), (11, 100));
    assert!(verifies(&signature, &result.message(&GENESIS), &result.worker));
    assert_eq!(result.worker, enclave.public_identity().unwrap().identity_key);
}

#[test]
fn the_last_benchmark_is_answered_again_and_others_are_not() {
    let mut enclave = initialised();
    assert_eq!(enclave.benchmarked(11, SEED, 6).unwrap(), None);
    let answer = enclave.benchmark(11, SEED, 6, WORK).unwrap();
    assert_eq!(enclave.benchmarked(11, SEED, 6).unwrap(), Some(answer));
    assert_eq!(
        enclave
            .benchmark(
                11,
                SEED,
                6,
                Work {
                    iterations: 999,
                    elapsed_ms: 1
                }
            )
            .unwrap(),
        answer
    );
    assert_eq!(enclave.benchmarked(12, SEED, 6).unwrap(), None);
    assert_eq!(enclave.benchmarked(11, H256::zero(), 6).unwrap(), None);
    assert_eq!(enclave.benchmarked(11, SEED, 7).unwrap(), None);
}

#[test]
fn benchmarks_outside_the_bounds_are_refused() {
    let enclave = initialised();
    for (secs, fits) in [
        (0, false),
        (1, true),
        (2, true),
        (119, true),
        (120, true),
        (121, false),
        (u32::MAX, false),
    ] {
        match enclave.benchmarked(1, SEED, secs) {
            Ok(None) => assert!(fits, "{secs} s"),
            Err(EnclaveError::BenchmarkLength { asked }) => assert!(!fits && asked == secs, "{secs} s"),
            _ => panic!("{secs} s: another answer"),
        }
    }
}

#[test]
fn the_version_is_cargos() {
    assert_eq!(version().to_string(), env!("CARGO_PKG_VERSION"));
}
