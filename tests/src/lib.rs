//! What the whole-network tests share: they start real processes on free ports (`khala::network`), and ask the chain.

pub mod forged;
pub mod raw;

use khala::network::{Live, Network, Options, Style};

/// A network of one validator and `workers` pRuntimes, set up, with its relayer.
pub async fn mining(workers: u8) -> anyhow::Result<Network> {
    let mut network = Network::start(&Options::ephemeral(workers)).await?;
    network.set_up().await?;
    network.start_relayer().await?;
    Ok(network)
}

/// Shows nothing.
pub fn silent() -> Live {
    Live::new(Style::Silent, Vec::new())
}
