//! The node is restarted in the middle: nothing is lost, and everything goes on.

use khala::network::check::everybody_paid;
use khala_client::At;
use khala_primitives::status::SessionState;
use khala_tests::{mining, silent};

#[tokio::test]
async fn a_node_that_is_restarted_has_lost_nothing_and_the_workers_go_on_earning() {
    let mut network = mining(2).await.unwrap();
    let first = network.sample().await.unwrap();
    let before = everybody_paid(&mut network, &mut silent(), &first).await.unwrap();
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
    let after = everybody_paid(&mut network, &mut silent(), &before).await.unwrap();
    for worker in &after.workers {
        assert_eq!(worker.state(), Some(SessionState::Idle), "{}", worker.describe());
    }
    assert!(network.chain().finalized().await.unwrap().number > final_before.number);
}
