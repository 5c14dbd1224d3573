//! From the node to the store: every finalised block once, in order.

use super::{
    block::Block,
    detail,
    plan::{Plan, Trail},
    raw::{RawBlock, Reader},
};
use crate::{health::Health, model::Key};
use futures::{stream, StreamExt, TryStreamExt};
use khala_client::{Chain, ClientError, Runtime};
use khala_primitives::BlockNumber;
use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};
use tokio::sync::mpsc;

/// Blocks that are read together.
const WINDOW: u32 = 256;
/// Blocks that are completed at once.
const AT_ONCE: usize = 256;
/// Time without a finalised block after which the node is asked again.
const QUIET: Duration = Duration::from_secs(30);
/// Blocks that wait for the store.
pub const WAITING: usize = 1024;

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The node's answer; trying again may help.
    #[error(transparent)]
    Node(#[from] ClientError),
    /// The node threw away states that are needed.
    #[error(
        "the node at {url} has thrown away the state of block {block}, which is not indexed yet; \
         use a node with --state-pruning archive and --blocks-pruning archive"
    )]
    Pruned {
        /// The node.
        url: String,
        /// The block.
        block: BlockNumber,
    },
    /// The node does not have the newest indexed block.
    #[error(
        "the node at {url} has finalised block {finalized}, and block {indexed} is indexed already; \
         it is behind: wait, or use another node"
    )]
    Behind {
        /// The node.
        url: String,
        /// Its newest finalised block.
        finalized: BlockNumber,
        /// The newest indexed block.
        indexed: BlockNumber,
    },
    /// The node's chain is another one.
    #[error(
        "block {block} of the node at {url} is {found}, and {indexed} is indexed: the database is of another chain; \
         use a node of its chain, or another --database"
    )]
    OtherChain {
        /// The node.
        url: String,
        /// The block.
        block: BlockNumber,
        /// Its hash there.
        found: Key,
        /// The hash that is indexed.
        indexed: Key,
    },
    /// The store has ended.
    #[error("the database has stopped taking blocks")]
    Store,
}

impl FollowError {
    /// Does trying again never help?
    pub fn is_final(&self) -> bool {
        matches!(self, Self::OtherChain { .. } | Self::Store)
    }
}

/// Reads blocks from one node.
pub struct Follower {
    chain: Chain,
    reader: Reader,
    sample_ms: u64,
    until: Option<BlockNumber>,
    runtimes: BTreeMap<u32, Runtime>,
}

impl Follower {
    /// From a node, with so much of the chain's time between samples, and up to this block if there is one.
    pub fn new(chain: Chain, sample_secs: u64, until: Option<BlockNumber>) -> Self {
        Self {
            chain,
            reader: Reader::default(),
            sample_ms: sample_secs.saturating_mul(1000),
            until,
            runtimes: BTreeMap::new(),
        }
    }

    /// Follows the chain from `trail` on; every block goes to `store` as soon as it is read. Returns when the last block was read,
    /// if there is one.
    ///
    /// # Errors
    /// See [`FollowError`]; what was read before has reached `store`.
    pub async fn follow(&mut self, mut trail: Trail, store: &mpsc::Sender<Block>, health: &Health) -> Result<(), FollowError> {
        match self.run(&mut trail, store, health).await {
            Err(FollowError::Node(error)) if Chain::is_pruned(&error) => Err(FollowError::Pruned {
                url: self.chain.url().into(),
                block: trail.block.saturating_add(1),
            }),
            other => other,
        }
    }

    async fn run(&mut self, trail: &mut Trail, store: &mpsc::Sender<Block>, health: &Health) -> Result<(), FollowError> {
        let mut heads = self.chain.finalized_heads().await?;
        let mut finalized = self.chain.finalized().await?.number;
        self.ensure_same_chain(trail, finalized).await?;
        loop {
            health.heads(finalized, self.chain.best().await?.number);
            let last = self.until.map_or(finalized, |until| until.min(finalized));
            self.read_up_to(last, trail, store).await?;
            if self.until.is_some_and(|until| trail.block >= until) {
                return Ok(());
            }
            finalized = match tokio::time::timeout(QUIET, heads.next()).await {
                Ok(head) => head?.number,
                // Finality may stand still; that the node answers shows that the connection does not.
                Err(_) => self.chain.finalized().await?.number,
            };
        }
    }

