use super::*;
use crate::{
    enclave::Grant,
    seal::{Directory, Memory},
    tee::fake::FakeTee,
};
use khala_primitives::{Challenge, OperatorChange, U256};
use sp_core::{sr25519, Pair};
use std::{path::Path, sync::mpsc};

const GENESIS: H256 = H256::repeat_byte(1);
const FRESHNESS: Freshness = Freshness {
    number: 7,
    hash: H256::repeat_byte(7),
};

fn operator() -> AccountId32 {
    AccountId32::new([2; 32])
}

fn service(data: &Path) -> (Service<Directory>, Arc<FakeTee>) {
    let tee = Arc::new(FakeTee::new(1));
    let (store, opened) = SealStore::open(Directory::open(data).unwrap(), &*tee).unwrap();
    let enclave = Enclave::start(tee.clone(), Grant { cores: 1, memory_mib: 64 }, opened.map(|opened| opened.state)).unwrap();
    (Service::new(enclave, store), tee)
}

fn heartbeat(sample: bool) -> HeartbeatRequest {
    HeartbeatRequest {
        challenge: Challenge {
            block: 9,
            seed: H256::zero(),
            target: U256::zero(),
        },
        session_id: 1,
        sample,
    }
}

#[tokio::test]
async fn keys_that_cannot_be_stored_are_not_shown() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("folder");
    let (service, _) = service(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    let error = service.evidence(GENESIS, operator(), FRESHNESS).await.unwrap_err();
    assert_eq!(error.code(), code::SEAL);
    assert_eq!(service.info().await.unwrap().identity_key, None);
    assert!(!service.health().await.unwrap().initialised);

    std::fs::create_dir(&folder).unwrap();
    let info = service.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    assert_eq!(service.info().await.unwrap().identity_key, Some(info.identity_key));
    assert!(service.health().await.unwrap().initialised);
}

/// A permission of Alice's for Bob.
fn permission(worker: &WorkerInfo) -> (AccountId32, OperatorSignature) {
    let operator = AccountId32::new(pair("Bob").public().0);
    let change = OperatorChange {
        worker: worker.identity_key,
        operator: operator.clone(),
        change: 0,
    };
    (operator, OperatorSignature(pair("Alice").sign(&change.message(&GENESIS)).0))
}

fn pair(name: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(&format!("//{name}"), None).unwrap()
}

#[tokio::test]
async fn a_change_of_the_operator_that_cannot_be_stored_is_not_made_and_can_be_asked_for_again() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("folder");
    let (service, _) = service(&folder);
    let alice = AccountId32::new(pair("Alice").public().0);
    let worker = service.worker_info(GENESIS, alice.clone(), FRESHNESS).await.unwrap();
    let (bob, signature) = permission(&worker);
    let away = data.path().join("away");
    std::fs::rename(&folder, &away).unwrap();
    let error = service.change_operator(bob.clone(), signature).await.unwrap_err();
    assert_eq!(error.code(), code::SEAL);
    assert!(error.message().contains("ask again"), "{error}");
    assert_eq!(service.info().await.unwrap().operator, Some(alice));

    std::fs::rename(&away, &folder).unwrap();
    let now = service.change_operator(bob.clone(), signature).await.unwrap();
    assert_eq!((now.worker, now.operator, now.changes), (worker.identity_key, bob, 1));
}

#[tokio::test]
async fn a_changed_operator_outlasts_a_damaged_seal() {
    let data = tempfile::tempdir().unwrap();
    let (first, _) = service(data.path());
    let alice = AccountId32::new(pair("Alice").public().0);
    let worker = first.worker_info(GENESIS, alice, FRESHNESS).await.unwrap();
    let (bob, signature) = permission(&worker);
    first.change_operator(bob.clone(), signature).await.unwrap();
    drop(first);
    std::fs::write(data.path().join("state.seal"), b"torn").unwrap();
    let (second, _) = service(data.path());
    let info = second.info().await.unwrap();
    assert_eq!((info.operator, info.operator_changes), (Some(bob), Some(1)));
}

#[tokio::test]
async fn a_worker_whose_keys_do_not_last_works_and_has_fresh_ones_at_the_next_start() {
    let start = |key| {
        let tee = Arc::new(FakeTee::forgetting(key));
        let (store, opened) = SealStore::open(Memory::default(), &*tee).unwrap();
        assert!(opened.is_none());
        Service::new(Enclave::start(tee, Grant { cores: 1, memory_mib: 64 }, None).unwrap(), store)
    };
    let alice = AccountId32::new(pair("Alice").public().0);
    let first = start(1);
    let worker = first.worker_info(GENESIS, alice.clone(), FRESHNESS).await.unwrap();
    let (bob, signature) = permission(&worker);
    first.change_operator(bob.clone(), signature).await.unwrap();
    let same = first.worker_info(GENESIS, bob, FRESHNESS).await.unwrap();
    assert_eq!(same.identity_key, worker.identity_key);
    assert!(!first.info().await.unwrap().keys_last);

    let second = start(2).worker_info(GENESIS, alice, FRESHNESS).await.unwrap();
    assert_ne!(second.identity_key, worker.identity_key);
}

