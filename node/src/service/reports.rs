//! Reports of missed challenges, into this node's own pool after each new best block.
//!
//! A miss is provable, so a report needs no key and no fee, and every node makes the same bytes of it: the network carries them
//! once, however many report. Where somebody had these bytes refused before they were right, the report goes in others.

use super::partial::{FullClient, TransactionPool};
use codec::{Decode, Encode};
use futures::{future, FutureExt, Stream, StreamExt};
use khala_primitives::{general_transaction, reports::MISSES_ASKED, BlockNumber, Miss, Reports};
use khala_runtime::{khala_api::KhalaApi, opaque::Block, Hash, Runtime, RuntimeCall};
use sc_client_api::BlockchainEvents;
use sc_consensus_babe::SyncOracle;
use sc_network_sync::SyncingService;
use sc_service::TaskManager;
use sc_transaction_pool_api::{
    error::{Error as PoolError, IntoPoolError},
    TransactionPool as _, TransactionSource,
};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_runtime::OpaqueExtrinsic;
use std::{sync::Arc, time::Duration};

const LOG_TARGET: &str = "offline-reports";

/// How long the pool may take until it has taken in a block. Before that it would look at a report from an older block, refuse
/// it as too early, and refuse to look at it again for a while.
const POOL_LIMIT: Duration = Duration::from_secs(1);

/// What the reports are made of and where they go.
pub(super) struct Params<'a> {
    pub(super) client: Arc<FullClient>,
    pub(super) transaction_pool: Arc<TransactionPool>,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) task_manager: &'a TaskManager,
}

/// Starts the watcher. Not essential: a network has others.
pub(super) fn start(params: Params<'_>) {
    let Params {
        client,
        transaction_pool,
        sync,
        task_manager,
    } = params;
    let watch = watch(client, transaction_pool, sync);
    task_manager.spawn_handle().spawn_blocking("offline-reports", None, watch);
}

async fn watch(client: Arc<FullClient>, pool: Arc<TransactionPool>, sync: Arc<SyncingService<Block>>) {
    let best = |block: &sc_client_api::BlockImportNotification<Block>| future::ready(block.is_new_best);
    let mut heads = client.import_notification_stream().filter(best);
    let mut reports = Reports::default();
    while let Some(head) = newest(&mut heads).await {
        // Old blocks tell of misses that were reported long ago.
        if sync.is_major_syncing() {
            continue;
        }
        match due(&client, &mut reports, head.hash, head.header.number) {
            Ok(misses) => report(&pool, head.hash, misses).await,
            Err(error) => log::debug!(target: LOG_TARGET, "the misses of block {} cannot be listed: {error}", head.header.number),
        }
    }
}

/// What to report after a block.
fn due(client: &FullClient, reports: &mut Reports, block: Hash, number: BlockNumber) -> Result<Vec<Miss>, ApiError> {
    Ok(reports.due(client.runtime_api().overdue(block, MISSES_ASKED)?, number))
}

async fn report(pool: &TransactionPool, at: Hash, misses: Vec<Miss>) {
    if misses.is_empty() {
        return;
    }
    pool.ready_at_with_timeout(at, POOL_LIMIT).await;
    for (worker, missed) in misses {
        match submit(pool, at, (worker, missed)).await {
            Ok(hash) => log::debug!(target: LOG_TARGET, "{worker} did not answer block {missed}: reported by {hash}"),
            Err(error) => log::debug!(target: LOG_TARGET, "{worker} did not answer block {missed}; the report was not taken: {error}"),
        }
    }
}

/// Sends a report; once more in other bytes when the pool does not look at the usual ones, as after somebody sent them too early.
async fn submit(pool: &TransactionPool, at: Hash, miss: Miss) -> Result<Hash, String> {
    let send = async |salt| {
        let transaction = transaction(miss, salt).map_err(|error| Refused::Otherwise(error.to_string()))?;
        pool.submit_one(at, TransactionSource::Local, transaction)
            .await
            .map_err(Refused::from)
    };
    let outcome = match send(0).await {
        Err(Refused::Banned) => send(rand::random()).await,
        outcome => outcome,
    };
    outcome.map_err(|refused| refused.to_string())
}

/// Why the pool did not take a transaction.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// It has refused the same bytes before.
    Banned,
    /// Any other reason, in words.
    Otherwise(String),
}

impl<E: IntoPoolError + std::fmt::Display> From<E> for Refused {
    fn from(error: E) -> Self {
        let words = error.to_string();
        match error.into_pool_error() {
            Ok(PoolError::TemporarilyBanned) => Self::Banned,
            _ => Self::Otherwise(words),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Banned => "the pool refused it a short while ago",
            Self::Otherwise(words) => words,
        })
    }
}

/// The authorised call as a transaction, as a block carries it.
fn transaction((worker, block): Miss, salt: u32) -> Result<OpaqueExtrinsic, codec::Error> {
    let call = RuntimeCall::from(khala_pallet_mining::Call::<Runtime>::report_offline { worker, block });
    OpaqueExtrinsic::decode(&mut general_transaction(&call.encode(), salt).as_slice())
}

/// The newest item that is there, else the next one; `None` after the last. Who is slower than the chain skips blocks: the
/// newest one's misses contain theirs.
async fn newest<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    let mut newest = stream.next().await?;
    while let Some(newer) = stream.next().now_or_never().flatten() {
        newest = newer;
    }
    Some(newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{channel::mpsc, executor::block_on};
    use khala_primitives::WorkerPublicKey;
    use khala_runtime::UncheckedExtrinsic;
    use sp_runtime::generic::Preamble;

    #[test]
    fn a_report_is_a_general_transaction_that_the_runtime_reads_as_this_call() {
        let (worker, block) = (WorkerPublicKey([7; 32]), 123_456);
        let [usual, other] = [0, u32::MAX].map(|salt| transaction((worker, block), salt).unwrap().encode());
        for bytes in [&usual, &other] {
            let read = UncheckedExtrinsic::decode(&mut bytes.as_slice()).unwrap();
            assert!(matches!(read.preamble, Preamble::General(..)), "{:?}", read.preamble);
            let call = khala_pallet_mining::Call::report_offline { worker, block };
            assert_eq!(read.function, RuntimeCall::Mining(call));
            assert_eq!(&read.encode(), bytes);
        }
        assert_ne!(usual, other);
    }

    #[test]
    fn only_bytes_that_the_pool_refused_before_are_sent_in_another_form() {
        assert_eq!(Refused::from(PoolError::TemporarilyBanned), Refused::Banned);
        let imported = PoolError::AlreadyImported(Box::new(()));
        assert!(matches!(Refused::from(imported), Refused::Otherwise(_)));
    }

    #[test]
    fn of_all_that_is_there_the_newest_counts_and_then_the_next_is_waited_for() {
        let (sender, mut receiver) = mpsc::unbounded();
        (1..=3).for_each(|number| sender.unbounded_send(number).unwrap());
        assert_eq!(block_on(newest(&mut receiver)), Some(3));
        assert!(newest(&mut receiver).now_or_never().is_none());
        sender.unbounded_send(4).unwrap();
        assert_eq!(block_on(newest(&mut receiver)), Some(4));
        sender.unbounded_send(5).unwrap();
        drop(sender);
        assert_eq!(block_on(newest(&mut receiver)), Some(5));
        assert_eq!(block_on(newest(&mut receiver)), None);
    }
}
