//! A worker's life: registered, measured, staked, challenged, paid; killed, found offline, back with the same key. Then the node is
//! restarted in the middle: nothing is lost, and everything goes on.

use khala::network::{
    check::{check, everybody_paid},
    Network, Options, Tcb,
};
use khala_client::At;
use khala_primitives::{status::SessionState, ConfidenceLevel, TcbStatus};
use khala_tests::{silent, started};

/// What each state of a development platform must be worth.
fn worth(tcb: Tcb) -> (TcbStatus, ConfidenceLevel) {
    match tcb {
        Tcb::UpToDate => (TcbStatus::UpToDate, ConfidenceLevel::One),
        Tcb::SwHardeningNeeded => (TcbStatus::SWHardeningNeeded, ConfidenceLevel::Two),
        Tcb::ConfigurationNeeded => (TcbStatus::ConfigurationNeeded, ConfidenceLevel::Four),
    }
}

#[tokio::test]
async fn workers_register_mine_and_are_paid_one_that_is_killed_comes_back_and_a_restarted_node_has_lost_nothing() {
    // The preset as it is: what ./run starts.
    let mut network = started(&Options::ephemeral(3)).await.unwrap();
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

    a_node_that_is_restarted_has_lost_nothing(&mut network).await;
    network.stop().await.unwrap();
}

async fn a_node_that_is_restarted_has_lost_nothing(network: &mut Network) {
    let before = network.sample().await.unwrap();
    let final_before = network.chain().finalized().await.unwrap();
    let genesis = network.chain().genesis_hash();

    network.stop_node(0).await.unwrap();
    network.restart_node(0).await.unwrap();

    let chain = network.chain();
    assert_eq!(chain.genesis_hash(), genesis);
    assert_eq!(
        chain.block_hash(final_before.number).await.unwrap(),
        Some(final_before.hash),
        "a final block is gone"
    );
    let status = chain.network_status(At::Best).await.unwrap();
    assert!(status.block >= final_before.number && status.paid > 0, "{status:?}");
    for worker in &before.workers {
        let known = worker.chain.as_ref().unwrap();
        let now = chain.worker_status(known.worker, At::Best).await.unwrap();
        let (old_session, new_session) = (known.session.as_ref().unwrap(), now.session.as_ref().unwrap());
        assert_eq!(old_session.id, new_session.id);
        assert_eq!(old_session.stake, new_session.stake);
        assert!(
            new_session.paid >= old_session.paid,
            "{}: {old_session:?} {new_session:?}",
            worker.spec.name
        );
    }

    // The relayer finds the node again, and the workers, which were never away, are paid again.
    let after = everybody_paid(network, &mut silent(), &before).await.unwrap();
    for worker in &after.workers {
        assert_eq!(worker.state(), Some(SessionState::Idle), "{}", worker.describe());
    }
    assert!(network.chain().finalized().await.unwrap().number > final_before.number);
}