#[tokio::test]
async fn a_tee_that_gives_no_evidence_is_reported() {
    let data = tempfile::tempdir().unwrap();
    let (service, tee) = service(data.path());
    tee.fail_attest.store(true, Ordering::Relaxed);
    let error = service.evidence(GENESIS, operator(), FRESHNESS).await.unwrap_err();
    assert_eq!(error.code(), code::TEE);
}

#[tokio::test]
async fn more_requests_than_the_bound_are_refused_but_health_answers() {
    let data = tempfile::tempdir().unwrap();
    let (service, _) = service(data.path());
    let all_but_one = service.0.requests.clone().try_acquire_many_owned(MAX_REQUESTS - 1).unwrap();
    assert!(service.info().await.is_ok());
    let last = service.0.admit().unwrap();
    for error in [
        service.info().await.unwrap_err(),
        service.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap_err(),
        service.evidence(GENESIS, operator(), FRESHNESS).await.unwrap_err(),
        service
            .benchmark(BenchmarkRequest {
                block: 1,
                seed: H256::zero(),
                secs: 1,
            })
            .await
            .unwrap_err(),
        service.heartbeat(heartbeat(false)).await.unwrap_err(),
        service.change_operator(operator(), OperatorSignature([0; 64])).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), code::OVERLOADED);
    }
    assert_eq!(service.health().await.unwrap().requests, MAX_REQUESTS);
    drop((all_but_one, last));
    assert!(service.info().await.is_ok());
}

#[tokio::test]
async fn a_hanging_enclave_is_reported_and_its_request_counts_until_it_is_over() {
    let data = tempfile::tempdir().unwrap();
    let (mut service, _) = service(data.path());
    Arc::get_mut(&mut service.0).unwrap().deadline = Duration::ZERO;
    let (release, wait) = mpsc::channel::<()>();
    let permit = service.0.admit().unwrap();
    let hang = service.0.call(&permit, move |_| Ok(wait.recv().is_ok())).await;
    assert!(matches!(hang, Err(ServiceError::Deadline)));
    drop(permit);
    assert_eq!(service.health().await.unwrap().requests, 1);
    drop(release);
}

#[tokio::test]
async fn a_call_that_panics_is_reported_and_the_next_one_is_answered() {
    let data = tempfile::tempdir().unwrap();
    let (service, _) = service(data.path());
    let permit = service.0.admit().unwrap();
    let panicked: Result<(), _> = service.0.call(&permit, |_| panic!("for the test")).await;
    let error = panicked.unwrap_err();
    assert!(matches!(error, ServiceError::Internal));
    assert_eq!(error.code(), code::INTERNAL);
    assert!(service.info().await.is_ok());
}

#[tokio::test]
async fn a_repeated_heartbeat_is_the_same_and_is_counted_once() {
    let data = tempfile::tempdir().unwrap();
    let (service, _) = service(data.path());
    service.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    let first = service.heartbeat(heartbeat(true)).await.unwrap();
    assert!(first.heartbeat.elapsed_ms >= 1000);
    assert_eq!(service.heartbeat(heartbeat(false)).await.unwrap(), first);
    assert_eq!(service.health().await.unwrap().heartbeats, 1);
}

#[tokio::test]
async fn a_benchmark_whose_caller_hung_up_is_there_to_be_asked_for_again() {
    let data = tempfile::tempdir().unwrap();
    let (service, _) = service(data.path());
    service.worker_info(GENESIS, operator(), FRESHNESS).await.unwrap();
    let request = BenchmarkRequest {
        block: 9,
        seed: H256::zero(),
        secs: 1,
    };
    {
        let mut caller = service.benchmark(request);
        let hung_up = tokio::select! {
            biased;
            _ = &mut caller => false,
            () = wait_for(|| service.0.gate.busy()) => true,
        };
        assert!(hung_up);
    }
    wait_for(|| service.0.benchmarks.load(Ordering::Relaxed) == 1).await;
    service.benchmark(request).await.unwrap();
    assert_eq!(
        service.health().await.unwrap().benchmarks,
        1,
        "the second request took the first one's result"
    );
}

async fn wait_for(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_busy_kernel_is_reported() {
    let error = ErrorObjectOwned::from(ServiceError::from(Busy { retry_secs: 7 }));
    assert_eq!(error.code(), code::KERNEL_BUSY);
    assert!(error.message().contains("7 s"));
}
