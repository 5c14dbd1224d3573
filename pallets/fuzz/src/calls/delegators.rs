//! What delegators do.

use super::{dispatch_foreseen, PoolCall};
use crate::{
    ledger::{vaults::vault_of, Check},
    world::World,
};
use khala_primitives::{AccountId32, Balance, PoolId, PHA};

/// Somebody who holds shares of a pool, now and then somebody who may not.
fn holder(world: &mut World) -> (PoolId, AccountId32) {
    let pool = world.some_pool();
    let held = world.ledger.pools.get(&pool).map(|pool| pool.held.keys());
    // Nobody has the key of a vault.
    let held: Vec<_> = held.into_iter().flatten().filter(|who| vault_of(who).is_none()).cloned().collect();
    if held.is_empty() || world.dice.percent(4) {
        return (pool, world.somebody());
    }
    (pool, world.dice.pick(&held))
}

pub(super) fn delegate(world: &mut World) -> Check<bool> {
    let who = world.somebody();
    let pool = world.pool_for(&who);
    let amount = match world.dice.below(20) {
        0 => PHA - 1,
        1 | 2 => PHA,
        3 => world.ledger.to_give(&who),
        4 => world.ledger.to_give(&who) + 1,
        5..8 => world.dice.part(10 * PHA),
        // Pools whose coins lie idle have no queues.
        8..16 if world.ledger.pools.get(&pool).is_some_and(|pool| pool.free > 3_000 * PHA) => world.dice.part(500 * PHA),
        _ => world.dice.part(60_000 * PHA),
    };
    let impaired = world.impaired_of(pool);
    let touched = world.ledger.touched(pool, impaired).ok();
    let shares = touched.map_or(0, |(pool, _)| pool.shares_for(amount));
    let min_shares = match world.dice.below(20) {
        0 => shares,
        1 => shares + 1,
        _ => 0,
    };
    let foreseen = world.ledger.delegate(&who, pool, amount, min_shares, impaired);
    let call = PoolCall::delegate { pool, amount, min_shares };
    dispatch_foreseen(world, call, &who, foreseen)
}

/// So many of what an account has: all, a part, a few, or just so many that they, or what is left, are on a bound.
fn some_shares(world: &mut World, pool: PoolId, who: &AccountId32, impaired: Balance) -> (u128, Balance) {
    let Ok((pool, _)) = world.ledger.touched(pool, impaired) else {
        return (1, 0);
    };
    let held = pool.held_by(who);
    // Just worth the smallest amount.
    let least = crate::ledger::pools::part_up(PHA, pool.shares, pool.value());
    let shares = match world.dice.below(20) {
        0 => 0,
        1 => held + 1,
        2 => least,
        3 => least.saturating_sub(1),
        4 => held.saturating_sub(least),
        5 => (held + 1).saturating_sub(least),
        6 => world.dice.part(held.min(3 * least)),
        // More than is free.
        7..11 => {
            let wanted = pool.free + world.dice.part(10_000 * PHA);
            crate::ledger::pools::part_up(wanted, pool.shares, pool.value()).min(held)
        }
        11 | 12 => held,
        _ => world.dice.part(held),
    };
    (shares, pool.worth(shares))
}

pub(super) fn undelegate(world: &mut World) -> Check<bool> {
    let (pool, who) = holder(world);
    let impaired = world.impaired_of(pool);
    let (shares, worth) = some_shares(world, pool, &who, impaired);
    let min_amount = match world.dice.below(20) {
        0 => worth,
        1 => worth + 1,
        _ => 0,
    };
    let foreseen = world.ledger.undelegate(&who, pool, shares, min_amount, impaired);
    let call = PoolCall::undelegate { pool, shares, min_amount };
    dispatch_foreseen(world, call, &who, foreseen)
}

pub(super) fn cancel_request(world: &mut World) -> Check<bool> {
    let pools: Vec<PoolId> = world
        .ledger
        .pools
        .iter()
        .filter(|(_, pool)| !pool.queue.is_empty())
        .map(|(id, _)| *id)
        .collect();
    let pool = match pools.is_empty() {
        true => world.some_pool(),
        false => world.dice.pick(&pools),
    };
    let waiting: Vec<_> = world.ledger.pools.get(&pool).map_or_else(Vec::new, |pool| {
        pool.queue.iter().map(|request| (request.id, request.who.clone())).collect()
    });
    let (request, mut who) = match waiting.is_empty() || world.dice.percent(4) {
        true => (world.dice.below(20), world.somebody()),
        false => world.dice.pick(&waiting),
    };
    if vault_of(&who).is_some() || world.dice.percent(4) {
        who = world.somebody();
    }
    let impaired = world.impaired_of(pool);
    let foreseen = world.ledger.cancel(&who, pool, request, impaired);
    dispatch_foreseen(world, PoolCall::cancel_request { pool, request }, &who, foreseen)
}

pub(super) fn transfer_shares(world: &mut World) -> Check<bool> {
    let (pool, who) = holder(world);
    let to = match world.dice.percent(2) {
        true => world.some_vault_account(),
        false => world.somebody(),
    };
    let impaired = world.impaired_of(pool);
    let (shares, _) = some_shares(world, pool, &who, impaired);
    let foreseen = world.ledger.transfer_shares(&who, pool, &to, shares, impaired);
    let call = PoolCall::transfer_shares {
        pool,
        to: to.clone(),
        shares,
    };
    dispatch_foreseen(world, call, &who, foreseen)
}
