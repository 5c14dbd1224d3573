//! What people would do on chain before workers can mine. Done once: a second start finds it done.

use super::{
    cast::{Cast, COMMISSIONS_PPM, DELEGATION_PER_WORKER, OPERATOR_COINS, REGISTRAR_COINS},
    WorkerSpec,
};
use crate::{command::pool, units};
use anyhow::Context;
use khala_client::{calls, Account, At, Chain, Wait};
use khala_primitives::{status::PoolStatus, Balance, PoolId};

/// Funds the accounts, names the registrar, opens the pools and delegates. Returns what was done, one line each.
pub(super) async fn set_up(chain: &Chain, cast: &Cast, workers: &[WorkerSpec]) -> anyhow::Result<Vec<String>> {
    let mut done = fund(chain, cast, workers).await?;
    let [first, second] = &cast.operators;
    let [first_ppm, second_ppm] = COMMISSIONS_PPM;
    let (first, second) = tokio::try_join!(open_pool(chain, first, cast, first_ppm), open_pool(chain, second, cast, second_ppm))?;
    done.extend([first, second].into_iter().flatten());
    done.extend(delegate(chain, cast, workers).await?);
    Ok(done)
}

/// An operator's pool.
pub(super) async fn pool_of(chain: &Chain, operator: &Account) -> anyhow::Result<Option<PoolStatus>> {
    let pools = pool::all(chain, At::Best).await.context("the pools cannot be listed")?;
    Ok(pools.into_iter().find(|pool| pool.owner == *operator.id()))
}

/// How much the delegator gives to the pool of an operator with these workers, in planck.
fn delegation(workers: &[WorkerSpec], operator: usize) -> Balance {
    let count = workers.iter().filter(|worker| worker.operator == operator).count();
    // A pool without workers has a delegation too: it can be looked at.
    DELEGATION_PER_WORKER.saturating_mul(count.max(1) as Balance)
}

async fn fund(chain: &Chain, cast: &Cast, workers: &[WorkerSpec]) -> anyhow::Result<Vec<String>> {
    let [first, second] = &cast.operators;
    let delegations = delegation(workers, 0).saturating_add(delegation(workers, 1));
    let wanted = [
        ("first operator", first, OPERATOR_COINS),
        ("second operator", second, OPERATOR_COINS),
        ("registrar", &cast.registrar, REGISTRAR_COINS),
        ("delegator", &cast.delegator, delegations.saturating_mul(2)),
    ];
    let (mut transfers, mut done) = (Vec::new(), Vec::new());
    for (role, account, amount) in wanted {
        // An account that has coins was funded before; fees may have taken some of them.
        if chain.balance(account.id(), At::Best).await?.free == 0 {
            transfers.push(calls::balances::transfer_keep_alive(account.id(), amount));
            done.push(format!("funded the {role} {account} with {} PHA", units::pha(amount, 0)));
        }
    }
    if !transfers.is_empty() {
        let batch = calls::utility::batch_all(transfers);
        chain
            .submit(&cast.faucet, &batch, Wait::Finalized)
            .await
            .context("the accounts could not be funded")?;
    }
    Ok(done)
}

/// What the pools' commissions never exceed, in millionths: all of a reward.
const MAX_COMMISSION_PPM: u32 = 1_000_000;

/// Opens an operator's pool and lets the registrar register its workers: both or nothing, so that a pool says that both
/// are done.
async fn open_pool(chain: &Chain, operator: &Account, cast: &Cast, commission_ppm: u32) -> anyhow::Result<Option<String>> {
    if pool_of(chain, operator).await?.is_some() {
        return Ok(None);
    }
    let calls = vec![
        calls::registry::set_registrar(Some(cast.registrar.id())),
        calls::stake_pool::create_pool(commission_ppm, MAX_COMMISSION_PPM, None),
    ];
    let receipt = chain.submit(operator, &calls::utility::batch_all(calls), Wait::Finalized).await;
    let receipt = receipt.with_context(|| format!("the pool of {operator} could not be opened"))?;
    let (pool, _owner): (PoolId, khala_primitives::AccountId32) = receipt
        .event("StakePool", "PoolCreated")
        .context("the chain opened a pool without saying so")?
        .decode()
        .context("the event StakePool.PoolCreated cannot be read")?;
    Ok(Some(format!(
        "opened pool {pool} of {operator}, commission {} %",
        commission_ppm / 10_000
    )))
}

async fn delegate(chain: &Chain, cast: &Cast, workers: &[WorkerSpec]) -> anyhow::Result<Vec<String>> {
    let (mut delegations, mut done) = (Vec::new(), Vec::new());
    for (index, operator) in cast.operators.iter().enumerate() {
        let pool = pool_of(chain, operator)
            .await?
            .with_context(|| format!("the pool of {operator} is gone"))?;
        let wanted = delegation(workers, index);
        let present = chain.delegation(pool.id, cast.delegator.id(), At::Best).await?.value;
        // Rewards and losses move the value a little; more workers than before move it a lot.
        let missing = wanted.saturating_sub(present);
        if missing >= DELEGATION_PER_WORKER / 2 {
            delegations.push(calls::stake_pool::delegate(pool.id, missing, 0));
            done.push(format!("delegated {} PHA to pool {}", units::pha(missing, 0), pool.id));
        }
    }
    if !delegations.is_empty() {
        let batch = calls::utility::batch_all(delegations);
        chain
            .submit(&cast.delegator, &batch, Wait::Finalized)
            .await
            .context("the delegator could not delegate")?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Options;

    #[test]
    fn a_pool_gets_as_much_as_its_workers_need() {
        let workers = Options::workers(3);
        assert_eq!(delegation(&workers, 0), 2 * DELEGATION_PER_WORKER);
        assert_eq!(delegation(&workers, 1), DELEGATION_PER_WORKER);
        assert_eq!(delegation(&[], 0), DELEGATION_PER_WORKER);
    }
}
