//! An upgrade of the pRuntime: the old and the new build run side by side, the old one is retired, and nobody loses a session.

use khala::network::{check::everybody_paid, Network, Sample};
use khala_attestation::development;
use khala_client::{calls::sudo::sudo, At, Call, Wait};
use khala_primitives::{
    status::{Absence, Reason, SessionState},
    MeasurementDigest,
};
use khala_tests::{mining, silent, watch};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(300);
/// After so long an announced build is allowed, in seconds.
const NOTICE_SECS: u64 = 6;
/// The new build.
const NEW: u32 = 2;

#[tokio::test]
async fn an_upgrade_overlaps_with_the_old_build_and_costs_nobody_a_session() {
    let mut network = mining(3).await.unwrap();
    let first = network.sample().await.unwrap();
    let before = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();

    // The new build is announced; code that is not allowed yet does not register.
    let now_secs = before.network.now_ms / 1_000;
    govern(&network, allow(development::measurement_of(NEW), None)).await;
    let notice = Duration::from_secs(NOTICE_SECS);
    watch(&mut network, "the notice to be over", LIMIT, |sample| {
        sample.network.now_ms / 1_000 >= now_secs + notice.as_secs()
    })
    .await;

    // worker-1 runs the new build on its sealed state; worker-2 has lost it and gets another key; worker-3 stays behind.
    network.upgrade_worker("worker-1", NEW).await.unwrap();
    network.lose_keys("worker-2").await.unwrap();
    let overlap = watch(&mut network, "the upgraded workers to mine", LIMIT, |sample| {
        runs(sample, "worker-1", NEW)
            && mines(sample, "worker-1")
            && mines(sample, "worker-2")
            && key(sample, "worker-2") != key(&before, "worker-2")
    })
    .await;
    assert!(runs(&overlap, "worker-3", 1) && mines(&overlap, "worker-3"));
    same_sessions(&before, &overlap);
    let old_key = key(&before, "worker-2");
    assert!(network
        .chain()
        .worker_status(old_key, At::Best)
        .await
        .unwrap()
        .registration
        .is_none());
    everybody_paid(&mut network, &mut silent(), &overlap).await.unwrap();
    network.upgrade_worker("worker-2", NEW).await.unwrap();
    watch(&mut network, "worker-2 to run the new build", LIMIT, |sample| {
        runs(sample, "worker-2", NEW) && mines(sample, "worker-2")
    })
    .await;

    // The old build is retired: who still runs it stops earning with its next heartbeat, and is told why.
    govern(
        &network,
        Call::new("Attestation", "deprecate_measurement", (development::measurement(), now_secs)),
    )
    .await;
    let lapsed = SessionState::Unresponsive {
        cause: Absence::LeaseLapsed,
    };
    let retired = watch(&mut network, "the old build to stop", LIMIT, |sample| {
        sample.worker("worker-3").unwrap().state() == Some(lapsed)
    })
    .await;
    let explanation = &retired.worker("worker-3").unwrap().chain.as_ref().unwrap().explanation;
    assert_eq!(explanation.reason, Reason::MeasurementDeprecated);
    assert!(mines(&retired, "worker-1") && mines(&retired, "worker-2"));

    // It comes back with the new build, in the same session with the same stake.
    network.upgrade_worker("worker-3", NEW).await.unwrap();
    let upgraded = watch(&mut network, "worker-3 to mine again", LIMIT, |sample| {
        runs(sample, "worker-3", NEW) && mines(sample, "worker-3")
    })
    .await;
    same_sessions(&before, &upgraded);
    everybody_paid(&mut network, &mut silent(), &upgraded).await.unwrap();
}

/// Allows a build for workers, from the end of the notice on.
fn allow(measurement: MeasurementDigest, until_secs: Option<u64>) -> Call {
    let (roles, active_from_secs) = (1u8, 0u64);
    Call::new(
        "Attestation",
        "allow_measurement",
        (measurement, roles, active_from_secs, until_secs),
    )
}

async fn govern(network: &Network, call: Call) {
    let receipt = network
        .chain()
        .submit(&network.cast().faucet, &sudo(call), Wait::InBlock)
        .await
        .unwrap();
    assert!(receipt.block.number > 0);
}

fn runs(sample: &Sample, worker: &str, build: u32) -> bool {
    let status = sample.worker(worker).and_then(|worker| worker.chain.as_ref());
    let registration = status.and_then(|status| status.registration.as_ref());
    registration.is_some_and(|registration| registration.measurement == development::measurement_of(build))
}

fn mines(sample: &Sample, worker: &str) -> bool {
    sample.worker(worker).and_then(|worker| worker.state()) == Some(SessionState::Idle)
}

fn key(sample: &Sample, worker: &str) -> khala_primitives::WorkerPublicKey {
    sample.worker(worker).unwrap().chain.as_ref().unwrap().worker
}

fn same_sessions(before: &Sample, after: &Sample) {
    for (before, after) in before.workers.iter().zip(&after.workers) {
        let [old, new] = [before, after].map(|worker| worker.session().unwrap());
        assert_eq!((old.id, old.stake), (new.id, new.stake), "{}", after.spec.name);
    }
}
