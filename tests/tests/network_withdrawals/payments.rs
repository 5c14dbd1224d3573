//! What pools and the vault have paid, as the events of the blocks tell it.

use crate::{
    account,
    through_vault::{Leaving, Vault, LEAVER},
    Scene, COOL_DOWN_SECS, ROUNDING_SECS,
};
use khala_client::{value_key, At, Event};
use khala_primitives::{AccountId32, Balance, BlockNumber, PoolId, RequestId, VaultId, H256};

/// A payment of a pool, or of the vault out of it.
#[derive(Debug)]
struct Payment {
    block: H256,
    /// Of a pool: which, which request, how many shares, and how many are left.
    pool: Option<(PoolId, RequestId, u128, u128)>,
    amount: Balance,
    /// Of the vault: whether its request has ended.
    ended: bool,
}

impl Scene {
    /// All events behind a block, each with its block.
    pub async fn events_after(&self, block: BlockNumber) -> Vec<(H256, Event)> {
        let chain = self.network.chain();
        let best = chain.best().await.unwrap();
        let runtime = chain.runtime_after(best.hash).await.unwrap();
        let numbers: Vec<_> = (block + 1..=best.number).collect();
        let mut found = Vec::new();
        for hash in chain.block_hashes(&numbers).await.unwrap().into_iter().flatten() {
            let values = chain.values(&[value_key("System", "Events")], hash).await.unwrap();
            let bytes = values.into_iter().flatten().next().unwrap();
            found.extend(runtime.events(bytes).unwrap().into_iter().map(|(_, event)| (hash, event)));
        }
        found
    }

    /// What pools have paid is what went through the vault, and what the leaver got: to the planck, at the prices of those blocks.
    pub async fn payments_add_up(&self, vault: &Vault, leaving: &Leaving) {
        let (chain, leaver) = (self.network.chain(), account(LEAVER));
        let events = self.events_after(leaving.block).await;
        let payments: Vec<_> = events
            .iter()
            .filter_map(|(block, event)| payment(*block, event, vault, leaving.request))
            .collect();
        for (pool, request, shares) in &leaving.claims {
            let of_claim = payments.iter().filter_map(|payment| payment.pool);
            let of_claim: Vec<_> = of_claim.filter(|paid| (paid.0, paid.1) == (*pool, *request)).collect();
            assert_eq!(of_claim.iter().map(|paid| paid.2).sum::<u128>(), *shares, "{payments:?}");
            assert_eq!(of_claim.last().unwrap().3, 0, "nothing is left: {payments:?}");
        }
        let from_pools = payments
            .iter()
            .filter(|payment| payment.pool.is_some())
            .map(|payment| payment.amount);
        let from_pools: Balance = from_pools.sum();
        let through: Vec<_> = payments.iter().filter(|payment| payment.pool.is_none()).collect();
        let paid = self.coins(leaver.id()).await - leaving.coins;
        assert_eq!(
            (from_pools, through.iter().map(|payment| payment.amount).sum::<Balance>()),
            (paid, paid)
        );
        let ended: Vec<_> = through.iter().map(|payment| payment.ended).collect();
        assert!(
            ended.iter().rev().skip(1).all(|ended| !ended) && ended.last() == Some(&true),
            "{ended:?}"
        );

        for payment in &payments {
            let at = At::Hash(payment.block);
            let secs = chain.network_status(at).await.unwrap().now_ms / 1_000;
            assert!(secs <= leaving.promised_secs, "{secs}, promised for {}", leaving.promised_secs);
            let Some((pool, _, shares, _)) = payment.pool else {
                continue;
            };
            let before = At::Hash(chain.block(payment.block).await.unwrap().parent);
            let before = chain.pool_status(pool, before).await.unwrap().unwrap();
            let worth = |shares: u128| shares * before.value / before.shares;
            // Whoever was paid before in the same block has left less than a planck to those behind.
            assert!(
                payment.amount + 1 >= worth(shares - 1) && payment.amount <= worth(shares) + 1,
                "{payment:?}, worth {}",
                worth(shares)
            );
        }
        let last = through.last().unwrap().block;
        let secs = chain.network_status(At::Hash(last)).await.unwrap().now_ms / 1_000;
        let earliest = leaving.cancellable_until_secs + COOL_DOWN_SECS;
        assert!(
            secs + ROUNDING_SECS >= earliest,
            "{secs}, but the worker was stopped for it, and cooled down until {earliest}"
        );
    }
}

/// A payment for those who leave the vault, if an event is one.
fn payment(block: H256, event: &Event, vault: &Vault, request: RequestId) -> Option<Payment> {
    if event.is("StakePool", "RequestPaid") {
        type Paid = (PoolId, RequestId, AccountId32, u128, Balance, u128);
        let (pool, number, who, shares, amount, left): Paid = event.decode().unwrap();
        return (who == vault.account).then_some(Payment {
            block,
            pool: Some((pool, number, shares, left)),
            amount,
            ended: false,
        });
    }
    if event.is("Vault", "RequestPaid") {
        type Paid = (VaultId, RequestId, AccountId32, u128, Balance, bool);
        let (number, other, _, _, amount, ended): Paid = event.decode().unwrap();
        return ((number, other) == (vault.number, request)).then_some(Payment {
            block,
            pool: None,
            amount,
            ended,
        });
    }
    None
}
