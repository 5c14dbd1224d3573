//! What other pallets and the runtime API are told.

use super::mock::*;
use crate::{OnWorkerChange, WorkerDirectory, WorkerFacts, BENCHMARK_DEADLINE_FACTOR};
use frame_support::assert_ok;
use khala_attestation::{
    development,
    forge::{Pki, TcbClass, FMSPC},
};
use khala_primitives::{
    status::{BenchmarkRequest, RegistrationStatus},
    BenchmarkResult, ConfidenceLevel, TcbStatus, Tee, H256,
};

#[test]
fn the_facts_of_a_worker_follow_its_registration() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_eq!(Registry::facts(&worker.key()), None);
        assert_ok!(worker.register());
        let facts = WorkerFacts {
            operator: operator(),
            instance: worker.info().instance,
            lease_end_secs: now_secs() + PARAMETERS.lease_secs,
            level: ConfidenceLevel::One,
            score: None,
            policy_version: 1,
            measurement: development::measurement(),
        };
        assert_eq!(Registry::facts(&worker.key()), Some(facts.clone()));
        assert_eq!(Listener::take(), [Heard::Registered(worker.key(), facts.clone())]);

        pass_secs(u64::from(PARAMETERS.benchmark_secs));
        assert_ok!(Registry::do_benchmark_result(&BenchmarkResult {
            worker: worker.key(),
            block: FIRST_BLOCK,
            iterations: 2_000
        }));
        assert_eq!(
            Registry::facts(&worker.key()),
            Some(WorkerFacts {
                score: Some(3_000),
                ..facts
            })
        );
    });
}

#[test]
fn the_status_names_what_the_evidence_showed_and_what_is_asked() {
    on_chain(|| {
        let mut worker = Worker::new("Worker");
        worker.platform = platform_of_class(TcbClass::OutOfDate, "Worker");
        assert_eq!(Registry::registration_status(&worker.key()), None);
        assert_ok!(worker.register());
        let info = worker.info();
        let status = Registry::registration_status(&worker.key()).unwrap();
        let advisories: Vec<String> = worker.state().verdict.advisories.iter().map(|name| name.to_string()).collect();
        assert!(!advisories.is_empty());
        let expected = RegistrationStatus {
            operator: operator(),
            version: info.version,
            instance: info.instance,
            freshness: FIRST_BLOCK - 1,
            tee: Tee::Sgx,
            platform_id: worker.state().verdict.platform_id(),
            fmspc: FMSPC.to_string(),
            pck_ca: H256(sp_io::hashing::sha2_256(Pki::development().ca_der())),
            renewals_left: PARAMETERS.renewal_tokens,
            operator_changes: 0,
            refused: None,
            tcb_status: TcbStatus::OutOfDate,
            advisories,
            confidence_level: ConfidenceLevel::Five,
            measurement: development::measurement(),
            lease_end_secs: now_secs() + PARAMETERS.lease_secs,
            score: None,
            benchmark: Some(BenchmarkRequest {
                block: FIRST_BLOCK,
                seed: BlockSeed::get().unwrap(),
                secs: PARAMETERS.benchmark_secs,
            }),
        };
        assert_eq!(status, expected);
    });
}

#[test]
fn the_status_shows_a_benchmark_until_its_deadline() {
    on_chain(|| {
        let worker = Worker::new("Worker");
        assert_ok!(worker.register());
        pass_secs(u64::from(PARAMETERS.benchmark_secs) * BENCHMARK_DEADLINE_FACTOR);
        assert!(Registry::registration_status(&worker.key()).unwrap().benchmark.is_some());
        go_to_block(System::block_number() + 1);
        assert_eq!(Registry::registration_status(&worker.key()).unwrap().benchmark, None);
    });
}

#[test]
fn where_nobody_listens_every_worker_may_go() {
    assert!(<() as OnWorkerChange<()>>::can_retire(&Worker::new("Worker").key()));
}