    async fn read_up_to(&mut self, last: BlockNumber, trail: &mut Trail, store: &mpsc::Sender<Block>) -> Result<(), FollowError> {
        let mut ahead = match window(trail.block, last) {
            Some(numbers) => self.reader.read(&self.chain, numbers).await?,
            None => return Ok(()),
        };
        loop {
            let plans = self.plans(std::mem::take(&mut ahead), trail).await?;
            let next = async {
                match window(trail.block, last) {
                    Some(numbers) => self.reader.read(&self.chain, numbers).await,
                    None => Ok(Vec::new()),
                }
            };
            // While these blocks are completed and stored, the next ones are on their way.
            let (_, next) = futures::try_join!(self.complete(plans, store), async { next.await.map_err(FollowError::from) })?;
            if next.is_empty() {
                return Ok(());
            }
            ahead = next;
        }
    }

    async fn plans(&mut self, blocks: Vec<RawBlock>, trail: &mut Trail) -> Result<Vec<(Runtime, Plan)>, FollowError> {
        let mut plans = Vec::with_capacity(blocks.len());
        for raw in blocks {
            let runtime = self.runtime(&raw, trail).await?;
            let plan = trail.step(raw, &runtime, self.sample_ms)?;
            plans.push((runtime, plan));
        }
        Ok(plans)
    }

    /// The runtime that made a block: the code that stood in its parent's state.
    async fn runtime(&mut self, raw: &RawBlock, trail: &Trail) -> Result<Runtime, FollowError> {
        if let Some(runtime) = self.runtimes.get(&raw.spec_version) {
            return Ok(runtime.clone());
        }
        let parent = match trail.hash {
            Some(hash) => khala_primitives::H256(hash.0),
            None => self.chain.genesis_hash(),
        };
        let runtime = self.chain.runtime_after(parent).await?;
        tracing::info!("block {} was made by version {} of the runtime", raw.number, raw.spec_version);
        self.runtimes.insert(raw.spec_version, runtime.clone());
        Ok(runtime)
    }

    async fn complete(&self, plans: Vec<(Runtime, Plan)>, store: &mpsc::Sender<Block>) -> Result<(), FollowError> {
        stream::iter(plans)
            .map(|(runtime, plan)| async move { detail::read(&self.chain, &runtime, plan).await.map_err(FollowError::from) })
            // Most blocks need nothing more; those that do wait for the node at the same time.
            .buffered(AT_ONCE)
            .try_for_each(|block| async move { store.send(block).await.map_err(|_| FollowError::Store) })
            .await
    }

    async fn ensure_same_chain(&self, trail: &Trail, finalized: BlockNumber) -> Result<(), FollowError> {
        let Some(indexed) = trail.hash else { return Ok(()) };
        let url = self.chain.url().to_owned();
        if finalized < trail.block {
            return Err(FollowError::Behind {
                url,
                finalized,
                indexed: trail.block,
            });
        }
        let found = self.chain.block_hash(trail.block).await?.map(|hash| Key(hash.0));
        match found {
            Some(found) if found == indexed => Ok(()),
            found => Err(FollowError::OtherChain {
                url,
                block: trail.block,
                found: found.unwrap_or_default(),
                indexed,
            }),
        }
    }
}

/// The next blocks to be read together.
fn window(block: BlockNumber, last: BlockNumber) -> Option<RangeInclusive<BlockNumber>> {
    let first = block.checked_add(1).filter(|first| *first <= last)?;
    Some(first..=last.min(block.saturating_add(WINDOW)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_up_to_the_last_block() {
        assert_eq!(window(0, 0), None);
        assert_eq!(window(0, 1), Some(1..=1));
        assert_eq!(window(0, WINDOW), Some(1..=WINDOW));
        assert_eq!(window(0, WINDOW + 1), Some(1..=WINDOW));
        assert_eq!(window(WINDOW, WINDOW + 1), Some(WINDOW + 1..=WINDOW + 1));
        assert_eq!(window(7, 6), None);
        assert_eq!(window(u32::MAX, u32::MAX), None);
    }

    #[test]
    fn what_never_helps_is_told_from_what_may() {
        let url = || "ws://a".to_owned();
        let other = FollowError::OtherChain {
            url: url(),
            block: 1,
            found: Key([1; 32]),
            indexed: Key([2; 32]),
        };
        assert!(other.is_final() && other.to_string().contains("another chain"));
        let behind = FollowError::Behind {
            url: url(),
            finalized: 1,
            indexed: 2,
        };
        assert!(!behind.is_final() && behind.to_string().contains("behind"));
        let pruned = FollowError::Pruned { url: url(), block: 3 };
        assert!(!pruned.is_final() && pruned.to_string().contains("--state-pruning archive"));
        assert!(FollowError::Store.is_final());
    }
}
