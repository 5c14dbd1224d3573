//! What a network looks like at one block.

use super::{Network, WorkerSpec};
use crate::services::RelayedWorker;
use khala_client::{At, Block};
use khala_primitives::{
    status::{NetworkStatus, SessionState, SessionStatus, WorkerStatus},
    Balance, BlockNumber,
};

/// A network at one block.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The block: the best one when the sample was taken.
    pub block: Block,
    /// Number of the newest finalised block.
    pub finalized: BlockNumber,
    /// The chain as a whole.
    pub network: NetworkStatus,
    /// The workers, in the order of the network's options.
    pub workers: Vec<WorkerSample>,
}

/// A worker at one block.
#[derive(Clone, Debug)]
pub struct WorkerSample {
    /// As it was asked for.
    pub spec: WorkerSpec,
    /// What the relayer says; none while it does not run.
    pub relayed: Option<RelayedWorker>,
    /// What the chain says; none while the relayer does not know the worker's key.
    pub chain: Option<WorkerStatus>,
}

impl Sample {
    pub(super) async fn take(network: &Network) -> anyhow::Result<Self> {
        let chain = network.chain();
        let block = chain.best().await?;
        let at = At::Hash(block.hash);
        // A relayer that does not answer is no failure of the network: it may be about to start.
        let relayed = network.relayer()?.workers().await.unwrap_or_default();
        let mut workers = Vec::new();
        for spec in network.specs() {
            let relayed = relayed.iter().find(|worker| worker.name == spec.name).cloned();
            let status = match relayed.as_ref().and_then(|worker| worker.worker) {
                Some(key) => Some(chain.worker_status(key, at).await?),
                None => None,
            };
            workers.push(WorkerSample {
                spec,
                relayed,
                chain: status,
            });
        }
        Ok(Self {
            block,
            finalized: chain.finalized().await?.number,
            network: chain.network_status(at).await?,
            workers,
        })
    }

    /// A worker by its name.
    pub fn worker(&self, name: &str) -> Option<&WorkerSample> {
        self.workers.iter().find(|worker| worker.spec.name == name)
    }
}

impl WorkerSample {
    /// Its session, if it has one.
    pub fn session(&self) -> Option<&SessionStatus> {
        self.chain.as_ref().and_then(|status| status.session.as_ref())
    }

    /// Its session's state, if it has one.
    pub fn state(&self) -> Option<SessionState> {
        self.session().map(|session| session.state)
    }

    /// Paid to its pool since its session began, in planck.
    pub fn paid(&self) -> Balance {
        self.session().map(|session| session.paid).unwrap_or_default()
    }

    /// What it is doing, in a few words: the chain's view, and the relayer's while the worker does not mine.
    pub fn describe(&self) -> String {
        let state = self.chain.as_ref().map_or("starting", crate::command::worker::state);
        match &self.relayed {
            Some(relayed) if state != "mining" || relayed.state != "Mining" => format!("{state} ({}: {})", relayed.state, relayed.reason),
            _ => state.into(),
        }
    }
}
