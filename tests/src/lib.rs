//! What the whole-network tests share: they start real processes on free ports (`khala::network`), and ask the chain.

pub mod command_line;
pub mod forged;
pub mod puppet;
pub mod raw;

use khala::network::{
    merge,
    wait::{until, Seen},
    Live, Network, Options, Sample, Style,
};
use serde_json::{json, Value};
use std::time::Duration;
use tokio::sync::Mutex;

/// What makes tests short where it is not what they are about: measured in two seconds, asked every five seconds in the mean, and
/// nobody is too slow on a busy machine. To be used as a network's genesis.
pub fn quick() -> Value {
    json!({
        "mining": { "mining": { "challengesPerHour": 720, "minimalScore": 1 } },
        "registry": { "parameters": { "benchmarkSecs": 2 } },
    })
}

/// [`quick`], and more on top of it.
pub fn quick_with(more: Value) -> Value {
    let mut genesis = quick();
    merge(&mut genesis, &more);
    genesis
}

/// A [`quick`] network of one validator and `workers` pRuntimes, set up, with its relayer.
pub async fn mining(workers: u8) -> anyhow::Result<Network> {
    started(&Options {
        genesis: quick(),
        ..Options::ephemeral(workers)
    })
    .await
}

/// A network, set up, with its relayer.
pub async fn started(options: &Options) -> anyhow::Result<Network> {
    let mut network = Network::start(options).await?;
    network.set_up().await?;
    network.start_relayer().await?;
    Ok(network)
}

/// Shows nothing.
pub fn silent() -> Live {
    Live::new(Style::Silent, Vec::new())
}

/// Samples a network until a condition holds, and returns that sample. Every process must go on running meanwhile.
pub async fn watch(network: &mut Network, what: &str, limit: Duration, condition: impl Fn(&Sample) -> bool) -> Sample {
    watch_without(network, &[], what, limit, condition).await
}

/// As [`watch`], but the processes of these names may have ended.
pub async fn watch_without(
    network: &mut Network,
    gone: &[&str],
    what: &str,
    limit: Duration,
    condition: impl Fn(&Sample) -> bool,
) -> Sample {
    let network = Mutex::new(network);
    let seen = until(what, limit, || async {
        let network = &mut *network.lock().await;
        network.ensure_alive(gone)?;
        let sample = network.sample().await?;
        Ok(match condition(&sample) {
            true => Seen::Now(sample),
            false => Seen::NotYet(
                sample
                    .workers
                    .iter()
                    .map(|worker| format!("{}: {}; ", worker.spec.name, worker.describe()))
                    .collect(),
            ),
        })
    });
    match seen.await {
        Ok(sample) => sample,
        Err(error) => panic!("{error:#}\n{}", network.lock().await.log_tails()),
    }
}
