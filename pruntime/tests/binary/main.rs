//! The binary as its operator meets it: restarts, kills, signals, wrong folders, machines without a TEE.
#![cfg(feature = "software")]

mod ops;
mod process;

use jsonrpsee::http_client::HttpClient;
use khala_primitives::{AccountId32, Freshness, WorkerInfo, H256};
use process::{run, run_with, Process, FREE};
use pruntime::api::PRuntimeApiClient;
use std::fs;

const GENESIS: H256 = H256::repeat_byte(1);
const FRESHNESS: Freshness = Freshness {
    number: 7,
    hash: H256::repeat_byte(7),
};

fn operator() -> AccountId32 {
    AccountId32::new([2; 32])
}

async fn worker_info(process: &Process) -> WorkerInfo {
    HttpClient::builder()
        .build(process.http())
        .unwrap()
        .worker_info(GENESIS, operator(), FRESHNESS)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_killed_worker_comes_back_with_its_keys_and_another_instance() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let before = worker_info(&process).await;
    process.signal("-KILL");
    let after = worker_info(&Process::start(data.path())).await;
    assert_eq!((after.identity_key, after.ecdh_key), (before.identity_key, before.ecdh_key));
    assert_ne!(after.instance, before.instance);
}

#[tokio::test]
async fn a_worker_whose_newest_seal_is_damaged_comes_back_with_its_keys() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    let before = worker_info(&process).await;
    process.signal("-KILL");
    fs::write(data.path().join("state.seal"), b"torn").unwrap();
    let after = worker_info(&Process::start(data.path())).await;
    assert_eq!(after.identity_key, before.identity_key);
}

#[tokio::test]
async fn a_seal_that_cannot_be_opened_is_not_overwritten_and_the_log_says_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path());
    worker_info(&process).await;
    process.signal("-TERM");
    let seal = fs::read(data.path().join("state.seal")).unwrap();
    fs::remove_file(data.path().join("sealing-key")).unwrap();
    let (code, log) = run(data.path(), FREE);
    assert_eq!(code, Some(1));
    assert!(
        log.contains("no generation of the sealed state opens") && log.contains("rebinds"),
        "{log}"
    );
    assert_eq!(fs::read(data.path().join("state.seal")).unwrap(), seal);
}

#[test]
fn both_signals_end_it_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let data = tempfile::tempdir().unwrap();
        let status = Process::start(data.path()).signal(signal);
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(!data.path().join("address").exists(), "{signal}");
    }
}

#[test]
fn a_data_folder_serves_one_process() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Process::start(data.path());
    let (code, log) = run(data.path(), FREE);
    assert_eq!(code, Some(1));
    assert!(log.contains("another pRuntime uses the data folder"), "{log}");
    assert!(first.is_running());
}

#[test]
fn what_cannot_be_started_says_why() {
    let data = tempfile::tempdir().unwrap();
    let first = Process::start(&data.path().join("first"));
    let second = data.path().join("second");
    let (code, log) = run(&second, &first.address);
    assert!(code == Some(1) && log.contains("cannot listen on"), "{log}");
    let (code, log) = run(&data.path().join("third"), "0.0.0.0:0");
    assert!(code == Some(1) && log.contains("--allow-remote"), "{log}");
    let (code, log) = run(&data.path().join("first").join("address"), FREE);
    assert!(code == Some(1) && log.contains("cannot make or open the data folder"), "{log}");
}

#[test]
fn a_machine_without_the_tee_is_told_what_is_missing() {
    let data = tempfile::tempdir().unwrap();
    for (tee, missing) in [("gramine", "gramine-sgx"), ("tdx", "tdx_guest")] {
        let (code, log) = run_with(data.path(), FREE, &["--tee", tee]);
        assert_eq!(code, Some(1), "{tee}: {log}");
        assert!(
            log.contains(&format!("the {tee} provider cannot start")) && log.contains(missing),
            "{log}"
        );
    }
}

#[test]
fn the_log_shows_no_secret() {
    let data = tempfile::tempdir().unwrap();
    drop(Process::start(data.path()));
    let key = fs::read(data.path().join("sealing-key")).unwrap();
    fs::write(data.path().join("state.seal"), b"torn").unwrap();
    let (_, log) = run(data.path(), FREE);
    assert!(log.contains("protects nothing"), "{log}");
    assert!(!log.contains(&hex::encode(key)), "{log}");
}
