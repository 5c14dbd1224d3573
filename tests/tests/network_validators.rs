//! Several validators make one chain.

use khala::network::{
    wait::{until, Seen},
    Network, Options,
};
use std::time::Duration;

#[tokio::test]
async fn two_validators_finalise_one_chain_and_it_stands_still_without_one_of_them() {
    let options = Options {
        validators: 2,
        ..Options::ephemeral(0)
    };
    let mut network = Network::start(&options).await.unwrap();
    let other = network.chain_of(1).await.unwrap();
    assert_eq!(network.chain().genesis_hash(), other.genesis_hash());
    let number = network.chain().finalized().await.unwrap().number;
    let ours = network.chain().block_hash(number).await.unwrap();
    until("the other validator to have the final block", Duration::from_secs(60), || async {
        let theirs = other.block_hash(number).await?;
        Ok(if theirs == ours {
            Seen::Now(())
        } else {
            Seen::NotYet(format!("{theirs:?}"))
        })
    })
    .await
    .unwrap();

    // Two thirds of two are two: with one of them nothing becomes final, with both it does again.
    network.stop_node().await.unwrap();
    let best = other.best().await.unwrap().number;
    until("the other validator to go on alone", Duration::from_secs(60), || async {
        let now = other.best().await?.number;
        Ok(if now >= best + 3 {
            Seen::Now(())
        } else {
            Seen::NotYet(format!("block {now}"))
        })
    })
    .await
    .unwrap();
    assert!(
        other.finalized().await.unwrap().number <= best,
        "a block became final without two thirds of the validators"
    );
    network.restart_node().await.unwrap();
    until("finality to go on", Duration::from_secs(120), || async {
        let now = other.finalized().await?.number;
        Ok(if now > best {
            Seen::Now(())
        } else {
            Seen::NotYet(format!("block {now} is final"))
        })
    })
    .await
    .unwrap();
}
