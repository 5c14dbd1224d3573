//! Leases of half a minute: workers renew them by themselves, and a worker whose platform is revoked stops earning.

use khala::network::{check::everybody_paid, Network, Options, Sample, WorkerSample};
use khala_attestation::forge::TcbClass;
use khala_primitives::status::{Absence, Reason, SessionState};
use khala_tests::{quick_with, silent, started, watch};
use serde_json::json;
use std::{process::Command, time::Duration};

/// Length of a lease, in seconds.
const LEASE_SECS: u64 = 30;
/// So long workers renew by themselves, in seconds of the chain's time: ten leases, in which they spend more renewals than they can
/// have saved up.
const RENEWING_SECS: u64 = 10 * LEASE_SECS;
/// A revoked worker earns no longer than this, in seconds of the chain's time.
const REVOKED_SECS: u64 = 90;
/// The one whose platform is revoked.
const VICTIM: &str = "worker-2";

#[tokio::test]
async fn workers_renew_their_leases_and_one_whose_platform_is_revoked_stops_earning() {
    let options = Options {
        genesis: quick_with(json!({ "registry": { "parameters": { "leaseSecs": LEASE_SECS } } })),
        collateral_every_secs: 10,
        ..Options::ephemeral(3)
    };
    let mut network = started(&options).await.unwrap();
    let first = network.sample().await.unwrap();
    let paid = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();

    let end_ms = paid.network.now_ms + RENEWING_SECS * 1_000;
    let limit = Duration::from_secs(2 * RENEWING_SECS);
    let renewed = watch(&mut network, "leases to be renewed", limit, |sample| {
        for worker in &sample.workers {
            assert_eq!(
                worker.state(),
                Some(SessionState::Idle),
                "{}: {}",
                worker.spec.name,
                worker.describe()
            );
        }
        sample.network.now_ms >= end_ms
    })
    .await;
    for (before, after) in paid.workers.iter().zip(&renewed.workers) {
        let name = &after.spec.name;
        assert!(lease_end(after) >= lease_end(before) + RENEWING_SECS - LEASE_SECS, "{name}");
        assert!(after.paid() > before.paid(), "{name} was not paid");
        let [before, after] = [before, after].map(|worker| worker.session().unwrap());
        assert_eq!((after.id, after.stake), (before.id, before.stake), "{name}");
    }

    network.collateral().revoke_platform(TcbClass::SWHardeningNeeded, VICTIM).unwrap();
    let lapsed = SessionState::Unresponsive {
        cause: Absence::LeaseLapsed,
    };
    let limit = Duration::from_secs(3 * REVOKED_SECS);
    let revoked = watch(&mut network, "the revoked worker to stop", limit, |sample| {
        sample.worker(VICTIM).unwrap().state() == Some(lapsed)
    })
    .await;
    let after_secs = (revoked.network.now_ms - renewed.network.now_ms) / 1_000;
    assert!(after_secs <= REVOKED_SECS, "it stopped after {after_secs} s");
    others_earn(&revoked);

    let status = revoked.worker(VICTIM).unwrap().chain.clone().unwrap();
    let Reason::EvidenceRefused { why } = &status.explanation.reason else {
        panic!("the chain says {:?}", status.explanation.reason)
    };
    assert!(why.contains("revoked"), "{why}");
    let said = explain(&network);
    assert!(said.contains("Its evidence is refused") && said.contains("revoked"), "{said}");
    let relayed = network.relayer().unwrap().explain(VICTIM).await.unwrap().to_string();
    assert!(relayed.contains("revoked"), "{relayed}");

    // It never comes back by itself, and the others go on.
    let before = revoked.worker(VICTIM).unwrap().paid();
    let end_ms = revoked.network.now_ms + LEASE_SECS * 1_000;
    let last = watch(&mut network, "another lease", limit, |sample| sample.network.now_ms >= end_ms).await;
    let victim = last.worker(VICTIM).unwrap();
    assert_eq!((victim.state(), victim.paid()), (Some(lapsed), before));
    others_earn(&last);
}

fn lease_end(worker: &WorkerSample) -> u64 {
    worker.chain.as_ref().unwrap().registration.as_ref().unwrap().lease_end_secs
}

fn others_earn(sample: &Sample) {
    for worker in sample.workers.iter().filter(|worker| worker.spec.name != VICTIM) {
        assert_eq!(
            worker.state(),
            Some(SessionState::Idle),
            "{}: {}",
            worker.spec.name,
            worker.describe()
        );
    }
}

/// What the command line says of the victim.
fn explain(network: &Network) -> String {
    let output = Command::new(network.khala())
        .args([
            "worker",
            "explain",
            VICTIM,
            "--url",
            network.node_url(),
            "--relayer",
            &network.relayer_url(),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
