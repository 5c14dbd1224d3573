//! Several validators make one chain.

use khala::network::{
    wait::{until, Seen},
    Network, Options,
};
use std::time::Duration;

#[tokio::test]
async fn two_validators_finalise_one_chain_and_one_that_was_away_comes_back_to_it() {
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

    // Two thirds of two are two: when one is away nothing becomes final, when it is back it does again.
    network.stop_node(0).await.unwrap();
    let best = other.best().await.unwrap().number;
    network.restart_node(0).await.unwrap();
    until("finality to go on", Duration::from_secs(180), || async {
        let now = other.finalized().await?.number;
        Ok(if now > best {
            Seen::Now(())
        } else {
            Seen::NotYet(format!("block {now} is final"))
        })
    })
    .await
    .unwrap();
    let (ours, theirs) = (
        network.chain().block_hash(best).await.unwrap(),
        other.block_hash(best).await.unwrap(),
    );
    assert!(ours.is_some() && ours == theirs, "{ours:?} {theirs:?}");
}
