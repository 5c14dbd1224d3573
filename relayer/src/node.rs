//! Following the chain at one of several nodes.
//!
//! The nodes are tried in the order of the configuration; one that fails is left for the next, and said so. From each
//! head the way back to the last block seen is walked, so that no challenge is skipped and a reorganisation shows.

use crate::{
    core::{BlockView, Event},
    shell::Shell,
};
use khala_client::{At, Block, Chain, ClientError};
use khala_primitives::{reports::MISSES_ASKED, Freshness};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// A node without a new head for so long is left for the next.
const STALL: Duration = Duration::from_secs(60);
/// After the first round of trying in vain; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause between two rounds.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// So far back the way to the last block seen is walked; older challenges can no longer be answered.
const WALK_BACK_BLOCKS: usize = 20;

/// Why a node was left.
#[derive(Debug, thiserror::Error)]
enum Left {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("it brought no new block for {} s", STALL.as_secs())]
    Stalled,
    #[error("it serves another chain: its genesis hash is {theirs:?}, that of the first node was {ours:?}; restart the relayer if the network was started anew")]
    OtherChain {
        theirs: khala_primitives::H256,
        ours: khala_primitives::H256,
    },
}

/// Follows the chain for ever.
pub async fn follow(shell: Arc<Shell>) {
    let mut pause = FIRST_PAUSE;
    loop {
        for url in &shell.nodes {
            let Err(left) = follow_at(&shell, url).await;
            if shell.set_chain(None) {
                pause = FIRST_PAUSE;
            }
            tracing::warn!(node = url, reason = %left, others = shell.nodes.len().saturating_sub(1), "left the node");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn follow_at(shell: &Arc<Shell>, url: &str) -> Result<std::convert::Infallible, Left> {
    let chain = Chain::connect(url).await?;
    let (theirs, ours) = (chain.genesis_hash(), shell.genesis_hash(chain.genesis_hash()));
    if theirs != ours {
        return Err(Left::OtherChain { theirs, ours });
    }
    let mut heads = chain.best_heads().await?;
    let mut head = chain.best().await?;
    tracing::info!(node = url, head = head.number, "connected");
    shell.handle(Event::Connected {
        genesis_hash: theirs,
        head: head.number,
    });
    shell.set_chain(Some(chain.clone()));
    let mut seen = VecDeque::new();
    loop {
        for block in way_to(&chain, head, &seen).await? {
            shell.handle(Event::Block(Box::new(view(shell, &chain, &block).await?)));
            shell.saw_block();
            remember(&mut seen, block);
        }
        head = tokio::time::timeout(STALL, heads.next()).await.map_err(|_| Left::Stalled)??;
    }
}

/// The blocks after the last one seen up to `head`, oldest first; at most [`WALK_BACK_BLOCKS`].
async fn way_to(chain: &Chain, head: Block, seen: &VecDeque<Block>) -> Result<Vec<Block>, ClientError> {
    let mut way = Vec::new();
    let mut block = head;
    while way.len() < WALK_BACK_BLOCKS && !seen.iter().any(|known| known.hash == block.hash) {
        way.push(block);
        if block.number <= 1 {
            break;
        }
        match chain.block(block.parent).await {
            Ok(parent) => block = parent,
            // A node that was synchronised by state has no older blocks.
            Err(ClientError::UnknownBlock { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    way.reverse();
    Ok(way)
}

fn remember(seen: &mut VecDeque<Block>, block: Block) {
    seen.retain(|known| known.number < block.number);
    seen.push_back(block);
    while seen.len() > WALK_BACK_BLOCKS {
        seen.pop_front();
    }
}

async fn view(shell: &Shell, chain: &Chain, block: &Block) -> Result<BlockView, ClientError> {
    let at = At::Hash(block.hash);
    let asked = shell.known_workers();
    let view = chain.mining_view(&asked, at).await?;
    if view.workers.len() != asked.len() {
        let reason = format!("it is about {} workers, {} were asked for", view.workers.len(), asked.len());
        return Err(ClientError::Decode {
            what: "KhalaApi_mining_view".into(),
            reason,
        });
    }
    let overdue = chain.overdue(MISSES_ASKED, at).await?;
    let finalized = chain.finalized().await?;
    let finalized = Freshness {
        number: finalized.number,
        hash: finalized.hash,
    };
    Ok(BlockView {
        hash: block.hash,
        finalized,
        asked,
        view,
        overdue,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use khala_primitives::H256;

    #[test]
    fn memory_of_blocks_is_bounded_and_follows_a_reorganisation() {
        let block = |number: u32, branch| Block {
            number,
            hash: H256::from_low_u64_be(u64::from(number) * 10 + branch),
            parent: H256::zero(),
        };
        let mut seen = VecDeque::new();
        (1..100).for_each(|number| remember(&mut seen, block(number, 0)));
        assert_eq!(seen.len(), WALK_BACK_BLOCKS);
        remember(&mut seen, block(97, 1));
        let last: Vec<_> = seen.iter().rev().take(2).copied().collect();
        assert_eq!(last, [block(97, 1), block(96, 0)]);
    }
}
