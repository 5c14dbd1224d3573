//! A worker's life: registered, measured, staked, challenged, paid; killed, found offline, back with the same key.

use khala::network::{
    check::{check, everybody_paid},
    Tcb,
};
use khala_client::At;
use khala_primitives::{status::SessionState, ConfidenceLevel, TcbStatus};
use khala_tests::{mining, silent};

/// What each state of a development platform must be worth.
fn worth(tcb: Tcb) -> (TcbStatus, ConfidenceLevel) {
    match tcb {
        Tcb::UpToDate => (TcbStatus::UpToDate, ConfidenceLevel::One),
        Tcb::SwHardeningNeeded => (TcbStatus::SWHardeningNeeded, ConfidenceLevel::Two),
        Tcb::ConfigurationNeeded => (TcbStatus::ConfigurationNeeded, ConfidenceLevel::Four),
    }
}

#[tokio::test]
async fn workers_register_are_measured_mine_and_are_paid_and_one_that_is_killed_comes_back() {
    let mut network = mining(3).await.unwrap();
    let first = network.sample().await.unwrap();
    let paid = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();

    for worker in &paid.workers {
        let status = worker.chain.as_ref().unwrap();
        let (registration, session) = (status.registration.as_ref().unwrap(), status.session.as_ref().unwrap());
        assert_eq!(
            (registration.tcb_status, registration.confidence_level),
            worth(worker.spec.tcb),
            "{}",
            worker.spec.name
        );
        assert_eq!(registration.operator, *network.cast().operator(worker.spec.operator).id());
        assert_eq!(registration.instance, network.instance(&worker.spec.name).await.unwrap());
        assert_eq!(session.state, SessionState::Idle);
        assert!(session.p >= 50 && session.v >= session.v_e && session.heartbeats > 0, "{session:?}");
        let pool = network
            .chain()
            .pool_status(session.pool, At::Hash(paid.block.hash))
            .await
            .unwrap()
            .unwrap();
        assert!(pool.workers.contains(&status.worker) && pool.staked >= session.stake, "{pool:?}");
    }
    // Rewards raise the price of every pool's shares.
    let pools = network.chain().pools(0, 10, At::Hash(paid.block.hash)).await.unwrap();
    assert_eq!(pools.len(), 2);
    assert!(
        pools
            .iter()
            .all(|pool| pool.price > 1_000_000_000_000_000_000 && pool.commission > 0),
        "{pools:?}"
    );

    let evidence = check(&mut network, &mut silent()).await.unwrap();
    assert!(
        evidence.money.equal && evidence.money.paid > 0 && evidence.money.treasury_part > 0,
        "{:?}",
        evidence.money
    );
    assert_eq!(evidence.workers.len(), 3);
    assert!(
        evidence
            .workers
            .iter()
            .all(|worker| worker.paid > 0 && worker.heartbeats_answered > 0),
        "{:?}",
        evidence.workers
    );
    let killed = &evidence.killed;
    assert!(
        killed.missed_block < killed.offline_since_block && killed.offline_since_block < killed.back_since_block,
        "{killed:?}"
    );
    assert!(killed.paid_after > killed.paid_before && killed.forfeited > 0, "{killed:?}");
    assert_ne!(killed.instance_before, killed.instance_after);
    network.stop().await.unwrap();
}
