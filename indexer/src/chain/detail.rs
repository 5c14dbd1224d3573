//! What the chain says at a block of what the block touches.

use super::{
    base,
    block::{Block, Position, Promise, Signed},
    plan::{Paid, Plan},
    raw::REQUESTS,
};
use crate::model::{Address, Key};
use futures::{stream, StreamExt, TryStreamExt};
use khala_client::{At, Chain, ClientError, Runtime};
use khala_primitives::{
    status::{PoolStatus, VaultStatus, WorkerView},
    PoolId, RequestId, VaultId, WorkerPublicKey, H256,
};
use std::collections::{BTreeMap, BTreeSet};

/// Workers that are asked for at once.
const WORKERS: usize = 100;
/// Pools that are asked for at once: the most that the chain answers.
const POOLS: u32 = 100;
/// Vaults that are asked for at once: the most that the chain answers.
const VAULTS: u32 = 100;

/// Reads what a plan needs.
///
/// # Errors
/// The node does not answer, or its answers cannot be read.
pub async fn read(chain: &Chain, runtime: &Runtime, plan: Plan) -> Result<Block, ClientError> {
    let hash = plan.raw.hash;
    let workers_and_pools = async {
        if plan.sample {
            return futures::try_join!(workers(chain, hash, &plan.workers), all_pools(chain, hash));
        }
        let workers = workers(chain, hash, &plan.workers).await?;
        let of_movers = workers.iter().filter(|(key, _)| plan.movers.contains(key));
        let of_movers = of_movers.filter_map(|(_, view)| view.session.as_ref().map(|session| session.pool));
        let pools = pools(chain, hash, plan.pools.iter().copied().chain(of_movers).collect()).await?;
        Ok((workers, pools))
    };
    let vaults = async {
        match plan.sample {
            true => all_vaults(chain, hash).await,
            false => vaults(chain, hash, &plan.vaults).await,
        }
    };
    let sample = async {
        match plan.sample {
            true => chain.network_status(At::Hash(hash)).await.map(Some),
            false => Ok(None),
        }
    };
    // None of them waits for another: a block takes as long as the slowest.
    let ((workers, pools), vaults, sample, bases, transactions, promises, positions) = futures::try_join!(
        workers_and_pools,
        vaults,
        sample,
        base::read(chain, hash, &plan.vaults),
        signed(chain, runtime, hash, plan.paid),
        promises(chain, hash, plan.requests),
        positions(chain, hash, plan.holders),
    )?;
    Ok(Block {
        number: plan.raw.number,
        hash: plan.raw.key(),
        time_ms: plan.raw.time_ms,
        credited_secs: plan.raw.credited_secs,
        transactions,
        promises,
        positions,
        facts: plan.facts,
        workers,
        pools,
        vaults,
        bases,
        sample,
    })
}

async fn workers(chain: &Chain, block: H256, keys: &BTreeSet<Key>) -> Result<Vec<(Key, WorkerView)>, ClientError> {
    let keys: Vec<WorkerPublicKey> = keys.iter().map(|key| WorkerPublicKey(key.0)).collect();
    let views: Vec<Vec<WorkerView>> = stream::iter(keys.chunks(WORKERS))
        .map(|chunk| async move {
            let view = chain.mining_view(chunk, At::Hash(block)).await?;
            match view.workers.len() == chunk.len() {
                true => Ok(view.workers),
                false => Err(ClientError::Decode {
                    what: "KhalaApi_mining_view".into(),
                    reason: format!("{} workers for {} that were asked for", view.workers.len(), chunk.len()),
                }),
            }
        })
        .buffered(REQUESTS)
        .try_collect()
        .await?;
    Ok(keys.into_iter().map(|key| Key(key.0)).zip(views.into_iter().flatten()).collect())
}

async fn pools(chain: &Chain, block: H256, numbers: BTreeSet<PoolId>) -> Result<Vec<PoolStatus>, ClientError> {
    let found: Vec<Option<PoolStatus>> = stream::iter(numbers)
        .map(|pool| chain.pool_status(pool, At::Hash(block)))
        .buffered(REQUESTS)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn all_pools(chain: &Chain, block: H256) -> Result<Vec<PoolStatus>, ClientError> {
    let mut pools: Vec<PoolStatus> = Vec::new();
    loop {
        let first = pools.last().map_or(0, |last| last.id.saturating_add(1));
        let page = chain.pools(first, POOLS, At::Hash(block)).await?;
        if page.is_empty() {
            return Ok(pools);
        }
        pools.extend(page);
    }
}

async fn vaults(chain: &Chain, block: H256, numbers: &BTreeSet<VaultId>) -> Result<Vec<VaultStatus>, ClientError> {
    let found: Vec<Option<VaultStatus>> = stream::iter(numbers)
        .map(|vault| chain.vault_status(*vault, At::Hash(block)))
        .buffered(REQUESTS)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn all_vaults(chain: &Chain, block: H256) -> Result<Vec<VaultStatus>, ClientError> {
    let mut vaults: Vec<VaultStatus> = Vec::new();
    loop {
        let first = vaults.last().map_or(0, |last| last.id.saturating_add(1));
        let page = chain.vaults(first, VAULTS, At::Hash(block)).await?;
        if page.is_empty() {
            return Ok(vaults);
        }
        vaults.extend(page);
    }
}

async fn positions(chain: &Chain, block: H256, holders: BTreeSet<(Address, VaultId)>) -> Result<Vec<Position>, ClientError> {
    let mut of_account: BTreeMap<Address, Vec<VaultId>> = BTreeMap::new();
    for (account, vault) in holders {
        of_account.entry(account).or_default().push(vault);
    }
    let mut positions = Vec::new();
    for (account, vaults) in of_account {
        let mut found = chain.vault_positions(&account.account(), At::Hash(block)).await?;
        positions.extend(vaults.into_iter().map(|vault| {
            let place = found.iter().position(|position| position.vault == vault);
            Position {
                account,
                vault,
                status: place.map(|place| found.swap_remove(place)),
            }
        }));
    }
    Ok(positions)
}

async fn promises(chain: &Chain, block: H256, requests: Vec<(PoolId, RequestId, Address)>) -> Result<Vec<Promise>, ClientError> {
    let mut promises = Vec::new();
    for (pool, request, who) in requests {
        let delegation = chain.delegation(pool, &who.account(), At::Hash(block)).await?;
        // A request that was paid in its own block is not there any more, and needs no date.
        let status = delegation.requests.iter().find(|status| status.id == request);
        promises.extend(status.map(|status| Promise {
            pool,
            request,
            after_secs: status.promised_secs.saturating_sub(status.deadline_secs),
        }));
    }
    Ok(promises)
}

async fn signed(chain: &Chain, runtime: &Runtime, block: H256, paid: Vec<Paid>) -> Result<Vec<Signed>, ClientError> {
    if paid.is_empty() {
        return Ok(Vec::new());
    }
    let mut transactions = chain.transactions(block).await?;
    let mut signed = Vec::new();
    for paid in paid {
        let bytes = usize::try_from(paid.index).ok().and_then(|index| transactions.get_mut(index));
        let bytes = bytes.map(std::mem::take).ok_or_else(|| ClientError::Decode {
            what: "chain_getBlock".into(),
            reason: format!("there is no transaction {} that an event speaks of", paid.index),
        })?;
        let called = runtime.called(bytes).await?;
        signed.push(Signed {
            index: paid.index,
            hash: Key(called.hash.0),
            account: paid.account,
            pallet: called.pallet,
            call: called.call,
            fee: paid.fee,
            tip: paid.tip,
            error: paid.error,
        });
    }
    Ok(signed)
}
